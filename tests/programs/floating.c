/* Floating-point errors and what a signal frame shows of the floating-point state. */
#include "check.h"
#include <setjmp.h>
#include <ucontext.h>

static sigjmp_buf escape;
static volatile siginfo_t last;

static void on_error(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) context;
    *(siginfo_t *) &last = *information;
    siglongjmp(escape, 1);
}

#define attempt(name, action)                                                                                                            \
    do {                                                                                                                                 \
        if (sigsetjmp(escape, 1) == 0) {                                                                                                 \
            action;                                                                                                                      \
            print("%s: no signal\n", name);                                                                                              \
        } else                                                                                                                           \
            print("%s: SIG%s code %d\n", name, sigabbrev_np(last.si_signo), last.si_code);                                               \
        reset();                                                                                                                         \
    } while (0)

static void reset(void)
{
    unsigned mxcsr = 0x1f80;
    __asm__ volatile("fninit; ldmxcsr %0" ::"m"(mxcsr));
}

static void divide(long by)
{
    __asm__ volatile("mov $1, %%eax; xor %%edx, %%edx; idiv %0" ::"r"((int) by) : "eax", "edx");
}

static void overflow_divide(void)
{
    __asm__ volatile("mov $0x80000000, %%eax; mov $-1, %%edx; mov $-1, %%ecx; idiv %%ecx" ::: "eax", "ecx", "edx");
}

static void sse_divide(void)
{
    unsigned mxcsr = 0x1f80 & ~0x200;
    double one = 1, zero = 0;
    __asm__ volatile("ldmxcsr %0; movsd %1, %%xmm0; divsd %2, %%xmm0" ::"m"(mxcsr), "m"(one), "m"(zero) : "xmm0");
}

static void sse_invalid(void)
{
    unsigned mxcsr = 0x1f80 & ~0x80;
    double zero = 0;
    __asm__ volatile("ldmxcsr %0; movsd %1, %%xmm0; divsd %1, %%xmm0" ::"m"(mxcsr), "m"(zero) : "xmm0");
}

static void x87_divide(void)
{
    unsigned short control = 0x37f & ~4;
    __asm__ volatile("fninit; fldcw %0; fldz; fld1; fdivp; fwait" ::"m"(control));
}

static void change_state(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) information;
    ucontext_t *frame = context;
    struct _libc_fpstate *state = frame->uc_mcontext.fpregs;
    print("in the frame: mxcsr %x, control %x, xmm3 %x\n", state->mxcsr, state->cwd, state->_xmm[3].element[0]);
    state->mxcsr = 0x5f80;
    state->_xmm[3].element[0] = 0xbeef;
    frame->uc_mcontext.gregs[REG_R12] = 0x1234;
}

static void edited_frame(void)
{
    print("-- a handler may edit the registers to return with\n");
    struct sigaction action = {.sa_sigaction = change_state, .sa_flags = SA_SIGINFO};
    sigaction(SIGTRAP, &action, 0);
    unsigned mxcsr = 0x3f80, after, low;
    unsigned long r12;
    __asm__ volatile("ldmxcsr %3; mov $0xcafe, %%eax; movd %%eax, %%xmm3; mov $1, %%r12d; int3;"
                     "stmxcsr %0; movd %%xmm3, %1; mov %%r12, %2"
                     : "=m"(after), "=m"(low), "=m"(r12)
                     : "m"(mxcsr)
                     : "rax", "r12", "xmm3", "memory");
    reset();
    print("afterwards: mxcsr %x, xmm3 %x, r12 %lx\n", after, low, r12);
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_error, .sa_flags = SA_SIGINFO};
    sigaction(SIGFPE, &action, 0);
    attempt("divide by zero", divide(0));
    attempt("divide", divide(3));
    attempt("divide overflow", overflow_divide());
    attempt("SSE divide by zero, unmasked", sse_divide());
    attempt("SSE invalid, unmasked", sse_invalid());
    attempt("x87 divide by zero, unmasked", x87_divide());
    edited_frame();
    return 0;
}

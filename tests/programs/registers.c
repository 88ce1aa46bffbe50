/* All of a thread's registers survive what the kernel does to it: system calls (but rax, rcx, r11), faults, signal handlers that spoil
 * them, and losing the CPU to others. General, SSE and AVX, x87 and mxcsr. */
#include "check.h"
#include <cpuid.h>
#include <sys/time.h>
#include <ucontext.h>

enum { GENERAL = 15, STATE = GENERAL + 16 * 4 + 4 };

/* Loads every register from a state, runs one instruction sequence, stores every register again. Slots: rax rbx rcx rdx rsi rdi rbp r8..r15,
 * ymm0..15 (4 words each), mxcsr, x87 control word, st0 (as a double), spare. */
struct state {
    uint64_t general[GENERAL];
    uint64_t vectors[16][4];
    uint64_t mxcsr, control;
    double top;
} __attribute__((aligned(64)));

static struct state in, out;
static int with_avx;
static volatile int handled;

#define LOAD_VECTORS                                                                                                                     \
    "cmpl $0, with_avx(%%rip); je 1f;"                                                                                                   \
    ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15; vmovdqu in+120+32*\\n(%%rip), %%ymm\\n; .endr; jmp 2f;"                              \
    "1: .irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15; movdqu in+120+32*\\n(%%rip), %%xmm\\n; .endr; 2:"
#define STORE_VECTORS                                                                                                                    \
    "cmpl $0, with_avx(%%rip); je 1f;"                                                                                                   \
    ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15; vmovdqu %%ymm\\n, out+120+32*\\n(%%rip); .endr; jmp 2f;"                             \
    "1: .irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15; movdqu %%xmm\\n, out+120+32*\\n(%%rip); .endr; 2:"

/* The sequence begins at 3: and ends at 4:. rbp and rbx are saved on the stack by hand. */
#define THROUGH(sequence)                                                                                                                \
    __asm__ volatile("sub $256, %%rsp; push %%rbp; push %%rbx; pushf;"                                                                   \
                     "fninit; fldcw in+640(%%rip); fldl in+648(%%rip); ldmxcsr in+632(%%rip);" LOAD_VECTORS                              \
                     "mov in+0(%%rip), %%rax; mov in+8(%%rip), %%rbx; mov in+16(%%rip), %%rcx; mov in+24(%%rip), %%rdx;"                 \
                     "mov in+32(%%rip), %%rsi; mov in+40(%%rip), %%rdi; mov in+48(%%rip), %%rbp; mov in+56(%%rip), %%r8;"                \
                     "mov in+64(%%rip), %%r9; mov in+72(%%rip), %%r10; mov in+80(%%rip), %%r11; mov in+88(%%rip), %%r12;"                \
                     "mov in+96(%%rip), %%r13; mov in+104(%%rip), %%r14; mov in+112(%%rip), %%r15; 3:" sequence                          \
                     "4: mov %%rax, out+0(%%rip); mov %%rbx, out+8(%%rip); mov %%rcx, out+16(%%rip); mov %%rdx, out+24(%%rip);"          \
                     "mov %%rsi, out+32(%%rip); mov %%rdi, out+40(%%rip); mov %%rbp, out+48(%%rip); mov %%r8, out+56(%%rip);"            \
                     "mov %%r9, out+64(%%rip); mov %%r10, out+72(%%rip); mov %%r11, out+80(%%rip); mov %%r12, out+88(%%rip);"            \
                     "mov %%r13, out+96(%%rip); mov %%r14, out+104(%%rip); mov %%r15, out+112(%%rip);" STORE_VECTORS                     \
                     "stmxcsr out+632(%%rip); fnstcw out+640(%%rip); fstpl out+648(%%rip); fninit; cld;"                                 \
                     "popf; pop %%rbx; pop %%rbp; add $256, %%rsp" ::                                                                    \
                         : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc")

static void fill(unsigned seed)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15ull + 1;
    uint64_t *words = (uint64_t *) &in;
    for (unsigned i = 0; i < GENERAL + 64; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        words[i] = x;
    }
    static const unsigned rounding[] = {0x1f80, 0x3f80, 0x5f80, 0x9fc0};
    in.mxcsr = rounding[seed & 3];
    in.control = (seed & 1) ? 0x27f : 0xf7f;
    in.top = seed * 1.25;
    memset(&out, 0xee, sizeof out);
}

/* Compares all but the general registers named in except (a bit mask of slots). Returns what differs: 1 general, 2 vectors, 4 the rest. */
static int differences(unsigned except)
{
    int differ = 0;
    for (int i = 0; i < GENERAL; i++)
        if (!(except >> i & 1) && in.general[i] != out.general[i])
            differ |= 1;
    for (int i = 0; i < 16; i++)
        if (memcmp(in.vectors[i], out.vectors[i], with_avx ? 32 : 16) != 0)
            differ |= 2;
    if ((uint32_t) in.mxcsr != (uint32_t) out.mxcsr || (uint16_t) in.control != (uint16_t) out.control || in.top != out.top)
        differ |= 4;
    return differ;
}

static void spoil(void)
{
    unsigned mxcsr = 0x1f80;
    __asm__ volatile("fninit; ldmxcsr %0; .irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15; pxor %%xmm\\n, %%xmm\\n; .endr" ::"m"(mxcsr)
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
                       "xmm13", "xmm14", "xmm15", "memory");
    if (with_avx)
        __asm__ volatile("vzeroall" ::: "memory");
}

static void on_trap(int number, siginfo_t *information, void *context)
{
    (void) information;
    ucontext_t *interrupted = context;
    if (number == SIGSEGV)
        interrupted->uc_mcontext.gregs[REG_RIP] += 2; /* over "movb %al, (%rdx)" */
    handled++;
    spoil();
}

static void on_alarm(int number)
{
    (void) number;
    handled++;
    spoil();
}

static void report(const char *what, int differ)
{
    print("%s: %s%s%s%s\n", what, differ ? "" : "all kept", differ & 1 ? "GENERAL " : "", differ & 2 ? "VECTORS " : "",
          differ & 4 ? "FLOATING" : "");
}

enum { RAX = 1, RCX = 1 << 2, RDX = 1 << 3, R11 = 1 << 10 };

static void system_calls(void)
{
    int differ = 0;
    for (unsigned seed = 0; seed < 2000; seed++) {
        fill(seed);
        THROUGH("mov $39, %%eax; syscall;");
        differ |= differences(RAX | RCX | R11);
    }
    report("getpid", differ);
    differ = 0;
    for (unsigned seed = 0; seed < 200; seed++) {
        fill(seed);
        THROUGH("mov $24, %%eax; syscall;");
        differ |= differences(RAX | RCX | R11);
    }
    report("sched_yield", differ);
    static struct timespec nap = {0, 1000000};
    differ = 0;
    for (unsigned seed = 0; seed < 50; seed++) {
        fill(seed);
        in.general[5] = (uint64_t) &nap;
        in.general[4] = 0;
        THROUGH("mov $35, %%eax; syscall;");
        differ |= differences(RAX | RCX | R11);
    }
    report("nanosleep", differ);
    differ = 0;
    for (unsigned seed = 0; seed < 50; seed++) {
        fill(seed);
        THROUGH("mov $9999, %%eax; syscall;");
        differ |= differences(RAX | RCX | R11);
        if (out.general[0] != (uint64_t) -ENOSYS)
            print("an unknown number: %ld\n", (long) out.general[0]);
    }
    report("unknown system call", differ);
}

static void faults(void)
{
    int differ = 0;
    for (unsigned seed = 0; seed < 500; seed++) {
        char *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        fill(seed);
        in.general[3] = (uint64_t) page;
        THROUGH("movb %%al, (%%rdx);");
        differ |= differences(0);
        munmap(page, PAGE);
    }
    report("page fault", differ);
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, 0);
    sigaction(SIGTRAP, &action, 0);
    differ = 0;
    handled = 0;
    for (unsigned seed = 0; seed < 500; seed++) {
        fill(seed);
        in.general[3] = 8;
        THROUGH("movb %%al, (%%rdx);");
        differ |= differences(0);
    }
    print("%d handled: ", handled);
    report("SIGSEGV, its handler skips the instruction", differ);
    differ = 0;
    handled = 0;
    for (unsigned seed = 0; seed < 500; seed++) {
        fill(seed);
        THROUGH("int3;");
        differ |= differences(0);
    }
    print("%d handled: ", handled);
    report("int3", differ);
}

static void interruptions(const char *what)
{
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, 0);
    struct itimerval timer = {{0, 3000}, {0, 3000}}, stop = {{0, 0}, {0, 0}};
    int differ = 0;
    handled = 0;
    setitimer(ITIMER_REAL, &timer, 0);
    for (unsigned seed = 0; handled < 100; seed++) {
        fill(seed);
        THROUGH("mov $200000, %%rax; 5: dec %%rax; jnz 5b;");
        differ |= differences(RAX);
    }
    setitimer(ITIMER_REAL, &stop, 0);
    report(what, differ);
}

static void competition(void)
{
    print("-- three processes of the same kind compete for the CPUs\n");
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            int differ = 0;
            for (unsigned seed = i * 1000; seed < i * 1000 + 300u; seed++) {
                fill(seed);
                THROUGH("mov $1000000, %%rax; 5: dec %%rax; jnz 5b;");
                differ |= differences(RAX);
                fill(seed);
                THROUGH("mov $24, %%eax; syscall;");
                differ |= differences(RAX | RCX | R11);
            }
            _exit(differ);
        }
    int status, differ = 0;
    while (wait(&status) > 0)
        differ |= WEXITSTATUS(status);
    report("competitors", differ);
}

static void across_fork(void)
{
    int differ = 0;
    for (unsigned seed = 0; seed < 50; seed++) {
        fill(seed);
        THROUGH("mov $57, %%eax; syscall;");
        int own = differences(RAX | RCX | R11);
        if (out.general[0] == 0)
            _exit(own);
        int status;
        waitpid(out.general[0], &status, 0);
        differ |= own | WEXITSTATUS(status);
    }
    report("fork, in parent and child", differ);
}

int main(void)
{
    unsigned a, b, c, d;
    with_avx = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_AVX) && (c & bit_OSXSAVE);
    system_calls();
    faults();
    interruptions("signal handlers at any instruction");
    competition();
    across_fork();
    return 0;
}

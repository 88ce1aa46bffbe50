/* Signal frames that a hostile program edits or invents before it lets sigreturn load them, and handlers and stacks that lie where the
 * program may not write. */
#include "attack.h"

/* Named by the assembly only. */
__attribute__((used)) static uint64_t stack_pointer;

static void count_trap(int number)
{
    (void) number;
}

struct change {
    const char *name;
    int slot;
    uint64_t value;
};

static struct change change;

static void change_frame(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) information;
    ucontext_t *frame = context;
    frame->uc_mcontext.gregs[change.slot] = change.value;
}

static void apply_change(void)
{
    struct sigaction action = {.sa_sigaction = change_frame, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    uint64_t after;
    __asm__ volatile("pushf; pop %0" : "=r"(after));
    print("  went on; IOPL %lx, interrupts %lx, NT %lx\n", after & 0x3000, after & 0x200, after & 0x4000);
}

static void apply_reported(void)
{
    report_faults();
    apply_change();
}

/* Exits with 0 in ring 3 with the user's selectors, with 1 elsewhere. */
static void apply_selector_change(void)
{
    struct sigaction action = {.sa_sigaction = change_frame, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    unsigned code, stack;
    __asm__ volatile("mov %%cs, %0; mov %%ss, %1" : "=r"(code), "=r"(stack));
    _exit(code == 0x33 && stack == 0x2b ? 0 : 1);
}

/* Like in_child, but the two good ways to end are printed as one. */
static void in_child_harmlessly(const char *who, void (*body)(void))
{
    pid_t child = fork();
    need(child >= 0);
    if (child == 0) {
        body();
        _exit(1);
    }
    int status;
    need(waitpid(child, &status, 0) == child);
    if (status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV))
        print("%s: harmless\n", who);
    else
        print_status(who, status);
}

static void wild_return(void)
{
    __asm__ volatile("mov %0, %%rsp; mov $15, %%eax; syscall" ::"r"(stack_pointer) : "memory");
}

static void return_to_garbage(void)
{
    static uint64_t garbage[256] __attribute__((aligned(64)));
    memset(garbage, 0xff, sizeof garbage);
    __asm__ volatile("mov %0, %%rsp; mov $15, %%eax; syscall" ::"r"(garbage) : "memory");
}

static void spoil_floating_state(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) information;
    ucontext_t *frame = context;
    frame->uc_mcontext.fpregs->mxcsr = 0xffffffff;
}

static void spoil_header(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) information;
    ucontext_t *frame = context;
    char *state = (char *) frame->uc_mcontext.fpregs;
    memset(state + 512, 0xff, 64);
}

static void wild_floating_state(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) information;
    ucontext_t *frame = context;
    frame->uc_mcontext.fpregs = (void *) 0xffff800000000000;
}

static void (*frame_spoiler)(int, siginfo_t *, void *);

static void apply_spoiler(void)
{
    struct sigaction action = {.sa_sigaction = frame_spoiler, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    print("  went on\n");
}

static void apply_spoiler_quietly(void)
{
    struct sigaction action = {.sa_sigaction = frame_spoiler, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    _exit(0);
}

static void signal_frames(void)
{
    print("-- frames that sigreturn must not believe\n");
    const struct change changes[] = {
        {"rip non-canonical", REG_RIP, 0x800000000000},
        {"rip highest non-canonical", REG_RIP, 0xffff7fffffffffff},
        {"rip in the JVM", REG_RIP, 0x90000000000},
        {"rip null", REG_RIP, 0},
        {"rsp non-canonical", REG_RSP, 0x8000000000000000},
        {"rsp in the kernel", REG_RSP, 0xffff800000000000},
        {"IOPL 3", REG_EFL, 0x3202},
        {"interrupts off", REG_EFL, 0x2},
        {"NT and VM", REG_EFL, 0x24202},
        {"all flags but TF", REG_EFL, 0xfffffffffffffeff & ~0x40400ul},
    };
    for (unsigned i = 0; i < sizeof changes / sizeof *changes; i++) {
        change = changes[i];
        in_child(change.name, apply_change);
        in_child("reported", apply_reported);
    }
    print("-- and selectors, which a kernel may refuse or ignore\n");
    const struct change selectors[] = {
        {"cs of the kernel", REG_CSGSFS, 0x002b000000000008},
        {"cs of the kernel, Linux's", REG_CSGSFS, 0x002b000000000010},
        {"cs null", REG_CSGSFS, 0x002b000000000000},
        {"cs wild", REG_CSGSFS, 0x002b00000000fff8},
        {"ss of the kernel", REG_CSGSFS, 0x0010000000000033},
        {"ss wild", REG_CSGSFS, 0xffff000000000033},
        {"rip in the kernel", REG_RIP, 0xffffffff80100000},
    };
    for (unsigned i = 0; i < sizeof selectors / sizeof *selectors; i++) {
        change = selectors[i];
        in_child_harmlessly(change.name, apply_selector_change);
    }
    in_child("sigreturn to garbage", return_to_garbage);
    static const uint64_t pointers[] = {0, 0x800000000000, 0xffff800000000000, 0xfffffffffffffff0, 0x40000000000};
    for (unsigned i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        stack_pointer = pointers[i];
        print("frame at %lx\n", stack_pointer);
        in_child("sigreturn", wild_return);
    }
    frame_spoiler = spoil_floating_state;
    in_child("reserved bits of mxcsr", apply_spoiler);
    frame_spoiler = spoil_header;
    in_child_harmlessly("reserved bits of the XSAVE header", apply_spoiler_quietly);
    frame_spoiler = wild_floating_state;
    in_child("floating state in the kernel", apply_spoiler);
}

static void handler_in_kernel(void)
{
    struct sigaction action = {.sa_handler = (void (*)(int)) 0xffff800000000000};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    print("  went on\n");
}

static void alternate_stack_in_kernel(void)
{
    stack_t stack = {.ss_sp = (void *) 0xffff800000000000, .ss_size = 65536};
    sigaltstack(&stack, 0);
    struct sigaction action = {.sa_handler = count_trap, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, 0);
    raise(SIGUSR1);
    print("  went on\n");
}

int main(void)
{
    signal_frames();
    in_child("a handler in the kernel", handler_in_kernel);
    in_child("an alternate stack in the kernel", alternate_stack_in_kernel);
    return 0;
}

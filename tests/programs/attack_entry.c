/* The kernel's entry and exit: flags, stacks, segment bases and return addresses that a hostile program may choose. */
#include "attack.h"
#include <asm/prctl.h>
#include <cpuid.h>

/* -- flags that must not leak into the kernel, and must come back -- */

static uint64_t flags_after(uint64_t set, long number)
{
    uint64_t after;
    __asm__ volatile("pushf; mov (%%rsp), %%rbx; orq %1, (%%rsp); popf; syscall; pushf; pop %0; push %%rbx; popf"
                     : "=&r"(after)
                     : "r"(set), "a"(number), "D"(0), "S"(0), "d"(0)
                     : "rbx", "rcx", "r11", "memory");
    return after;
}

static void flags(void)
{
    print("-- flags across a system call: AC, DF, NT, ID, arithmetic\n");
    static const uint64_t bits[] = {0x40000, 0x400, 0x4000, 0x200000, 0x8d5, 0x44c00};
    for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
        print("%lx kept %d\n", bits[i], (flags_after(bits[i], SYS_getpid) & bits[i]) == bits[i]);
    for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
        print("%lx kept %d over sched_yield\n", bits[i], (flags_after(bits[i], SYS_sched_yield) & bits[i]) == bits[i]);
    uint64_t after;
    __asm__ volatile("pushf; orq $0x3000, (%%rsp); popf; pushf; pop %0" : "=r"(after)::"memory", "cc");
    print("IOPL after popf: %lx\n", after & 0x3000);
    __asm__ volatile("pushf; andq $~0x200, (%%rsp); popf; pushf; pop %0" : "=r"(after)::"memory", "cc");
    print("interrupts stay on: %lx\n", after & 0x200);
}

static volatile int traps;

static void count_trap(int number)
{
    (void) number;
    traps++;
}

static void single_step(void)
{
    print("-- the trap flag over a system call traps after it, in ring 3, as a SIGTRAP\n");
    struct sigaction action = {.sa_handler = count_trap};
    sigaction(SIGTRAP, &action, 0);
    for (int i = 0; i < 100; i++)
        __asm__ volatile("pushf; orq $0x100, (%%rsp); popf; syscall; nop; pushf; andq $~0x100, (%%rsp); popf; nop" ::"a"(SYS_getpid)
                         : "rcx", "r11", "memory");
    print("traps: some %d\n", traps >= 400);
    print("-- stepping through a page fault\n");
    char *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    __asm__ volatile("pushf; orq $0x100, (%%rsp); popf; movb $1, (%0); nop; pushf; andq $~0x100, (%%rsp); popf; nop" ::"r"(page)
                     : "memory");
    print("written %d\n", page[0]);
}

static void alignment_check(void)
{
    char bytes[16];
    __asm__ volatile("pushf; orq $0x40000, (%%rsp); popf; movl $1, 1(%0)" ::"r"(bytes) : "memory");
    __asm__ volatile("pushf; andq $~0x40000, (%%rsp); popf" ::: "memory");
    print("  no fault\n");
}

/* -- stacks -- */

/* Named by the assembly only. */
__attribute__((used)) static uint64_t stack_pointer;

static void system_call_on_stack(void)
{
    long result;
    __asm__ volatile("mov %%rsp, %%rbx; mov stack_pointer(%%rip), %%rsp; syscall; mov %%rbx, %%rsp"
                     : "=a"(result)
                     : "a"(SYS_getppid)
                     : "rbx", "rcx", "r11", "memory");
    print("  system call on it: %d\n", result == getppid());
}

static void fault_on_stack(void)
{
    __asm__ volatile("mov stack_pointer(%%rip), %%rsp; movb $1, 8" ::: "memory");
}

static void signal_on_stack(void)
{
    signal(SIGUSR1, count_trap);
    __asm__ volatile("mov stack_pointer(%%rip), %%rsp; syscall; mov $231, %%eax; mov $7, %%edi; syscall" ::"a"(SYS_kill), "D"(getpid()),
                     "S"(SIGUSR1)
                     : "rcx", "r11", "memory");
}

static void fault_with_handler_on_stack(void)
{
    signal(SIGSEGV, count_trap);
    fault_on_stack();
}

static void spin_on_stack(void)
{
    __asm__ volatile("mov stack_pointer(%%rip), %%rsp; mov $30000000, %%rax; 1: dec %%rax; jnz 1b; mov $231, %%eax; mov $8, %%edi; syscall" ::
                         : "rax", "rdi", "memory");
}

static void stacks(void)
{
    static const uint64_t pointers[] = {0, 1, 8, 0x7ffffffff000, 0x800000000000, 0xffff7fffffffffff, 0xffff800000100000, 0xffffffff80100000,
                                        0xffffffffffffffff, 0xfffffffffffffff8, 0x40000000100, 0x90000000100};
    for (unsigned i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        stack_pointer = pointers[i];
        print("-- stack pointer %lx\n", stack_pointer);
        in_child("system call", system_call_on_stack);
        in_child("fault", fault_on_stack);
        in_child("ticks", spin_on_stack);
        in_child("signal delivery", signal_on_stack);
        in_child("fault with a handler", fault_with_handler_on_stack);
    }
}

/* -- segment bases -- */

static void segment_bases(void)
{
    print("-- kernel and non-canonical addresses as FS and GS base\n");
    static const uint64_t bases[] = {0xffff800000000000, 0xffffffff80000000, 0x40000000000, 0x800000000000, 0x7ffffffff000, 0x123456000};
    uint64_t old, got;
    need(syscall(SYS_arch_prctl, ARCH_GET_FS, &old) == 0);
    for (unsigned i = 0; i < sizeof bases / sizeof *bases; i++) {
        long result = syscall(SYS_arch_prctl, ARCH_SET_GS, bases[i]);
        print("arch_prctl(ARCH_SET_GS, %lx): %s\n", bases[i], result == 0 ? "success" : strerrorname_np(errno));
    }
    show(syscall(SYS_arch_prctl, ARCH_SET_FS, 0xffff800000000000));
    show(syscall(SYS_arch_prctl, ARCH_GET_FS, wild));
    show(syscall(SYS_arch_prctl, 0x9999, 0));
    unsigned a, b, c, d;
    need(__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1));
    for (unsigned i = 0; i < 3; i++) {
        uint64_t base = bases[i], after, pid;
        __asm__ volatile("wrgsbase %2; syscall; rdgsbase %0" : "=&r"(after), "=a"(pid) : "r"(base), "1"(SYS_getpid) : "rcx", "r11", "memory");
        print("wrgsbase %lx: getpid right %d, base kept %d\n", base, (int) pid == getpid(), after == base);
        __asm__ volatile("wrgsbase %1; mov $20000000, %%rax; 1: dec %%rax; jnz 1b; rdgsbase %0" : "=&r"(after) : "r"(base) : "rax", "memory");
        print("after ticks: base kept %d\n", after == base);
        __asm__ volatile("rdfsbase %%rbx; wrfsbase %2; syscall; rdfsbase %0; wrfsbase %%rbx"
                         : "=&r"(after), "=a"(pid)
                         : "r"(base), "1"(SYS_sched_yield)
                         : "rbx", "rcx", "r11", "memory");
        print("wrfsbase %lx: sched_yield %ld, base kept %d\n", base, (long) pid, after == base);
    }
    syscall(SYS_arch_prctl, ARCH_SET_GS, 0x123456000);
    need(syscall(SYS_arch_prctl, ARCH_GET_GS, &got) == 0);
    print("ARCH_GET_GS: %lx\n", got);
    pid_t child = fork();
    if (child == 0) {
        syscall(SYS_arch_prctl, ARCH_GET_GS, &got);
        print("the child has GS base %lx\n", got);
        _exit(0);
    }
    waitpid(child, 0, 0);
}

static void read_through_gs(void)
{
    uint64_t base = 0xffff800000000000, got;
    __asm__ volatile("wrgsbase %1; mov %%gs:0, %0" : "=r"(got) : "r"(base) : "memory");
    print("  READ %lx\n", got);
}

/* -- return addresses -- */

static void call_at_end_of_user_space(void)
{
    /* "syscall" in the last two bytes below the canonical hole: the return address would be non-canonical. Linux leaves that page out. */
    char *last = mmap((void *) 0x7ffffffff000, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    print("  the last page: %s\n", last == MAP_FAILED ? strerrorname_np(errno) : "MAPPED");
    last = mmap((void *) 0x7fffffffe000, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (last == MAP_FAILED)
        return;
    last[PAGE - 2] = 0x0f;
    last[PAGE - 1] = 0x05;
    __asm__ volatile("jmp *%0" ::"r"(last + PAGE - 2), "a"(SYS_getpid) : "rcx", "r11", "memory");
}

static void fall_off_user_space(void)
{
    __asm__ volatile("jmp *%0" ::"r"(0x7fffffffffffull));
}

/* -- many at once -- */

static void storm(void)
{
    print("-- eight processes fault, trap and call at once\n");
    for (int i = 0; i < 8; i++)
        if (fork() == 0) {
            signal(SIGTRAP, count_trap);
            for (int k = 0; k < 300; k++) {
                pid_t child = fork();
                if (child == 0) {
                    switch ((i + k) % 5) {
                    case 0: __asm__ volatile("mov $0, %%rsp; movb $1, 8" ::: "memory"); break;
                    case 1: __asm__ volatile("mov %0, %%rsp; syscall; hlt" ::"r"(0xffff800000000000), "a"(39) : "memory"); break;
                    case 2: __asm__ volatile("pushf; orq $0x44100, (%%rsp); popf; syscall; ud2" ::"a"(39) : "memory"); break;
                    case 3: __asm__ volatile("wrgsbase %0; syscall; cli" ::"r"(0xffff800000000000), "a"(39) : "memory"); break;
                    default: __asm__ volatile("jmp *%0" ::"r"(0x800000000000)); break;
                    }
                    _exit(0);
                }
                int status;
                need(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
                k += 9;
            }
            _exit(0);
        }
    int status, ended = 0;
    while (wait(&status) > 0)
        ended += status == 0;
    show(ended);
}

int main(void)
{
    flags();
    in_child("single step", single_step);
    in_child("unaligned with AC", alignment_check);
    stacks();
    in_child("segment bases", segment_bases);
    in_child("a read through a kernel GS base", read_through_gs);
    in_child("a system call at the end of user space", call_at_end_of_user_space);
    in_child("running off user space", fall_off_user_space);
    storm();
    return 0;
}

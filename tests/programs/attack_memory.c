/* The kernel's memory seen from ring 3: the JVM's ranges, the direct map, the shim, non-canonical addresses. Reading, writing and executing
 * are SIGSEGV, and no part of it becomes visible. */
#include "attack.h"

__attribute__((used)) static const uint64_t places[] = {0x40000000000, 0x80000000000,      0x81000000000,      0x90000000000,      0xa0000000000,
                                  0xfffffffffff, 0xffff800000000000, 0xffff800000100000, 0xffff888000000000, 0xffffffff80000000,
                                  0xffffffff80100000, 0xffffffff81000000, 0xfffffffffffff000, 0xfffffffffffffff8, 0x800000000000,
                                  0xffff7ffffffffff8, 0x7ffffffffff8};

/* Named by the assembly too. */
__attribute__((used)) static uint64_t place;

static void read_it(void)
{
    uint64_t seen = *(volatile uint64_t *) place;
    print("  READ %lx\n", seen);
}

static void write_it(void)
{
    *(volatile uint64_t *) place = 0x6666;
    print("  WRITTEN\n");
}

static void execute_it(void)
{
    ((void (*)(void)) place)();
    print("  EXECUTED\n");
}

static void push_it(void)
{
    __asm__ volatile("mov %0, %%rsp; push $1; push $2" ::"r"(place) : "memory");
}

static void prefetch_it(void)
{
    __builtin_prefetch((void *) place);
    __asm__ volatile("prefetchw (%0)" ::"r"(place));
}

static void repeated_copy_into_it(void)
{
    __asm__ volatile("mov %0, %%rdi; lea places(%%rip), %%rsi; mov $100000, %%ecx; rep movsb" ::"r"(place) : "rdi", "rsi", "rcx", "memory");
}

/* Signal numbers and codes are Linux's; addresses of general-protection faults are 0 there too. */
static void report_with_handler(void (*body)(void))
{
    pid_t child = fork();
    if (child == 0) {
        report_faults();
        body();
        _exit(0);
    }
    int status;
    need(waitpid(child, &status, 0) == child);
    print_status(" ", status);
}

int main(void)
{
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        place = places[i];
        print("-- %lx: read, write, execute, push, prefetch, copy\n", place);
        report_with_handler(read_it);
        report_with_handler(write_it);
        report_with_handler(execute_it);
        report_with_handler(push_it);
        report_with_handler(prefetch_it);
        report_with_handler(repeated_copy_into_it);
        in_child("no handler: read", read_it);
        in_child("no handler: push", push_it);
    }
    print("-- mapping there\n");
    for (unsigned i = 6; i < sizeof places / sizeof *places - 1; i++)
        show_success(mmap((void *) (places[i] & -PAGE), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0);
    return 0;
}

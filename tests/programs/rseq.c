/* Restartable sequences and barriers: rseq(2), membarrier(2). Without the C library's own registration. */
#include "check.h"
#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/auxv.h>

enum { SIGNATURE = 0x53053053 };

/* struct rseq with the fields that newer kernels fill, which say so by an entry of the auxiliary vector. */
struct area {
    unsigned cpu_id_start, cpu_id;
    unsigned long long rseq_cs;
    unsigned flags, node_id, mm_cid, unused;
} __attribute__((aligned(32)));

enum { FEATURE_SIZE = 27 };

static struct area area;
static volatile int entered;

static long rseq(void *address, unsigned length, int flags, unsigned signature)
{
    return syscall(SYS_rseq, address, length, flags, signature);
}

static long membarrier(int command, unsigned flags, int cpu)
{
    return syscall(SYS_membarrier, command, flags, cpu);
}

static unsigned current_cpu(void)
{
    unsigned cpu;
    syscall(SYS_getcpu, &cpu, 0, 0);
    return cpu;
}

/* Goes round in a sequence for ever: only the kernel ends it. */
static void spin_in_sequence(struct area *own)
{
    asm volatile(".pushsection __rseq_cs, \"aw\"\n"
                 ".balign 32\n"
                 "3: .long 0, 0\n"
                 ".quad 1f, 2f - 1f, 4f\n"
                 ".popsection\n"
                 "leaq 3b(%%rip), %%rax\n"
                 "movq %%rax, %0\n"
                 "1: movl $1, %1\n"
                 "5: pause\n"
                 "jmp 5b\n"
                 "2: ud2\n"
                 ".byte 0x0f, 0xb9, 0x3d\n"
                 ".long 0x53053053\n"
                 "4:\n"
                 : "=m"(own->rseq_cs), "=m"(entered)
                 :
                 : "rax", "memory", "cc");
}

static void registration(void)
{
    print("-- registration\n");
    show(rseq(&area, 32, 1, SIGNATURE));
    show(rseq(&area, 31, 0, SIGNATURE));
    show(rseq((char *) &area + 8, 32, 0, SIGNATURE));
    show(rseq(&area, 32, 2, SIGNATURE));
    show(rseq((void *) 0xffff800000000000, 32, 0, SIGNATURE));
    show(rseq(&area, 32, 0, SIGNATURE));
    holds(area.cpu_id == area.cpu_id_start);
    holds(getauxval(FEATURE_SIZE) < 28 || (area.node_id == 0 && area.mm_cid == 0));
    show(rseq(&area, 32, 0, SIGNATURE));
    show(rseq(&area, 32, 0, 5));
    show(rseq(&area, 64, 0, SIGNATURE));
    show(rseq((char *) &area + 32, 32, 0, SIGNATURE));
    show(rseq(&area, 32, 1, 5));
    show(rseq(&area, 64, 1, SIGNATURE));
    show(rseq(&area, 32, 3, SIGNATURE));
    show(rseq(&area, 32, 1, SIGNATURE));
    print("cpu %d %d\n", area.cpu_id_start, (int) area.cpu_id);
    show(rseq(&area, 32, 1, SIGNATURE));
    show(rseq(&area, 32, 0, SIGNATURE));
}

static void on_each_cpu(void)
{
    print("-- the CPU that it says is the right one\n");
    cpu_set_t all;
    need(sched_getaffinity(0, sizeof all, &all) == 0);
    int right = 1;
    for (int round = 0; round < 3; round++)
        for (int cpu = 0; cpu < 64; cpu++)
            if (CPU_ISSET(cpu, &all)) {
                cpu_set_t one;
                CPU_ZERO(&one);
                CPU_SET(cpu, &one);
                need(sched_setaffinity(0, sizeof one, &one) == 0);
                right &= *(volatile unsigned *) &area.cpu_id == (unsigned) cpu && current_cpu() == (unsigned) cpu;
            }
    need(sched_setaffinity(0, sizeof all, &all) == 0);
    holds(right);
}

static volatile int handled;
static volatile long long sequence_in_handler;

static void on_signal(int number)
{
    (void) number;
    handled++;
    sequence_in_handler = area.rseq_cs;
}

static void signals(void)
{
    print("-- a signal ends a sequence before its handler runs\n");
    signal(SIGUSR1, on_signal);
    int *seen = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t self = getpid(), child = fork();
    if (child == 0) {
        while (!*(volatile int *) seen) {
            kill(self, SIGUSR1);
            sched_yield();
        }
        _exit(0);
    }
    while (!handled)
        spin_in_sequence(&area);
    *seen = 1;
    waitpid(child, 0, 0);
    holds(handled > 0);
    show(sequence_in_handler);
    show(area.rseq_cs);
    signal(SIGUSR1, SIG_IGN);
}

static void preemption(void)
{
    print("-- so does another thread that gets the CPU\n");
    cpu_set_t all, one;
    need(sched_getaffinity(0, sizeof all, &all) == 0);
    CPU_ZERO(&one);
    CPU_SET(current_cpu(), &one);
    need(sched_setaffinity(0, sizeof one, &one) == 0);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            ;
    spin_in_sequence(&area);
    spin_in_sequence(&area);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
    need(sched_setaffinity(0, sizeof all, &all) == 0);
    print("ended\n");
}

static void wrong_signature(void)
{
    show(rseq(&area, 32, 1, SIGNATURE));
    show(rseq(&area, 32, 0, 99));
    if (fork() == 0)
        for (;;)
            kill(getppid(), SIGWINCH), sched_yield();
    spin_in_sequence(&area);
}

static void bad_sequence(void)
{
    area.rseq_cs = 16;
    raise(SIGWINCH);
    for (;;)
        sched_yield();
}

static void handle(int number)
{
    (void) number;
}

static void faults(void)
{
    print("-- what makes no sense is SIGSEGV\n");
    signal(SIGWINCH, handle);
    int status = in_child("a bad address", bad_sequence);
    (void) status;
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        wrong_signature();
    }
    waitpid(child, &status, 0);
    kill(-child, SIGKILL);
    print_status("a wrong signature", status);
    signal(SIGWINCH, SIG_DFL);
}

static struct area thread_area;

static void *in_thread(void *unused)
{
    (void) unused;
    show(rseq(&thread_area, 32, 1, SIGNATURE));
    show(rseq(&thread_area, 32, 0, SIGNATURE));
    spin_in_sequence(&thread_area);
    print("the thread's sequence has ended\n");
    return 0;
}

static void fork_keeps(void)
{
    show(rseq(&area, 32, 0, SIGNATURE));
    holds(area.cpu_id < 64);
}

static void threads(void)
{
    print("-- a child process has it, a thread has not; membarrier ends sequences\n");
    in_child("child", fork_keeps);
    show(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0));
    entered = 0;
    pthread_t thread;
    need(pthread_create(&thread, 0, in_thread, 0) == 0);
    while (!entered)
        sched_yield();
    need(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0, 0) == 0);
    pthread_join(thread, 0);
}

static void registered_in_child(void)
{
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
}

static void barriers(void)
{
    print("-- membarrier\n");
    print("commands %lx\n", membarrier(MEMBARRIER_CMD_QUERY, 0, 0) & 0x1ff);
    show(membarrier(MEMBARRIER_CMD_QUERY, 1, 0));
    show(membarrier(MEMBARRIER_CMD_GLOBAL, 0, 0));
    show(membarrier(MEMBARRIER_CMD_GLOBAL, 1, 0));
    show(membarrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
    show(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 1, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
    show(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 2, 0));
    show(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 1, 0));
    show(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, 0));
    show(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, 5000));
    show(membarrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0));
    show(membarrier(1 << 20, 0, 0));
    show(membarrier(3, 0, 0));
    in_child("child", registered_in_child);
}

int main(int count, char **arguments)
{
    if (count == 1) {
        setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1);
        execl("/proc/self/exe", arguments[0], "again", (char *) 0);
    }
    barriers();
    registration();
    on_each_cpu();
    signals();
    preemption();
    faults();
    threads();
    return 0;
}

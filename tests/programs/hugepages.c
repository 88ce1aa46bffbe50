/* Private memory that is mapped by pages of 2 MB: when it is, what splits it, and that nothing else tells. */
#include "check.h"
#include <pthread.h>
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>

enum { HUGE = 2 << 20, PAGES = HUGE / PAGE };

/* What /proc/self/smaps says of a range of whole mappings: one of its amounts, in KB. */
static long amount(const char *what, char *start, size_t length)
{
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[512];
    unsigned long from, to;
    long sum = 0, kilobytes;
    int inside = 0;
    need(file != 0);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = from >= (unsigned long) start && to <= (unsigned long) start + length;
        else if (inside && !strncmp(line, what, strlen(what)) && sscanf(line + strlen(what), ": %ld", &kilobytes) == 1)
            sum += kilobytes;
    }
    fclose(file);
    return sum;
}

/* Whether a mapping has a flag there. */
static int flagged(char *start, const char *flag)
{
    FILE *file = fopen("/proc/self/smaps", "r");
    char line[512];
    unsigned long from, to;
    int inside = 0, found = 0;
    need(file != 0);
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = from == (unsigned long) start;
        else if (inside && !strncmp(line, "VmFlags:", 8))
            found = strstr(line, flag) != 0;
    }
    fclose(file);
    return found;
}

static int resident(char *start)
{
    unsigned char in[PAGES];
    int count = 0;
    need(mincore(start, HUGE, in) == 0);
    for (int i = 0; i < PAGES; i++)
        count += in[i] & 1;
    return count;
}

/* An aligned range of huge pages, nothing of which was touched. */
static char *range(int blocks)
{
    char *at = mmap(0, (blocks + 1) * (size_t) HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(at != MAP_FAILED);
    char *start = (char *) (((uintptr_t) at + HUGE - 1) & -(uintptr_t) HUGE);
    if (start > at)
        need(munmap(at, start - at) == 0);
    need(munmap(start + blocks * (size_t) HUGE, at + HUGE - start) == 0 || at + HUGE == start);
    return start;
}

static char *filled(int blocks)
{
    char *start = range(blocks);
    need(madvise(start, blocks * (size_t) HUGE, MADV_HUGEPAGE) == 0);
    for (int i = 0; i < blocks * PAGES; i++)
        start[i * (size_t) PAGE] = i % 251 + 1;
    return start;
}

/* How many pages of a block have not what filled() put there. */
static int differences(char *start, int blocks)
{
    int count = 0;
    for (int i = 0; i < blocks * PAGES; i++)
        count += start[i * (size_t) PAGE] != (char) (i % 251 + 1);
    return count;
}

static void advice(void)
{
    print("-- advice\n");
    char *p = range(3);
    show(madvise(p, HUGE, MADV_HUGEPAGE));
    holds(flagged(p, " hg"));
    holds(amount("THPeligible", p, HUGE) == 1);
    show(madvise(p, HUGE, MADV_NOHUGEPAGE));
    holds(flagged(p, " nh") && !flagged(p, " hg"));
    holds(amount("THPeligible", p, HUGE) == 0);
    p[0] = 1;
    print("declined: %d pages, %ld KB huge\n", resident(p), amount("AnonHugePages", p, HUGE));
    show(madvise(p, HUGE, MADV_HUGEPAGE));
    show(madvise(p + HUGE, HUGE, MADV_HUGEPAGE));
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < PAGES; i++)
        p[HUGE + i * PAGE] = 1;
    getrusage(RUSAGE_SELF, &after);
    print("asked for: %d pages, %ld faults, %ld KB huge\n", resident(p + HUGE), after.ru_minflt - before.ru_minflt,
          amount("AnonHugePages", p, 3 * HUGE));
    show(madvise(p + 2 * HUGE, 2 * HUGE, MADV_HUGEPAGE));
    munmap(p, 3 * HUGE);
}

static void parts(void)
{
    print("-- parts\n");
    char *p = filled(1);
    print("whole: %ld KB\n", amount("AnonHugePages", p, HUGE));
    need(munmap(p + 7 * PAGE, PAGE) == 0);
    print("a page unmapped: %ld KB, resident %ld KB\n", amount("AnonHugePages", p, HUGE), amount("Rss", p, HUGE));
    need(mmap(p + 7 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + 7 * PAGE);
    print("there again: %d, others differ: %d\n", p[7 * PAGE], differences(p, 1));
    munmap(p, HUGE);

    p = filled(1);
    need(mprotect(p + PAGE, PAGE, PROT_READ) == 0);
    print("a page protected: %ld KB, differ: %d\n", amount("AnonHugePages", p, HUGE), differences(p, 1));
    need(mprotect(p + PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
    munmap(p, HUGE);

    p = filled(1);
    need(madvise(p + 9 * PAGE, PAGE, MADV_DONTNEED) == 0);
    print("a page dropped: %d pages\n", resident(p));
    print("differ: %d, it has %d\n", differences(p, 1), p[9 * PAGE]);
    need(madvise(p, HUGE, MADV_DONTNEED) == 0);
    print("all dropped: %d pages\n", resident(p));
    munmap(p, HUGE);

    p = filled(2);
    char *target = range(3) + PAGE;
    holds(mremap(p, 2 * HUGE, 2 * HUGE, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
    print("moved: differ: %d\n", differences(target, 2));
    munmap(target - PAGE, 3 * HUGE);

    p = filled(1);
    show(mlock(p + PAGE, PAGE));
    show(munlock(p + PAGE, PAGE));
    print("locked once: differ: %d\n", differences(p, 1));
    munmap(p, HUGE);
}

static char *shared_block;

static void child(void)
{
    print("child: differ: %d\n", differences(shared_block, 1));
    shared_block[3 * PAGE] = 99;
    print("child wrote: %d, differ: %d\n", shared_block[3 * PAGE], differences(shared_block, 1));
}

static void refuser(void)
{
    show(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
    char *p = range(1);
    need(madvise(p, HUGE, MADV_HUGEPAGE) == 0);
    p[0] = 1;
    print("refused: %d pages, %ld KB\n", resident(p), amount("AnonHugePages", p, HUGE));
    holds(amount("THPeligible", p, HUGE) == 0);
}

static void others(void)
{
    print("-- others\n");
    shared_block = filled(1);
    in_child("child", child);
    print("parent: differ: %d\n", differences(shared_block, 1));
    shared_block[4 * PAGE] = 98;
    in_child("child", child);
    in_child("refuser", refuser);
    char *p = filled(1);
    char *copy = malloc(3 * PAGE);
    struct iovec local = { copy, 3 * PAGE }, remote = { p + 100 * PAGE + 1, 3 * PAGE };
    holds(process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == 3 * PAGE);
    holds(!memcmp(copy, p + 100 * PAGE + 1, 3 * PAGE));
    int ends[2];
    need(pipe(ends) == 0);
    holds(write(ends[1], p + 200 * PAGE - 1, 2) == 2);
    holds(read(ends[0], p + 300 * PAGE - 1, 2) == 2);
    print("through a pipe: %d %d\n", p[300 * PAGE - 1], p[300 * PAGE]);
    munmap(p, HUGE);
}

/* A thread that writes to a huge page while others take its pages away must never write to another's frame. */
static char *volatile hammered;
static volatile int told;

static void *waiter(void *nothing)
{
    int *word = (int *) (hammered + 50 * PAGE);
    told = 1;
    while (syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 7, 0, 0, 0) == -1 && errno == EINTR)
        ;
    for (int round = 0; round < 200; round++)
        for (int i = 0; i < PAGES; i += 3)
            hammered[i * PAGE + 64] = round;
    return nothing;
}

static void threads(void)
{
    print("-- threads\n");
    hammered = filled(1);
    int *word = (int *) (hammered + 50 * PAGE);
    *word = 7;
    pthread_t thread;
    need(pthread_create(&thread, 0, waiter, 0) == 0);
    while (!told)
        sched_yield();
    *word = 8;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
    int wrong = 0;
    for (int round = 0; round < 50; round++) {
        need(madvise(hammered + (round * 7 % PAGES) * PAGE, 5 * PAGE, MADV_DONTNEED) == 0);
        char *other = filled(1);
        wrong += differences(other, 1);
        need(mprotect(other + round * PAGE, PAGE, PROT_READ) == 0);
        for (int i = 0; i < PAGES; i++)
            wrong += other[i * PAGE + 64] != 0;
        need(munmap(other, HUGE) == 0);
        if (round % 10 == 0)
            need(madvise(hammered, HUGE, MADV_DONTNEED) == 0);
    }
    need(pthread_join(thread, 0) == 0);
    print("strange writes: %d\n", wrong);
}

int main(void)
{
    char size[32];
    read_text("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", size, sizeof size);
    print("size %s", size);
    advice();
    parts();
    others();
    threads();
    return 0;
}

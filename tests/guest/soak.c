/* Keeps every part of the kernel busy that hands out memory, then checks that it has all of it back.
 *
 *     soak SECONDS WORKERS
 *
 * Each worker forks, execs, faults, maps files, fills pipes, sends signals, starts threads and makes files, chosen by its own random
 * numbers. The number of free frames and the bytes that live on the kernel's heap are taken when everybody is done, before and after.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "common/look.h"

enum { PAGE = 4096, KINDS = 8, WARM_UP_ROUNDS = 40 };

static uint64_t seed;
static long done[KINDS];

#define CHECK(condition)                                                                                                                 \
    do {                                                                                                                                 \
        if (!(condition)) {                                                                                                              \
            dprintf(1, "soak: line %d: %s: %s\n", __LINE__, #condition, strerror(errno));                                                \
            _exit(1);                                                                                                                    \
        }                                                                                                                                \
    } while (0)

static unsigned random_below(unsigned limit)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (seed >> 11) % limit;
}

static long free_frames(void)
{
    long frames = number_in("/proc/biscotti/frames", "free");
    return frames >= 0 ? frames : number_in("/proc/meminfo", "MemFree:") / 4;
}

static void reap(pid_t child, int wanted)
{
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(wanted < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == wanted));
}

static void faults(void)
{
    size_t size = (1 + random_below(256)) * PAGE;
    char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    for (size_t i = 0; i < size; i += PAGE)
        memory[i] = i / PAGE;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (size_t i = 0; i < size; i += 2 * PAGE)
            memory[i]++;
        _exit(memory[0] == 1 ? 0 : 1);
    }
    for (size_t i = 0; i < size; i += 3 * PAGE)
        memory[i] += 2;
    reap(child, 0);
    for (size_t i = 0; i < size; i += PAGE)
        CHECK(memory[i] == (char) (i / PAGE + (i / PAGE % 3 == 0 ? 2 : 0)));
    munmap(memory, size);
}

static void executes(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        execl("/bin/busybox", "busybox", "sh", "-c", "exit 5", (char *) 0);
        _exit(1);
    }
    reap(child, 5);
}

static void pipes(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    unsigned total = random_below(300000) + 1;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(ends[0]);
        char block[5000];
        for (unsigned sent = 0; sent < total;) {
            unsigned length = random_below(sizeof block) + 1;
            length = length < total - sent ? length : total - sent;
            memset(block, length, length);
            CHECK(write(ends[1], block, length) == (ssize_t) length);
            sent += length;
        }
        _exit(0);
    }
    close(ends[1]);
    char block[7000];
    unsigned got = 0;
    for (ssize_t length; (length = read(ends[0], block, sizeof block)) > 0;)
        got += length;
    close(ends[0]);
    CHECK(got == total);
    reap(child, 0);
}

static void files(void)
{
    char name[64];
    snprintf(name, sizeof name, "/tmp/soak-%d", getpid());
    int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0);
    unsigned pages = random_below(200) + 1;
    CHECK(ftruncate(file, pages * PAGE) == 0);
    char *mapped = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    CHECK(mapped != MAP_FAILED);
    for (unsigned i = 0; i < pages; i += 1 + random_below(3))
        mapped[i * PAGE] = 7;
    char byte;
    CHECK(pread(file, &byte, 1, 0) == 1 && byte == 7);
    CHECK(unlink(name) == 0);
    close(file);
    munmap(mapped, pages * PAGE);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int shared_count;

static void *count(void *unused)
{
    (void) unused;
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&mutex);
        shared_count++;
        pthread_mutex_unlock(&mutex);
    }
    return 0;
}

static void threads(void)
{
    pthread_t all[4];
    shared_count = 0;
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&all[i], 0, count, 0) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(all[i], 0);
    CHECK(shared_count == 800);
}

static volatile int signals;

static void on_signal(int number)
{
    (void) number;
    signals++;
}

static void kills(void)
{
    signal(SIGUSR1, on_signal);
    pid_t child = fork();
    CHECK(child >= 0);
    while (child == 0)
        if (random_below(2))
            getppid();
    for (unsigned i = random_below(20); i > 0; i--)
        kill(child, SIGUSR1);
    if (random_below(2)) {
        kill(child, SIGSTOP);
        int status;
        CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
    }
    kill(child, SIGKILL);
    reap(child, -1);
}

static void crashes(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (random_below(2))
            *(volatile char *) (uintptr_t) (random_below(4096)) = 1;
        __builtin_trap();
    }
    reap(child, -1);
}

static void generations(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (int depth = random_below(5); depth > 0; depth--) {
            pid_t next = fork();
            CHECK(next >= 0);
            if (next > 0)
                _exit(0); /* the next one is an orphan */
            volatile char stack[3 * PAGE];
            for (unsigned i = 0; i < sizeof stack; i += PAGE)
                stack[i] = 1;
        }
        _exit(0);
    }
    reap(child, 0);
}

static void (*const kinds[KINDS])(void) = {faults, executes, pipes, files, threads, kills, crashes, generations};
static const char *const names[KINDS] = {"faults", "executes", "pipes", "files", "threads", "kills", "crashes", "generations"};

/* One worker's life: rounds until the time is over, or a fixed number of them; the counts go back through a pipe. */
static void work(int number, int64_t until, int rounds, int report)
{
    seed = 0x9e3779b97f4a7c15ull * (number + 1);
    for (int i = 0; until ? now_milliseconds() < until : i < rounds; i++) {
        unsigned kind = random_below(KINDS);
        kinds[kind]();
        done[kind]++;
    }
    CHECK(write(report, done, sizeof done) == sizeof done);
    _exit(0);
}

static int all_workers(int workers, int64_t until, int rounds, long *total)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < workers; i++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
            work(i, until, rounds, ends[1]);
    }
    close(ends[1]);
    int failed = 0, status;
    while (wait(&status) > 0)
        failed += status != 0;
    long counts[KINDS];
    while (read(ends[0], counts, sizeof counts) == sizeof counts)
        for (int i = 0; i < KINDS; i++)
            total[i] += counts[i];
    close(ends[0]);
    return failed;
}

/* The number of free frames when every CPU has left the address spaces of the dead: it does so when it runs another program, at the latest,
 * so this one goes from CPU to CPU. */
static long settled_frames(void)
{
    cpu_set_t all, one;
    CHECK(sched_getaffinity(0, sizeof all, &all) == 0);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &all)) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
            CHECK(sched_getcpu() == cpu);
        }
    }
    CHECK(sched_setaffinity(0, sizeof all, &all) == 0);
    return free_frames();
}

/* What lives on the kernel's heap after a collection, in KB: the least of a few times; -1 where there is no such heap. */
static long live_kilobytes(void)
{
    long least = -1;
    for (int i = 0; i < 5; i++) {
        long now = number_in("/proc/biscotti/live", "");
        least = least < 0 || now < least ? now : least;
        usleep(100000);
    }
    return least < 0 ? -1 : least >> 10;
}

int main(int argc, char **argv)
{
    int seconds = argc > 1 ? atoi(argv[1]) : 10, workers = argc > 2 ? atoi(argv[2]) : 4;
    long warm_up[KINDS] = {0}, total[KINDS] = {0};
    now_milliseconds(); /* so that the clock's pages have their page tables before frames are counted */
    int failed = all_workers(workers, 0, WARM_UP_ROUNDS, warm_up);
    long before = settled_frames(), live_before = live_kilobytes();
    failed += all_workers(workers, now_milliseconds() + seconds * 1000ll, 0, total);
    long after = settled_frames(), live_after = live_kilobytes();
    dprintf(1, "soak:");
    for (int i = 0; i < KINDS; i++)
        dprintf(1, " %s %ld", names[i], total[i]);
    dprintf(1, "\nsoak: free frames before %ld, after %ld; failed workers %d\n", before, after, failed);
    dprintf(1, "soak: KB that live on the kernel's heap before %ld, after %ld\n", live_before, live_after);
    return failed != 0;
}

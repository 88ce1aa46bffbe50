/* Clocks run forwards and at the right rate; sleeps last at least as long as asked; CPU time is counted. */
#include "check.h"
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec time;
    need(clock_gettime(clock, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void monotonic(void)
{
    print("-- CLOCK_MONOTONIC never goes back, not between processes on different CPUs either\n");
    volatile int64_t *latest = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            int back = 0;
            for (int k = 0; k < 20000; k++) {
                int64_t seen = __atomic_load_n(latest, __ATOMIC_SEQ_CST), now = nanoseconds(CLOCK_MONOTONIC);
                back += now < seen;
                if (now > seen)
                    __atomic_compare_exchange_n(latest, &seen, now, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
            }
            _exit(back > 255 ? 255 : back);
        }
    int status, back = 0;
    while (wait(&status) > 0)
        back += WEXITSTATUS(status);
    show(back);
}

static void sleeping(void)
{
    print("-- sleeps last at least as long as asked\n");
    static const long lengths[] = {1000, 100000, 5000000, 60000000};
    for (int i = 0; i < 4; i++) {
        struct timespec length = {0, lengths[i]};
        int64_t start = nanoseconds(CLOCK_MONOTONIC);
        need(nanosleep(&length, 0) == 0);
        int64_t took = nanoseconds(CLOCK_MONOTONIC) - start;
        print("%ld ns: long enough %d\n", lengths[i], took >= lengths[i]);
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t wanted = until.tv_sec * 1000000000ll + until.tv_nsec + 30000000;
    until.tv_sec = wanted / 1000000000;
    until.tv_nsec = wanted % 1000000000;
    show(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, 0));
    holds(nanoseconds(CLOCK_MONOTONIC) >= wanted);
    show(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, 0));
    struct timespec wrong = {0, 1000000000}, negative = {-1, 0};
    show(nanosleep(&wrong, 0));
    show(nanosleep(&negative, 0));
    show(clock_nanosleep(99, 0, &until, 0));
}

static int64_t time_of_day(clockid_t unused)
{
    (void) unused;
    struct timeval day;
    gettimeofday(&day, 0);
    return (day.tv_sec * 1000000ll + day.tv_usec) * 1000;
}

/* What passes on a clock while the monotonic one passes a quarter of a second. The machine may stand still between two readings: so each lies
 * between two of the monotonic clock, and what passed must lie between what those allow, and the clock's own resolution. */
static int agrees(int64_t (*read)(clockid_t), clockid_t clock, int64_t resolution)
{
    int64_t before_first = nanoseconds(CLOCK_MONOTONIC), first = read(clock), after_first = nanoseconds(CLOCK_MONOTONIC);
    pause_milliseconds(250);
    int64_t before_last = nanoseconds(CLOCK_MONOTONIC), passed = read(clock) - first, after_last = nanoseconds(CLOCK_MONOTONIC);
    int64_t least = before_last - after_first, most = after_last - before_first, slack = resolution + most / 1000;
    return least >= 250000000 && passed >= least - slack && passed <= most + slack;
}

static void rates(void)
{
    print("-- the clocks agree about a quarter of a second\n");
    holds(agrees(nanoseconds, CLOCK_REALTIME, 1));
    holds(agrees(nanoseconds, CLOCK_BOOTTIME, 1));
    holds(agrees(nanoseconds, CLOCK_MONOTONIC_RAW, 1));
    holds(agrees(nanoseconds, CLOCK_REALTIME_COARSE, 10000000));
    holds(agrees(time_of_day, 0, 1000));
    holds(time(0) > 1700000000);
    holds(nanoseconds(CLOCK_MONOTONIC_COARSE) <= nanoseconds(CLOCK_MONOTONIC));
    struct timespec resolution;
    show(clock_getres(CLOCK_MONOTONIC, &resolution));
    print("%ld s %ld ns\n", (long) resolution.tv_sec, resolution.tv_nsec);
    show(clock_gettime(99, &resolution));
    show(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, wild));
}

/* The least CPU time that 100 ms of sleep cost, of five: a machine that stands still on the way there is charged to who was running. */
static int64_t least_charged_for_sleep(void)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        int64_t before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
        pause_milliseconds(100);
        int64_t charged = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - before;
        least = charged < least ? charged : least;
    }
    return least;
}

static void cpu_time(void)
{
    print("-- CPU time is charged to who used it\n");
    int64_t before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    holds(least_charged_for_sleep() < 80000000);
    int64_t thread = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    while (nanoseconds(CLOCK_THREAD_CPUTIME_ID) - thread < 100000000)
        ;
    holds(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - before >= 100000000);
    int64_t start = nanoseconds(CLOCK_MONOTONIC);
    if (fork() == 0) {
        while (nanoseconds(CLOCK_PROCESS_CPUTIME_ID) < 200000000)
            ;
        _exit(0);
    }
    struct rusage usage;
    int status;
    need(wait4(-1, &status, 0, &usage) > 0);
    long charged = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    holds(charged >= 150 && charged <= (nanoseconds(CLOCK_MONOTONIC) - start) / 1000000 + 20);
    struct tms times_of;
    holds(times(&times_of) != -1 && times_of.tms_cutime + times_of.tms_cstime >= 15);
    getrusage(RUSAGE_SELF, &usage);
    holds(usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec >= 80000);
    holds(usage.ru_maxrss > 100 && usage.ru_minflt > 10);
    show(getrusage(99, &usage));
}

int main(void)
{
    monotonic();
    sleeping();
    rates();
    cpu_time();
    return 0;
}

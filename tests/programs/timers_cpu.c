/* CPU time: its clocks, sleeps and timers by them, ITIMER_VIRTUAL and ITIMER_PROF, RLIMIT_CPU. */
#include "timers.h"
#include <pthread.h>
#include <sys/resource.h>

/* The clock of a process (what counts: 0 to 2) or thread (with 4). */
static clockid_t clock_of(pid_t number, int kind)
{
    return ~(unsigned) number << 3 | kind;
}

static void *burn(void *flag)
{
    while (!__atomic_load_n((int *) flag, __ATOMIC_SEQ_CST))
        ;
    return 0;
}

static volatile int caught;

static void catch(int signal)
{
    caught = signal;
}

static void numbers(void)
{
    print("-- numbers of CPU clocks\n");
    struct timespec time;
    clockid_t own, thread = clock_of(gettid(), 6);
    clock_getcpuclockid(0, &own);
    holds(own == CLOCK_PROCESS_CPUTIME_ID || own == (clock_of(0, 2)));
    clockid_t self = clock_of(getpid(), 0);
    show(syscall(SYS_clock_gettime, self | 2, &time));
    show(syscall(SYS_clock_gettime, self | 1, &time));
    show(syscall(SYS_clock_gettime, self, &time));
    show(syscall(SYS_clock_gettime, self | 3, &time));
    show(syscall(SYS_clock_gettime, thread, &time));
    show(syscall(SYS_clock_gettime, clock_of(1, 2), &time));
    show(syscall(SYS_clock_gettime, clock_of(1, 6), &time));
    show(syscall(SYS_clock_gettime, clock_of(30000, 2), &time));
    show(syscall(SYS_clock_gettime, clock_of(30000, 6), &time));
    clockid_t asked[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW,
                         CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI, 10, 12, -1, self | 2, self | 1, self};
    for (int i = 0; i < 15; i++) {
        time.tv_nsec = -1;
        print("%d: ", i);
        show(syscall(SYS_clock_getres, asked[i], &time));
        print("%ld\n", time.tv_nsec);
    }
    show(syscall(SYS_clock_getres, CLOCK_REALTIME, 0));
    time = (struct timespec) {1, 0};
    show(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &time));
    show(syscall(SYS_clock_settime, CLOCK_PROCESS_CPUTIME_ID, &time));
    show(syscall(SYS_clock_settime, self | 2, &time));
    show(syscall(SYS_clock_settime, clock_of(30000, 2), &time));
    show(syscall(SYS_clock_settime, CLOCK_REALTIME, wild));
    time.tv_nsec = 1000000000;
    show(syscall(SYS_clock_settime, CLOCK_REALTIME, &time));
    time.tv_nsec = 0;
    show(cpu_sleep(CLOCK_THREAD_CPUTIME_ID, 0, &time, 0));
    show(cpu_sleep(CLOCK_MONOTONIC_RAW, 0, &time, 0));
    show(cpu_sleep(CLOCK_REALTIME_COARSE, 0, &time, 0));
    show(cpu_sleep(12, 0, &time, 0));
    show(cpu_sleep(clock_of(0, 6), 0, &time, 0));
    show(cpu_sleep(clock_of(30000, 2), 0, &time, 0));
    show(cpu_sleep(CLOCK_PROCESS_CPUTIME_ID, 0, wild, 0));
    time.tv_sec = 0;
    show(cpu_sleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &time, 0));
}

static void counting(void)
{
    print("-- the clocks count\n");
    int64_t process = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), before = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    while (nanoseconds(CLOCK_THREAD_CPUTIME_ID) < before + 20000000)
        ;
    holds(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) >= process + 20000000);
    before = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    int same = 0;
    for (int i = 0; i < 100; i++) {
        int64_t now = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
        same += now == before;
        before = now;
    }
    holds(same < 50);
}

static void sleeping(void)
{
    print("-- sleeping by CPU time that another thread uses\n");
    int stop = 0;
    pthread_t burner;
    pthread_create(&burner, 0, burn, &stop);
    int64_t before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    struct timespec time = {0, 30000000};
    show(cpu_sleep(CLOCK_PROCESS_CPUTIME_ID, 0, &time, 0));
    holds(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) >= before + 30000000);
    int64_t until = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) + 20000000;
    time = (struct timespec) {until / 1000000000, until % 1000000000};
    show(cpu_sleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &time, 0));
    holds(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) >= until);
    __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(burner, 0);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            ;
    time = (struct timespec) {0, 30000000};
    show(cpu_sleep(clock_of(child, 2), 0, &time, 0));
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
}

static void cpu_timers(void)
{
    print("-- timers of CPU time\n");
    signal(SIGUSR1, catch);
    sigset_t set = set_of(SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    clockid_t clocks[] = {CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, clock_of(getpid(), 1)};
    for (int i = 0; i < 3; i++) {
        int timer;
        need(create(clocks[i], &event, &timer) == 0);
        struct itimerspec once = setting(20000, 0), now;
        int64_t start = nanoseconds(clocks[i]);
        caught = 0;
        show(settime(timer, 0, &once, 0));
        show(gettime(timer, &now));
        holds(now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 24000000);
        while (!caught)
            ;
        holds(nanoseconds(clocks[i]) >= start + 20000000);
        show(gettime(timer, &now));
        print("%ld %ld\n", (long) now.it_value.tv_sec, now.it_value.tv_nsec);
        struct itimerspec past = {{0, 0}, {0, 1}};
        caught = 0;
        show(settime(timer, TIMER_ABSTIME, &past, 0));
        while (!caught)
            ;
        struct itimerspec again = setting(5000, 5000);
        show(settime(timer, 0, &again, 0));
        for (int k = 0; k < 3; k++) {
            caught = 0;
            while (!caught)
                ;
        }
        show(delete(timer));
    }
}

static void intervals(void)
{
    print("-- ITIMER_VIRTUAL and ITIMER_PROF\n");
    signal(SIGVTALRM, catch);
    signal(SIGPROF, catch);
    int which[] = {ITIMER_VIRTUAL, ITIMER_PROF};
    for (int i = 0; i < 2; i++) {
        struct itimerval soon = {{0, 10000}, {0, 20000}}, off = {{0, 0}, {0, 0}}, now;
        int64_t start = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
        caught = 0;
        show(setitimer(which[i], &soon, 0));
        while (!caught)
            ;
        print("SIG%s\n", sigabbrev_np(caught));
        holds(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - start >= 15000000);
        caught = 0;
        while (!caught)
            ;
        show(setitimer(which[i], &off, &now));
        holds(now.it_interval.tv_usec == 10000);
        show(getitimer(which[i], &now));
        print("%ld %ld\n", (long) now.it_value.tv_usec, (long) now.it_interval.tv_usec);
    }
}

static void count(int signal)
{
    (void) signal;
    write(1, "SIGXCPU\n", 8);
    struct rlimit limit;
    getrlimit(RLIMIT_CPU, &limit);
    if (limit.rlim_cur == 2)
        write(1, "moved\n", 6);
}

static void limited(void)
{
    print("-- RLIMIT_CPU\n");
    pid_t child = fork();
    if (child == 0) {
        signal(SIGXCPU, count);
        struct rlimit limit = {1, 2};
        setrlimit(RLIMIT_CPU, &limit);
        for (;;)
            ;
    }
    int status;
    waitpid(child, &status, 0);
    print_status("beyond the hard limit", status);
    child = fork();
    if (child == 0) {
        struct rlimit limit = {0, RLIM_INFINITY};
        setrlimit(RLIMIT_CPU, &limit);
        for (;;)
            ;
    }
    waitpid(child, &status, 0);
    print_status("without a handler", status & ~0x80);
}

int main(void)
{
    numbers();
    counting();
    sleeping();
    cpu_timers();
    intervals();
    limited();
    return 0;
}

/* POSIX timers, clocks of CPU time, RLIMIT_CPU, and what becomes of waits when the clock is set. */
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

#define create(clock, event, timer) syscall(SYS_timer_create, clock, event, timer)
#define settime(timer, flags, value, old) syscall(SYS_timer_settime, timer, flags, value, old)
#define gettime(timer, value) syscall(SYS_timer_gettime, timer, value)
#define overruns(timer) syscall(SYS_timer_getoverrun, timer)
#define delete(timer) syscall(SYS_timer_delete, timer)
#define cpu_sleep(clock, flags, time, rest) syscall(SYS_clock_nanosleep, clock, flags, time, rest)

/* The clock of a process (what counts: 0 to 2) or thread (with 4). */
static clockid_t clock_of(pid_t number, int kind)
{
    return ~(unsigned) number << 3 | kind;
}

static struct itimerspec setting(long value_microseconds, long interval_microseconds)
{
    return (struct itimerspec) {
        {interval_microseconds / 1000000, interval_microseconds % 1000000 * 1000},
        {value_microseconds / 1000000, value_microseconds % 1000000 * 1000},
    };
}

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec time;
    need(syscall(SYS_clock_gettime, clock, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static sigset_t set_of(int signal)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return set;
}

/* Takes a blocked signal, however long it takes to come. */
static siginfo_t take(int signal)
{
    sigset_t set = set_of(signal);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    while (sigwaitinfo(&set, &info) == -1 && errno == EINTR)
        ;
    print("signal %d code %d timer %d value %d\n", info.si_signo, info.si_code, info.si_timerid, info.si_value.sival_int);
    return info;
}

static void arguments(void)
{
    print("-- arguments\n");
    int timer = -1;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    show(create(CLOCK_MONOTONIC_RAW, &event, &timer));
    show(create(CLOCK_MONOTONIC_COARSE, &event, &timer));
    show(create(CLOCK_REALTIME_COARSE, &event, &timer));
    show(create(10, &event, &timer));
    show(create(12, &event, &timer));
    show(create(99, &event, &timer));
    show(create(CLOCK_MONOTONIC, wild, &timer));
    show(create(CLOCK_MONOTONIC, &event, wild));
    event.sigev_signo = 0;
    show(create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_signo = 65;
    show(create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_signo = -1;
    show(create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_signo = SIGUSR1;
    event.sigev_notify = 3;
    show(create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_notify = SIGEV_THREAD_ID;
    event._sigev_un._tid = 1;
    show(create(CLOCK_MONOTONIC, &event, &timer));
    event.sigev_notify = SIGEV_NONE;
    event.sigev_signo = 77;
    show(create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec value = setting(1000000, 0), wrong = {{0, 0}, {0, 1000000000}}, negative = {{-1, 0}, {0, 0}};
    show(settime(timer, 0, 0, 0));
    show(settime(timer, 0, wild, 0));
    show(settime(timer, 0, &wrong, 0));
    show(settime(timer, 0, &negative, 0));
    show(settime(timer, 0, &value, wild));
    show(settime(timer + 1000, 0, &value, 0));
    show(settime(-1, 0, &value, 0));
    show(gettime(timer, wild));
    show(gettime(timer + 1000, &value));
    show(overruns(timer));
    show(overruns(timer + 1000));
    show(delete(timer));
    show(delete(timer));
    show(gettime(timer, &value));
    clockid_t every[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID};
    for (int i = 0; i < 6; i++) {
        show(create(every[i], 0, &timer));
        show(delete(timer));
    }
}

static void telling(void)
{
    print("-- what a timer tells\n");
    int timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1, .sigev_value.sival_int = 42};
    sigset_t set = set_of(SIGRTMIN + 1);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, 0);
    need(create(CLOCK_MONOTONIC, &event, &timer) == 0);
    int first = timer;
    struct itimerspec once = setting(1000, 0), now = setting(7, 7);
    show(settime(timer, 0, &once, 0));
    siginfo_t info = take(SIGRTMIN + 1);
    holds(info.si_overrun == 0);
    show(gettime(timer, &now));
    print("%ld %ld %ld\n", (long) now.it_value.tv_sec, now.it_value.tv_nsec, now.it_interval.tv_nsec);
    struct itimerspec far = setting(1000000000, 5000000);
    show(settime(timer, 0, &far, &now));
    print("%ld %ld\n", (long) now.it_value.tv_sec, now.it_value.tv_nsec);
    show(gettime(timer, &now));
    holds(now.it_value.tv_sec > 900 && now.it_value.tv_sec <= 1000 && now.it_interval.tv_sec == 5);
    struct itimerspec off = setting(0, 3);
    show(settime(timer, 0, &off, &now));
    holds(now.it_value.tv_sec > 900);
    show(gettime(timer, &now));
    print("%ld %ld %ld\n", (long) now.it_value.tv_sec, now.it_value.tv_nsec, now.it_interval.tv_nsec);
    struct itimerspec past = {{0, 0}, {1, 0}};
    show(settime(timer, TIMER_ABSTIME, &past, 0));
    take(SIGRTMIN + 1);

    print("-- overruns\n");
    struct itimerspec often = setting(1000, 1000);
    int64_t start = nanoseconds(CLOCK_MONOTONIC);
    show(settime(timer, 0, &often, 0));
    pause_milliseconds(100);
    int64_t least = 100;
    info = take(SIGRTMIN + 1);
    int64_t most = (nanoseconds(CLOCK_MONOTONIC) - start) / 1000000;
    holds(info.si_overrun >= least - 2 && info.si_overrun <= most);
    holds(overruns(timer) == info.si_overrun);
    take(SIGRTMIN + 1);
    show(settime(timer, 0, &off, 0));
    show(overruns(timer));
    struct timespec none = {0, 0};
    while (sigtimedwait(&set, 0, &none) > 0)
        ;

    print("-- two timers may have the same signal, and one without an event has SIGALRM and its number\n");
    int other, third;
    event.sigev_signo = SIGUSR1;
    event.sigev_value.sival_int = 2;
    need(create(CLOCK_REALTIME, &event, &other) == 0);
    event.sigev_value.sival_int = 3;
    need(create(CLOCK_REALTIME, &event, &third) == 0);
    holds(other != third && other != first);
    settime(other, 0, &once, 0);
    pause_milliseconds(20);
    settime(third, 0, &once, 0);
    pause_milliseconds(20);
    sigset_t user = set_of(SIGUSR1);
    int values = 0;
    for (int i = 0; i < 2; i++) {
        sigwaitinfo(&user, &info);
        values += info.si_value.sival_int;
    }
    show(values);
    delete(third);
    delete(other);
    need(create(CLOCK_BOOTTIME, 0, &other) == 0);
    settime(other, 0, &once, 0);
    sigset_t alarm = set_of(SIGALRM);
    sigwaitinfo(&alarm, &info);
    holds(info.si_signo == SIGALRM && info.si_value.sival_int == other && info.si_timerid == other);
    delete(other);

    print("-- SIGEV_NONE counts down and is silent\n");
    event.sigev_notify = SIGEV_NONE;
    need(create(CLOCK_MONOTONIC, &event, &other) == 0);
    settime(other, 0, &once, 0);
    pause_milliseconds(5);
    show(gettime(other, &now));
    print("%ld %ld\n", (long) now.it_value.tv_sec, now.it_value.tv_nsec);
    settime(other, 0, &often, 0);
    pause_milliseconds(5);
    show(gettime(other, &now));
    holds(now.it_value.tv_sec == 0 && now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 1000000);
    show(sigtimedwait(&set, 0, &none));
    delete(other);
    delete(timer);
}

static void *receive(void *timer)
{
    take(SIGUSR2);
    return timer;
}

static int thread_id;
static pthread_barrier_t barrier;

static void *named(void *nothing)
{
    thread_id = gettid();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    sigset_t pending;
    do
        sigpending(&pending);
    while (!sigismember(&pending, SIGUSR2));
    return receive(nothing);
}

static void threads(void)
{
    print("-- SIGEV_THREAD_ID: only that thread may take it\n");
    sigset_t set = set_of(SIGUSR2), pending;
    sigprocmask(SIG_BLOCK, &set, 0);
    pthread_barrier_init(&barrier, 0, 2);
    pthread_t thread;
    pthread_create(&thread, 0, named, 0);
    pthread_barrier_wait(&barrier);
    int timer;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2, .sigev_value.sival_int = 9};
    event._sigev_un._tid = thread_id;
    need(create(CLOCK_MONOTONIC, &event, &timer) == 0);
    int base = timer;
    struct itimerspec once = setting(1000, 0);
    settime(timer, 0, &once, 0);
    pause_milliseconds(30);
    sigpending(&pending);
    show(sigismember(&pending, SIGUSR2));
    pthread_barrier_wait(&barrier);
    pthread_join(thread, 0);
    show(settime(timer, 0, &once, 0));
    pause_milliseconds(5);
    show(delete(timer));
    holds(base == timer);
}

static void relatives(void)
{
    print("-- a child has no timers, nor has another program\n");
    int timer;
    need(create(CLOCK_MONOTONIC, 0, &timer) == 0);
    struct itimerspec value;
    if (fork() == 0) {
        show(gettime(timer, &value));
        _exit(0);
    }
    wait(0);
    if (fork() == 0) {
        sigset_t set = set_of(SIGALRM);
        sigprocmask(SIG_BLOCK, &set, 0);
        need(create(CLOCK_MONOTONIC, 0, &timer) == 0);
        struct itimerspec soon = setting(1, 1000000000);
        settime(timer, 0, &soon, 0);
        sigset_t pending;
        do
            sigpending(&pending);
        while (!sigismember(&pending, SIGALRM));
        char number[12];
        snprintf(number, sizeof number, "%d", timer);
        execl("/proc/self/exe", "timers", "exec", number, (char *) 0);
        _exit(1);
    }
    wait(0);
    delete(timer);

    print("-- RLIMIT_SIGPENDING\n");
    if (fork() == 0) {
        setuid(4711);
        struct rlimit limit = {3, 3};
        show(setrlimit(RLIMIT_SIGPENDING, &limit));
        for (int i = 0; i < 4; i++)
            show(create(CLOCK_MONOTONIC, 0, &timer));
        show(delete(timer));
        show(create(CLOCK_MONOTONIC, 0, &timer));
        sigset_t set = set_of(SIGRTMIN);
        sigprocmask(SIG_BLOCK, &set, 0);
        union sigval nothing = {0};
        show(sigqueue(getpid(), SIGRTMIN, nothing));
        show(delete(timer));
        show(sigqueue(getpid(), SIGRTMIN, nothing));
        show(sigqueue(getpid(), SIGRTMIN, nothing));
        struct timespec none = {0, 0};
        show(sigtimedwait(&set, 0, &none) == SIGRTMIN);
        show(sigqueue(getpid(), SIGRTMIN, nothing));
        show(create(CLOCK_BOOTTIME_ALARM, 0, &timer));
        _exit(0);
    }
    wait(0);
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

static void cpu_clocks(void)
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

    print("-- sleeping by CPU time that another thread uses\n");
    int stop = 0;
    pthread_t burner;
    pthread_create(&burner, 0, burn, &stop);
    before = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    time = (struct timespec) {0, 30000000};
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

static void move_clock(long seconds)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += seconds;
    need(clock_settime(CLOCK_REALTIME, &now) == 0);
}

static void clock_is_set(void)
{
    print("-- a clock that is set forwards ends waits for a time of day\n");
    struct timespec then;
    clock_gettime(CLOCK_REALTIME, &then);
    then.tv_sec += 1000;
    int done[2];
    need(pipe(done) == 0);
    if (fork() == 0) {
        print("sleep %d\n", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &then, 0));
        write(done[1], "1", 1);
        _exit(0);
    }
    if (fork() == 0) {
        int word = 1;
        long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 1, &then, 0, FUTEX_BITSET_MATCH_ANY);
        int error = errno;
        char byte;
        read(done[0], &byte, 1);
        print("futex %ld %s\n", result, strerrorname_np(error));
        write(done[1], "2", 1);
        _exit(0);
    }
    sigset_t set = set_of(SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, 0);
    int timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    need(create(CLOCK_REALTIME, &event, &timer) == 0);
    struct itimerspec absolute = {{0, 0}, then};
    show(settime(timer, TIMER_ABSTIME, &absolute, 0));
    int relative;
    event.sigev_signo = SIGUSR2;
    need(create(CLOCK_REALTIME, &event, &relative) == 0);
    struct itimerspec far = setting(1000000000, 0), left;
    show(settime(relative, 0, &far, 0));
    pause_milliseconds(50);
    move_clock(2000);
    wait(0);
    wait(0);
    take(SIGUSR1);
    show(gettime(relative, &left));
    holds(left.it_value.tv_sec > 900);
    move_clock(-2000);
    show(delete(timer));
    show(delete(relative));
    struct timespec early = {0, 1000};
    show(clock_settime(CLOCK_REALTIME, &early));
}

static void adjustment(void)
{
    print("-- adjtimex\n");
    struct timex state;
    memset(&state, 0, sizeof state);
    holds(adjtimex(&state) >= 0);
    holds(state.tick == 10000 && state.time.tv_sec > 1000000000 && state.precision == 1 && state.tolerance == 32768000);
    show(clock_adjtime(CLOCK_MONOTONIC, &state));
    show(clock_adjtime(99, &state));
    show(adjtimex(wild));
    if (fork() == 0) {
        setuid(4711);
        state.modes = ADJ_TICK;
        show(adjtimex(&state));
        state.modes = 0;
        holds(adjtimex(&state) >= 0);
        _exit(0);
    }
    wait(0);
    memset(&state, 0, sizeof state);
    time_t before = time(0);
    state.modes = ADJ_SETOFFSET;
    state.time.tv_sec = 100;
    holds(adjtimex(&state) >= 0);
    holds(time(0) >= before + 100);
    state.modes = ADJ_SETOFFSET;
    state.time.tv_sec = -100;
    state.time.tv_usec = 0;
    holds(adjtimex(&state) >= 0);
    holds(time(0) < before + 90);
    state.time.tv_usec = 1000000;
    show(adjtimex(&state));
}

int main(int count, char **words)
{
    if (count > 1) {
        struct itimerspec value;
        sigset_t pending;
        show(gettime(atoi(words[2]), &value));
        sigpending(&pending);
        show(sigismember(&pending, SIGALRM));
        return 0;
    }
    arguments();
    telling();
    threads();
    relatives();
    cpu_clocks();
    intervals();
    limited();
    clock_is_set();
    adjustment();
    return 0;
}

/* POSIX timers: what they are made of, what they tell, to whom, and what a child has of them. */
#include "timers.h"
#include <pthread.h>
#include <sys/resource.h>

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
    return 0;
}

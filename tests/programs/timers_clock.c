/* A time of day that is set: what becomes of waits and timers, and adjtimex(2). */
#include "timers.h"
#include <linux/futex.h>
#include <sys/timex.h>

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

int main(void)
{
    clock_is_set();
    adjustment();
    return 0;
}

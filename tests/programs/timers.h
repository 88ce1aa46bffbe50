/* What the programs about timers share. */
#ifndef TIMERS_H
#define TIMERS_H

#include "check.h"
#include <sys/time.h>
#include <time.h>

#define create(clock, event, timer) syscall(SYS_timer_create, clock, event, timer)
#define settime(timer, flags, value, old) syscall(SYS_timer_settime, timer, flags, value, old)
#define gettime(timer, value) syscall(SYS_timer_gettime, timer, value)
#define overruns(timer) syscall(SYS_timer_getoverrun, timer)
#define delete(timer) syscall(SYS_timer_delete, timer)
#define cpu_sleep(clock, flags, time, rest) syscall(SYS_clock_nanosleep, clock, flags, time, rest)

__attribute__((unused)) static struct itimerspec setting(long value_microseconds, long interval_microseconds)
{
    return (struct itimerspec) {
        {interval_microseconds / 1000000, interval_microseconds % 1000000 * 1000},
        {value_microseconds / 1000000, value_microseconds % 1000000 * 1000},
    };
}

__attribute__((unused)) static int64_t nanoseconds(clockid_t clock)
{
    struct timespec time;
    need(syscall(SYS_clock_gettime, clock, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

__attribute__((unused)) static sigset_t set_of(int signal)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return set;
}

/* Takes a blocked signal, however long it takes to come. */
__attribute__((unused)) static siginfo_t take(int signal)
{
    sigset_t set = set_of(signal);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    while (sigwaitinfo(&set, &info) == -1 && errno == EINTR)
        ;
    print("signal %d code %d timer %d value %d\n", info.si_signo, info.si_code, info.si_timerid, info.si_value.sival_int);
    return info;
}

#endif

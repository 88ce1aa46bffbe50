/* The corners of clocks, timers, futexes and events: which error comes first (timer_create(2), timerfd_create(2), clock_nanosleep(2), futex(2), eventfd(2), epoll_ctl(2)). */
#include "check.h"
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

static struct timespec zero, bad = {0, 1000000000}, negative = {-1, 0}, below = {0, -1};

static void clocks(void)
{
    struct timespec t;
    struct timeval v;
    show(syscall(SYS_clock_gettime, 12, &t));
    show(syscall(SYS_clock_gettime, 10, &t));
    show(syscall(SYS_clock_gettime, -1, &t));
    show(syscall(SYS_clock_gettime, 0, wild));
    show(syscall(SYS_clock_gettime, ~(4194303UL) << 3 | 2, &t));
    show(syscall(SYS_clock_getres, 12, &t));
    show(syscall(SYS_clock_getres, 0, NULL));
    show(syscall(SYS_clock_getres, 0, wild));
    show(syscall(SYS_clock_settime, 0, &bad));
    show(syscall(SYS_clock_settime, 0, &negative));
    show(syscall(SYS_clock_settime, 0, wild));
    show(syscall(SYS_clock_settime, 1, &zero));
    show(syscall(SYS_clock_settime, 2, &zero));
    show(syscall(SYS_clock_settime, 7, &zero));
    show(syscall(SYS_clock_settime, 12, &zero));
    show(syscall(SYS_clock_nanosleep, 0, 0, &bad, NULL));
    show(syscall(SYS_clock_nanosleep, 0, 0, &negative, NULL));
    show(syscall(SYS_clock_nanosleep, 0, 0, &below, NULL));
    show(syscall(SYS_clock_nanosleep, 0, 0, wild, NULL));
    show(syscall(SYS_clock_nanosleep, 3, 0, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 12, 0, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 4, 0, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 5, 0, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 8, 0, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 11, 0, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 1, 2, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 1, TIMER_ABSTIME, &zero, NULL));
    show(syscall(SYS_clock_nanosleep, 2, 0, &zero, NULL));
    show(syscall(SYS_nanosleep, &bad, NULL));
    show(syscall(SYS_nanosleep, wild, NULL));
    show(syscall(SYS_gettimeofday, wild, NULL));
    show(syscall(SYS_gettimeofday, &v, wild));
    show(syscall(SYS_settimeofday, wild, NULL));
    show(syscall(SYS_time, wild));
    show(syscall(SYS_times, wild));
    struct itimerval interval = {{0, 0}, {0, 1000000}}, old;
    show(setitimer(ITIMER_REAL, &interval, &old));
    interval.it_value = (struct timeval){-1, 0};
    show(setitimer(ITIMER_REAL, &interval, &old));
    show(setitimer(3, &interval, &old));
    show(setitimer(ITIMER_REAL, wild, &old));
    show(syscall(SYS_setitimer, ITIMER_REAL, NULL, &old));
    show(getitimer(3, &old));
    show(getitimer(ITIMER_REAL, wild));
}

static void timers(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec spec = {{0, 0}, {1000, 0}}, old;
    int timer, other;
    show(syscall(SYS_timer_create, 12, &event, &timer));
    show(syscall(SYS_timer_create, 4, &event, &timer));
    show(syscall(SYS_timer_create, 5, &event, &timer));
    show(syscall(SYS_timer_create, 10, &event, &timer));
    show(syscall(SYS_timer_create, 11, &event, &timer));
    show(syscall(SYS_timer_create, 1, wild, &timer));
    show(syscall(SYS_timer_create, 1, &event, wild));
    event.sigev_notify = 77;
    show(syscall(SYS_timer_create, 1, &event, &timer));
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = 0;
    show(syscall(SYS_timer_create, 1, &event, &timer));
    event.sigev_signo = 65;
    show(syscall(SYS_timer_create, 1, &event, &timer));
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGUSR1;
    event._sigev_un._tid = 4194303;
    show(syscall(SYS_timer_create, 1, &event, &timer));
    event._sigev_un._tid = getppid();
    show(syscall(SYS_timer_create, 1, &event, &timer));
    event.sigev_notify = SIGEV_NONE;
    show(syscall(SYS_timer_create, 1, &event, &timer));
    show(syscall(SYS_timer_create, 1, NULL, &other));
    show(other != timer);
    show(syscall(SYS_timer_settime, timer, 0, NULL, &old));
    show(syscall(SYS_timer_settime, timer, 0, wild, &old));
    show(syscall(SYS_timer_settime, timer, 2, &spec, NULL));
    show(syscall(SYS_timer_settime, timer, 0, &spec, wild));
    show(syscall(SYS_timer_settime, 777, 0, &spec, NULL));
    spec.it_value = bad;
    show(syscall(SYS_timer_settime, timer, 0, &spec, NULL));
    spec.it_value = negative;
    show(syscall(SYS_timer_settime, timer, 0, &spec, NULL));
    spec.it_value = zero;
    spec.it_interval = bad;
    show(syscall(SYS_timer_settime, timer, 0, &spec, NULL));
    show(syscall(SYS_timer_gettime, timer, wild));
    show(syscall(SYS_timer_gettime, 777, &old));
    show(syscall(SYS_timer_getoverrun, 777));
    show(syscall(SYS_timer_getoverrun, timer));
    show(syscall(SYS_timer_delete, 777));
    show(syscall(SYS_timer_delete, -1));
    show(syscall(SYS_timer_delete, timer));
    show(syscall(SYS_timer_delete, timer));
}

static void timer_files(void)
{
    struct itimerspec spec = {{0, 0}, {1000, 0}}, old;
    uint64_t count = 7;
    show(timerfd_create(2, 0));
    show(timerfd_create(12, 0));
    show(timerfd_create(1, 1));
    show(timerfd_create(10, 0));
    int file = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    show(timerfd_settime(file, 4, &spec, NULL));
    show(timerfd_settime(file, 0, NULL, NULL));
    show(timerfd_settime(file, 0, wild, NULL));
    show(timerfd_settime(file, 0, &spec, wild));
    show(timerfd_settime(77, 0, &spec, NULL));
    show(timerfd_settime(0, 0, &spec, NULL));
    show(timerfd_settime(file, TFD_TIMER_CANCEL_ON_SET, &spec, NULL));
    spec.it_value = bad;
    show(timerfd_settime(file, 0, &spec, NULL));
    show(timerfd_gettime(file, wild));
    show(timerfd_gettime(77, &old));
    show(timerfd_gettime(0, &old));
    show(read(file, &count, 7));
    show(read(file, &count, 8));
    show(write(file, &count, 8));
    show(lseek(file, 0, SEEK_SET));
    show(ioctl(file, 0x40085400, &count));
    show(read(file, &count, 8));
    print("%lu\n", count);
    count = 0;
    show(ioctl(file, 0x40085400, &count));
    show(ioctl(file, 0x40085400, wild));
    show(ioctl(file, 0x5401, &count));
}

static long futex(void *word, int operation, unsigned value, void *timeout, void *second, unsigned third)
{
    return syscall(SYS_futex, word, operation, value, timeout, second, third);
}

static void futexes(void)
{
    static uint32_t words[4];
    show(futex(words, 99, 0, NULL, NULL, 0));
    show(futex((char *) words + 1, FUTEX_WAIT, 0, &zero, NULL, 0));
    show(futex((char *) words + 1, FUTEX_WAKE, 1, NULL, NULL, 0));
    show(futex(wild, FUTEX_WAIT, 0, &zero, NULL, 0));
    show(futex(wild, FUTEX_WAKE, 1, NULL, NULL, 0));
    show(futex(words, FUTEX_WAIT, 1, &zero, NULL, 0));
    show(futex(words, FUTEX_WAIT, 0, &zero, NULL, 0));
    show(futex(words, FUTEX_WAIT, 0, &bad, NULL, 0));
    show(futex(words, FUTEX_WAIT, 0, &negative, NULL, 0));
    show(futex(words, FUTEX_WAIT, 0, wild, NULL, 0));
    show(futex(words, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &zero, NULL, 0));
    show(futex(words, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_WAIT_BITSET, 0, &zero, NULL, 0));
    show(futex(words, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    show(futex(words, FUTEX_FD, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_REQUEUE, 1, (void *) 1, wild, 0));
    show(futex(words, FUTEX_REQUEUE, 1, (void *) -1L, words + 1, 0));
    show(futex(words, FUTEX_REQUEUE, -1, (void *) 1, words + 1, 0));
    show(futex(words, FUTEX_CMP_REQUEUE, 1, (void *) 1, words + 1, 5));
    show(futex(words, FUTEX_CMP_REQUEUE, 1, (void *) 1, (char *) words + 5, 0));
    show(futex(words, FUTEX_WAKE_OP, 1, (void *) 1, words + 1, 9U << 28 | 9U << 24));
    show(futex(words, FUTEX_WAKE_OP, 1, (void *) 1, wild, 0));
    show(futex(words, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    show(words[0] == (uint32_t) gettid());
    show(futex(words, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_LOCK_PI2, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
    words[0] = 4194303;
    show(futex(words, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
    show(futex(words, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
    words[0] = 0;
    show(futex(words, FUTEX_LOCK_PI, 0, &bad, NULL, 0));
    show(futex(words, FUTEX_WAIT_REQUEUE_PI, 0, NULL, words, 0));
    show(futex(words, FUTEX_CMP_REQUEUE_PI, 2, (void *) 1, words + 1, 0));
    show(futex(words, FUTEX_CMP_REQUEUE_PI, 1, (void *) 1, words, 0));
    show(syscall(SYS_set_robust_list, words, 23));
    show(syscall(SYS_get_robust_list, 4194303, words, words));
    show(syscall(SYS_get_robust_list, 0, wild, words));
}

static void events(void)
{
    uint64_t value = UINT64_MAX;
    show(eventfd(0, 2));
    show(syscall(SYS_eventfd2, 0, 4));
    int file = eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE);
    show(read(file, &value, 7));
    show(read(file, &value, 8));
    print("%lu\n", value);
    value = UINT64_MAX;
    show(write(file, &value, 8));
    value--;
    show(write(file, &value, 8));
    value -= 2;
    show(write(file, &value, 8));
    show(write(file, &value, 4));
    show(read(file, wild, 8));
    show(write(file, wild, 8));
    show(lseek(file, 0, SEEK_SET));
    show(pread(file, &value, 8, 0));
    show(ftruncate(file, 0));
    show(fsync(file));
    show(ioctl(file, FIONREAD, &value));

    struct epoll_event event = {.events = EPOLLIN};
    show(epoll_create(0));
    show(epoll_create(-1));
    show(epoll_create1(1));
    int epoll = epoll_create1(EPOLL_CLOEXEC), second = epoll_create1(0);
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, 77, &event));
    show(epoll_ctl(77, EPOLL_CTL_ADD, file, &event));
    show(epoll_ctl(file, EPOLL_CTL_ADD, epoll, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &event));
    show(epoll_ctl(epoll, 9, file, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, file, wild));
    show(epoll_ctl(epoll, EPOLL_CTL_MOD, file, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_DEL, file, NULL));
    int regular = open("/tmp", O_TMPFILE | O_RDWR, 0600), directory = open("/tmp", O_RDONLY);
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, regular, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, directory, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    show(epoll_ctl(epoll, EPOLL_CTL_MOD, file, &event));
    show(epoll_ctl(second, EPOLL_CTL_ADD, epoll, &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
    show(epoll_ctl(second, EPOLL_CTL_ADD, file, &event));
    event.events = EPOLLIN;
    show(epoll_ctl(second, EPOLL_CTL_ADD, epoll, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, second, &event));
    show(epoll_wait(epoll, &event, 0, 0));
    show(epoll_wait(epoll, &event, -1, 0));
    show(epoll_wait(epoll, wild, 1, 0));
    show(epoll_wait(77, &event, 1, 0));
    show(epoll_wait(file, &event, 1, 0));
    show(syscall(SYS_epoll_pwait, epoll, &event, 1, 0, &zero, 4));
    show(syscall(SYS_epoll_pwait2, epoll, &event, 1, &bad, NULL, 8));
    show(syscall(SYS_epoll_pwait2, epoll, &event, 1, wild, NULL, 8));
    show(read(epoll, &value, 8));
    show(write(epoll, &value, 8));
    show(lseek(epoll, 0, SEEK_SET));
}

static void polls(void)
{
    struct pollfd files[2] = {{77, POLLIN, 0}, {-1, POLLIN, 5}};
    show(poll(files, 2, 0));
    print("%x %x\n", files[0].revents, files[1].revents);
    show(poll(wild, 1, 0));
    show(poll(files, 100000, 0));
    show(syscall(SYS_ppoll, files, 1, &bad, NULL, 8));
    show(syscall(SYS_ppoll, files, 1, wild, NULL, 8));
    show(syscall(SYS_ppoll, files, 0, &zero, &zero, 4));
    fd_set set;
    FD_ZERO(&set);
    FD_SET(77, &set);
    struct timeval none = {0, 0}, less = {-1, 0}, more = {0, 2000000};
    show(select(78, &set, NULL, NULL, &none));
    show(select(-1, NULL, NULL, NULL, &none));
    show(select(0, NULL, NULL, NULL, &less));
    show(select(0, NULL, NULL, NULL, &more));
    show(select(1, wild, NULL, NULL, &none));
    show(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &bad, NULL));
    show(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, wild));
    struct { void *set; size_t size; } mask = {&set, 4};
    show(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &mask));
}

static void scheduling(void)
{
    struct sched_param parameters = {0};
    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; uint32_t least, most; } attributes = {.size = 56};
    show(sched_get_priority_max(6));
    show(sched_get_priority_min(6));
    show(sched_get_priority_max(4));
    show(sched_setscheduler(0, 6, &parameters));
    show(sched_setscheduler(0, 4, &parameters));
    show(sched_setscheduler(0, SCHED_FIFO, &parameters));
    show(sched_setscheduler(4194303, 0, &parameters));
    show(sched_setscheduler(-1, 0, &parameters));
    show(sched_setscheduler(0, 0, wild));
    show(sched_setscheduler(0, 0, NULL));
    show(sched_getparam(-1, &parameters));
    show(sched_getparam(0, NULL));
    attributes.policy = 6;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.runtime = 500;
    attributes.deadline = attributes.period = 1000000000;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.runtime = 2000000000;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.runtime = 10000000;
    attributes.period = 50000000;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.policy = 0;
    show(syscall(SYS_sched_setattr, 0, &attributes, 1));
    show(syscall(SYS_sched_setattr, 0, NULL, 0));
    attributes.size = 47;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.size = 5000;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.size = 56;
    attributes.flags = 0x100;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    attributes.flags = 0;
    attributes.nice = 77;
    show(syscall(SYS_sched_setattr, 0, &attributes, 0));
    show(syscall(SYS_sched_getattr, 0, &attributes, 47, 0));
    show(syscall(SYS_sched_getattr, 0, &attributes, 56, 1));
    show(syscall(SYS_sched_getattr, 0, &attributes, 56, 0));
    print("size %u policy %u nice %d\n", attributes.size, attributes.policy, attributes.nice);
    unsigned long cpus = 0;
    show(syscall(SYS_sched_setaffinity, 0, 8, &cpus));
    show(syscall(SYS_sched_setaffinity, 0, 8, wild));
    show(syscall(SYS_sched_setaffinity, 4194303, 8, &cpus));
    show(syscall(SYS_sched_getaffinity, 0, 7, &cpus));
    show(syscall(SYS_sched_getaffinity, 0, 0, &cpus));
    show(syscall(SYS_sched_rr_get_interval, -1, &zero));
    show(syscall(SYS_getcpu, wild, NULL, NULL));
}

int main(void)
{
    in_child("clocks", clocks);
    in_child("timers", timers);
    in_child("timer files", timer_files);
    in_child("futexes", futexes);
    in_child("events", events);
    in_child("polls", polls);
    in_child("scheduling", scheduling);
    return 0;
}

/* eventfd, timerfd and epoll: what they count, when they are ready, whom they tell. */
#include "check.h"
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>

static long elapsed_milliseconds(struct timespec since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since.tv_sec) * 1000 + (now.tv_nsec - since.tv_nsec) / 1000000;
}

static int events_of(int descriptor)
{
    struct pollfd set = {descriptor, POLLIN | POLLOUT, 0};
    poll(&set, 1, 0);
    return set.revents;
}

static void put(int descriptor, uint64_t value)
{
    show(write(descriptor, &value, sizeof value));
}

static void take(int descriptor)
{
    uint64_t value = 0;
    show(read(descriptor, &value, sizeof value));
    print("%llx\n", (unsigned long long) value);
}

static void counters(void)
{
    print("-- eventfd\n");
    show(eventfd(0, 0x1000));
    int counter = eventfd(3, EFD_NONBLOCK);
    print("%x\n", events_of(counter));
    take(counter);
    take(counter);
    print("%x\n", events_of(counter));
    put(counter, 0);
    put(counter, 5);
    put(counter, 6);
    take(counter);
    put(counter, -1);
    put(counter, -2);
    print("%x\n", events_of(counter));
    put(counter, 1);
    take(counter);
    char small[7];
    show(read(counter, small, sizeof small));
    show(write(counter, small, sizeof small));
    show(read(counter, 0, 8));
    show(write(counter, 0, 8));
    show(lseek(counter, 3, SEEK_SET));
    show(pread(counter, small, 7, 0));
    show(ftruncate(counter, 0));
    close(counter);
    int semaphore = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    take(semaphore);
    take(semaphore);
    take(semaphore);
    close(semaphore);
    struct stat status;
    counter = eventfd(0, EFD_CLOEXEC);
    show(fstat(counter, &status));
    print("%o\n", status.st_mode);
    show(fcntl(counter, F_GETFD));
    print("%o\n", fcntl(counter, F_GETFL));
    char link[40], name[64] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", counter);
    show(readlink(link, name, sizeof name));
    print("%s\n", name);
    if (fork() == 0) {
        uint64_t nine = 9;
        pause_milliseconds(20);
        write(counter, &nine, sizeof nine);
        _exit(0);
    }
    take(counter);
    wait(0);
    close(counter);
}

static void set(int timer, int flags, long value_milliseconds, long interval_milliseconds)
{
    struct itimerspec setting = {
        {interval_milliseconds / 1000, interval_milliseconds % 1000 * 1000000},
        {value_milliseconds / 1000, value_milliseconds % 1000 * 1000000},
    };
    show(timerfd_settime(timer, flags, &setting, 0));
}

static void timers(void)
{
    print("-- timerfd\n");
    show(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
    show(timerfd_create(CLOCK_MONOTONIC, 1));
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    print("%x\n", events_of(timer));
    take(timer);
    struct itimerspec now;
    set(timer, 0, 1000000, 0);
    show(timerfd_gettime(timer, &now));
    holds(now.it_value.tv_sec > 900 && now.it_value.tv_sec < 1000);
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    set(timer, 0, 30, 0);
    struct pollfd wanted = {timer, POLLIN, 0};
    show(poll(&wanted, 1, -1));
    holds(elapsed_milliseconds(start) >= 30);
    take(timer);
    take(timer);
    show(timerfd_gettime(timer, &now));
    print("%ld %ld\n", (long) now.it_value.tv_sec, now.it_value.tv_nsec);
    set(timer, 0, 10, 10);
    pause_milliseconds(55);
    uint64_t count = 0;
    show(read(timer, &count, sizeof count));
    holds(count >= 5);
    show(timerfd_gettime(timer, &now));
    holds(now.it_interval.tv_nsec == 10000000 && now.it_value.tv_nsec <= 10000000);
    set(timer, 0, 0, 0);
    take(timer);
    fcntl(timer, F_SETFL, 0);
    set(timer, 0, 20, 0);
    take(timer);
    set(timer, TFD_TIMER_ABSTIME, 1, 0);
    take(timer);
    set(timer, 8, 1, 0);
    show(timerfd_settime(timer, 8, wild, 0));
    show(timerfd_settime(77, 0, wild, 0));
    struct itimerspec wrong = {{0, 0}, {0, 1000000000}};
    show(timerfd_settime(timer, 0, &wrong, 0));
    show(timerfd_settime(timer, 0, 0, 0));
    show(timerfd_settime(0, 0, &now, 0));
    show(timerfd_gettime(77, &now));
    show(write(timer, &count, sizeof count));
    show(read(timer, &count, 7));
    show(lseek(timer, 0, SEEK_CUR));
    close(timer);
}

static void cancelled(void)
{
    print("-- a timer of the time of day, and a clock that is set\n");
    int timer = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct itimerspec later = {{0, 0}, {now.tv_sec + 1000, 0}};
    show(timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, 0));
    clock_settime(CLOCK_REALTIME, &now);
    print("%x\n", events_of(timer));
    take(timer);
    take(timer);
    clock_settime(CLOCK_REALTIME, &now);
    struct itimerspec old = {{1, 0}, {1, 0}};
    show(timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &later, &old));
    holds(old.it_value.tv_sec == 1);
    print("%x\n", events_of(timer));
    take(timer);
    struct itimerspec never = {{0, 0}, {0, 0}};
    show(timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, &old));
    holds(old.it_value.tv_sec > 900);
    clock_settime(CLOCK_REALTIME, &now);
    print("%x\n", events_of(timer));
    take(timer);
    take(timer);
    clock_settime(CLOCK_REALTIME, &now);
    show(timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, 0));
    print("%x\n", events_of(timer));
    take(timer);
    clock_settime(CLOCK_REALTIME, &now);
    show(timerfd_settime(timer, TFD_TIMER_ABSTIME, &later, 0));
    print("%x\n", events_of(timer));
    take(timer);
    struct timespec then = {now.tv_sec + 2000, 0};
    clock_settime(CLOCK_REALTIME, &then);
    pause_milliseconds(20);
    print("%x\n", events_of(timer));
    take(timer);
    clock_gettime(CLOCK_REALTIME, &then);
    then.tv_sec -= 2000;
    clock_settime(CLOCK_REALTIME, &then);
    close(timer);
}

static void add(int epoll, int descriptor, int events, uint64_t data)
{
    struct epoll_event event = {events, {.u64 = data}};
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
}

static void change(int epoll, int descriptor, int events, uint64_t data)
{
    struct epoll_event event = {events, {.u64 = data}};
    show(epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event));
}

static void await(int epoll, int most, int milliseconds)
{
    struct epoll_event events[8];
    int count = epoll_wait(epoll, events, most, milliseconds);
    show(count);
    for (int i = 0; i < count; i++) {
        print("%x %llx\n", events[i].events, (unsigned long long) events[i].data.u64);
    }
}

static void levels(void)
{
    print("-- epoll: levels, edges and one shot\n");
    int ends[2], epoll = epoll_create1(EPOLL_CLOEXEC);
    char bytes[4];
    pipe2(ends, O_NONBLOCK);
    add(epoll, ends[0], EPOLLIN, 0x1122334455667788);
    add(epoll, ends[0], EPOLLIN, 1);
    await(epoll, 8, 0);
    write(ends[1], "ab", 2);
    await(epoll, 8, -1);
    await(epoll, 8, 0);
    read(ends[0], bytes, 2);
    await(epoll, 8, 0);
    change(epoll, ends[0], EPOLLIN | EPOLLET, 2);
    write(ends[1], "ab", 2);
    await(epoll, 8, 0);
    await(epoll, 8, 0);
    read(ends[0], bytes, 1);
    await(epoll, 8, 0);
    write(ends[1], "c", 1);
    await(epoll, 8, 0);
    change(epoll, ends[0], EPOLLIN | EPOLLET, 3);
    await(epoll, 8, 0);
    change(epoll, ends[0], EPOLLIN | EPOLLONESHOT, 4);
    await(epoll, 8, 0);
    write(ends[1], "d", 1);
    await(epoll, 8, 0);
    change(epoll, ends[0], EPOLLIN | EPOLLONESHOT, 5);
    await(epoll, 8, 0);
    change(epoll, ends[0], 0, 6);
    await(epoll, 8, 0);
    add(epoll, ends[1], EPOLLOUT, 7);
    await(epoll, 8, 0);
    close(ends[1]);
    await(epoll, 8, 0);
    show(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], 0));
    show(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], 0));
    change(epoll, ends[0], EPOLLIN, 6);
    await(epoll, 8, 0);
    close(ends[0]);
    close(epoll);
}

static void closing(void)
{
    print("-- epoll: a file leaves when it is closed, not when a descriptor is\n");
    int epoll = epoll_create(1), counter = eventfd(1, 0), copy = dup(counter);
    add(epoll, counter, EPOLLIN, 1);
    add(epoll, copy, EPOLLIN, 2);
    await(epoll, 8, 0);
    close(counter);
    await(epoll, 8, 0);
    show(epoll_ctl(epoll, EPOLL_CTL_DEL, counter, 0));
    close(copy);
    await(epoll, 8, 0);
    counter = eventfd(1, 0);
    add(epoll, counter, EPOLLIN, 3);
    await(epoll, 8, 0);
    close(counter);
    close(epoll);
}

static void turns(void)
{
    print("-- epoll: who has had his turn goes to the end\n");
    int epoll = epoll_create1(0), counters[5];
    for (int i = 0; i < 5; i++) {
        counters[i] = eventfd(1, 0);
        add(epoll, counters[i], EPOLLIN, i);
    }
    await(epoll, 2, 0);
    await(epoll, 2, 0);
    await(epoll, 2, 0);
    for (int i = 0; i < 5; i++) {
        close(counters[i]);
    }
    close(epoll);
}

static void errors(void)
{
    print("-- epoll: errors\n");
    int epoll = epoll_create1(0), counter = eventfd(1, 0), file = open("file", O_RDWR | O_CREAT, 0600);
    struct epoll_event event = {EPOLLIN, {0}};
    show(epoll_create(0));
    show(epoll_create1(1));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, open(".", O_RDONLY), &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, 77, &event));
    show(epoll_ctl(77, EPOLL_CTL_ADD, counter, &event));
    show(epoll_ctl(counter, EPOLL_CTL_ADD, epoll, &event));
    show(epoll_ctl(epoll, 4, counter, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, counter, 0));
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, counter, &event));
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, counter, &event));
    show(epoll_ctl(epoll, EPOLL_CTL_MOD, counter, &event));
    event.events = EPOLLIN;
    show(epoll_ctl(epoll, EPOLL_CTL_MOD, counter, &event));
    struct epoll_event events[2];
    show(epoll_wait(epoll, events, 0, 0));
    show(epoll_wait(epoll, events, -1, 0));
    show(epoll_wait(epoll, (void *) -1, 1, 0));
    show(epoll_wait(epoll, (void *) 8, 1, 0));
    show(epoll_wait(counter, events, 2, 0));
    show(epoll_wait(77, events, 2, 0));
    show(read(epoll, events, 8));
    show(write(epoll, events, 8));
    show(lseek(epoll, 0, SEEK_SET));
    await(epoll, 2, 0);
    close(file);
    close(counter);
    close(epoll);
}

static void nested(void)
{
    print("-- epoll: epolls in epolls\n");
    int chain[8], counter = eventfd(0, 0);
    for (int i = 0; i < 8; i++) {
        chain[i] = epoll_create1(0);
    }
    add(chain[0], counter, EPOLLIN, 0);
    add(chain[1], chain[0], EPOLLIN, 1);
    add(chain[2], chain[1], EPOLLIN, 2);
    add(chain[0], chain[2], EPOLLIN, 3);
    add(chain[0], chain[1], EPOLLIN, 3);
    await(chain[2], 1, 0);
    print("%x\n", events_of(chain[2]));
    put(counter, 1);
    print("%x\n", events_of(chain[2]));
    await(chain[2], 1, -1);
    await(chain[1], 1, 0);
    await(chain[0], 1, 0);
    take(counter);
    await(chain[2], 1, 0);
    print("%x\n", events_of(chain[1]));
    for (int i = 0; i < 8; i++) {
        close(chain[i]);
    }
    close(counter);
}

/* How long a chain of epolls may be, built from the inside and from the outside. */
static void depths(void)
{
    print("-- epoll: chains\n");
    struct epoll_event event = {EPOLLIN, {0}};
    int chain[10];
    for (int outwards = 0; outwards < 2; outwards++) {
        for (int i = 0; i < 10; i++) {
            chain[i] = epoll_create1(0);
        }
        for (int i = 0; i < 9; i++) {
            show(outwards ? epoll_ctl(chain[i + 1], EPOLL_CTL_ADD, chain[i], &event)
                          : epoll_ctl(chain[i], EPOLL_CTL_ADD, chain[i + 1], &event));
        }
        for (int i = 0; i < 10; i++) {
            close(chain[i]);
        }
    }
}

static void waited(int number)
{
    (void) number;
}

static void *waits(void *argument)
{
    struct epoll_event event;
    return (void *) (long) epoll_wait(*(int *) argument, &event, 1, -1);
}

static void together(void)
{
    print("-- epoll: threads that wait, signals, timeouts\n");
    int epoll = epoll_create1(0), counter = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK);
    pthread_t threads[4];
    add(epoll, counter, EPOLLIN, 1);
    for (int i = 0; i < 4; i++) {
        pthread_create(&threads[i], 0, waits, &epoll);
    }
    pause_milliseconds(20);
    put(counter, 1);
    for (int i = 0; i < 4; i++) {
        void *result;
        pthread_join(threads[i], &result);
        print("%ld\n", (long) result);
    }
    take(counter);
    struct timespec start, wait = {0, 30000000};
    struct epoll_event event;
    clock_gettime(CLOCK_MONOTONIC, &start);
    await(epoll, 1, 30);
    holds(elapsed_milliseconds(start) >= 30);
    clock_gettime(CLOCK_MONOTONIC, &start);
    show(epoll_pwait2(epoll, &event, 1, &wait, 0));
    holds(elapsed_milliseconds(start) >= 30);
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    sigprocmask(SIG_BLOCK, &all, 0);
    struct sigaction action = {.sa_handler = waited, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, 0);
    raise(SIGALRM);
    show(epoll_pwait(epoll, &event, 1, -1, &none));
    sigprocmask(SIG_SETMASK, &none, 0);
    close(counter);
    close(epoll);
}

int main(void)
{
    work_in_scratch_directory();
    counters();
    timers();
    cancelled();
    levels();
    closing();
    turns();
    errors();
    nested();
    depths();
    together();
    return 0;
}

/* /proc/PID/timers: the timers of timer_create(2). */
#include "check.h"
#include <time.h>

static void timers(void)
{
    char text[2000], tid[40];
    read_text("/proc/self/timers", text, sizeof text);
    snprintf(tid, sizeof tid, "id.%d\n", getpid());
    for (char *at = strstr(text, tid); at; at = strstr(at, tid))
        memmove(at + 8, at + strlen(tid), strlen(at + strlen(tid)) + 1), memcpy(at, "id.SELF\n", 8);
    print("%s", text);
}

int main(void)
{
    timer_t first, second, third, fourth;
    print("-- none\n");
    timers();
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_ptr = (void *) 0x123456789};
    need(timer_create(CLOCK_REALTIME, &event, &first) == 0);
    event = (struct sigevent) {.sigev_notify = SIGEV_NONE};
    need(timer_create(CLOCK_MONOTONIC, &event, &second) == 0);
    event = (struct sigevent) {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 2, .sigev_value.sival_int = 7};
    event._sigev_un._tid = getpid();
    need(timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &third) == 0);
    need(timer_create(CLOCK_BOOTTIME, 0, &fourth) == 0);
    print("-- four\n");
    timers();
    need(timer_delete(second) == 0);
    need(timer_delete(third) == 0);
    print("-- two\n");
    timers();
    if (fork() == 0) {
        print("-- a child\n");
        timers();
        _exit(0);
    }
    wait(0);
    show(access("/proc/self/task/self/timers", F_OK));
    return 0;
}

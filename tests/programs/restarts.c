/* Waits that a stop interrupts: they go on until the time that they had from the start, as restart_syscall(2) or with what is left. */
#include "check.h"
#include <linux/futex.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>

static int ends[2];
static int *word;

static const struct timespec hour = {3600, 0};

static int wait_poll(void)
{
    struct pollfd entry = {ends[0], POLLIN, 0};
    return poll(&entry, 1, 3600000);
}

static int wait_poll_for_ever(void)
{
    struct pollfd entry = {ends[0], POLLIN, 0};
    return poll(&entry, 1, -1);
}

static int wait_ppoll(void)
{
    struct pollfd entry = {ends[0], POLLIN, 0};
    struct timespec left = hour;
    int result = syscall(SYS_ppoll, &entry, 1, &left, 0, 8);
    return result == 1 && left.tv_sec < 3600 ? 1 : -1;
}

static int wait_select(void)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    struct timespec left = hour;
    return syscall(SYS_pselect6, ends[0] + 1, &set, 0, 0, &left, 0) == 1 && left.tv_sec < 3600 ? 1 : -1;
}

static int wait_futex(void)
{
    return syscall(SYS_futex, word, FUTEX_WAIT, 0, &hour, 0, 0) == 0 ? 1 : -1;
}

static int wait_futex_for_ever(void)
{
    return syscall(SYS_futex, word, FUTEX_WAIT, 0, 0, 0, 0) == 0 ? 1 : -1;
}

static int call_of(pid_t process)
{
    char path[40], text[200];
    snprintf(path, sizeof path, "/proc/%d/syscall", process);
    read_text(path, text, sizeof text);
    return atoi(text);
}

/* Waits until a process sleeps in a call, and tells which: one that goes on after a stop may be seen asleep shortly before. */
static int await_call(pid_t process)
{
    int call;
    do
        await_sleep(process);
    while ((call = call_of(process)) == 0);
    return call;
}

static void stop_in(const char *name, int (*wait)(void))
{
    *word = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(wait() == 1 ? 0 : 1);
    int before = await_call(child), status;
    for (int i = 0; i < 2; i++) {
        kill(child, SIGSTOP);
        need(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
        kill(child, SIGCONT);
        need(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
        await_call(child);
    }
    print("%s: call %d, after stops %d\n", name, before, await_call(child));
    need(write(ends[1], "", 1) == 1);
    *word = 1;
    syscall(SYS_futex, word, FUTEX_WAKE, 1, 0, 0, 0);
    waitpid(child, &status, 0);
    print_status(name, status);
    char byte;
    need(read(ends[0], &byte, 1) == 1);
}

static void handle(int number)
{
    (void) number;
}

static void by_handler(void)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, 0);
    struct pollfd entry = {ends[0], POLLIN, 0};
    show(poll(&entry, 1, 3600000));
    show(syscall(SYS_futex, word, FUTEX_WAIT, 0, &hour, 0, 0));
    show(syscall(SYS_restart_syscall));
}

int main(void)
{
    word = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(pipe(ends) == 0);
    stop_in("poll", wait_poll);
    stop_in("poll for ever", wait_poll_for_ever);
    stop_in("ppoll", wait_ppoll);
    stop_in("pselect", wait_select);
    stop_in("futex", wait_futex);
    stop_in("futex for ever", wait_futex_for_ever);
    *word = 0;
    pid_t child = fork();
    if (child == 0) {
        by_handler();
        _exit(0);
    }
    int status = 0;
    for (int i = 0; i < 2; i++) {
        int call = i == 0 ? SYS_poll : SYS_futex;
        do
            await_sleep(child);
        while (call_of(child) != call);
        kill(child, SIGUSR1);
    }
    waitpid(child, &status, 0);
    print_status("handlers", status);
    return 0;
}

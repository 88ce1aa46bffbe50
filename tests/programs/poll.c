/* poll and select: what is ready, what waits, what times out, what interrupts. */
#include "check.h"
#include <poll.h>
#include <sys/select.h>
#include <time.h>

static void nothing(int number)
{
    (void) number;
}

static long elapsed_milliseconds(struct timespec since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - since.tv_sec) * 1000 + (now.tv_nsec - since.tv_nsec) / 1000000;
}

static void write_later(int end)
{
    if (fork() == 0) {
        pause_milliseconds(30);
        write(end, "x", 1);
        _exit(0);
    }
}

static void polls(int in, int out)
{
    print("-- poll\n");
    struct timespec start;
    struct pollfd set[4] = {{in, POLLIN, 0}, {out, POLLOUT, 0}, {-5, POLLIN, 0}, {77, POLLIN, 0}};
    show(poll(set, 4, 0));
    print("%x %x %x %x\n", set[0].revents, set[1].revents, set[2].revents, set[3].revents);
    show(poll(set, 1, 0));
    clock_gettime(CLOCK_MONOTONIC, &start);
    show(poll(set, 1, 50));
    holds(elapsed_milliseconds(start) >= 50);
    clock_gettime(CLOCK_MONOTONIC, &start);
    show(poll(0, 0, 20));
    holds(elapsed_milliseconds(start) >= 20);
    write_later(out);
    show(poll(set, 1, -1));
    print("%x\n", set[0].revents);
    char byte;
    read(in, &byte, 1);
    wait(0);
    int file = open("file", O_RDWR | O_CREAT, 0600), null = open("/dev/null", O_RDWR);
    struct pollfd always[2] = {{file, POLLIN | POLLOUT, 0}, {null, POLLIN | POLLOUT, 0}};
    show(poll(always, 2, -1));
    print("%x %x\n", always[0].revents, always[1].revents);
    close(file);
    close(null);
}

static void signals(int in)
{
    print("-- signals end a poll, and ppoll lets them in only while it waits\n");
    signal(SIGUSR1, nothing);
    struct pollfd set = {in, POLLIN, 0};
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            pause_milliseconds(20);
            kill(parent, SIGUSR1);
        }
    }
    show(poll(&set, 1, -1));
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
    sigset_t block, none;
    sigemptyset(&none);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    sigprocmask(SIG_BLOCK, &block, 0);
    raise(SIGUSR1);
    struct timespec zero = {0, 0}, wrong = {0, -1};
    show(ppoll(&set, 1, &zero, &block));
    show(ppoll(&set, 1, 0, &none));
    show(ppoll(&set, 1, &wrong, &none));
    sigprocmask(SIG_UNBLOCK, &block, 0);
}

static void selects(int in, int out)
{
    print("-- select\n");
    fd_set reads, writes;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_SET(in, &reads);
    FD_SET(out, &writes);
    struct timeval zero = {0, 0}, soon = {0, 30000};
    int highest = (in > out ? in : out) + 1;
    show(select(highest, &reads, &writes, 0, &zero));
    print("in %d out %d\n", FD_ISSET(in, &reads), FD_ISSET(out, &writes));
    FD_SET(in, &reads);
    show(select(highest, &reads, 0, 0, &soon));
    print("in %d, time left %ld\n", FD_ISSET(in, &reads), (long) soon.tv_usec);
    FD_SET(in, &reads);
    write_later(out);
    struct timeval long_time = {5, 0};
    show(select(highest, &reads, 0, 0, &long_time));
    print("in %d, time left is less: %d\n", FD_ISSET(in, &reads), long_time.tv_sec == 4);
    char byte;
    read(in, &byte, 1);
    wait(0);
    FD_ZERO(&reads);
    FD_SET(50, &reads);
    show(select(51, &reads, 0, 0, &zero));
    show(select(-1, 0, 0, 0, &zero));
    struct timeval wrong = {-1, 0};
    show(select(0, 0, 0, 0, &wrong));
    struct timespec nap = {0, 10000000};
    show(pselect(0, 0, 0, 0, &nap, 0));
}

static void hang_ups(void)
{
    print("-- the other end's close wakes a poll\n");
    int ends[2];
    need(pipe(ends) == 0);
    if (fork() == 0) {
        close(ends[0]);
        pause_milliseconds(20);
        _exit(0);
    }
    close(ends[1]);
    struct pollfd set = {ends[0], POLLIN, 0};
    show(poll(&set, 1, -1));
    print("%x\n", set.revents);
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(ends[0], &reads);
    show(select(ends[0] + 1, &reads, 0, 0, 0));
    wait(0);
}

int main(void)
{
    work_in_scratch_directory();
    int ends[2];
    need(pipe(ends) == 0);
    polls(ends[0], ends[1]);
    signals(ends[0]);
    selects(ends[0], ends[1]);
    hang_ups();
    show(poll(wild, 1, 0));
    show(poll(0, 1 << 30, 0));
    return 0;
}

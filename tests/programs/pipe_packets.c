/* Pipes that keep what was written apart: pipe2(2) with O_DIRECT. */
#include "check.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static int ends[2];
static char text[70000];

static void keeps_apart(void)
{
    int count = -1;
    show(pipe2(ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC));
    show(fcntl(ends[0], F_GETFL));
    show(fcntl(ends[1], F_GETFL));
    show(fcntl(ends[1], F_GETFD));
    show(write(ends[1], "abc", 3));
    show(write(ends[1], "defg", 4));
    show(ioctl(ends[0], FIONREAD, &count));
    print("%d\n", count);
    show(read(ends[0], text, 100));
    show(read(ends[0], text, 2));
    print("the rest of a packet is lost\n");
    show(read(ends[0], text, 2));
    show(write(ends[1], "", 0));
    show(read(ends[0], text, 2));
    struct iovec parts[2] = {{"abc", 3}, {"defg", 4}};
    show(writev(ends[1], parts, 2));
    show(read(ends[0], text, 100));
}

static void large_ones(void)
{
    memset(text, 'a', 4096);
    memset(text + 4096, 'b', 904);
    show(write(ends[1], text, 5000));
    memset(text, 0, sizeof text);
    show(read(ends[0], text, 10000));
    holds(text[0] == 'a' && text[4095] == 'a');
    show(read(ends[0], text, 10000));
    holds(text[0] == 'b' && text[903] == 'b');
    show(write(ends[1], text, 4096));
    show(write(ends[1], "x", 1));
    show(read(ends[0], text, 10000));
    show(read(ends[0], text, 10000));
    show(read(ends[0], text, 10000));
}

static void fills(void)
{
    struct pollfd room = {ends[1], POLLOUT, 0};
    int packets = 0;
    while (write(ends[1], "ab", 2) == 2)
        packets++;
    print("%d packets, then %s\n", packets, strerrorname_np(errno));
    show(poll(&room, 1, 0));
    show(fcntl(ends[1], F_SETPIPE_SZ, 4096));
    show(read(ends[0], text, 1));
    show(poll(&room, 1, 0));
    show(write(ends[1], "cd", 2));
    show(write(ends[1], "cd", 2));
    for (packets = 0; read(ends[0], text, 100) == 2; packets++)
        ;
    print("%d packets, then %s, the last %.2s\n", packets, strerrorname_np(errno), text);
    show(fcntl(ends[1], F_SETPIPE_SZ, 4096));
    show(write(ends[1], text, 4097));
    show(write(ends[1], text, 1));
    show(read(ends[0], text, 5000));
    show(fcntl(ends[1], F_SETPIPE_SZ, 16384));
}

/* Bytes and packets in one pipe. */
static void mixes(void)
{
    show(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    show(write(ends[1], "ab", 2));
    show(write(ends[1], "cd", 2));
    show(fcntl(ends[1], F_SETFL, O_NONBLOCK | O_DIRECT));
    show(write(ends[1], "ef", 2));
    show(write(ends[1], "gh", 2));
    show(fcntl(ends[1], F_SETFL, O_NONBLOCK));
    show(write(ends[1], "ij", 2));
    show(write(ends[1], text, 5000));
    memset(text, 0, 10);
    show(read(ends[0], text, 1));
    show(read(ends[0], text, 3));
    print("%s\n", text);
    show(read(ends[0], text, 100));
    show(read(ends[0], text, 1));
    show(read(ends[0], text, 10000));
    print("%.2s\n", text);
    show(read(ends[0], text, 1));
}

static void reader(void)
{
    close(ends[1]);
    long sizes[3];
    for (int i = 0; i < 3; i++)
        sizes[i] = read(ends[0], text, sizeof text);
    print("%ld %ld %ld\n", sizes[0], sizes[1], sizes[2]);
}

static void writer(void)
{
    close(ends[0]);
    show(write(ends[1], text, 5000));
    _exit(0);
}

int main(void)
{
    keeps_apart();
    large_ones();
    fills();
    mixes();
    show(pipe2(ends, O_DIRECT));
    pid_t child = fork();
    if (child == 0)
        writer();
    reader();
    int status;
    need(waitpid(child, &status, 0) == child);
    print_status("writer", status);
    return 0;
}

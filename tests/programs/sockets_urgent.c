/* Urgent bytes of Unix streams: MSG_OOB of send(2) and recv(2), SIOCATMARK, SO_OOBINLINE (socket(7), sockatmark(3)), SIGURG and POLLPRI. */
#include "sockets.h"

static int s[2];

static void open_pair(const char *what)
{
    print("-- %s\n", what);
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
}

static void close_pair(void)
{
    close(s[0]);
    close(s[1]);
}

static void state(void)
{
    int mark = -1, count = -1;
    errno = 0;
    ioctl(s[1], SIOCATMARK, &mark);
    ioctl(s[1], FIONREAD, &count);
    print("mark %d, %d to read,", mark, count);
    print_events("", s[1]);
}

static void simple(void)
{
    open_pair("one");
    take(s[1], 1, MSG_OOB);
    take(s[1], 1, MSG_OOB | MSG_DONTWAIT);
    state();
    show(send(s[0], "abcX", 4, MSG_OOB));
    state();
    take(s[1], 10, MSG_OOB | MSG_PEEK);
    state();
    take(s[1], 10, MSG_OOB);
    take(s[1], 10, MSG_OOB);
    state();
    show(send(s[0], "def", 3, 0));
    take(s[1], 10, 0);
    state();
    take(s[1], 10, 0);
    state();
    take(s[1], 10, MSG_DONTWAIT);
    close_pair();
}

static void stops(void)
{
    open_pair("a read stops at the mark");
    show(send(s[0], "abX", 3, MSG_OOB));
    show(send(s[0], "cd", 2, 0));
    take(s[1], 10, MSG_WAITALL);
    state();
    take(s[1], 10, MSG_OOB);
    state();
    take(s[1], 10, 0);
    state();
    close_pair();
}

static void discarded(void)
{
    open_pair("who reads past the mark loses the byte");
    show(send(s[0], "abX", 3, MSG_OOB));
    show(send(s[0], "cd", 2, 0));
    take(s[1], 10, 0);
    take(s[1], 10, 0);
    take(s[1], 10, MSG_OOB);
    state();
    show(send(s[0], "Y", 1, MSG_OOB));
    state();
    take(s[1], 10, MSG_DONTWAIT);
    state();
    take(s[1], 10, MSG_OOB);
    close_pair();
}

static void replaced(void)
{
    open_pair("a second one makes the first ordinary");
    show(send(s[0], "aX", 2, MSG_OOB));
    show(send(s[0], "bY", 2, MSG_OOB));
    state();
    take(s[1], 10, MSG_OOB);
    state();
    take(s[1], 10, 0);
    take(s[1], 10, MSG_DONTWAIT);
    state();
    close_pair();
}

static void in_line(void)
{
    open_pair("SO_OOBINLINE");
    show(set_option(s[1], SO_OOBINLINE, 1));
    show(send(s[0], "abX", 3, MSG_OOB));
    show(send(s[0], "cd", 2, 0));
    take(s[1], 10, MSG_OOB);
    state();
    take(s[1], 10, 0);
    state();
    take(s[1], 10, 0);
    state();
    close_pair();
}

static void peeked(void)
{
    open_pair("MSG_PEEK");
    show(send(s[0], "abX", 3, MSG_OOB));
    show(send(s[0], "cd", 2, 0));
    take(s[1], 10, MSG_PEEK);
    state();
    take(s[1], 2, 0);
    state();
    take(s[1], 10, MSG_PEEK);
    state();
    take(s[1], 1, MSG_OOB);
    take(s[1], 10, MSG_PEEK);
    take(s[1], 10, 0);
    state();
    close_pair();
}

static void refused(void)
{
    open_pair("what is refused");
    show(send(s[0], "", 0, MSG_OOB));
    show(send(s[0], wild, 1, MSG_OOB));
    char byte;
    show(send(s[0], "X", 1, MSG_OOB));
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    show(recvmsg(s[1], &message, MSG_OOB));
    print("%c %x\n", byte, message.msg_flags);
    int t = socket(AF_UNIX, SOCK_STREAM, 0);
    show(send(t, "x", 1, MSG_OOB | MSG_NOSIGNAL));
    show(recv(t, &byte, 1, MSG_OOB));
    int mark = -1;
    show(ioctl(t, SIOCATMARK, &mark));
    print("%d\n", mark);
    show(ioctl(t, SIOCATMARK, wild));
    close(t);
    int d = socket(AF_UNIX, SOCK_DGRAM, 0);
    show(ioctl(d, SIOCATMARK, &mark));
    show(sockatmark(d));
    close(d);
    show(close(s[1]));
    show(send(s[0], "x", 1, MSG_OOB | MSG_NOSIGNAL));
    show(recv(s[0], &byte, 1, MSG_OOB));
    close(s[0]);
}

static volatile sig_atomic_t urgent, io, band;

static void on_urgent(int signal, siginfo_t *info, void *context)
{
    (void) context;
    if (signal == SIGURG)
        urgent++;
    else {
        io++;
        band = info->si_code;
    }
}

static void signals(void)
{
    open_pair("SIGURG");
    struct sigaction action = {.sa_sigaction = on_urgent, .sa_flags = SA_SIGINFO};
    sigaction(SIGURG, &action, 0);
    show(send(s[0], "X", 1, MSG_OOB));
    print("%d\n", urgent);
    show(fcntl(s[1], F_SETOWN, getpid()));
    show(send(s[0], "x", 1, 0));
    print("%d\n", urgent);
    show(send(s[0], "Y", 1, MSG_OOB));
    print("%d\n", urgent);
    close_pair();
}

static void ready(void)
{
    open_pair("waiting for POLLPRI");
    int e = epoll_create1(0);
    struct epoll_event event = {EPOLLPRI, {0}};
    need(epoll_ctl(e, EPOLL_CTL_ADD, s[1], &event) == 0);
    show(send(s[0], "x", 1, 0));
    show(epoll_wait(e, &event, 1, 0));
    show(send(s[0], "Y", 1, MSG_OOB));
    show(epoll_wait(e, &event, 1, 0));
    print("%x\n", event.events);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(s[1], &set);
    show(select(s[1] + 1, 0, 0, &set, 0));
    take(s[1], 1, MSG_OOB);
    show(epoll_wait(e, &event, 1, 0));
    close(e);
    close_pair();
}

int main(void)
{
    simple();
    stops();
    discarded();
    replaced();
    in_line();
    peeked();
    refused();
    signals();
    ready();
    return 0;
}

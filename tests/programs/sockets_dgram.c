/* Datagrams and sequenced packets of unix(7). */
#include "sockets.h"
#include <sys/uio.h>

static void pair(int type)
{
    int s[2];
    need(socketpair(AF_UNIX, type, 0, s) == 0);
    print("-- a pair of type %d\n", option(s[0], SO_TYPE));
    print_events("fresh", s[0]);
    show(send(s[0], "first", 5, 0));
    show(send(s[0], "second", 6, MSG_EOR));
    show(send(s[0], "", 0, 0));
    show(write(s[0], "fourth", 6));
    int ready;
    show(ioctl(s[1], FIONREAD, &ready));
    print("%d\n", ready);
    print_events("filled", s[1]);
    take(s[1], 100, MSG_PEEK);
    take(s[1], 3, MSG_PEEK);
    take(s[1], 3, MSG_PEEK | MSG_TRUNC);
    take(s[1], 3, 0);
    struct msghdr message = {0};
    char data[10];
    struct iovec vector = {data, 2};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    show(recvmsg(s[1], &message, MSG_TRUNC));
    print("%x\n", message.msg_flags);
    take(s[1], 10, 0);
    vector.iov_len = 10;
    show(recvmsg(s[1], &message, 0));
    print("%x\n", message.msg_flags);
    take(s[1], 10, MSG_DONTWAIT);
    show(read(s[1], data, 0));
    struct iovec nothing[2] = {{data, 0}, {data, 0}};
    show(writev(s[0], nothing, 2));
    take(s[1], 10, MSG_DONTWAIT);
    show(write(s[0], data, 0));
    take(s[1], 10, MSG_DONTWAIT);
    show(send(s[0], "lost", 4, 0));
    show(recv(s[1], wild, 4, 0));
    take(s[1], 10, MSG_DONTWAIT);
    show(send(s[0], wild, 4, 0));
    show(send(s[0], "x", 1, MSG_OOB));
    show(recv(s[1], data, 1, MSG_OOB));
    static char large[300000];
    show(send(s[0], large, 212992 - 32, 0));
    show(send(s[0], large, 212992 - 31, 0));
    show(send(s[0], large, 10, MSG_DONTWAIT));
    print_events("full", s[0]);
    show(recv(s[1], large, sizeof large, 0));
    print_events("empty", s[0]);
    show(listen(s[0], 1));
    show(accept(s[0], 0, 0));
    print_names(s[0]);
    show(shutdown(s[1], SHUT_RD));
    show(send(s[0], "x", 1, 0));
    print_events("its peer is shut", s[0]);
    print_events("shut", s[1]);
    take(s[1], 10, 0);
    take(s[1], 10, MSG_DONTWAIT);
    show(shutdown(s[0], SHUT_WR));
    show(send(s[0], "x", 1, 0));
    close(s[1]);
    print_events("closed", s[0]);
    show(send(s[0], "x", 1, 0));
    show(send(s[0], "x", 1, 0));
    take(s[0], 10, MSG_DONTWAIT);
    close(s[0]);

    need(socketpair(AF_UNIX, type, 0, s) == 0);
    show(send(s[0], "unread", 6, 0));
    show(send(s[1], "answer", 6, 0));
    close(s[1]);
    print_events("closed with a message", s[0]);
    take(s[0], 10, MSG_DONTWAIT);
    take(s[0], 10, MSG_DONTWAIT);
    take(s[0], 10, MSG_DONTWAIT);
    show(send(s[0], "x", 1, 0));
    show(send(s[0], "x", 1, 0));
    close(s[0]);
}

static void show_source(int s)
{
    struct sockaddr_un address;
    memset(&address, 0x55, sizeof address);
    socklen_t length = sizeof address;
    char data[100];
    show(recvfrom(s, data, sizeof data, MSG_DONTWAIT, (struct sockaddr *) &address, &length));
    print_address("from", &address, length);
}

static void addresses(void)
{
    print("-- addresses of datagrams\n");
    int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0), c = socket(AF_UNIX, SOCK_DGRAM, 0);
    show(send(a, "x", 1, 0));
    show(write(a, "x", 1));
    print_events("unconnected", a);
    show(bind_to(b, "b"));
    show(bind_to(c, "@c"));
    show(send_to(a, "b", "1", 1, 0));
    show_source(b);
    show(send_to(c, "b", "2", 1, 0));
    show_source(b);
    show(send_to(b, "@c", "3", 1, 0));
    show_source(c);
    show(send_to(b, "b", "self", 4, 0));
    show_source(b);
    show(send_to(a, "missing", "x", 1, 0));
    show(send_to(a, "@missing", "x", 1, 0));
    struct sockaddr_un address = {.sun_family = AF_INET};
    show(sendto(a, "x", 1, 0, (struct sockaddr *) &address, 10));
    show(sendto(a, "x", 1, 0, (struct sockaddr *) &address, 0));
    show(sendto(a, "x", 1, 0, (struct sockaddr *) &address, 200));
    show(connect_to(a, "b"));
    print_names(a);
    show(send(a, "4", 1, 0));
    show_source(b);
    show(send_to(a, "@c", "5", 1, 0));
    show_source(c);
    show(send_to(a, "", "6", 1, 0));
    show(connect_to(b, "@c"));
    show(send(a, "7", 1, 0));
    show(send_to(a, "b", "7", 1, 0));
    int d = socket(AF_UNIX, SOCK_DGRAM, 0);
    show(connect_to(d, "b"));
    show(connect_to(b, "missing"));
    show(connect(b, (struct sockaddr *) &address, 1));
    address.sun_family = AF_UNSPEC;
    show(connect(b, (struct sockaddr *) &address, 2));
    print_names(b);
    show(send(a, "8", 1, 0));
    show_source(b);
    close(d);

    print("-- a receiver that goes\n");
    close(b);
    print_events("peer closed", a);
    show(send(a, "9", 1, 0));
    show(send(a, "9", 1, 0));
    show(send_to(a, "b", "9", 1, 0));
    unlink("b");

    print("-- a connection that is given up\n");
    b = socket(AF_UNIX, SOCK_DGRAM, 0);
    need(bind_to(b, "b") == 0 && bind_to(a, "a") == 0);
    show(connect_to(a, "b"));
    show(connect_to(b, "a"));
    show(send(b, "lost", 4, 0));
    show(connect_to(a, "@c"));
    take(a, 10, MSG_DONTWAIT);
    print_events("the other", b);
    take(b, 10, MSG_DONTWAIT);
    take(b, 10, MSG_DONTWAIT);
    show(send(b, "x", 1, 0));
    close(a);
    close(b);
    close(c);
}

static void full_queue(void)
{
    print("-- a full queue\n");
    int r = socket(AF_UNIX, SOCK_DGRAM, 0), s = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    need(bind_to(r, "r") == 0 && connect_to(s, "r") == 0);
    int sent = 0;
    while (send(s, "x", 1, 0) == 1)
        sent++;
    print("%d %s\n", sent, strerrorname_np(errno));
    print_events("sender", s);
    show(send_to(s, "r", "x", 1, 0));
    int other = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    print_events("a sender that is not connected", other);
    show(send_to(other, "r", "x", 1, 0));
    struct pollfd wanted = {s, POLLOUT, 0};
    pid_t child = fork();
    if (child == 0) {
        char data[10];
        recv(r, data, sizeof data, 0);
        _exit(0);
    }
    show(poll(&wanted, 1, -1));
    print("%x\n", wanted.revents);
    waitpid(child, 0, 0);
    show(send(s, "y", 1, 0));
    show(send(s, "y", 1, 0));
    fcntl(s, F_SETFL, 0);
    child = fork();
    if (child == 0) {
        char data[10];
        recv(r, data, sizeof data, 0);
        recv(r, data, sizeof data, 0);
        _exit(0);
    }
    show(send(s, "z", 1, 0));
    waitpid(child, 0, 0);
    struct timeval short_time = {0, 40000};
    show(setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &short_time, sizeof short_time));
    show(send(s, "z", 1, 0));
    show(send(s, "z", 1, 0));
    show(shutdown(r, SHUT_RD));
    show(send(s, "z", 1, 0));
    close(r);
    show(send(s, "z", 1, 0));
    close(s);
    close(other);
}

static void sequenced(void)
{
    print("-- sequenced packets\n");
    signal(SIGPIPE, on_pipe_signal);
    int s = socket(AF_UNIX, SOCK_SEQPACKET, 0), c = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    char data[10];
    show(send(c, "x", 1, 0));
    show(recv(c, data, 1, 0));
    show(send_to(c, "x", "x", 1, 0));
    print_events("new", c);
    need(bind_to(s, "sequenced") == 0 && listen(s, 5) == 0);
    show(connect_to(c, "sequenced"));
    show(send_to(c, "ignored", "one", 3, 0));
    int a = accept(s, 0, 0);
    take(a, 100, 0);
    show(connect_to(c, "sequenced"));
    int stream = socket(AF_UNIX, SOCK_STREAM, 0);
    show(connect_to(stream, "sequenced"));
    close(stream);
    show(send(a, "two", 3, 0));
    close(a);
    print_events("closed", c);
    take(c, 10, 0);
    take(c, 10, 0);
    show(send(c, "x", 1, 0));
    print("%d\n", (int) pipe_signals);
    close(c);
    close(s);
}

static void many(void)
{
    print("-- sendmmsg and recvmmsg\n");
    int s[2];
    need(socketpair(AF_UNIX, SOCK_DGRAM, 0, s) == 0);
    char texts[4][8] = {"one", "three", "fifteen", ""};
    struct iovec vectors[4];
    struct mmsghdr messages[4];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < 4; i++) {
        vectors[i] = (struct iovec){texts[i], strlen(texts[i])};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    show(sendmmsg(s[0], messages, 4, 0));
    for (int i = 0; i < 4; i++)
        print("%d ", messages[i].msg_len);
    print("\n");
    for (int i = 0; i < 4; i++)
        vectors[i].iov_len = 5;
    show(recvmmsg(s[1], messages, 3, 0, 0));
    for (int i = 0; i < 3; i++)
        print("%d %x\n", messages[i].msg_len, messages[i].msg_hdr.msg_flags);
    show(recvmmsg(s[1], messages, 4, MSG_WAITFORONE, 0));
    show(recvmmsg(s[1], messages, 4, MSG_DONTWAIT, 0));
    show(send(s[0], "x", 1, 0));
    struct timespec none = {0, 0}, wrong = {0, -1};
    show(recvmmsg(s[1], messages, 4, 0, &none));
    show(recvmmsg(s[1], messages, 4, 0, &wrong));
    show(sendmmsg(s[0], messages, 0, 0));
    messages[1].msg_hdr.msg_iov = wild;
    show(sendmmsg(s[0], messages, 4, 0));
    messages[0].msg_hdr.msg_iov = wild;
    show(sendmmsg(s[0], messages, 4, 0));
    messages[0].msg_hdr.msg_iovlen = 1025;
    show(sendmsg(s[0], &messages[0].msg_hdr, 0));
    show(recvmsg(s[0], &messages[0].msg_hdr, 0));
    show(sendmsg(s[0], wild, 0));
    messages[0].msg_hdr.msg_iovlen = 0;
    show(sendmsg(s[0], &messages[0].msg_hdr, 0));
    close(s[0]);
    close(s[1]);
}

int main(void)
{
    work_in_scratch_directory();
    pair(SOCK_DGRAM);
    pair(SOCK_SEQPACKET);
    addresses();
    full_queue();
    sequenced();
    many();
    return 0;
}

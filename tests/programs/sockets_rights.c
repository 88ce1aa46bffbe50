/* What goes beside the bytes: descriptors and credentials (unix(7)). */
#include "sockets.h"
#include <grp.h>
#include <sys/resource.h>

enum { MANY = 260 };

union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * MANY) + CMSG_SPACE(sizeof(struct ucred))];
};

static ssize_t send_descriptors(int socket, const int *descriptors, int count, const char *text, int flags)
{
    union control control;
    memset(&control, 0, sizeof control);
    struct iovec vector = {(void *) text, strlen(text)};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(&control.header), descriptors, sizeof(int) * count);
    return sendmsg(socket, &message, flags);
}

static ssize_t send_credentials(int socket, pid_t process, uid_t user, gid_t group)
{
    union control control;
    memset(&control, 0, sizeof control);
    struct iovec vector = {"who", 3};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(sizeof(struct ucred))};
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_CREDENTIALS;
    control.header.cmsg_len = CMSG_LEN(sizeof(struct ucred));
    struct ucred who = {process, user, group};
    memcpy(CMSG_DATA(&control.header), &who, sizeof who);
    return sendmsg(socket, &message, 0);
}

/* Receives with so much room for control messages, and prints what came; the first descriptor, or -1. */
static int receive(int socket, size_t room, size_t size, int flags)
{
    union control control;
    memset(&control, 0, sizeof control);
    char data[100] = "";
    struct iovec vector = {data, size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = room ? &control : 0, .msg_controllen = room};
    errno = 0;
    ssize_t count = recvmsg(socket, &message, flags | MSG_DONTWAIT);
    if (count < 0) {
        print("recvmsg: %s\n", strerrorname_np(errno));
        return -1;
    }
    print("recvmsg: %zd [%s] flags %x control %d\n", count, data, message.msg_flags, (int) message.msg_controllen);
    int first = -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        print("  level %d type %d length %d", c->cmsg_level, c->cmsg_type, (int) c->cmsg_len);
        if (c->cmsg_type == SCM_CREDENTIALS && c->cmsg_len == CMSG_LEN(sizeof(struct ucred))) {
            struct ucred who;
            memcpy(&who, CMSG_DATA(c), sizeof who);
            print(": %s %d %d", who.pid == 0 ? "nobody" : who.pid == getpid() ? "myself" : who.pid == getppid() ? "parent" : "other", who.uid, who.gid);
        }
        print("\n");
        if (c->cmsg_type == SCM_RIGHTS) {
            int number = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (int i = 0; i < number; i++) {
                int descriptor;
                memcpy(&descriptor, CMSG_DATA(c) + i * sizeof(int), sizeof descriptor);
                if (first < 0)
                    first = descriptor;
                else
                    close(descriptor);
            }
        }
    }
    return first;
}

static void passing(int type)
{
    print("-- descriptors, type %d\n", type);
    int s[2], p[2];
    need(socketpair(AF_UNIX, type, 0, s) == 0 && pipe(p) == 0);
    show(send_descriptors(s[0], &p[1], 1, "one", 0));
    close(p[1]);
    print_events("the pipe", p[0]);
    int got = receive(s[1], CMSG_SPACE(sizeof(int)), 10, 0);
    print("%x\n", fcntl(got, F_GETFD));
    show(write(got, "through", 7));
    char data[20] = "";
    show(read(p[0], data, sizeof data));
    show(send_descriptors(s[0], &got, 1, "two", 0));
    close(got);
    got = receive(s[1], CMSG_SPACE(sizeof(int)), 10, MSG_PEEK | MSG_CMSG_CLOEXEC);
    print("%x\n", fcntl(got, F_GETFD));
    close(got);
    got = receive(s[1], CMSG_SPACE(sizeof(int)), 10, MSG_CMSG_CLOEXEC);
    print("%x\n", fcntl(got, F_GETFD));
    print_events("the pipe", p[0]);

    int both[3] = {got, got, p[0]};
    show(send_descriptors(s[0], both, 3, "three", 0));
    close(got);
    got = receive(s[1], CMSG_LEN(sizeof(int)), 10, 0);
    show(send_descriptors(s[0], &got, 1, "none", 0));
    close(got);
    receive(s[1], 0, 10, 0);
    print_events("the pipe", p[0]);
    close(p[0]);

    need(pipe(p) == 0);
    show(send_descriptors(s[0], &p[1], 1, "read", 0));
    close(p[1]);
    show(read(s[1], data, sizeof data));
    print_events("the pipe", p[0]);
    close(p[0]);
    need(pipe(p) == 0);
    show(send_descriptors(s[0], &p[1], 1, "short", 0));
    close(p[1]);
    receive(s[1], 8, 10, 0);
    print_events("the pipe", p[0]);
    close(p[0]);

    int wrong[2] = {0, 99};
    show(send_descriptors(s[0], wrong, 2, "wrong", 0));
    wrong[1] = -1;
    show(send_descriptors(s[0], wrong, 2, "wrong", 0));
    static int many[MANY];
    show(send_descriptors(s[0], many, 253, "many", 0));
    show(send_descriptors(s[0], many, 254, "many", 0));
    close(receive(s[1], sizeof(union control), 10, 0));
    show(send_descriptors(s[0], many, 0, "zero", 0));
    receive(s[1], sizeof(union control), 10, 0);
    int path = open("/", O_PATH);
    show(send_descriptors(s[0], &path, 1, "path", 0));
    close(path);
    got = receive(s[1], 100, 10, 0);
    holds(fcntl(got, F_GETFL) & O_PATH);
    close(got);

    struct rlimit limit = {0, 0}, before;
    getrlimit(RLIMIT_NOFILE, &before);
    int next = dup(0);
    close(next);
    limit = (struct rlimit){next + 1, before.rlim_max};
    show(send_descriptors(s[0], many, 3, "limit", 0));
    setrlimit(RLIMIT_NOFILE, &limit);
    got = receive(s[1], 100, 10, 0);
    show(got == next);
    close(got);
    setrlimit(RLIMIT_NOFILE, &before);
    close(s[0]);
    close(s[1]);
}

static void borders(void)
{
    print("-- messages of a stream with descriptors are received one at a time\n");
    int s[2], zero = 0;
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    show(write(s[0], "plain", 5));
    show(send_descriptors(s[0], &zero, 1, "with", 0));
    show(write(s[0], "behind", 6));
    show(send_descriptors(s[0], &zero, 1, "again", 0));
    show(send_descriptors(s[0], &zero, 1, "last", 0));
    close(receive(s[1], 100, 50, MSG_PEEK));
    close(receive(s[1], 100, 50, 0));
    close(receive(s[1], 100, 3, 0));
    close(receive(s[1], 100, 50, 0));
    close(receive(s[1], 100, 2, 0));
    close(receive(s[1], 100, 50, 0));
    receive(s[1], 100, 50, 0);
    show(send_descriptors(s[0], &zero, 1, "", 0));
    receive(s[1], 100, 50, 0);
    close(s[0]);
    close(s[1]);
}

static void malformed(void)
{
    print("-- malformed control messages\n");
    int s[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    union control control;
    memset(&control, 0, sizeof control);
    struct iovec vector = {"x", 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    show(sendmsg(s[0], &message, 0));
    control.header.cmsg_len = CMSG_LEN(4);
    message.msg_controllen = CMSG_LEN(0);
    control.header.cmsg_level = SOL_SOCKET;
    show(sendmsg(s[0], &message, 0));
    message.msg_controllen = CMSG_LEN(4);
    show(sendmsg(s[0], &message, 0));
    control.header.cmsg_type = 77;
    show(sendmsg(s[0], &message, 0));
    control.header.cmsg_type = SCM_CREDENTIALS;
    show(sendmsg(s[0], &message, 0));
    control.header.cmsg_level = 77;
    show(sendmsg(s[0], &message, 0));
    message.msg_controllen = 8;
    show(sendmsg(s[0], &message, 0));
    message.msg_controllen = 1 << 20;
    show(sendmsg(s[0], &message, 0));
    message.msg_control = wild;
    message.msg_controllen = 32;
    show(sendmsg(s[0], &message, 0));
    take(s[1], 10, MSG_DONTWAIT);
    close(s[0]);
    close(s[1]);
}

static void credentials(int type)
{
    print("-- credentials, type %d\n", type);
    int s[2];
    need(socketpair(AF_UNIX, type, 0, s) == 0);
    struct ucred peer;
    socklen_t length = sizeof peer;
    show(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &peer, &length));
    holds(peer.pid == getpid() && peer.uid == 0 && peer.gid == 0);
    show(send(s[0], "before", 6, 0));
    print("%d\n", option(s[1], SO_PASSCRED));
    show(set_option(s[1], SO_PASSCRED, 1));
    print("%d\n", option(s[1], SO_PASSCRED));
    show(send(s[0], "after", 5, 0));
    receive(s[1], 100, 50, 0);
    receive(s[1], 100, 50, 0);
    show(send(s[0], "room", 4, 0));
    receive(s[1], 0, 50, 0);
    show(send(s[0], "room", 4, 0));
    receive(s[1], 20, 50, 0);
    show(send(s[0], "room", 4, 0));
    receive(s[1], CMSG_LEN(sizeof peer), 50, 0);
    show(send_credentials(s[0], getpid(), 0, 0));
    show(send_credentials(s[0], getppid(), 1, 2));
    show(send_credentials(s[0], 999999, 0, 0));
    show(send_credentials(s[0], getpid(), -1, 0));
    receive(s[1], 100, 50, 0);
    receive(s[1], 100, 50, 0);
    receive(s[1], 100, 50, 0);
    fflush(stdout);
    if (fork() == 0) {
        need(setresgid(7, 8, 9) == 0 && setresuid(1000, 1001, 1002) == 0);
        show(send_credentials(s[0], getpid(), 1000, 7));
        show(send_credentials(s[0], getpid(), 1001, 9));
        show(send_credentials(s[0], getpid(), 1002, 8));
        show(send_credentials(s[0], getpid(), 0, 7));
        show(send_credentials(s[0], getpid(), 1000, 0));
        show(send_credentials(s[0], getppid(), 1000, 7));
        show(send(s[0], "plain", 5, 0));
        _exit(0);
    }
    wait(0);
    for (int i = 0; i < 5; i++)
        receive(s[1], 100, 50, 0);
    int zero = 0;
    show(send_descriptors(s[0], &zero, 1, "both", 0));
    close(receive(s[1], 100, 50, 0));
    show(send_descriptors(s[0], &zero, 1, "little", 0));
    receive(s[1], CMSG_SPACE(sizeof(struct ucred)), 50, 0);
    close(s[0]);
    close(s[1]);
}

static void peer_credentials(void)
{
    print("-- who is at the other end\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    struct ucred peer;
    socklen_t length = sizeof peer;
    show(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    print("%d %d %d\n", peer.pid, peer.uid, peer.gid);
    gid_t groups[4] = {5, 3, 1, 2};
    length = sizeof groups;
    show(getsockopt(s, SOL_SOCKET, SO_PEERGROUPS, groups, &length));
    need(bind_to(s, "@who") == 0 && listen(s, 5) == 0);
    set_option(s, SO_PASSCRED, 1);
    groups[0] = 5;
    pid_t child = fork();
    if (child == 0) {
        need(setgroups(3, groups) == 0 && setregid(20, 21) == 0 && setreuid(30, 31) == 0);
        int c = socket(AF_UNIX, SOCK_STREAM, 0);
        need(connect_to(c, "@who") == 0);
        length = sizeof peer;
        show(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &peer, &length));
        holds(peer.pid == getppid());
        print("%d %d\n", peer.uid, peer.gid);
        _exit(0);
    }
    int a = accept(s, 0, 0);
    waitpid(child, 0, 0);
    print("%d\n", option(a, SO_PASSCRED));
    length = sizeof peer;
    show(getsockopt(a, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    holds(peer.pid == child);
    print("%d %d\n", peer.uid, peer.gid);
    length = 8;
    show(getsockopt(a, SOL_SOCKET, SO_PEERCRED, &peer, &length));
    print("%d\n", (int) length);
    length = 4;
    show(getsockopt(a, SOL_SOCKET, SO_PEERGROUPS, groups, &length));
    print("%d\n", (int) length);
    length = sizeof groups;
    show(getsockopt(a, SOL_SOCKET, SO_PEERGROUPS, groups, &length));
    print("%d: %d %d %d\n", (int) length, groups[0], groups[1], groups[2]);
    struct sockaddr_un name;
    length = sizeof name;
    show(getsockopt(a, SOL_SOCKET, SO_PEERNAME, &name, &length));
    length = 2;
    show(getsockopt(a, SOL_SOCKET, SO_PEERNAME, &name, &length));
    print("%d %d\n", (int) length, name.sun_family);
    close(a);
    close(s);
}

/* The kernel looks for sockets that only messages own when a socket is closed; Linux only then. */
static void collect(void)
{
    close(socket(AF_UNIX, SOCK_STREAM, 0));
}

/* Sockets that hold each other are closed when nobody else has them: the pipe's other end sees it. */
static void cycles(void)
{
    print("-- cycles\n");
    int s[2], t[2], p[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0 && pipe(p) == 0);
    int into[3] = {s[0], s[1], p[1]};
    show(send_descriptors(s[0], into, 3, "myself", 0));
    close(p[1]);
    close(s[0]);
    print_events("the pipe", p[0]);
    close(s[1]);
    collect();
    struct pollfd wanted = {p[0], POLLIN, 0};
    show(poll(&wanted, 1, -1));
    print_events("the pipe", p[0]);
    close(p[0]);

    need(socketpair(AF_UNIX, SOCK_DGRAM, 0, s) == 0 && socketpair(AF_UNIX, SOCK_SEQPACKET, 0, t) == 0 && pipe(p) == 0);
    show(send_descriptors(s[0], (int[]){t[0], t[1]}, 2, "the others", 0));
    show(send_descriptors(t[0], (int[]){s[0], s[1], p[1]}, 3, "the ones", 0));
    close(p[1]);
    close(s[0]);
    close(t[0]);
    close(t[1]);
    print_events("the pipe", p[0]);
    close(receive(s[1], sizeof(union control), 50, 0));
    close(s[1]);
    collect();
    wanted.fd = p[0];
    show(poll(&wanted, 1, -1));
    print_events("the pipe", p[0]);
    close(p[0]);

    /* In a connection that nobody accepts. */
    int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    need(bind_to(l, "@cycle") == 0 && listen(l, 5) == 0 && connect_to(c, "@cycle") == 0 && pipe(p) == 0);
    show(send_descriptors(c, (int[]){l, p[1]}, 2, "listener", 0));
    close(p[1]);
    close(c);
    print_events("the pipe", p[0]);
    close(l);
    collect();
    wanted.fd = p[0];
    show(poll(&wanted, 1, -1));
    print_events("the pipe", p[0]);
    close(p[0]);

    /* A long chain: each holds the one before. */
    need(pipe(p) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    need(send_descriptors(s[0], &p[1], 1, "end", 0) == 3);
    close(p[1]);
    for (int i = 0; i < 200; i++) {
        need(socketpair(AF_UNIX, SOCK_STREAM, 0, t) == 0);
        need(send_descriptors(t[0], s, 2, "chain", 0) == 5);
        close(s[0]);
        close(s[1]);
        s[0] = t[0];
        s[1] = t[1];
    }
    print_events("the pipe", p[0]);
    close(s[0]);
    close(s[1]);
    collect();
    wanted.fd = p[0];
    show(poll(&wanted, 1, -1));
    print_events("the pipe", p[0]);
    close(p[0]);
}

static void limits(void)
{
    print("-- too many files on their way\n");
    int s[2], zero = 0;
    struct rlimit limit = {20, 20};
    need(setrlimit(RLIMIT_NOFILE, &limit) == 0 && setresuid(4711, 4711, 4711) == 0);
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    int sent = 0;
    while (sent < 100 && send_descriptors(s[0], &zero, 1, "x", MSG_DONTWAIT) == 1)
        sent++;
    print("%d %s\n", sent, strerrorname_np(errno));
    close(receive(s[1], 100, 50, 0));
    show(send_descriptors(s[0], &zero, 1, "x", MSG_DONTWAIT));
    show(send_descriptors(s[0], &zero, 1, "x", MSG_DONTWAIT));
}

int main(void)
{
    work_in_scratch_directory();
    passing(SOCK_STREAM);
    passing(SOCK_DGRAM);
    borders();
    malformed();
    credentials(SOCK_STREAM);
    credentials(SOCK_DGRAM);
    peer_credentials();
    cycles();
    in_child("limited", limits);
    return 0;
}

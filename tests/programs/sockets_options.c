/* Options of sockets (socket(7), unix(7)), waiting for several, and what /proc shows. */
#include "sockets.h"

static void numbers(void)
{
    print("-- options that are numbers\n");
    static const struct {
        int option;
        const char *name;
    } all[] = {
        {SO_TYPE, "TYPE"},           {SO_DOMAIN, "DOMAIN"},       {SO_PROTOCOL, "PROTOCOL"},   {SO_ERROR, "ERROR"},       {SO_ACCEPTCONN, "ACCEPTCONN"},
        {SO_DEBUG, "DEBUG"},         {SO_REUSEADDR, "REUSEADDR"}, {SO_DONTROUTE, "DONTROUTE"}, {SO_BROADCAST, "BROADCAST"}, {SO_SNDBUF, "SNDBUF"},
        {SO_RCVBUF, "RCVBUF"},       {SO_KEEPALIVE, "KEEPALIVE"}, {SO_OOBINLINE, "OOBINLINE"}, {SO_PRIORITY, "PRIORITY"},  {SO_REUSEPORT, "REUSEPORT"},
        {SO_PASSCRED, "PASSCRED"},   {SO_RCVLOWAT, "RCVLOWAT"},   {SO_SNDLOWAT, "SNDLOWAT"},   {SO_PEEK_OFF, "PEEK_OFF"},  {SO_SNDBUFFORCE, "SNDBUFFORCE"},
        {SO_RCVBUFFORCE, "RCVBUFFORCE"}, {999, "999"},
    };
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    static const int values[] = {1, 7, 0, -1, 100000, 1000000};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        print("%s: %d\n", all[i].name, option(s, all[i].option));
        for (unsigned j = 0; j < sizeof values / sizeof *values; j++) {
            int result = set_option(s, all[i].option, values[j]);
            print("  %d: %s %d\n", values[j], result == 0 ? "set" : strerrorname_np(errno), option(s, all[i].option));
        }
        if (all[i].option == SO_PEEK_OFF)
            set_option(s, SO_PEEK_OFF, -1);
    }
    int value = 1;
    char small[2] = {1, 1};
    show(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, 3));
    show(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, -1));
    show(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, wild, 4));
    show(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &value, 100));
    show(setsockopt(s, 6, 1, &value, 4));
    show(setsockopt(0, SOL_SOCKET, SO_KEEPALIVE, &value, 4));
    socklen_t length = 2;
    show(getsockopt(s, SOL_SOCKET, SO_TYPE, small, &length));
    print("%d %d %d\n", (int) length, small[0], small[1]);
    length = 100;
    show(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length));
    print("%d\n", (int) length);
    length = -1;
    show(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &length));
    show(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, 0));
    length = 4;
    show(getsockopt(s, SOL_SOCKET, SO_TYPE, wild, &length));
    show(getsockopt(s, 6, 1, &value, &length));
    show(getsockopt(s, 1000, 1, &value, &length));
    close(s);
}

static void unprivileged(void)
{
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    need(setresuid(1000, 1000, 1000) == 0);
    show(set_option(s, SO_SNDBUFFORCE, 1));
    show(set_option(s, SO_RCVBUFFORCE, 1));
    show(set_option(s, SO_DEBUG, 1));
    show(set_option(s, SO_DEBUG, 0));
    show(set_option(s, SO_PRIORITY, 6));
    show(set_option(s, SO_PRIORITY, 7));
}

static void structures(void)
{
    print("-- options that are structures\n");
    int s = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct linger linger = {9, 9};
    socklen_t length = sizeof linger;
    show(getsockopt(s, SOL_SOCKET, SO_LINGER, &linger, &length));
    print("%d %d %d\n", (int) length, linger.l_onoff, linger.l_linger);
    linger = (struct linger){5, 10};
    show(setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, 4));
    show(setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    show(getsockopt(s, SOL_SOCKET, SO_LINGER, &linger, &length));
    print("%d %d\n", linger.l_onoff, linger.l_linger);
    static const int options[] = {SO_RCVTIMEO, SO_SNDTIMEO};
    for (int i = 0; i < 2; i++) {
        struct timeval time = {9, 9};
        length = sizeof time;
        show(getsockopt(s, SOL_SOCKET, options[i], &time, &length));
        print("%d %ld %ld\n", (int) length, (long) time.tv_sec, (long) time.tv_usec);
        time = (struct timeval){3, 500000};
        show(setsockopt(s, SOL_SOCKET, options[i], &time, 8));
        show(setsockopt(s, SOL_SOCKET, options[i], &time, sizeof time));
        show(getsockopt(s, SOL_SOCKET, options[i], &time, &length));
        print("%ld %ld\n", (long) time.tv_sec, (long) time.tv_usec);
        time = (struct timeval){0, 1000000};
        show(setsockopt(s, SOL_SOCKET, options[i], &time, sizeof time));
        time = (struct timeval){0, -1};
        show(setsockopt(s, SOL_SOCKET, options[i], &time, sizeof time));
        time = (struct timeval){-1, 0};
        show(setsockopt(s, SOL_SOCKET, options[i], &time, sizeof time));
        time = (struct timeval){0, 0};
        show(setsockopt(s, SOL_SOCKET, options[i], &time, sizeof time));
    }
    struct timeval short_time = {0, 20000};
    show(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof short_time));
    take(s, 1, 0);
    close(s);
}

static void on_alarm(int signal)
{
    (void) signal;
}

static void interrupted(void)
{
    print("-- signals\n");
    int s[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, 0);
    ualarm(20000, 20000);
    take(s[0], 1, 0);
    struct timeval long_time = {1000, 0};
    setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &long_time, sizeof long_time);
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, 0);
    take(s[0], 1, 0);
    ualarm(0, 0);
    close(s[0]);
    close(s[1]);
}

static void peeking(int type)
{
    print("-- SO_PEEK_OFF, type %d\n", type);
    int s[2];
    need(socketpair(AF_UNIX, type, 0, s) == 0);
    show(set_option(s[1], SO_PEEK_OFF, 2));
    show(send(s[0], "abcdef", 6, 0));
    show(send(s[0], "ghij", 4, 0));
    take(s[1], 2, MSG_PEEK);
    take(s[1], 3, MSG_PEEK);
    print("%d\n", option(s[1], SO_PEEK_OFF));
    take(s[1], 4, 0);
    print("%d\n", option(s[1], SO_PEEK_OFF));
    take(s[1], 10, MSG_PEEK | MSG_DONTWAIT);
    print("%d\n", option(s[1], SO_PEEK_OFF));
    take(s[1], 10, MSG_PEEK | MSG_DONTWAIT);
    take(s[1], 100, MSG_DONTWAIT);
    print("%d\n", option(s[1], SO_PEEK_OFF));
    close(s[0]);
    close(s[1]);
}

static void low_water(void)
{
    print("-- SO_RCVLOWAT\n");
    int s[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    set_option(s[1], SO_RCVLOWAT, 4);
    show(write(s[0], "abc", 3));
    take(s[1], 10, MSG_DONTWAIT);
    show(write(s[0], "abc", 3));
    if (fork() == 0) {
        show(write(s[0], "def", 3));
        _exit(0);
    }
    wait(0);
    take(s[1], 10, 0);
    close(s[0]);
    close(s[1]);
}

static void edges(int type)
{
    print("-- epoll edges, type %d\n", type);
    int s[2], e = epoll_create1(0);
    struct epoll_event event = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {0}}, got;
    need(socketpair(AF_UNIX, type, 0, s) == 0 && epoll_ctl(e, EPOLL_CTL_ADD, s[1], &event) == 0);
#define edge() print("%d: %x\n", epoll_wait(e, &got, 1, 0), (got.events))
    memset(&got, 0, sizeof got);
    edge();
    got.events = 0;
    edge();
    show(write(s[0], "abcd", 4));
    edge();
    got.events = 0;
    edge();
    show(write(s[0], "e", 1));
    edge();
    got.events = 0;
    take(s[1], 2, 0);
    edge();
    take(s[1], 10, 0);
    got.events = 0;
    edge();
    show(write(s[1], "back", 4));
    got.events = 0;
    edge();
    take(s[0], 10, 0);
    edge();
    got.events = 0;
    edge();
    show(shutdown(s[0], SHUT_WR));
    edge();
    got.events = 0;
    edge();
    close(s[0]);
    edge();
    got.events = 0;
    edge();
    close(s[1]);
    edge();
    close(e);
}

/* The line of a socket that is bound to a name. */
static void print_line(int socket, const char *name)
{
    FILE *file = fopen("/proc/net/unix", "r");
    char line[300];
    fgets(line, sizeof line, file);
    print("%s", line);
    while (fgets(line, sizeof line, file)) {
        char address[40], path[200] = "";
        unsigned references, protocol, flags, type, state;
        unsigned long inode;
        sscanf(line, "%39s %x %x %x %x %x %lu %199s", address, &references, &protocol, &flags, &type, &state, &inode, path);
        struct stat status;
        fstat(socket, &status);
        if (strcmp(path, name) == 0)
            print("%zu %x %x %x %x %d %s\n", strlen(address), protocol, flags, type, state, status.st_ino == inode, path);
    }
    fclose(file);
}

static void in_proc(void)
{
    print("-- /proc/net/unix\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0);
    need(bind_to(s, "@in-proc") == 0 && listen(s, 1) == 0 && bind_to(d, "in-proc") == 0);
    print_line(s, "@in-proc");
    print_line(d, "in-proc");
    close(s);
    close(d);
}

int main(void)
{
    work_in_scratch_directory();
    numbers();
    in_child("unprivileged", unprivileged);
    structures();
    interrupted();
    peeking(SOCK_STREAM);
    peeking(SOCK_DGRAM);
    low_water();
    edges(SOCK_STREAM);
    edges(SOCK_DGRAM);
    edges(SOCK_SEQPACKET);
    in_proc();
    return 0;
}

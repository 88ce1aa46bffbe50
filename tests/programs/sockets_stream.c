/* Streams of unix(7): made, named, connected, sent through, shut down, closed. */
#include "sockets.h"
#include <pthread.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

static void making(void)
{
    print("-- socket and socketpair\n");
    show(socket(AF_UNIX, SOCK_STREAM | 0x10, 0));
    show(socket(AF_UNIX, 4, 0));
    show(socket(AF_UNIX, 15, 0));
    show(socket(AF_UNIX, SOCK_RDM, 0));
    show(socket(AF_UNIX, SOCK_STREAM, 2));
    show(socket(-1, SOCK_STREAM, 0));
    show(socket(46, SOCK_STREAM, 0));
    int raw = socket(AF_UNIX, SOCK_RAW, 0);
    print("type of a raw socket %d\n", option(raw, SO_TYPE));
    close(raw);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 1);
    print("%x %o\n", fcntl(s, F_GETFD), fcntl(s, F_GETFL));
    struct stat status;
    show(fstat(s, &status));
    print("%o %d %ld\n", status.st_mode, (int) status.st_nlink, (long) status.st_size);
    char link[40], name[64] = "", expected[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", s);
    holds(readlink(link, name, sizeof name) > 0);
    snprintf(expected, sizeof expected, "socket:[%lu]", (unsigned long) status.st_ino);
    holds(strcmp(name, expected) == 0);
    show(open(link, O_RDWR));
    char byte;
    show(lseek(s, 0, SEEK_SET));
    show(pread(s, &byte, 1, 0));
    show(pwrite(s, &byte, 1, 0));
    show(ftruncate(s, 0));
    show(fsync(s));
    holds(mmap(0, PAGE, PROT_READ, MAP_SHARED, s, 0) == MAP_FAILED && errno == ENODEV);
    show(listen(s, 1));
    show(accept(s, 0, 0));
    show(read(s, &byte, 1));
    show(read(s, &byte, 0));
    show(write(s, &byte, 1));
    show(recv(s, &byte, 1, 0));
    show(shutdown(s, 3));
    show(shutdown(s, -1));
    print_names(s);
    print_events("new", s);
    close(s);
    show(socketpair(AF_UNIX, SOCK_STREAM, 0, 0));
    show(bind(0, 0, 0));
    show(bind(77, 0, 0));
    show(send(1, "", 0, 0));
    int file = open("/proc/self", O_PATH);
    show(listen(file, 1));
    close(file);
}

static void pair(void)
{
    print("-- a pair\n");
    int s[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    print_names(s[0]);
    print_events("fresh", s[0]);
    char data[100];
    show(write(s[0], "hello ", 6));
    show(write(s[0], "world", 5));
    int ready = -1;
    show(ioctl(s[1], FIONREAD, &ready));
    print("%d\n", ready);
    show(ioctl(s[0], TIOCOUTQ, &ready));
    holds(ready >= 11);
    print_events("filled", s[1]);
    take(s[1], 3, MSG_PEEK);
    take(s[1], 3, 0);
    take(s[1], 100, 0);
    take(s[1], 100, MSG_DONTWAIT);
    take(s[1], 0, MSG_DONTWAIT);
    show(ioctl(s[0], TIOCOUTQ, &ready));
    print("%d\n", ready);
    struct iovec two[2] = {{"ab", 2}, {"cde", 3}}, into[2] = {{data, 4}, {data + 4, 90}};
    show(writev(s[0], two, 2));
    show(readv(s[1], into, 2));
    print("%.5s\n", data);
    show(send(s[0], "x", 1, MSG_OOB | MSG_DONTWAIT) != 0);
    take(s[1], 10, MSG_DONTWAIT);
    show(write(s[0], wild, 4));
    show(send(s[0], "abc", 3, 0));
    show(recv(s[1], wild, 4, 0));
    take(s[1], 10, 0);
    show(send_to(s[0], "nowhere", "x", 1, 0));
    int file = open("sent", O_RDWR | O_CREAT | O_TRUNC, 0600);
    need(write(file, "from a file", 11) == 11);
    off_t offset = 5;
    show(sendfile(s[0], file, &offset, 100));
    print("%d\n", (int) offset);
    take(s[1], 100, 0);
    show(sendfile(file, s[0], 0, 10));
    close(file);
    show(listen(s[0], 1));
    show(connect_to(s[0], "nowhere"));
    show(accept(s[0], 0, 0));
    close(s[0]);
    close(s[1]);
}

static void naming(void)
{
    print("-- names\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0), t = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct sockaddr *raw = (struct sockaddr *) &address;
    show(bind(s, raw, 0));
    show(bind(s, raw, 1));
    show(bind(s, raw, -1));
    show(bind(s, raw, 111));
    show(bind(s, raw, 129));
    show(bind(s, wild, 10));
    address.sun_family = AF_INET;
    show(bind(s, raw, 2));
    show(bind(s, raw, 10));
    show(bind_to(s, "no/where"));
    show(bind_to(s, "/"));
    show(bind_to(s, "."));
    show(bind_to(s, "name/"));
    umask(027);
    show(bind_to(s, "name"));
    struct stat status;
    show(stat("name", &status));
    print("%o %d\n", status.st_mode, (int) status.st_nlink);
    print_names(s);
    show(bind_to(s, "other"));
    show(access("other", F_OK));
    show(bind_to(s, "name"));
    show(bind_to(t, "name"));
    show(bind_to(t, "name/"));
    show(open("name", O_RDWR));
    show(connect_to(t, "name"));
    show(connect_to(t, "missing"));
    show(connect_to(t, "name/x"));
    creat("plain", 0666);
    show(connect_to(t, "plain"));
    show(connect_to(t, "."));
    show(listen(s, 5));
    show(connect_to(d, "name"));
    symlink("name", "link");
    show(bind_to(t, "link"));
    show(connect_to(t, "link"));
    print_names(t);
    int a = accept(s, 0, 0);
    print_names(a);
    show(bind_to(a, "late"));
    show(bind_to(t, "client"));
    print_names(a);
    show(rename("name", "renamed"));
    int u = socket(AF_UNIX, SOCK_STREAM, 0);
    show(connect_to(u, "renamed"));
    show(unlink("renamed"));
    print_names(u);
    close(u);
    close(a);
    close(t);
    close(s);

    /* A path as long as can be has no NUL in the address. */
    memset(address.sun_path, 'p', sizeof address.sun_path);
    address.sun_family = AF_UNIX;
    s = socket(AF_UNIX, SOCK_STREAM, 0);
    show(bind(s, raw, sizeof address));
    char longer[200];
    socklen_t length = sizeof longer;
    show(getsockname(s, (struct sockaddr *) longer, &length));
    print("%d\n", (int) length);
    length = 5;
    show(getsockname(s, (struct sockaddr *) longer, &length));
    print("%d\n", (int) length);
    length = -1;
    show(getsockname(s, (struct sockaddr *) longer, &length));
    show(getsockname(s, (struct sockaddr *) longer, 0));
    close(s);
    show(access("missing", F_OK));

    print("-- abstract names\n");
    s = socket(AF_UNIX, SOCK_STREAM, 0);
    t = socket(AF_UNIX, SOCK_STREAM, 0);
    show(bind_to(s, "@abstract"));
    print_names(s);
    show(bind_to(t, "@abstract"));
    show(bind_to(d, "@abstract"));
    show(bind_to(s, "@other"));
    show(connect_to(t, "@abstract"));
    show(listen(s, 5));
    show(connect_to(t, "@abstrac"));
    show(connect_to(t, "@abstract"));
    show(connect_to(t, "@abstract"));
    show(connect_to(s, "@abstract"));
    close(s);
    show(connect_to(t, "@abstract"));
    close(t);
    t = socket(AF_UNIX, SOCK_STREAM, 0);
    show(bind_to(t, "@abstract"));
    close(t);
    close(d);
    s = socket(AF_UNIX, SOCK_STREAM, 0);
    address.sun_family = AF_UNIX;
    show(bind(s, raw, 2));
    length = sizeof address;
    show(getsockname(s, raw, &length));
    holds(length == 8 && address.sun_path[0] == 0 && strspn(address.sun_path + 1, "0123456789abcdef") >= 5);
    show(bind(s, raw, 2));
    show(bind_to(s, "again"));
    close(s);
}

static void permissions(void)
{
    print("-- permissions\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    umask(0);
    chmod(".", 0755);
    need(bind_to(s, "guarded") == 0 && listen(s, 5) == 0);
    need(seteuid(1000) == 0);
    show(bind_to(c, "mine"));
    show(connect_to(c, "guarded"));
    close(c);
    need(seteuid(0) == 0 && chmod("guarded", 0755) == 0 && seteuid(1000) == 0);
    c = socket(AF_UNIX, SOCK_STREAM, 0);
    show(connect_to(c, "guarded"));
    need(seteuid(0) == 0 && chmod("guarded", 0722) == 0 && seteuid(1000) == 0);
    show(connect_to(c, "guarded"));
    need(seteuid(0) == 0);
    close(c);
    close(s);
    c = socket(AF_UNIX, SOCK_STREAM, 0);
    show(connect_to(c, "guarded"));
    close(c);
}

static void listening(void)
{
    print("-- listen, connect, accept\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    need(bind_to(s, "server") == 0);
    print("%d\n", option(s, SO_ACCEPTCONN));
    show(listen(s, 1));
    print("%d\n", option(s, SO_ACCEPTCONN));
    print_events("listening", s);
    show(accept4(s, 0, 0, 1));
    fcntl(s, F_SETFL, O_NONBLOCK);
    show(accept(s, 0, 0));
    char byte;
    show(read(s, &byte, 1));
    show(write(s, &byte, 1));
    show(send(s, &byte, 1, MSG_NOSIGNAL));
    int c[4];
    for (int i = 0; i < 4; i++) {
        c[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        show(connect_to(c[i], "server"));
    }
    print_events("pending", s);
    int ready;
    show(ioctl(s, FIONREAD, &ready));
    print_events("refused", c[3]);
    print_events("not accepted", c[0]);
    show(write(c[0], "early", 5));
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    int a = accept4(s, (struct sockaddr *) &address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    print_address("accepted", &address, length);
    print("%x %o\n", fcntl(a, F_GETFD), fcntl(a, F_GETFL));
    take(a, 100, 0);
    take(a, 100, 0);
    show(connect_to(c[2], "server"));
    show(connect_to(c[0], "server"));
    close(c[1]);
    int b = accept(s, 0, 0);
    print("%o\n", fcntl(b, F_GETFL));
    take(b, 100, 0);
    print_events("client gone", b);
    show(write(c[2], "lost", 4));
    close(s);
    print_events("server gone", c[2]);
    show(option(c[2], SO_ERROR) == ECONNRESET);
    take(c[2], 10, 0);
    show(connect_to(c[3], "server"));
    close(a);
    close(b);
    close(c[0]);
    close(c[2]);
    close(c[3]);

    s = socket(AF_UNIX, SOCK_STREAM, 0);
    unlink("server");
    need(bind_to(s, "server") == 0 && listen(s, 1) == 0);
    int d = socket(AF_UNIX, SOCK_STREAM, 0);
    need(connect_to(d, "server") == 0);
    show(shutdown(s, SHUT_RD));
    print_events("shut", s);
    int e = socket(AF_UNIX, SOCK_STREAM, 0);
    show(connect_to(e, "server"));
    a = show(accept(s, 0, 0));
    show(accept(s, 0, 0));
    close(a);
    close(d);
    close(e);
    close(s);
}

static void *connector(void *unused)
{
    int c = socket(AF_UNIX, SOCK_STREAM, 0);
    (void) unused;
    long result = connect_to(c, "@full");
    write(c, "me", 2);
    close(c);
    return (void *) result;
}

static void waiting(void)
{
    print("-- waiting\n");
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    need(bind_to(s, "@full") == 0 && listen(s, 0) == 0);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], 0, connector, 0);
    for (int i = 0; i < 3; i++) {
        int a = accept(s, 0, 0);
        take(a, 10, 0);
        take(a, 10, 0);
        close(a);
    }
    for (int i = 0; i < 3; i++) {
        void *result;
        pthread_join(threads[i], &result);
        print("%ld\n", (long) result);
    }
    close(s);

    int p[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0);
    if (fork() == 0) {
        static char data[1 << 20];
        close(p[0]);
        for (unsigned i = 0; i < sizeof data; i++)
            data[i] = i / 3;
        ssize_t sent = write(p[1], data, sizeof data);
        _exit(sent == sizeof data ? 0 : 1);
    }
    close(p[1]);
    static char got[1 << 20];
    ssize_t count = recv(p[0], got, sizeof got, MSG_WAITALL);
    print("%zd\n", count);
    int wrong = 0;
    for (unsigned i = 0; i < sizeof got; i++)
        wrong += got[i] != (char) (i / 3);
    print("%d\n", wrong);
    count = recv(p[0], got, 10, MSG_WAITALL);
    print("%zd\n", count);
    int status;
    wait(&status);
    print_status("writer", status);
    close(p[0]);
}

static void ending(void)
{
    print("-- shutdown and close\n");
    signal(SIGPIPE, on_pipe_signal);
    int s[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    show(write(s[0], "left", 4));
    show(shutdown(s[0], SHUT_WR));
    show(shutdown(s[0], SHUT_WR));
    print_events("writer", s[0]);
    print_events("reader", s[1]);
    show(write(s[0], "x", 1));
    print("%d\n", (int) pipe_signals);
    show(send(s[0], "x", 1, MSG_NOSIGNAL));
    print("%d\n", (int) pipe_signals);
    take(s[1], 10, 0);
    take(s[1], 10, 0);
    show(write(s[1], "back", 4));
    take(s[0], 10, 0);
    show(shutdown(s[1], SHUT_RDWR));
    print_events("writer", s[0]);
    print_events("reader", s[1]);
    take(s[0], 10, 0);
    print("%d\n", option(s[0], SO_ERROR));
    close(s[0]);
    close(s[1]);

    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    show(write(s[0], "kept", 4));
    close(s[0]);
    print_events("peer closed", s[1]);
    take(s[1], 10, 0);
    take(s[1], 10, 0);
    show(send(s[1], "x", 1, 0));
    print("%d\n", (int) pipe_signals);
    print_names(s[1]);
    close(s[1]);

    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    show(write(s[0], "unread", 6));
    show(write(s[1], "answer", 6));
    close(s[1]);
    print_events("reset", s[0]);
    take(s[0], 10, 0);
    take(s[0], 10, 0);
    take(s[0], 10, 0);
    show(send(s[0], "x", 1, MSG_NOSIGNAL));
    close(s[0]);

    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    show(write(s[0], "unread", 6));
    close(s[1]);
    print("%d\n", option(s[0], SO_ERROR) == ECONNRESET);
    print("%d\n", option(s[0], SO_ERROR));
    take(s[0], 10, 0);
    close(s[0]);

    need(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
    show(shutdown(s[0], SHUT_RD));
    take(s[0], 10, 0);
    show(send(s[1], "x", 1, MSG_NOSIGNAL));
    print_events("no receiver", s[1]);
    print_events("no receiver", s[0]);
    show(send(s[0], "y", 1, MSG_NOSIGNAL));
    take(s[1], 10, 0);
    close(s[0]);
    close(s[1]);
}

static void room(void)
{
    print("-- a full buffer\n");
    int s[2];
    static char data[1 << 16];
    need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s) == 0);
    long total = 0;
    for (ssize_t n; (n = write(s[0], data, sizeof data)) > 0;)
        total += n;
    print("%s\n", strerrorname_np(errno));
    holds(total >= 100000 && total < 500000);
    print_events("full", s[0]);
    print_events("full", s[1]);
    recv(s[1], data, 4096, 0);
    print_events("a little less", s[0]);
    long got = 4096;
    for (ssize_t n; (n = read(s[1], data, sizeof data)) > 0;)
        got += n;
    holds(got == total);
    print_events("empty", s[0]);
    fcntl(s[0], F_SETFL, 0);
    struct timeval short_time = {0, 40000};
    show(setsockopt(s[0], SOL_SOCKET, SO_SNDTIMEO, &short_time, sizeof short_time));
    while (write(s[0], data, sizeof data) > 0) {
    }
    print("%s\n", strerrorname_np(errno));
    show(setsockopt(s[0], SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof short_time));
    take(s[0], 10, 0);
    close(s[0]);
    close(s[1]);
}

int main(void)
{
    work_in_scratch_directory();
    making();
    pair();
    naming();
    permissions();
    listening();
    waiting();
    ending();
    room();
    return 0;
}

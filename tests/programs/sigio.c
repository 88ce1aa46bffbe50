/* Files that tell by signal what happens to them: O_ASYNC, F_SETOWN, F_SETSIG and their kin of fcntl(2). */
#include "check.h"
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>

enum { NOBODY = 4194304 };

static sigset_t watched;
static int descriptor;

/* Forgets that children have ended. */
static void forget_children(void)
{
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    struct timespec none = {0};
    sigtimedwait(&ended, 0, &none);
}

/* Waits for a signal: what is typed at a terminal may take its time. */
static void await(const char *when)
{
    siginfo_t info;
    int number = sigwaitinfo(&watched, &info);
    print("%s: RT%d code %d band %lx\n", when, number - SIGRTMIN, info.si_code, info.si_band);
}

/* Takes all signals that wait for this process, and prints what they tell. */
static void take(const char *when)
{
    siginfo_t info;
    struct timespec none = {0};
    int any = 0, number;
    while ((number = sigtimedwait(&watched, &info, &none)) > 0) {
        any = 1;
        if (number == SIGIO && info.si_code == SI_KERNEL)
            print("%s: SIGIO\n", when);
        else
            print("%s: %s%d code %d band %lx descriptor %s\n", when, number >= SIGRTMIN ? "RT" : "", number >= SIGRTMIN ? number - SIGRTMIN : number,
                  info.si_code, info.si_band, info.si_fd == descriptor ? "as set" : "other");
    }
    if (!any)
        print("%s: none\n", when);
}

static void block(void)
{
    sigemptyset(&watched);
    sigaddset(&watched, SIGIO);
    sigaddset(&watched, SIGUSR1);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &watched, 0);
}

static void settings(void)
{
    int ends[2];
    pipe(ends);
    int file = ends[0];
    struct f_owner_ex owner = {7, 7};
    show(fcntl(file, F_GETOWN));
    show(fcntl(file, F_GETOWN_EX, &owner));
    print("type %d pid %d\n", owner.type, owner.pid);
    show(fcntl(file, F_GETSIG));
    show(fcntl(file, F_SETSIG, 65));
    show(fcntl(file, F_SETSIG, -1));
    show(fcntl(file, F_SETSIG, 64));
    show(fcntl(file, F_GETSIG));
    show(fcntl(file, F_SETSIG, 0));
    show(fcntl(file, F_SETOWN, getpid()));
    holds(fcntl(file, F_GETOWN) == getpid());
    show(fcntl(file, F_GETOWN_EX, &owner));
    print("type %d %s\n", owner.type, owner.pid == getpid() ? "self" : "other");
    show(fcntl(file, F_SETOWN, -getpgrp()));
    holds(fcntl(file, F_GETOWN) == -getpgrp());
    show(fcntl(file, F_GETOWN_EX, &owner));
    print("type %d %s\n", owner.type, owner.pid == getpgrp() ? "own group" : "other");
    show(fcntl(file, F_SETOWN, NOBODY));
    show(fcntl(file, F_SETOWN, -NOBODY));
    show(fcntl(file, F_SETOWN, (int) 0x80000000));
    holds(fcntl(file, F_GETOWN) == -getpgrp());
    show(fcntl(file, F_SETOWN, 0));
    show(fcntl(file, F_GETOWN));
    owner = (struct f_owner_ex) {3, getpid()};
    show(fcntl(file, F_SETOWN_EX, &owner));
    owner = (struct f_owner_ex) {-1, getpid()};
    show(fcntl(file, F_SETOWN_EX, &owner));
    owner = (struct f_owner_ex) {F_OWNER_PID, NOBODY};
    show(fcntl(file, F_SETOWN_EX, &owner));
    show(fcntl(file, F_SETOWN_EX, wild));
    owner = (struct f_owner_ex) {F_OWNER_TID, gettid()};
    show(fcntl(file, F_SETOWN_EX, &owner));
    owner = (struct f_owner_ex) {7, 7};
    show(fcntl(file, F_GETOWN_EX, &owner));
    print("type %d %s\n", owner.type, owner.pid == gettid() ? "self" : "other");
    show(fcntl(file, F_GETOWN_EX, wild));
    pid_t child = fork();
    if (child == 0)
        pause();
    show(fcntl(file, F_SETOWN, child));
    holds(fcntl(file, F_GETOWN) == child);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
    show(fcntl(file, F_GETOWN));
    print("-- O_ASYNC\n");
    show(fcntl(file, F_GETFL));
    show(fcntl(file, F_SETFL, O_ASYNC | O_NONBLOCK));
    print("%o\n", fcntl(file, F_GETFL));
    int on = 0;
    show(ioctl(file, FIOASYNC, &on));
    print("%o\n", fcntl(file, F_GETFL));
    on = 5;
    show(ioctl(file, FIOASYNC, &on));
    print("%o\n", fcntl(file, F_GETFL));
    show(ioctl(file, FIOASYNC, wild));
    show(ioctl(77, FIOASYNC, &on));
    show(ioctl(file, FIOSETOWN, &on));
    int plain = open("file", O_RDWR | O_CREAT, 0600), null = open("/dev/null", O_RDWR);
    show(ioctl(plain, FIOASYNC, &on));
    show(fcntl(plain, F_SETFL, O_ASYNC));
    print("%o\n", fcntl(plain, F_GETFL) & ~O_LARGEFILE);
    show(ioctl(null, FIOASYNC, &on));
    show(fcntl(plain, F_SETOWN, getpid()));
    holds(fcntl(plain, F_GETOWN) == getpid());
    int path = open("file", O_PATH);
    show(fcntl(path, F_SETOWN, getpid()));
    show(fcntl(path, F_GETSIG));
    show(fcntl(77, F_GETOWN));
    int pair[2], who = 0;
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    who = -getpgrp();
    show(ioctl(pair[0], FIOSETOWN, &who));
    holds(fcntl(pair[0], F_GETOWN) == -getpgrp());
    who = getpid();
    show(ioctl(pair[0], SIOCSPGRP, &who));
    who = 0;
    show(ioctl(pair[0], FIOGETOWN, &who));
    holds(who == getpid());
    show(ioctl(pair[0], SIOCGPGRP, &who));
    who = NOBODY;
    show(ioctl(pair[0], SIOCSPGRP, &who));
    show(ioctl(pair[0], SIOCSPGRP, wild));
}

static void drive(int file, int signal)
{
    descriptor = file;
    need(fcntl(file, F_SETOWN, getpid()) == 0);
    need(fcntl(file, F_SETSIG, signal) == 0);
    need(fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_ASYNC) == 0);
}

static void pipes(void)
{
    int ends[2];
    char bytes[65536];
    pipe(ends);
    write(ends[1], "x", 1);
    take("before");
    drive(ends[0], 0);
    take("with bytes already");
    write(ends[1], "x", 1);
    take("write");
    read(ends[0], bytes, 2);
    take("read");
    fcntl(ends[0], F_SETSIG, SIGRTMIN + 1);
    write(ends[1], "x", 1);
    write(ends[1], "x", 1);
    take("two writes");
    fcntl(ends[0], F_SETSIG, SIGIO);
    write(ends[1], "x", 1);
    take("SIGIO that tells");
    fcntl(ends[0], F_SETSIG, SIGCHLD);
    write(ends[1], "x", 1);
    take("SIGCHLD");
    fcntl(ends[0], F_SETSIG, SIGRTMIN + 1);
    fcntl(ends[0], F_SETOWN, 0);
    write(ends[1], "x", 1);
    take("nobody");
    fcntl(ends[0], F_SETOWN, -getpgrp());
    fcntl(ends[0], F_SETSIG, SIGUSR1);
    write(ends[1], "x", 1);
    take("group");
    fcntl(ends[0], F_SETFL, 0);
    write(ends[1], "x", 1);
    take("switched off");
    read(ends[0], bytes, sizeof bytes);
    drive(ends[1], SIGRTMIN + 1);
    write(ends[1], bytes, sizeof bytes);
    take("full");
    read(ends[0], bytes, sizeof bytes);
    take("emptied");
    close(ends[0]);
    take("no reader");
    pipe(ends);
    drive(ends[0], SIGRTMIN + 1);
    close(ends[1]);
    take("no writer");
}

static void fifos(void)
{
    mkfifo("fifo", 0600);
    int file = open("fifo", O_RDWR);
    drive(file, SIGUSR1);
    write(file, "x", 1);
    take("both ends");
}

static void sockets(void)
{
    int pair[2];
    char byte;
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    drive(pair[0], SIGRTMIN + 1);
    write(pair[1], "x", 1);
    take("write");
    read(pair[0], &byte, 1);
    take("read");
    write(pair[0], "x", 1);
    read(pair[1], &byte, 1);
    take("room that nobody wanted");
    shutdown(pair[1], SHUT_WR);
    take("shutdown");
    close(pair[1]);
    take("close");
    socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    drive(pair[0], 0);
    send(pair[1], "x", 1, 0);
    take("datagram");
    struct sockaddr_un name = {AF_UNIX, "socket"};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), caller = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *) &name, sizeof name);
    listen(listener, 5);
    drive(listener, SIGRTMIN + 1);
    connect(caller, (struct sockaddr *) &name, sizeof name);
    take("connection");
}

static void terminals(void)
{
    int master, slave;
    char bytes[10];
    openpty(&master, &slave, 0, 0, 0);
    drive(slave, SIGRTMIN + 1);
    write(master, "a", 1);
    take("part of a line");
    write(master, "b\n", 2);
    await("line");
    read(slave, bytes, sizeof bytes);
    fcntl(slave, F_SETFL, O_RDWR);
    fcntl(slave, F_SETOWN, 0);
    fcntl(slave, F_SETFL, O_RDWR | O_ASYNC);
    holds(fcntl(slave, F_GETOWN) == getpid());
    write(master, "c\n", 2);
    await("default owner");
}

static void limited(void)
{
    int ends[2];
    pipe(ends);
    struct rlimit limit = {1, 1};
    setrlimit(RLIMIT_SIGPENDING, &limit);
    need(setuid(1234) == 0);
    drive(ends[0], SIGRTMIN + 1);
    write(ends[1], "x", 1);
    write(ends[1], "x", 1);
    take("overflow");
}

/* Another user's process hears nothing, unless root has chosen it. */
static void others(void)
{
    int ends[2], ready[2], go[2];
    char byte;
    pipe(ends);
    pipe(ready);
    pipe(go);
    pid_t child = fork();
    if (child == 0) {
        need(setuid(1000) == 0);
        write(ready[1], "x", 1);
        for (int i = 0; i < 2; i++) {
            read(go[0], &byte, 1);
            take("other user");
            write(ready[1], "x", 1);
        }
        _exit(0);
    }
    read(ready[0], &byte, 1);
    need(fcntl(ends[0], F_SETOWN, child) == 0);
    need(fcntl(ends[0], F_SETFL, O_ASYNC) == 0);
    need(seteuid(1001) == 0);
    write(ends[1], "x", 1);
    write(go[1], "x", 1);
    read(ready[0], &byte, 1);
    need(seteuid(0) == 0 && setresuid(1001, 1001, 0) == 0);
    need(fcntl(ends[0], F_SETOWN, child) == 0);
    write(ends[1], "x", 1);
    write(go[1], "x", 1);
    read(ready[0], &byte, 1);
    waitpid(child, 0, 0);
    forget_children();
}

int main(void)
{
    work_in_scratch_directory();
    setpgid(0, 0);
    print("-- owners and signals\n");
    settings();
    block();
    print("-- pipes\n");
    pipes();
    fifos();
    print("-- sockets\n");
    sockets();
    print("-- terminals\n");
    terminals();
    print("-- limits\n");
    in_child("limited", limited);
    forget_children();
    print("-- who may\n");
    others();
    take("self");
    return 0;
}

/* signalfd: signals that are read, who reads whose, and when there is something to read. */
#include "check.h"
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>

static sigset_t set_of(int one, int other)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, one);
    sigaddset(&set, other);
    return set;
}

static int events_of(int descriptor)
{
    struct pollfd set = {descriptor, POLLIN | POLLOUT, 0};
    poll(&set, 1, 0);
    return set.revents;
}

static void take(int descriptor)
{
    struct signalfd_siginfo info;
    memset(&info, 0xff, sizeof info);
    if (show(read(descriptor, &info, sizeof info)) != sizeof info)
        return;
    print("signal %u errno %d code %d own pid %d uid %u fd %d band %u overrun %u\n", info.ssi_signo, info.ssi_errno, info.ssi_code,
          info.ssi_pid == (unsigned) getpid(), info.ssi_uid, info.ssi_fd, info.ssi_band, info.ssi_overrun);
    print("status %d int %d ptr %llx addr %llx trap %u\n", info.ssi_status, info.ssi_int, (unsigned long long) info.ssi_ptr,
          (unsigned long long) info.ssi_addr, info.ssi_trapno);
}

static void arguments(void)
{
    print("-- arguments\n");
    sigset_t set = set_of(SIGUSR1, SIGKILL);
    show(syscall(SYS_signalfd4, -1, &set, 4, 0));
    show(syscall(SYS_signalfd4, -1, wild, 8, 0));
    show(syscall(SYS_signalfd4, -1, &set, 8, 1));
    show(syscall(SYS_signalfd4, 99, &set, 8, 0));
    show(syscall(SYS_signalfd4, 1, &set, 8, 0));
    show(syscall(SYS_signalfd4, -2, &set, 8, 0));
    int file = syscall(SYS_signalfd, -1, &set, 8);
    show(fcntl(file, F_GETFD));
    print("%o\n", fcntl(file, F_GETFL));
    char link[40], name[64] = "", small[127];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    show(readlink(link, name, sizeof name));
    print("%s\n", name);
    show(read(file, small, sizeof small));
    show(write(file, small, sizeof small));
    show(lseek(file, 1, SEEK_SET));
    show(pread(file, small, sizeof small, 0));
    holds(syscall(SYS_signalfd4, file, &set, 8, SFD_NONBLOCK) == file);
    print("%o\n", fcntl(file, F_GETFL));
    close(file);
    file = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    show(fcntl(file, F_GETFD));
    print("%o\n", fcntl(file, F_GETFL));
    close(file);
}

static void reading(void)
{
    print("-- what a record says\n");
    sigset_t set = set_of(SIGUSR1, SIGRTMIN + 2);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, 0);
    int file = signalfd(-1, &set, SFD_NONBLOCK);
    print("%x\n", events_of(file));
    take(file);
    kill(getpid(), SIGUSR1);
    print("%x\n", events_of(file));
    take(file);
    take(file);
    union sigval value = {.sival_int = 77};
    sigqueue(getpid(), SIGRTMIN + 2, value);
    take(file);
    syscall(SYS_tgkill, getpid(), gettid(), SIGUSR2);
    take(file);
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2, .sigev_value.sival_int = 5};
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    struct itimerspec soon = {{0, 0}, {0, 1000}};
    timer_settime(timer, 0, &soon, 0);
    struct pollfd wanted = {file, POLLIN, 0};
    show(poll(&wanted, 1, -1));
    take(file);
    if (fork() == 0)
        _exit(3);
    show(poll(&wanted, 1, -1));
    struct signalfd_siginfo several[3];
    show(read(file, several, sizeof several[0]));
    print("%u %d %d\n", several[0].ssi_signo, several[0].ssi_code, several[0].ssi_status);
    wait(0);

    print("-- several at once, no half records\n");
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR2);
    sigqueue(getpid(), SIGRTMIN + 2, value);
    sigqueue(getpid(), SIGRTMIN + 2, value);
    show(read(file, several, sizeof several - 1));
    print("%u %u\n", several[0].ssi_signo, several[1].ssi_signo);
    show(read(file, several, sizeof several));
    print("%u %u\n", several[0].ssi_signo, several[1].ssi_signo);
    kill(getpid(), SIGUSR1);
    show(read(file, wild, 128));
    take(file);

    print("-- another mask\n");
    kill(getpid(), SIGUSR1);
    sigset_t other = set_of(SIGUSR2, SIGSTOP);
    holds(signalfd(file, &other, 0) == file);
    print("%x\n", events_of(file));
    take(file);
    signalfd(file, &set, 0);
    take(file);

    print("-- a signal that is not blocked is handled, not read\n");
    sigset_t user = set_of(SIGUSR1, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &user, 0);
    signal(SIGUSR1, SIG_IGN);
    kill(getpid(), SIGUSR1);
    take(file);
    sigprocmask(SIG_BLOCK, &user, 0);
    kill(getpid(), SIGUSR1);
    take(file);
    signal(SIGUSR1, SIG_DFL);

    print("-- epoll\n");
    int epoll = epoll_create1(0);
    struct epoll_event want = {EPOLLIN, {.u32 = 8}}, got;
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &want));
    show(epoll_wait(epoll, &got, 1, 0));
    if (fork() == 0) {
        kill(getppid(), SIGUSR2);
        _exit(0);
    }
    show(epoll_wait(epoll, &got, 1, -1));
    sigset_t child = set_of(SIGCHLD, SIGCHLD);
    sigwaitinfo(&child, 0);
    wait(0);
    struct signalfd_siginfo info;
    show(read(file, &info, sizeof info));
    print("%u\n", info.ssi_signo);
    show(epoll_wait(epoll, &got, 1, 0));
    close(epoll);
    close(file);
}

static int shared;

static void *reader(void *nothing)
{
    take(shared);
    return nothing;
}

static void handler(int signal)
{
    (void) signal;
}

static void sharing(void)
{
    print("-- a shared descriptor gives each process its own signals\n");
    sigset_t set = set_of(SIGUSR1, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, 0);
    shared = signalfd(-1, &set, 0);
    kill(getpid(), SIGUSR1);
    if (fork() == 0) {
        fcntl(shared, F_SETFL, O_NONBLOCK);
        take(shared);
        kill(getpid(), SIGUSR2);
        take(shared);
        fcntl(shared, F_SETFL, 0);
        _exit(0);
    }
    sigset_t child = set_of(SIGCHLD, SIGCHLD);
    sigwaitinfo(&child, 0);
    wait(0);
    take(shared);

    print("-- a thread's own signal is for its own reads\n");
    syscall(SYS_tgkill, getpid(), gettid(), SIGUSR2);
    pthread_t thread;
    pthread_create(&thread, 0, reader, 0);
    kill(getpid(), SIGUSR1);
    pthread_join(thread, 0);
    fcntl(shared, F_SETFL, O_NONBLOCK);
    take(shared);
    take(shared);

    print("-- a reader waits, and another signal interrupts it\n");
    fcntl(shared, F_SETFL, 0);
    if (fork() == 0) {
        pause_milliseconds(30);
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    struct signalfd_siginfo info;
    show(read(shared, &info, sizeof info));
    print("%u\n", info.ssi_signo);
    sigwaitinfo(&child, 0);
    wait(0);
    struct sigaction action = {.sa_handler = handler};
    sigaction(SIGALRM, &action, 0);
    int ends[2];
    pipe(ends);
    pid_t nagger = fork();
    if (nagger == 0) {
        struct pollfd end = {ends[0], POLLIN, 0};
        while (poll(&end, 1, 20) == 0)
            kill(getppid(), SIGALRM);
        _exit(0);
    }
    show(read(shared, &info, sizeof info));
    write(ends[1], "", 1);
    waitpid(nagger, 0, 0);
}

int main(void)
{
    arguments();
    reading();
    sharing();
    return 0;
}

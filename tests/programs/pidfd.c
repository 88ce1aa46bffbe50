/* Processes as descriptors: pidfd_open, pidfd_send_signal, pidfd_getfd, CLONE_PIDFD, waitid(P_PIDFD), and when they are ready. */
#include "check.h"
#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#define PIDFD 3

static int pidfd(pid_t pid, int flags)
{
    return syscall(SYS_pidfd_open, pid, flags);
}

static int send_signal(int file, int signal, siginfo_t *info, int flags)
{
    return syscall(SYS_pidfd_send_signal, file, signal, info, flags);
}

static int get_file(int file, int wanted, int flags)
{
    return syscall(SYS_pidfd_getfd, file, wanted, flags);
}

static int events_of(int descriptor)
{
    struct pollfd set = {descriptor, POLLIN | POLLOUT, 0};
    poll(&set, 1, 0);
    return set.revents;
}

static void print_info(const siginfo_t *info, pid_t child)
{
    print("signal %d code %d status %d child %d\n", info->si_signo, info->si_code, info->si_status, info->si_pid == child);
}

static void arguments(void)
{
    print("-- arguments\n");
    show(pidfd(0, 0));
    show(pidfd(-1, 0));
    show(pidfd(30000, 0));
    show(pidfd(getpid(), 1));
    show(pidfd(getpid(), O_CLOEXEC));
    int self = pidfd(getpid(), 0);
    char bytes[8];
    show(fcntl(self, F_GETFD));
    print("%o\n", fcntl(self, F_GETFL));
    show(read(self, bytes, sizeof bytes));
    show(write(self, bytes, sizeof bytes));
    print("%x\n", events_of(self));
    show(send_signal(self, 0, 0, 0));
    show(send_signal(self, 65, 0, 0));
    show(send_signal(self, -1, 0, 0));
    show(send_signal(self, 0, 0, 64));
    show(send_signal(self, 0, 0, 3));
    show(send_signal(1, 0, 0, 0));
    show(send_signal(99, 0, 0, 0));
    show(send_signal(self, 0, wild, 0));
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = SIGUSR2;
    info.si_code = SI_QUEUE;
    show(send_signal(self, SIGUSR1, &info, 0));
    show(get_file(self, 99, 0));
    show(get_file(self, 0, 1));
    show(get_file(1, 0, 0));
    int copy = get_file(self, 1, 0);
    holds(copy > 2);
    show(fcntl(copy, F_GETFD));
    close(copy);
    show(waitid(PIDFD, self, &info, WEXITED | WNOHANG));
    show(waitid(PIDFD, 1, &info, WEXITED | WNOHANG));
    show(waitid(PIDFD, 99, &info, WEXITED | WNOHANG));
    show(waitid(PIDFD, -1, &info, WEXITED | WNOHANG));
    show(waitid(P_PID, 0, &info, WEXITED | WNOHANG));
    close(self);
    int other = pidfd(getpid(), O_NONBLOCK);
    print("%o\n", fcntl(other, F_GETFL));
    close(other);
}

static void ends(void)
{
    print("-- a child's end\n");
    int gate[2];
    need(pipe(gate) == 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        close(gate[1]);
        read(gate[0], &byte, 1);
        _exit(7);
    }
    close(gate[0]);
    int file = pidfd(child, O_NONBLOCK);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    print("%x\n", events_of(file));
    show(waitid(PIDFD, file, &info, WEXITED));
    show(waitid(PIDFD, file, &info, WEXITED | WNOHANG));
    print("%d\n", info.si_pid);
    int epoll = epoll_create1(0);
    struct epoll_event want = {EPOLLIN, {.u32 = 8}}, got;
    show(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &want));
    show(epoll_wait(epoll, &got, 1, 0));
    close(gate[1]);
    show(epoll_wait(epoll, &got, 1, -1));
    print("%x\n", got.events);
    print("%x\n", events_of(file));
    show(send_signal(file, SIGKILL, 0, 0));
    show(get_file(file, 0, 0));
    show(waitid(PIDFD, file, &info, WEXITED | WNOWAIT));
    print_info(&info, child);
    show(waitid(PIDFD, file, &info, WEXITED));
    print_info(&info, child);
    show(waitid(PIDFD, file, &info, WEXITED));
    show(send_signal(file, 0, 0, 0));
    show(get_file(file, 0, 0));
    holds(events_of(file) & POLLIN);
    close(file);
    close(epoll);

    print("-- one that waits\n");
    child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    file = pidfd(child, 0);
    show(send_signal(file, SIGSTOP, 0, 0));
    show(waitid(PIDFD, file, &info, WSTOPPED));
    print_info(&info, child);
    show(send_signal(file, SIGCONT, 0, 0));
    show(waitid(PIDFD, file, &info, WCONTINUED));
    print_info(&info, child);
    show(send_signal(file, SIGTERM, 0, 0));
    show(waitid(PIDFD, file, &info, WEXITED));
    print_info(&info, child);
    close(file);
}

static void directories(void)
{
    print("-- directories of /proc\n");
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d", child);
    int process = open(path, O_DIRECTORY | O_CLOEXEC), name = open(path, O_PATH);
    snprintf(path, sizeof path, "/proc/%d/task/%d", child, child);
    int thread = open(path, O_DIRECTORY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/stat", child);
    int file = open(path, O_RDONLY), root = open("/proc", O_DIRECTORY);
    show(send_signal(process, 0, 0, 0));
    show(send_signal(name, 0, 0, 0));
    show(send_signal(thread, 0, 0, 0));
    show(send_signal(file, 0, 0, 0));
    show(send_signal(root, 0, 0, 0));
    show(get_file(process, 0, 0));
    siginfo_t info;
    show(waitid(PIDFD, process, &info, WEXITED | WNOHANG));
    show(send_signal(process, SIGTERM, 0, 0));
    show(waitid(P_PID, child, &info, WEXITED));
    print_info(&info, child);
    show(send_signal(process, 0, 0, 0));
}

static void cloned(void)
{
    print("-- CLONE_PIDFD\n");
    int file = -1, tid = 0;
    pid_t child = syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &file, 0, 0);
    if (child == 0)
        _exit(fcntl(file, F_GETFD) == -1 ? 4 : 5);
    holds(child > 0 && file > 2);
    show(fcntl(file, F_GETFD));
    siginfo_t info;
    show(waitid(PIDFD, file, &info, WEXITED));
    print_info(&info, child);
    close(file);
    show(syscall(SYS_clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &file, 0, 0));
    show(syscall(SYS_clone, CLONE_PIDFD | CLONE_DETACHED | SIGCHLD, 0, &file, 0, 0));
    show(syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, wild, 0, 0));
    show(wait(0));
    struct clone_args all = {.flags = CLONE_PIDFD | CLONE_PARENT_SETTID, .pidfd = (uintptr_t) &file, .parent_tid = (uintptr_t) &tid, .exit_signal = SIGCHLD};
    child = syscall(SYS_clone3, &all, sizeof all);
    if (child == 0)
        _exit(6);
    holds(tid == child);
    show(waitid(PIDFD, file, &info, WEXITED));
    print_info(&info, child);
    close(file);
    all.parent_tid = all.pidfd;
    show(syscall(SYS_clone3, &all, sizeof all));
}

static void files(void)
{
    print("-- descriptors of another process\n");
    int ready[2], gate[2];
    need(pipe(ready) == 0 && pipe(gate) == 0);
    pid_t child = fork();
    if (child == 0) {
        char byte = 0;
        int own[2];
        close(gate[1]);
        pipe(own);
        write(own[1], "hidden", 6);
        write(ready[1], &own[0], sizeof own[0]);
        read(gate[0], &byte, 1);
        _exit(0);
    }
    int theirs, file = pidfd(child, 0);
    read(ready[0], &theirs, sizeof theirs);
    int got = get_file(file, theirs, 0);
    char bytes[8] = "";
    show(read(got, bytes, 6));
    print("%s\n", bytes);
    if (fork() == 0) {
        setuid(4711);
        show(get_file(file, theirs, 0));
        show(send_signal(file, SIGUSR1, 0, 0));
        _exit(0);
    }
    close(gate[1]);
    wait(0);
    wait(0);
    close(file);
    close(got);
}

static volatile int caught, code;

static void handle(int signal, siginfo_t *info, void *context)
{
    (void) context;
    code = info->si_code;
    caught = signal;
}

static pthread_barrier_t barrier;
static pid_t thread_id;

static void *named(void *nothing)
{
    thread_id = gettid();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return nothing;
}

static void threads(void)
{
    print("-- threads\n");
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, 0);
    pthread_barrier_init(&barrier, 0, 2);
    pthread_t thread;
    pthread_create(&thread, 0, named, 0);
    pthread_barrier_wait(&barrier);
    show_success(pidfd(thread_id, 0));
    pthread_barrier_wait(&barrier);
    pthread_join(thread, 0);
    int file = pidfd(getpid(), 0);
    show(send_signal(file, SIGUSR1, 0, 0));
    print("%d %d\n", caught, code);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = SIGUSR1;
    info.si_code = SI_QUEUE;
    show(send_signal(file, SIGUSR1, &info, 0));
    print("%d %d\n", caught, code);
    info.si_code = SI_USER;
    show(send_signal(file, SIGUSR1, &info, 0));
    if (fork() == 0) {
        show(send_signal(file, SIGUSR1, &info, 0));
        _exit(0);
    }
    wait(0);
    close(file);
}

int main(void)
{
    arguments();
    ends();
    directories();
    cloned();
    files();
    threads();
    return 0;
}

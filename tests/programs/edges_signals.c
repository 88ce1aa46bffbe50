/* The corners of signal calls: what each flag does, and which error comes first (sigaction(2), sigqueue(3), sigtimedwait(2), signalfd(2), tgkill(2)). */
#include "check.h"
#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/resource.h>
#include <time.h>
#include <ucontext.h>

static volatile siginfo_t last;
static volatile int times;

static void note(int signal, siginfo_t *information, void *context)
{
    (void) signal, (void) context;
    *(siginfo_t *) &last = *information;
    times++;
}

static void handle(int signal, int flags)
{
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | flags};
    need(sigaction(signal, &action, NULL) == 0);
}

static const char *name_of(int code)
{
    switch (code) {
    case SI_USER: return "SI_USER";
    case SI_KERNEL: return "SI_KERNEL";
    case SI_QUEUE: return "SI_QUEUE";
    case SI_TIMER: return "SI_TIMER";
    case SI_TKILL: return "SI_TKILL";
    default: return "other";
    }
}

static void show_last(const char *what)
{
    print("%s: %d times, signal %d code %s errno %d from self %d parent %d uid %d\n", what, times, last.si_signo, name_of(last.si_code), last.si_errno,
          last.si_pid == getpid(), last.si_pid == getppid(), last.si_uid);
    times = 0;
}

static long kernel_sigaction(int signal, const void *act, void *old, size_t size)
{
    return syscall(SYS_rt_sigaction, signal, act, old, size);
}

static void actions(void)
{
    struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } act = {SIG_IGN, 0, 0, 0}, old;
    show(kernel_sigaction(SIGUSR1, &act, &old, 4));
    show(kernel_sigaction(SIGUSR1, &act, &old, 16));
    show(kernel_sigaction(0, NULL, NULL, 8));
    show(kernel_sigaction(65, NULL, NULL, 8));
    show(kernel_sigaction(-1, NULL, NULL, 8));
    show(kernel_sigaction(64, &act, NULL, 8));
    show(kernel_sigaction(SIGKILL, &act, NULL, 8));
    show(kernel_sigaction(SIGSTOP, &act, NULL, 8));
    show(kernel_sigaction(SIGKILL, NULL, &old, 8));
    holds(old.handler == SIG_DFL);
    show(kernel_sigaction(SIGUSR1, wild, NULL, 8));
    show(kernel_sigaction(SIGUSR1, &act, wild, 8));
    show(kernel_sigaction(SIGUSR1, NULL, &old, 8));
    holds(old.handler == SIG_IGN);
    act.flags = 0xffffffffffffffffUL;
    act.mask = ~0UL;
    show(kernel_sigaction(SIGUSR2, &act, NULL, 8));
    show(kernel_sigaction(SIGUSR2, NULL, &old, 8));
    print("flags kept %lx, mask %lx\n", old.flags, old.mask);
    act.flags = 0x00000400;
    show(kernel_sigaction(SIGUSR2, &act, NULL, 8));
    show(kernel_sigaction(SIGUSR2, NULL, &old, 8));
    print("flags kept %lx\n", old.flags);
}

static void codes(void)
{
    handle(SIGUSR1, 0);
    kill(getpid(), SIGUSR1);
    show_last("kill");
    raise(SIGUSR1);
    show_last("raise");
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 77});
    show_last("sigqueue");
    print("value %d\n", last.si_value.sival_int);
    syscall(SYS_tkill, gettid(), SIGUSR1);
    show_last("tkill");
    handle(SIGPIPE, 0);
    int ends[2];
    need(pipe(ends) == 0);
    close(ends[0]);
    show(write(ends[1], "x", 1));
    show_last("pipe");
    handle(SIGALRM, 0);
    alarm(1);
    pause();
    show_last("alarm");
    handle(SIGXFSZ, 0);
    struct rlimit limit = {0, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    show(write(file, "x", 1));
    show_last("file too large");
    handle(SIGURG, 0);
    pthread_kill(pthread_self(), SIGURG);
    show_last("pthread_kill");
}

static void death_signal(void)
{
    int ends[2];
    need(pipe(ends) == 0);
    pid_t middle = fork();
    if (middle == 0) {
        if (fork() == 0) {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGUSR1);
            sigprocmask(SIG_BLOCK, &set, NULL);
            pid_t parent = getppid();
            prctl(PR_SET_PDEATHSIG, SIGUSR1);
            write(ends[1], "r", 1);
            siginfo_t information;
            int got = sigwaitinfo(&set, &information);
            print("death signal %d code %s from the parent that was %d uid %d\n", got == SIGUSR1, name_of(information.si_code), information.si_pid == parent, information.si_uid);
            write(ends[1], "d", 1);
            _exit(0);
        }
        char byte;
        read(ends[0], &byte, 1);
        _exit(0);
    }
    waitpid(middle, NULL, 0);
    char byte;
    read(ends[0], &byte, 1);
}

static void sending(void)
{
    show(kill(getpid(), 65));
    show(kill(getpid(), -1));
    show(kill(getpid(), 0));
    show(kill(-getpid() - 100000, 0));
    show(kill(4194303, 0));
    show(kill((pid_t) 0x80000000, 0));
    show(syscall(SYS_tkill, 0, SIGUSR1));
    show(syscall(SYS_tkill, -1, SIGUSR1));
    show(syscall(SYS_tkill, 4194303, SIGUSR1));
    show(syscall(SYS_tkill, gettid(), 65));
    show(syscall(SYS_tkill, gettid(), 0));
    show(syscall(SYS_tgkill, 0, gettid(), 0));
    show(syscall(SYS_tgkill, getpid(), 0, 0));
    show(syscall(SYS_tgkill, getpid(), -1, 0));
    show(syscall(SYS_tgkill, -1, gettid(), 0));
    show(syscall(SYS_tgkill, getppid(), gettid(), 0));
    show(syscall(SYS_tgkill, getpid(), gettid(), -1));
    show(syscall(SYS_tgkill, getpid(), gettid(), 65));
    siginfo_t information = {.si_code = SI_QUEUE};
    show(syscall(SYS_rt_sigqueueinfo, getpid(), 0, &information));
    show(syscall(SYS_rt_sigqueueinfo, getpid(), 65, &information));
    show(syscall(SYS_rt_sigqueueinfo, 4194303, SIGUSR1, &information));
    show(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, wild));
    information.si_code = SI_USER;
    show(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &information));
    information.si_code = SI_TKILL;
    show(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &information));
    information.si_code = SI_KERNEL;
    show(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &information));
    show(syscall(SYS_rt_sigqueueinfo, getppid(), 0, &information));
    show(syscall(SYS_rt_sigqueueinfo, getpid(), 0, &information));
    information.si_code = SI_QUEUE;
    show(syscall(SYS_rt_tgsigqueueinfo, 0, gettid(), 0, &information));
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, 0, &information));
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), 0, &information));
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), 4194303, 0, &information));
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), 65, &information));
    if (fork() == 0) {
        need(setresuid(1000, 1000, 1000) == 0);
        show(kill(1, 0));
        show(kill(1, SIGKILL));
        show(kill(getppid(), SIGCONT));
        show(kill(getppid(), 65));
        show(syscall(SYS_tgkill, getppid(), getppid(), 0));
        show(syscall(SYS_rt_sigqueueinfo, getppid(), 0, &information));
        _exit(0);
    }
    wait(NULL);
    pid_t zombie = fork();
    if (zombie == 0)
        _exit(0);
    siginfo_t ended;
    waitid(P_PID, zombie, &ended, WEXITED | WNOWAIT);
    show(kill(zombie, 0));
    show(kill(zombie, SIGKILL));
    show(syscall(SYS_tgkill, zombie, zombie, SIGKILL));
    show(getpriority(0, zombie) >= 0);
    show(sched_getscheduler(zombie));
    show(getpgid(zombie) == getpgrp());
    show(getsid(zombie) == getsid(0));
    show(setpgid(zombie, 0));
    struct rlimit limit;
    show(prlimit(zombie, RLIMIT_CPU, NULL, &limit));
    waitpid(zombie, NULL, 0);
}

static void masks(void)
{
    unsigned long set = 0, old = 0;
    show(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, &old, 4));
    show(syscall(SYS_rt_sigprocmask, 3, &set, &old, 8));
    show(syscall(SYS_rt_sigprocmask, 77, NULL, &old, 8));
    show(syscall(SYS_rt_sigprocmask, SIG_BLOCK, wild, &old, 8));
    show(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, wild, 8));
    set = ~0UL;
    show(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, NULL, 8));
    show(syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &old, 8));
    print("mask %lx\n", old);
    set = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, NULL, 8);
    show(syscall(SYS_rt_sigpending, &old, 4));
    show(syscall(SYS_rt_sigpending, &old, 9));
    show(syscall(SYS_rt_sigpending, wild, 8));
    show(syscall(SYS_rt_sigsuspend, &set, 4));
    show(syscall(SYS_rt_sigsuspend, wild, 8));
    struct timespec zero = {0, 0}, bad = {0, 1000000000}, negative = {-1, 0};
    siginfo_t information;
    set = 1UL << (SIGUSR1 - 1);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
    show(syscall(SYS_rt_sigtimedwait, &set, &information, &zero, 4));
    show(syscall(SYS_rt_sigtimedwait, wild, &information, &zero, 8));
    show(syscall(SYS_rt_sigtimedwait, &set, &information, wild, 8));
    show(syscall(SYS_rt_sigtimedwait, &set, &information, &zero, 8));
    show(syscall(SYS_rt_sigtimedwait, &set, &information, &bad, 8));
    show(syscall(SYS_rt_sigtimedwait, &set, &information, &negative, 8));
    kill(getpid(), SIGUSR1);
    show(syscall(SYS_rt_sigtimedwait, &set, wild, &zero, 8));
    show(syscall(SYS_rt_sigtimedwait, &set, &information, &zero, 8));
    kill(getpid(), SIGUSR1);
    show(syscall(SYS_rt_sigtimedwait, &set, NULL, &zero, 8));
    unsigned long kills = 1UL << (SIGKILL - 1) | 1UL << (SIGSTOP - 1);
    show(syscall(SYS_rt_sigtimedwait, &kills, NULL, &zero, 8));
}

static void descriptors(void)
{
    unsigned long set = 1UL << (SIGUSR1 - 1);
    show(syscall(SYS_signalfd4, -1, &set, 4, 0));
    show(syscall(SYS_signalfd4, -1, &set, 8, 1));
    show(syscall(SYS_signalfd4, -1, wild, 8, 0));
    show(syscall(SYS_signalfd4, 77, &set, 8, 0));
    show(syscall(SYS_signalfd4, 0, &set, 8, 0));
    show(syscall(SYS_signalfd4, -2, &set, 8, 0));
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
    int file = syscall(SYS_signalfd4, -1, &set, 8, SFD_NONBLOCK | SFD_CLOEXEC);
    char bytes[256];
    show(read(file, bytes, 127));
    show(read(file, bytes, 0));
    show(read(file, bytes, 128));
    show(write(file, bytes, 128));
    show(lseek(file, 0, SEEK_SET));
    show(pread(file, bytes, 128, 0));
    kill(getpid(), SIGUSR1);
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 3});
    show(read(file, bytes, 255));
    struct signalfd_siginfo *first = (void *) bytes;
    print("signo %u code %d uid %u int %d self %d\n", first->ssi_signo, (int) first->ssi_code, first->ssi_uid, first->ssi_int, first->ssi_pid == (unsigned) getpid());
    kill(getpid(), SIGUSR1);
    show(read(file, wild, 128));
    show(read(file, bytes, 128));
    set = 1UL << (SIGUSR2 - 1);
    show(syscall(SYS_signalfd4, file, &set, 8, 0) == file);
    show(fcntl(file, F_GETFL) & ~O_LARGEFILE);
    show(fcntl(file, F_GETFD));
}

static void stacks(void)
{
    stack_t stack = {.ss_sp = malloc(SIGSTKSZ), .ss_size = 100, .ss_flags = 0}, old;
    show(sigaltstack(&stack, NULL));
    stack.ss_size = 2047;
    show(sigaltstack(&stack, NULL));
    stack.ss_flags = 5;
    stack.ss_size = SIGSTKSZ;
    show(sigaltstack(&stack, NULL));
    stack.ss_flags = SS_ONSTACK;
    show(sigaltstack(&stack, NULL));
    stack.ss_flags = SS_DISABLE | (int) (1U << 31);
    show(sigaltstack(&stack, NULL));
    stack.ss_flags = SS_DISABLE;
    stack.ss_size = 1;
    show(sigaltstack(&stack, NULL));
    show(sigaltstack(NULL, &old));
    print("flags %d size %ld\n", old.ss_flags, (long) old.ss_size);
    show(sigaltstack(wild, NULL));
    show(sigaltstack(NULL, wild));
}

static void one_shot(void)
{
    handle(SIGUSR1, SA_RESETHAND | SA_NODEFER);
    raise(SIGUSR1);
    struct sigaction now;
    sigaction(SIGUSR1, NULL, &now);
    print("after one: default %d flags %x\n", now.sa_handler == SIG_DFL, now.sa_flags & ~0x04000000);
    signal(SIGCHLD, SIG_IGN);
    pid_t child = fork();
    if (child == 0)
        _exit(3);
    show(waitpid(child, NULL, 0));
    struct sigaction no_wait = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &no_wait, NULL);
    child = fork();
    if (child == 0)
        _exit(3);
    show(waitpid(child, NULL, 0));
}

int main(void)
{
    in_child("actions", actions);
    in_child("codes", codes);
    in_child("death signal", death_signal);
    in_child("sending", sending);
    in_child("masks", masks);
    in_child("descriptors", descriptors);
    in_child("stacks", stacks);
    in_child("one shot", one_shot);
    return 0;
}

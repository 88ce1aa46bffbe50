/* Signals: dispositions, masks, information, nesting, restarting, alternate stacks, waiting for them. */
#include "check.h"
#include <sys/prctl.h>
#include <sys/time.h>
#include <time.h>

static volatile int depth, calls, raises;
static volatile siginfo_t last;
static char alternate[64 * 1024];

static void count(int number)
{
    calls += number == SIGUSR1 ? 1 : 100;
}

static void remember(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) context;
    *(siginfo_t *) &last = *information;
}

static void nest(int number)
{
    depth++;
    print("in SIG%s, depth %d\n", sigabbrev_np(number), depth);
    if (number == SIGUSR1)
        raise(SIGUSR2);
    if (number == SIGUSR2 && raises-- > 0)
        raise(SIGUSR2);
    print("out of SIG%s, depth %d\n", sigabbrev_np(number), depth);
    depth--;
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    need(sigaction(number, &action, 0) == 0);
}

static void handle_information(int number, int flags)
{
    struct sigaction action = {.sa_sigaction = remember, .sa_flags = SA_SIGINFO | flags};
    need(sigaction(number, &action, 0) == 0);
}

/* Repeating, so that an alarm that comes before the wait it is to interrupt does no harm. 0 stops it. */
static void repeat_alarm(int microseconds)
{
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};
    need(setitimer(ITIMER_REAL, &timer, 0) == 0);
}

static void information(void)
{
    print("-- siginfo says who sent what\n");
    handle_information(SIGUSR1, 0);
    kill(getpid(), SIGUSR1);
    print("kill: code %d, own pid %d, uid %d\n", last.si_code, last.si_pid == getpid(), last.si_uid);
    raise(SIGUSR1);
    print("raise: code %d, own pid %d\n", last.si_code, last.si_pid == getpid());
    union sigval value = {.sival_int = 1234};
    show(sigqueue(getpid(), SIGUSR1, value));
    print("sigqueue: code %d, value %d\n", last.si_code, last.si_value.sival_int);
    handle_information(SIGCHLD, 0);
    pid_t child = fork();
    if (child == 0)
        _exit(17);
    int status;
    while (waitpid(child, &status, 0) < 0)
        ;
    print("SIGCHLD: code %d, child's pid %d, status %d\n", last.si_code, last.si_pid == child, last.si_status);
    signal(SIGCHLD, SIG_DFL);
    handle_information(SIGALRM, 0);
    repeat_alarm(10000);
    pause();
    repeat_alarm(0);
    print("SIGALRM: code %d\n", last.si_code);
}

static void masks(void)
{
    print("-- blocked signals wait; a standard signal waits once, real-time ones queue in order\n");
    sigset_t set, old, pending;
    handle(SIGUSR1, count, 0);
    handle(SIGUSR2, count, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGKILL);
    show(sigprocmask(SIG_BLOCK, &set, &old));
    show(sigismember(&old, SIGUSR1));
    raise(SIGUSR1);
    raise(SIGUSR1);
    raise(SIGUSR2);
    show(calls);
    sigpending(&pending);
    print("pending: USR1 %d USR2 %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
    sigprocmask(SIG_SETMASK, 0, &set);
    print("SIGKILL cannot be blocked: %d\n", sigismember(&set, SIGKILL));
    sigprocmask(SIG_SETMASK, &old, 0);
    show(calls);
    sigset_t real_time;
    sigemptyset(&real_time);
    sigaddset(&real_time, 40);
    sigaddset(&real_time, 41);
    sigprocmask(SIG_BLOCK, &real_time, 0);
    for (int i = 0; i < 4; i++) {
        union sigval value = {.sival_int = i};
        sigqueue(getpid(), 41 - i % 2, value);
    }
    siginfo_t got;
    struct timespec none = {0, 0};
    for (int i = 0; i < 5; i++) {
        int number = sigtimedwait(&real_time, &got, &none);
        print("sigtimedwait %d value %d\n", number, number > 0 ? got.si_value.sival_int : -1);
    }
    show(sigprocmask(99, &set, 0));
}

static void ignoring(void)
{
    print("-- ignored signals are dropped, even while blocked ones; SIGKILL and SIGSTOP have no handlers\n");
    handle(SIGUSR1, SIG_IGN, 0);
    raise(SIGUSR1);
    show((long) signal(SIGKILL, SIG_IGN));
    show((long) signal(SIGSTOP, count));
    show((long) signal(0, count));
    show((long) signal(65, count));
    show(kill(getpid(), 0));
    show(kill(getpid(), 65));
    show(kill(getpid(), -1));
    show(kill(0x3ffffff, SIGUSR1));
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, 0);
    handle(SIGUSR1, count, 0);
    raise(SIGUSR1);
    handle(SIGUSR1, SIG_IGN, 0);
    handle(SIGUSR1, count, 0);
    int before = calls;
    sigprocmask(SIG_UNBLOCK, &set, 0);
    print("a pending signal is forgotten when it is ignored: %d\n", calls - before);
    handle(SIGUSR1, count, SA_RESETHAND);
    raise(SIGUSR1);
    struct sigaction now;
    sigaction(SIGUSR1, 0, &now);
    print("SA_RESETHAND: %s\n", now.sa_handler == SIG_DFL ? "default again" : "kept");
}

static void nesting(void)
{
    print("-- a handler's own signal is blocked in it, unless SA_NODEFER\n");
    handle(SIGUSR1, nest, 0);
    handle(SIGUSR2, nest, 0);
    raises = 2;
    raise(SIGUSR1);
    raises = 2;
    handle(SIGUSR2, nest, SA_NODEFER);
    raise(SIGUSR1);
    struct sigaction action = {.sa_handler = nest};
    sigaddset(&action.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &action, 0);
    print("and sa_mask blocks others\n");
    raises = 1;
    raise(SIGUSR1);
}

static long interrupted_read(int flags)
{
    handle(SIGALRM, count, flags);
    int ends[2];
    need(pipe(ends) == 0);
    pid_t reader = getpid(), child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++) {
            await_sleep(reader);
            kill(reader, SIGALRM);
        }
        write(ends[1], "late", 4);
        _exit(0);
    }
    char text[8];
    errno = 0;
    long length = read(ends[0], text, sizeof text);
    int error = errno;
    while (waitpid(child, 0, 0) < 0)
        ;
    close(ends[0]);
    close(ends[1]);
    print("read: %ld %s\n", length, length < 0 ? strerrorname_np(error) : "");
    return length;
}

static void restarting(void)
{
    print("-- SA_RESTART begins a read again, otherwise it is EINTR; a nanosleep is EINTR either way\n");
    interrupted_read(0);
    interrupted_read(SA_RESTART);
    struct timespec long_time = {1000, 0}, left = {0, 0};
    repeat_alarm(20000);
    show(nanosleep(&long_time, &left));
    repeat_alarm(0);
    holds(left.tv_sec >= 900 && left.tv_sec < 1000);
    print("-- a stop and continue without a handler interrupts nothing\n");
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        pause_milliseconds(30);
        kill(parent, SIGCONT);
        _exit(0);
    }
    int status;
    show(waitpid(child, &status, 0) == child);
    struct timespec short_time = {0, 20000000};
    show(nanosleep(&short_time, 0));
}

static void on_alternate(int number)
{
    char here;
    stack_t stack;
    print("SIG%s on the alternate stack: %d\n", sigabbrev_np(number), &here > alternate && &here < alternate + sizeof alternate);
    show(sigaltstack(0, &stack));
    print("flags %d\n", stack.ss_flags);
    stack.ss_flags = 0;
    show(sigaltstack(&stack, 0));
}

static int overflow(int level)
{
    volatile char frame[PAGE];
    frame[0] = level;
    return level == -1 ? 0 : overflow(level + 1) + frame[0];
}

static void on_overflow(int number)
{
    char here;
    print("SIG%s after a stack overflow, on the alternate stack: %d\n", sigabbrev_np(number),
          &here > alternate && &here < alternate + sizeof alternate);
    _exit(6);
}

static void overflow_child(void)
{
    handle(SIGSEGV, on_overflow, SA_ONSTACK);
    overflow(0);
}

static void overflow_without(void)
{
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, 0);
    handle(SIGSEGV, on_overflow, SA_ONSTACK);
    overflow(0);
}

static void alternate_stacks(void)
{
    print("-- alternate stacks\n");
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, old;
    show(sigaltstack(&stack, &old));
    print("before: flags %d\n", old.ss_flags);
    handle(SIGUSR1, on_alternate, SA_ONSTACK);
    raise(SIGUSR1);
    stack.ss_size = 100;
    show(sigaltstack(&stack, 0));
    stack.ss_flags = 77;
    show(sigaltstack(&stack, 0));
    in_child("overflow with an alternate stack", overflow_child);
    in_child("overflow without", overflow_without);
}

static void suspending(void)
{
    print("-- sigsuspend waits with another mask and puts the old one back\n");
    handle(SIGUSR1, count, 0);
    handle(SIGUSR2, count, 0);
    sigset_t both, none, now;
    sigemptyset(&none);
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    sigprocmask(SIG_BLOCK, &both, 0);
    calls = 0;
    raise(SIGUSR1);
    sigdelset(&both, SIGUSR1);
    show(sigsuspend(&both));
    show(calls);
    sigprocmask(SIG_SETMASK, 0, &now);
    print("blocked again: USR1 %d USR2 %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
    pid_t parent = getpid();
    if (fork() == 0) {
        pause_milliseconds(20);
        kill(parent, SIGUSR2);
        _exit(0);
    }
    show(sigsuspend(&none));
    show(calls);
    wait(0);
    sigaddset(&both, SIGUSR1);
    raise(SIGUSR2);
    int number;
    show(sigwait(&both, &number));
    print("sigwait took SIG%s\n", sigabbrev_np(number));
    sigprocmask(SIG_SETMASK, &none, 0);
    show(calls);
}

static void interval(void)
{
    print("-- an interval timer repeats until it is stopped\n");
    handle(SIGALRM, count, 0);
    calls = 0;
    struct itimerval timer = {{0, 5000}, {0, 5000}}, old;
    show(setitimer(ITIMER_REAL, &timer, 0));
    while (calls < 300)
        pause();
    struct itimerval stop = {{0, 0}, {0, 0}};
    show(setitimer(ITIMER_REAL, &stop, &old));
    print("interval %ld us\n", (long) old.it_interval.tv_usec);
    show(alarm(10));
    show(alarm(0));
}

/* Blocked, a signal of a child waits until it is asked for, and tells of the first event only. */
static void children(void)
{
    print("-- SIGCHLD tells what became of a child\n");
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, 0);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    siginfo_t told;
    struct {
        int send, code;
    } events[] = {{SIGSTOP, CLD_STOPPED}, {SIGCONT, CLD_CONTINUED}, {SIGKILL, CLD_KILLED}};
    for (int i = 0; i < 3; i++) {
        kill(child, events[i].send);
        show(sigwaitinfo(&set, &told));
        print("code %d as expected: %d, own child: %d, uid %d, status %d\n", told.si_code, told.si_code == events[i].code,
              told.si_pid == child, told.si_uid, told.si_status);
    }
    waitpid(child, 0, 0);
    sigprocmask(SIG_UNBLOCK, &set, 0);
}

/* The child says when it is ready by the pipe, and hears of its parent's end by what waits for it. */
static void parents_end(int number, const char *name)
{
    print("-- a parent's end: %s\n", name);
    int answers[2];
    need(pipe(answers) == 0);
    pid_t parent = fork();
    if (parent == 0) {
        int ready[2];
        char byte;
        need(pipe(ready) == 0);
        if (fork() == 0) {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, number);
            sigprocmask(SIG_BLOCK, &set, 0);
            need(prctl(PR_SET_PDEATHSIG, number) == 0);
            need(write(ready[1], "", 1) == 1);
            siginfo_t told;
            print("waits: %s\n", sigwaitinfo(&set, &told) == number ? "comes" : "fails");
            need(write(answers[1], "", 1) == 1);
            _exit(0);
        }
        need(read(ready[0], &byte, 1) == 1);
        _exit(0);
    }
    char byte;
    waitpid(parent, 0, 0);
    need(read(answers[0], &byte, 1) == 1);
    close(answers[0]);
    close(answers[1]);
}

int main(void)
{
    information();
    masks();
    ignoring();
    nesting();
    restarting();
    alternate_stacks();
    suspending();
    interval();
    children();
    parents_end(SIGUSR1, "a standard signal");
    parents_end(SIGRTMIN + 3, "a real-time signal");
    return 0;
}

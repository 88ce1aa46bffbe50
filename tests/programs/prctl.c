/* prctl(2): each option's results and errors, and what a child begins with. */
#include "check.h"
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define get_int(option) \
    ({ \
        int value_ = -77; \
        show(prctl(option, &value_)); \
        value_; \
    })

static char *slack(void)
{
    static char text[40];
    int file = open("/proc/self/timerslack_ns", O_RDONLY);
    int length = read(file, text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    close(file);
    return text;
}

static void children_get(void)
{
    print("pdeathsig %d\n", get_int(PR_GET_PDEATHSIG));
    print("subreaper %d\n", get_int(PR_GET_CHILD_SUBREAPER));
    show(prctl(PR_GET_DUMPABLE));
    show(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    show(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
    show(prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0));
    show(prctl(PR_GET_KEEPCAPS));
    show(prctl(PR_GET_TIMERSLACK));
    show(prctl(PR_SET_TIMERSLACK, 0));
    show(prctl(PR_GET_TIMERSLACK));
    char name[17] = "";
    show(prctl(PR_GET_NAME, name));
    print("name %s\n", name);
    show(prctl(PR_SET_IO_FLUSHER, 0, 0, 0, 0));
}

static void signals(void)
{
    print("-- PDEATHSIG\n");
    show(prctl(PR_SET_PDEATHSIG, 65));
    show(prctl(PR_SET_PDEATHSIG, -1));
    show(prctl(PR_SET_PDEATHSIG, 64));
    print("%d\n", get_int(PR_GET_PDEATHSIG));
    show(prctl(PR_SET_PDEATHSIG, 1ull << 32 | SIGUSR1));
    show(prctl(PR_GET_PDEATHSIG, wild));
    show(prctl(PR_SET_PDEATHSIG, SIGUSR2));
}

static void simple(void)
{
    print("-- simple ones\n");
    show(prctl(PR_SET_DUMPABLE, 2));
    show(prctl(PR_SET_DUMPABLE, -1));
    show(prctl(PR_SET_DUMPABLE, 0));
    show(prctl(PR_GET_DUMPABLE));
    show(prctl(PR_SET_DUMPABLE, 1));
    show(prctl(PR_SET_NAME, wild));
    show(prctl(PR_SET_NAME, "a name that is far too long"));
    char name[17] = "";
    show(prctl(PR_GET_NAME, name));
    print("name %s\n", name);
    show(prctl(PR_GET_NAME, wild));
    show(prctl(PR_GET_TIMING));
    show(prctl(PR_SET_TIMING, PR_TIMING_STATISTICAL));
    show(prctl(PR_SET_TIMING, PR_TIMING_TIMESTAMP));
    show(prctl(PR_GET_UNALIGN, name));
    show(prctl(PR_SET_UNALIGN, 1));
    show(prctl(PR_GET_FPEMU, name));
    show(prctl(PR_SET_FPEMU, 1));
    show(prctl(PR_GET_FPEXC, name));
    show(prctl(PR_GET_ENDIAN, name));
    show(prctl(PR_SET_ENDIAN, 0));
    show(prctl(PR_GET_SECCOMP));
    print("tsc %d\n", get_int(PR_GET_TSC));
    show(prctl(PR_GET_TSC, wild));
    show(prctl(PR_SET_TSC, PR_TSC_ENABLE));
    show(prctl(PR_SET_TSC, 3));
    show(prctl(PR_TASK_PERF_EVENTS_DISABLE));
    show(prctl(PR_TASK_PERF_EVENTS_ENABLE));
    show(prctl(PR_SVE_GET_VL));
    show(prctl(PR_GET_FP_MODE));
    show(prctl(-1));
    show(prctl(0));
    show(prctl(9999));
    show(prctl(PR_SET_CHILD_SUBREAPER, 17));
    print("subreaper %d\n", get_int(PR_GET_CHILD_SUBREAPER));
    show(prctl(PR_GET_CHILD_SUBREAPER, wild));
    long address = 5;
    show(prctl(PR_GET_TID_ADDRESS, &address));
    syscall(SYS_set_tid_address, &address);
    long now = 0;
    show(prctl(PR_GET_TID_ADDRESS, &now));
    holds(now == (long) &address);
    show(prctl(PR_GET_TID_ADDRESS, wild));
}

static void strict(void)
{
    print("-- no_new_privs\n");
    show(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 1));
    show(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
    show(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 1, 0));
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    show(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    print("-- large pages\n");
    show(prctl(PR_SET_THP_DISABLE, 1, 0, 1, 0));
    show(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0));
    show(prctl(PR_SET_THP_DISABLE, 7, 0, 0, 0));
    show(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    print("-- broken memory\n");
    show(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, 3, 0, 0));
    prctl(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0);
    show(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 1, 0));
    show(prctl(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 1, 0, 0));
    show(prctl(PR_MCE_KILL, 2, 0, 0, 0));
    show(prctl(PR_MCE_KILL_GET, 1, 0, 0, 0));
    show(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
    show(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_LATE, 0, 0));
    show(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
    show(prctl(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0));
    show(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
    show(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0));
    print("-- io\n");
    show(prctl(PR_SET_IO_FLUSHER, 2, 0, 0, 0));
    show(prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 1));
    show(prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
    show(prctl(PR_GET_IO_FLUSHER, 0, 1, 0, 0));
    show(prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0));
    print("-- speculation\n");
    show(prctl(PR_GET_SPECULATION_CTRL, 7, 0, 0, 0));
    show(prctl(PR_GET_SPECULATION_CTRL, 0, 1, 0, 0));
    show(prctl(PR_SET_SPECULATION_CTRL, 7, 2, 0, 0));
    show(prctl(PR_SET_SPECULATION_CTRL, 0, 2, 1, 0));
    print("-- slack\n");
    show(prctl(PR_GET_TIMERSLACK));
    show(prctl(PR_SET_TIMERSLACK, 70000));
    show(prctl(PR_GET_TIMERSLACK));
    print("%s", slack());
    show(prctl(PR_SET_TIMERSLACK, 0));
    show(prctl(PR_GET_TIMERSLACK));
    int file = open("/proc/self/timerslack_ns", O_WRONLY);
    show(write(file, "80000\n", 6));
    show(prctl(PR_GET_TIMERSLACK));
    show(prctl(PR_SET_KEEPCAPS, 1));
}

static void without_privileges(void)
{
    need(setuid(1000) == 0);
    show(prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
    show(prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0));
    show(prctl(PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0));
    show(prctl(PR_CAPBSET_DROP, 1));
    show(prctl(PR_CAPBSET_DROP, 99));
    show(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT));
    show(prctl(PR_SET_KEEPCAPS, 1));
    print("pdeathsig %d\n", get_int(PR_GET_PDEATHSIG));
    show(prctl(PR_GET_DUMPABLE));
}

static int ends[2], up[2];
static volatile sig_atomic_t told;

static void on_signal(int number)
{
    told = number;
}

/* The child of this one is told of its end. */
static void parent_to_be(void)
{
    if (fork() == 0) {
        struct sigaction action = {.sa_handler = on_signal};
        sigset_t blocked, before;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGUSR2);
        sigprocmask(SIG_BLOCK, &blocked, &before);
        sigaction(SIGUSR2, &action, 0);
        prctl(PR_SET_PDEATHSIG, SIGUSR2);
        write(ends[1], "x", 1);
        while (!told)
            sigsuspend(&before);
        print("told by SIG%s\n", sigabbrev_np(told));
        write(up[1], "x", 1);
        _exit(0);
    }
    char byte;
    read(ends[0], &byte, 1);
}

int main(void)
{
    signals();
    simple();
    strict();
    print("-- a child\n");
    in_child("child", children_get);
    print("-- another user\n");
    in_child("user", without_privileges);
    print("-- the parent's end\n");
    pipe(ends);
    pipe(up);
    pid_t parent = fork();
    if (parent == 0) {
        parent_to_be();
        _exit(0);
    }
    char byte;
    read(up[0], &byte, 1);
    waitpid(parent, 0, 0);
    return 0;
}

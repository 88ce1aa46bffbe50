/* The statuses that wait4 and waitid report, whom they wait for, and orphans. */
#include "check.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static pid_t start(void (*body)(void))
{
    pid_t child = fork();
    need(child >= 0);
    if (child == 0) {
        body();
        _exit(0);
    }
    return child;
}

static void sleeper(void)
{
    for (;;)
        pause();
}

static void exits(void)
{
    _exit(0x1ff);
}

static void falls(void)
{
    *(volatile int *) wild = 1;
}

static void aborts(void)
{
    abort();
}

static void statuses(void)
{
    print("-- statuses\n");
    in_child("exit(0x1ff)", exits);
    in_child("null pointer", falls);
    in_child("abort", aborts);
    static const int signals[] = {SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGPIPE, SIGALRM, SIGUSR1, 40};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        pid_t child = start(sleeper);
        int status;
        need(kill(child, signals[i]) == 0 && waitpid(child, &status, 0) == child);
        print("signal %d: %s by %d\n", signals[i], WIFSIGNALED(status) ? "killed" : "not killed", WTERMSIG(status));
    }
}

static void stop_and_continue(void)
{
    print("-- stopped and continued children\n");
    int status;
    pid_t child = start(sleeper);
    kill(child, SIGSTOP);
    show(waitpid(child, &status, WUNTRACED) == child);
    print_status("child", status);
    show(waitpid(child, &status, WUNTRACED | WNOHANG));
    kill(child, SIGCONT);
    show(waitpid(child, &status, WCONTINUED) == child);
    print_status("child", status);
    show(waitpid(child, &status, WCONTINUED | WNOHANG));
    /* SIGTSTP stops no orphaned process group: this one has its parent in another group of the same session. */
    need(setpgid(child, child) == 0);
    kill(child, SIGTSTP);
    siginfo_t information;
    show(waitid(P_PID, child, &information, WSTOPPED | WNOWAIT));
    print("waitid: code %d (CLD_STOPPED %d) status %d, pid right %d\n", information.si_code, CLD_STOPPED, information.si_status,
          information.si_pid == child);
    show(waitid(P_PID, child, &information, WSTOPPED | WNOHANG));
    kill(child, SIGTERM);
    print("a stopped process does not die of SIGTERM until it is continued: ");
    show(waitpid(child, &status, WNOHANG));
    kill(child, SIGCONT);
    show(waitpid(child, &status, 0) == child);
    print_status("child", status);
    child = start(sleeper);
    kill(child, SIGSTOP);
    need(waitpid(child, &status, WUNTRACED) == child);
    kill(child, SIGKILL);
    show(waitpid(child, &status, 0) == child);
    print_status("SIGKILL while stopped", status);
}

static void selection(void)
{
    print("-- whom a wait waits for\n");
    int status;
    show(waitpid(-1, &status, 0));
    show(waitpid(1, &status, 0));
    show(waitpid(-1, &status, 0x1000000));
    pid_t first = start(exits), second = start(sleeper);
    show(waitpid(second, &status, WNOHANG));
    show(waitpid(first, &status, 0) == first);
    show(waitpid(first, &status, 0));
    kill(second, SIGKILL);
    show(waitpid(-1, &status, 0) == second);
    pid_t grouped = start(sleeper);
    need(setpgid(grouped, grouped) == 0);
    show(waitpid(0, &status, WNOHANG));
    show(waitpid(-grouped, &status, WNOHANG));
    kill(-grouped, SIGKILL);
    struct rusage usage;
    show(wait4(-grouped, &status, 0, &usage) == grouped);
    print_status("group", status);
    pid_t kept = start(exits);
    siginfo_t information;
    show(waitid(P_ALL, 0, &information, WEXITED | WNOWAIT));
    print("code %d status %d\n", information.si_code, information.si_status);
    show(waitid(P_PID, kept, &information, WEXITED));
    show(waitid(P_PID, kept, &information, WEXITED));
    show(waitid(P_ALL, 0, &information, 0));
}

static void orphans(void)
{
    print("-- an orphan is adopted\n");
    int ends[2];
    need(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        pid_t middle = getpid();
        if (fork() == 0) {
            while (getppid() == middle)
                pause_milliseconds(1);
            write(ends[1], "adopted", 8);
            _exit(0);
        }
        _exit(0);
    }
    int status;
    need(waitpid(child, &status, 0) == child);
    char text[8];
    need(read(ends[0], text, 8) == 8);
    print("%s\n", text);
    show(waitpid(-1, &status, 0));
}

/* A child that ends with a status when a pipe does. */
static pid_t clone_until_closed(long flags, int ends[2], int status)
{
    pid_t child = syscall(SYS_clone, flags, 0, 0, 0, 0);
    if (child == 0) {
        char none;
        close(ends[1]);
        read(ends[0], &none, 1);
        _exit(status);
    }
    return child;
}

/* clone(2): who is adopted sends SIGCHLD, and with CLONE_PARENT the signal is the caller's own. */
static void silent_orphans(void)
{
    print("-- children without a signal are waited for like others once they are adopted\n");
    int ends[2], status;
    need(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && pipe(ends) == 0);
    pid_t middle = fork();
    if (middle == 0) {
        need(clone_until_closed(0, ends, 7) > 0);
        need(clone_until_closed(CLONE_PARENT | SIGUSR1, ends, 9) > 0);
        pid_t zombie = syscall(SYS_clone, 0L, 0, 0, 0, 0);
        if (zombie == 0)
            _exit(8);
        show(waitid(P_PID, zombie, &(siginfo_t){0}, WEXITED | WNOWAIT | __WALL));
        show(waitpid(-1, &status, 0));
        _exit(0);
    }
    need(waitpid(middle, &status, 0) == middle);
    close(ends[1]);
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        show(waitpid(-1, &status, 0) > 0);
        sum += WEXITSTATUS(status);
    }
    print("statuses add up to %d\n", sum);
    show(waitpid(-1, &status, __WALL));
    need(prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}

static void ignored_children(void)
{
    print("-- with SIGCHLD ignored children leave no zombie, and wait waits for the last of them\n");
    signal(SIGCHLD, SIG_IGN);
    start(exits);
    start(exits);
    int status;
    show(waitpid(-1, &status, 0));
    signal(SIGCHLD, SIG_DFL);
}

int main(void)
{
    statuses();
    stop_and_continue();
    selection();
    orphans();
    silent_orphans();
    ignored_children();
    return 0;
}

/* The corners of making, replacing and waiting for processes (clone(2), execve(2), execveat(2), wait4(2), waitid(2), prctl(2)). */
#include "check.h"
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static long clone3_of(struct clone_args *args, size_t size)
{
    long child = syscall(SYS_clone3, args, size);
    if (child == 0)
        _exit(5);
    if (child > 0)
        waitpid(child, NULL, __WALL);
    return child > 0 ? 1 : child;
}

static void clones(void)
{
    struct clone_args args = {.exit_signal = SIGCHLD};
    show(clone3_of(&args, 63));
    show(clone3_of(&args, 64));
    show(clone3_of(&args, sizeof args));
    show(clone3_of(&args, 4097));
    show(clone3_of(wild, 64));
    char longer[200] = {0};
    memcpy(longer, &args, sizeof args);
    show(clone3_of((void *) longer, 200));
    longer[150] = 1;
    show(clone3_of((void *) longer, 200));
    args.exit_signal = 65;
    show(clone3_of(&args, 64));
    args.exit_signal = 0x111;
    show(clone3_of(&args, 64));
    args.exit_signal = 0;
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = 0xff, .exit_signal = 0};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_THREAD, .exit_signal = 0};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_SIGHAND, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_SIGHAND | CLONE_VM | CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_FS | CLONE_NEWNS, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_PARENT, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.flags = CLONE_DETACHED, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.stack = 4096, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.stack_size = 4096, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    args = (struct clone_args){.stack = 1UL << 63, .stack_size = 4096, .exit_signal = SIGCHLD};
    show(clone3_of(&args, 64));
    pid_t tids[2] = {1, 1};
    args = (struct clone_args){.exit_signal = SIGCHLD, .set_tid = (uintptr_t) tids, .set_tid_size = 2};
    show(clone3_of(&args, 80));
    args.set_tid_size = 33;
    show(clone3_of(&args, 80));
    args.set_tid_size = 1;
    show(clone3_of(&args, 80));
    args.set_tid = 0;
    show(clone3_of(&args, 80));
    args = (struct clone_args){.exit_signal = SIGCHLD, .set_tid = (uintptr_t) tids};
    show(clone3_of(&args, 80));
    tids[0] = 0;
    args.set_tid_size = 1;
    show(clone3_of(&args, 80));
    tids[0] = -1;
    show(clone3_of(&args, 80));
    args.set_tid = 16;
    show(clone3_of(&args, 80));
    args = (struct clone_args){.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = 0x100000000UL};
    show(clone3_of(&args, 88));
    args.flags = CLONE_PIDFD;
    args.pidfd = 16;
    show(clone3_of(&args, 88));
    show(syscall(SYS_clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, wild, 0, 0));
    show(syscall(SYS_clone, CLONE_PIDFD | CLONE_DETACHED | SIGCHLD, 0, wild, 0, 0));
    show(syscall(SYS_clone, CLONE_PIDFD | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, 0, wild, 0, 0));
    show(syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, wild, 0, 0));
    show(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0));
    show(syscall(SYS_clone, CLONE_THREAD | SIGCHLD, 0, 0, 0, 0));
    show(waitpid(-1, NULL, WNOHANG));
}

static void attempt(const char *what, int directory, const char *path, char *const arguments[], char *const environment[], int flags)
{
    errno = 0;
    syscall(SYS_execveat, directory, path, arguments, environment, flags);
    print("%s: %s\n", what, strerrorname_np(errno));
}

static void put(const char *name, const char *text, size_t length, int mode)
{
    int file = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    need(write(file, text, length) == (ssize_t) length);
    fchmod(file, mode);
    close(file);
}

static void executions(void)
{
    work_in_scratch_directory();
    char *arguments[] = {"x", NULL}, *none[] = {NULL}, *bad[] = {"x", wild, NULL};
    int here = open(".", O_RDONLY | O_DIRECTORY);
    put("empty", "", 0, 0700);
    put("text", "hello", 5, 0700);
    put("plain", "#!/bin/true\n", 12, 0600);
    put("interpreted", "#!/tmp/none\n", 12, 0700);
    put("blank", "#!\n", 3, 0700);
    put("spaces", "#!    \n", 7, 0700);
    put("directory", "#!/tmp\n", 7, 0700);
    put("self", "#! self\n", 8, 0700);
    put("elf", "\177ELF", 4, 0700);
    mkdir("sub", 0755);
    symlink("text", "link");
    symlink("loop", "loop");
    attempt("empty", AT_FDCWD, "empty", arguments, none, 0);
    attempt("text", AT_FDCWD, "text", arguments, none, 0);
    attempt("not executable", AT_FDCWD, "plain", arguments, none, 0);
    attempt("no interpreter", AT_FDCWD, "interpreted", arguments, none, 0);
    attempt("blank", AT_FDCWD, "blank", arguments, none, 0);
    attempt("spaces", AT_FDCWD, "spaces", arguments, none, 0);
    attempt("interpreter is a directory", AT_FDCWD, "directory", arguments, none, 0);
    attempt("its own interpreter", AT_FDCWD, "self", arguments, none, 0);
    attempt("short elf", AT_FDCWD, "elf", arguments, none, 0);
    attempt("directory", AT_FDCWD, "sub", arguments, none, 0);
    attempt("missing", AT_FDCWD, "missing", arguments, none, 0);
    attempt("loop", AT_FDCWD, "loop", arguments, none, 0);
    attempt("below a file", AT_FDCWD, "text/x", arguments, none, 0);
    attempt("empty name", AT_FDCWD, "", arguments, none, 0);
    attempt("empty name and path", AT_FDCWD, "", arguments, none, AT_EMPTY_PATH);
    attempt("directory as empty path", here, "", arguments, none, AT_EMPTY_PATH);
    attempt("bad descriptor", 77, "text", arguments, none, 0);
    attempt("bad descriptor, empty", 77, "", arguments, none, AT_EMPTY_PATH);
    attempt("absolute with bad descriptor", 77, "/tmp/none", arguments, none, 0);
    attempt("flags", AT_FDCWD, "text", arguments, none, 1);
    attempt("not followed", AT_FDCWD, "link", arguments, none, AT_SYMLINK_NOFOLLOW);
    attempt("not followed, no link", AT_FDCWD, "text", arguments, none, AT_SYMLINK_NOFOLLOW);
    attempt("bad path", AT_FDCWD, wild, arguments, none, 0);
    attempt("bad arguments", AT_FDCWD, "text", wild, none, 0);
    attempt("bad argument", AT_FDCWD, "text", bad, none, 0);
    attempt("bad environment", AT_FDCWD, "text", arguments, wild, 0);
    char *name = malloc(5000);
    memset(name, 'a', 5000);
    name[4999] = 0;
    attempt("long path", AT_FDCWD, name, arguments, none, 0);
    name[300] = 0;
    attempt("long name", AT_FDCWD, name, arguments, none, 0);
    char *large = malloc(140000);
    memset(large, 'a', 140000);
    large[131072] = 0;
    char *too_long[] = {large, NULL};
    attempt("string too long", AT_FDCWD, "/proc/self/exe", too_long, none, 0);
    int file = open("text", O_RDONLY | O_CLOEXEC);
    attempt("empty path of a file", file, "", arguments, none, AT_EMPTY_PATH);
    attempt("file as directory", file, "x", arguments, none, 0);
    file = open("interpreted", O_RDONLY | O_CLOEXEC);
    attempt("script to be closed", file, "", arguments, none, AT_EMPTY_PATH);
    file = open("link", O_PATH | O_NOFOLLOW);
    attempt("link as empty path", file, "", arguments, none, AT_EMPTY_PATH);
    file = open("text", O_WRONLY);
    attempt("open for writing", AT_FDCWD, "text", arguments, none, 0);
    attempt("descriptor for writing", file, "", arguments, none, AT_EMPTY_PATH);
    if (fork() == 0) {
        chmod("text", 0711);
        chmod(".", 0755);
        need(setresuid(1000, 1000, 1000) == 0);
        attempt("of another", AT_FDCWD, "plain", arguments, none, 0);
        attempt("executable, not readable", AT_FDCWD, "text", arguments, none, 0);
        _exit(0);
    }
    wait(NULL);
}

static void waiting(void)
{
    siginfo_t information;
    int status;
    struct rusage usage;
    show(waitpid(-1, &status, 0));
    show(waitpid(0, &status, 0));
    show(waitpid(getpid(), &status, 0));
    show(syscall(SYS_wait4, INT32_MIN, &status, 0, NULL));
    show(waitpid(-1, &status, 0x10));
    show(waitpid(-1, &status, WEXITED));
    show(waitpid(-1, &status, WNOWAIT));
    show(waitid(P_ALL, 0, &information, 0));
    show(waitid(P_ALL, 0, &information, WNOHANG));
    show(waitid(P_ALL, 0, &information, WEXITED | 0x100));
    show(waitid(P_ALL, 0, &information, WEXITED));
    show(waitid(P_PID, 0, &information, WEXITED));
    show(waitid(P_PID, -1, &information, WEXITED));
    show(waitid(P_PGID, -1, &information, WEXITED));
    show(waitid(P_PGID, 0, &information, WEXITED));
    show(waitid(P_PIDFD, -1, &information, WEXITED));
    show(waitid(P_PIDFD, 0, &information, WEXITED));
    show(waitid(P_PIDFD, 77, &information, WEXITED));
    show(waitid(7, 1, &information, WEXITED));
    pid_t child = fork();
    if (child == 0)
        pause();
    memset(&information, 0xff, sizeof information);
    show(waitid(P_PID, child, &information, WEXITED | WNOHANG));
    print("pid %d signo %d\n", information.si_pid, information.si_signo);
    show(waitid(P_PID, child, wild, WEXITED | WNOHANG));
    show(waitpid(child, wild, WNOHANG));
    kill(child, SIGSTOP);
    show(waitid(P_PID, child, &information, WSTOPPED) == 0 && information.si_code == CLD_STOPPED && information.si_status == SIGSTOP);
    show(waitid(P_PID, child, &information, WSTOPPED | WNOHANG));
    kill(child, SIGCONT);
    show(waitid(P_PID, child, &information, WCONTINUED | WNOWAIT) == 0 && information.si_code == CLD_CONTINUED && information.si_status == SIGCONT);
    show(waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status));
    print("status %x\n", status);
    kill(child, SIGKILL);
    show(waitid(P_PID, child, &information, WEXITED | WNOWAIT) == 0 && information.si_code == CLD_KILLED && information.si_status == SIGKILL);
    print("uid %d errno %d\n", information.si_uid, information.si_errno);
    show(waitpid(child, wild, 0));
    show(waitpid(child, &status, 0));
    child = syscall(SYS_clone, 0, 0, 0, 0, 0);
    if (child == 0)
        _exit(4);
    show(waitpid(child, &status, 0));
    show(waitpid(child, &status, __WCLONE) == child && WEXITSTATUS(status) == 4);
    child = fork();
    if (child == 0)
        _exit(6);
    show(waitpid(child, &status, __WCLONE));
    show(syscall(SYS_wait4, child, &status, __WALL, wild));
    show(syscall(SYS_wait4, child, &status, __WALL, &usage));
}

static void controls(void)
{
    int value;
    show(prctl(PR_SET_PDEATHSIG, 65));
    show(prctl(PR_SET_PDEATHSIG, -1));
    show(prctl(PR_GET_PDEATHSIG, wild));
    show(prctl(PR_SET_DUMPABLE, 2));
    show(prctl(PR_SET_DUMPABLE, 0));
    show(prctl(PR_GET_DUMPABLE));
    show(prctl(PR_SET_DUMPABLE, 1));
    show(prctl(PR_SET_NAME, wild));
    show(prctl(PR_GET_NAME, wild));
    show(prctl(PR_SET_SECCOMP, 0));
    show(prctl(PR_GET_SECCOMP));
    show(prctl(PR_SET_TIMING, 1));
    show(prctl(PR_GET_TIMING));
    show(prctl(PR_SET_TSC, 3));
    show(prctl(PR_GET_TSC, &value));
    show(prctl(PR_GET_TSC, wild));
    show(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
    show(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
    show(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    show(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 1));
    show(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0));
    show(prctl(PR_CAP_AMBIENT, 77, 0, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 77, 0, 0));
    show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 1));
    show(prctl(PR_CAPBSET_READ, 77));
    show(prctl(PR_CAPBSET_DROP, 77));
    show(prctl(PR_SET_SECUREBITS, 0x1000));
    show(prctl(PR_SET_KEEPCAPS, 2));
    show(prctl(PR_MCE_KILL, 5, 0, 0, 0));
    show(prctl(PR_MCE_KILL_GET, 1, 0, 0, 0));
    show(prctl(PR_SET_SPECULATION_CTRL, 77, 0, 0, 0));
    show(prctl(PR_GET_SPECULATION_CTRL, 77, 0, 0, 0));
    show(prctl(PR_SET_CHILD_SUBREAPER, 7));
    show(prctl(PR_GET_CHILD_SUBREAPER, &value));
    print("subreaper %d\n", value);
    show(prctl(PR_SET_TIMERSLACK, -1UL));
    show(prctl(PR_GET_TIMERSLACK) > 0);
    show(prctl(PR_SET_TIMERSLACK, 0));
    show(prctl(PR_GET_TIMERSLACK));
    show(prctl(PR_SET_FP_MODE, 0));
    show(prctl(PR_SET_UNALIGN, 1));
    show(prctl(PR_GET_UNALIGN, &value));
    show(prctl(PR_SET_ENDIAN, 0));
    show(prctl(PR_SET_FPEMU, 0));
    show(prctl(PR_SVE_GET_VL));
    show(prctl(PR_PAC_RESET_KEYS, 0, 0, 0, 0));
    show(prctl(9999));
    show(prctl(-1));
    show(prctl(PR_SET_MM, 0, 0, 0, 0));
    show(prctl(PR_SET_MM, PR_SET_MM_BRK, 1, 0, 0));
    show(prctl(PR_SET_MM, PR_SET_MM_START_CODE, 1, 5, 0));
    show(prctl(PR_SET_MM, 99, 4096, 0, 0));
    show(prctl(PR_SET_MM, PR_SET_MM_START_CODE, -1L, 0, 0));
    show(prctl(PR_SET_VMA, 1, 0, 0, 0));
    show(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 1, 4096, 0));
    void *p = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, PAGE, "some name"));
    show(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, PAGE, "bad[name"));
    show(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, p, 3 * PAGE, "name"));
    show(prctl(65, 1, 0, 0, 0));
    show(prctl(66, 0, 0, 0, 0));
    if (fork() == 0) {
        need(setresuid(1000, 1000, 1000) == 0);
        show(prctl(PR_SET_MM, PR_SET_MM_BRK, 1, 0, 0));
        show(prctl(PR_CAPBSET_DROP, 1));
        show(prctl(PR_SET_SECUREBITS, 0));
        show(prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
        show(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 1, 0, 0));
        _exit(0);
    }
    wait(NULL);
}

int main(void)
{
    in_child("clones", clones);
    in_child("executions", executions);
    in_child("waiting", waiting);
    in_child("controls", controls);
    return 0;
}

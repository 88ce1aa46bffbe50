/* unshare(2): what a thread shares with another process, and no longer. */
#include "check.h"
#include <grp.h>
#include <sys/sem.h>

static long share(long flags)
{
    return syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

static void files(void)
{
    print("-- descriptors, directory, umask\n");
    int null = open("/dev/null", O_RDWR);
    if (share(CLONE_FILES | CLONE_FS) == 0) {
        show(close(null));
        umask(077);
        show(unshare(CLONE_FILES | CLONE_FS));
        need(open("/dev/null", O_RDWR) == null);
        umask(007);
        need(chdir("/") == 0);
        _exit(0);
    }
    wait(0);
    char path[200];
    show(fcntl(null, F_GETFD));
    holds(umask(022) == 077);
    holds(getcwd(path, sizeof path) != 0 && strcmp(path, "/") != 0);
    show(unshare(CLONE_FILES | CLONE_FS));
    show(unshare(0));
}

static void semaphores(void)
{
    print("-- what is undone of semaphores\n");
    int set = semget(IPC_PRIVATE, 1, 0600);
    need(set >= 0);
    struct sembuf add = {0, 3, SEM_UNDO};
    need(semop(set, &add, 1) == 0);
    show(semctl(set, 0, GETVAL));
    show(unshare(CLONE_SYSVSEM));
    show(semctl(set, 0, GETVAL));
    need(semop(set, &add, 1) == 0);
    show(semctl(set, 0, GETVAL));
    if (share(CLONE_SYSVSEM) == 0) {
        need(semop(set, &add, 1) == 0);
        show(unshare(CLONE_SYSVSEM));
        show(semctl(set, 0, GETVAL));
        _exit(0);
    }
    wait(0);
    show(semctl(set, 0, GETVAL));
    need(semctl(set, 0, IPC_RMID) == 0);
}

static int ends[2];

static int second(void *unused)
{
    (void) unused;
    char byte;
    while (read(ends[0], &byte, 1) < 0)
        ;
    return 0;
}

static char stack[65536] __attribute__((aligned(16)));

static void questions(long flags)
{
    need(pipe(ends) == 0);
    pid_t tid = clone(second, stack + sizeof stack, flags, 0);
    need(tid > 0);
    show(unshare(CLONE_THREAD));
    show(unshare(CLONE_SIGHAND));
    show(unshare(CLONE_VM));
    show(unshare(CLONE_FILES));
    need(write(ends[1], "x", 1) == 1);
    waitpid(tid, 0, 0);
}

static void memory(void)
{
    print("-- memory: nothing is done, but the question is answered\n");
    show(unshare(CLONE_THREAD));
    show(unshare(CLONE_SIGHAND));
    show(unshare(CLONE_VM));
    print("beside a process with the same memory\n");
    questions(CLONE_VM | CLONE_SIGHAND | SIGCHLD);
    show(unshare(CLONE_VM));
    print("beside a thread\n");
    questions(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD);
}

static void refused(void)
{
    print("-- refused\n");
    show(unshare(1));
    show(unshare(CLONE_PARENT));
    show(unshare(CLONE_IO));
    need(setgroups(0, 0) == 0 && setresuid(4711, 4711, 4711) == 0);
    show(unshare(CLONE_NEWNS));
    show(unshare(CLONE_NEWUTS));
    show(unshare(CLONE_NEWPID | CLONE_FILES));
}

int main(void)
{
    work_in_scratch_directory();
    files();
    semaphores();
    memory();
    in_child("refused", refused);
    return 0;
}

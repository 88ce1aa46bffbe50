/* System V semaphores: operations that are done whole or not at all, waiting, undoing, commands. */
#include "check.h"
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <time.h>

static int id;

static int op(int semaphore, int change, int flags)
{
    struct sembuf b = {semaphore, change, flags};
    return semop(id, &b, 1);
}

static int get(int semaphore)
{
    return semctl(id, semaphore, GETVAL);
}

static void await_waiting(int semaphore, int command, int count)
{
    while (semctl(id, semaphore, command) != count)
        sched_yield();
}

static void making(void)
{
    print("-- semget\n");
    key_t key = getpid() | 0x40000000;
    show(semget(key, 3, 0600));
    id = semget(key, 3, IPC_CREAT | 0600);
    need(id >= 0);
    holds(semget(key, 0, 0) == id);
    show(semget(key, 4, 0));
    show(semget(key, 3, IPC_CREAT | IPC_EXCL | 0600));
    show(semget(IPC_PRIVATE, 0, 0600));
    show(semget(IPC_PRIVATE, -1, 0600));
    show(semget(IPC_PRIVATE, 32001, 0600));
    struct semid_ds s;
    show(semctl(id, 0, IPC_STAT, &s));
    print("semaphores %lu mode %o otime %ld\n", (unsigned long) s.sem_nsems, s.sem_perm.mode, (long) s.sem_otime);
}

static void values(void)
{
    print("-- values\n");
    show(get(0));
    show(semctl(id, 0, SETVAL, 5));
    show(get(0));
    show(semctl(id, 0, SETVAL, 32768));
    show(semctl(id, 0, SETVAL, -1));
    show(semctl(id, 3, SETVAL, 1));
    show(semctl(id, -1, GETVAL));
    show(semctl(id, 3, GETVAL));
    unsigned short all[3] = {1, 2, 3};
    show(semctl(id, 0, SETALL, all));
    memset(all, 0, sizeof all);
    show(semctl(id, 0, GETALL, all));
    print("%d %d %d\n", all[0], all[1], all[2]);
    all[1] = 40000;
    show(semctl(id, 0, SETALL, all));
    show(semctl(id, 0, SETALL, wild));
    show(semctl(id, 0, GETALL, wild));
    show(semctl(id, 0, 99, 0));
    holds(semctl(id, 1, GETPID) == getpid());
}

static void operating(void)
{
    print("-- semop\n");
    show(op(0, 3, 0));
    show(get(0));
    show(op(0, -5, IPC_NOWAIT));
    show(op(0, -4, IPC_NOWAIT));
    show(get(0));
    show(op(0, 0, IPC_NOWAIT));
    show(op(1, 0, IPC_NOWAIT));
    show(op(3, 1, 0));
    show(op(0, 32767, 0));
    show(op(0, 1, 0));
    need(semctl(id, 0, SETVAL, 1) == 0);
    struct sembuf two[2] = {{0, -1, IPC_NOWAIT}, {1, -9, IPC_NOWAIT}};
    show(semop(id, two, 2));
    print("%d %d\n", get(0), get(1));
    struct sembuf again[3] = {{0, -1, 0}, {0, 0, IPC_NOWAIT}, {0, 1, 0}};
    show(semop(id, again, 3));
    print("%d\n", get(0));
    struct sembuf many[501];
    memset(many, 0, sizeof many);
    show(semop(id, many, 501));
    show(semop(id, many, 0));
    show(semop(-1, many, 1));
    show(semop(id + 1, many, 1));
    show(semop(id, wild, 1));
    struct timespec t = {0, 1000000};
    struct sembuf wait = {0, -100, 0};
    show(semtimedop(id, &wait, 1, &t));
    t.tv_nsec = 1000000000;
    show(semtimedop(id, &wait, 1, &t));
    show(semtimedop(id, &wait, 1, wild));
}

static void takes_two(void)
{
    show(op(0, -2, 0));
}

static void waiting(void)
{
    print("-- waiting\n");
    need(semctl(id, 0, SETVAL, 0) == 0);
    pid_t child = fork();
    if (child == 0) {
        takes_two();
        _exit(0);
    }
    await_waiting(0, GETNCNT, 1);
    show(semctl(id, 0, GETZCNT));
    show(op(0, 1, 0));
    show(semctl(id, 0, GETNCNT));
    need(op(0, 1, 0) == 0);
    int status;
    waitpid(child, &status, 0);
    print_status("child", status);
    show(get(0));
    holds(semctl(id, 0, GETPID) == child);

    need(semctl(id, 0, SETVAL, 1) == 0);
    child = fork();
    if (child == 0) {
        show(op(0, 0, 0));
        _exit(0);
    }
    await_waiting(0, GETZCNT, 1);
    show(semctl(id, 0, GETNCNT));
    need(op(0, -1, 0) == 0);
    waitpid(child, &status, 0);
    print_status("child", status);
}

static void interrupted(int signal)
{
    (void) signal;
}

static void interrupting(void)
{
    print("-- interrupted, removed\n");
    struct sigaction action = {.sa_handler = interrupted, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    int ends[2];
    need(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        show(op(0, -2, 0));
        need(write(ends[1], "x", 1) == 1);
        show(op(0, -2, 0));
        _exit(0);
    }
    char byte;
    await_waiting(0, GETNCNT, 1);
    kill(child, SIGUSR1);
    need(read(ends[0], &byte, 1) == 1);
    await_waiting(0, GETNCNT, 1);
    need(semctl(id, 0, IPC_RMID) == 0);
    int status;
    waitpid(child, &status, 0);
    print_status("child", status);
    show(op(0, 1, 0));
    show(semctl(id, 0, IPC_RMID));
}

static void changes_with_undo(void)
{
    show(op(0, 5, SEM_UNDO));
    show(op(1, -3, SEM_UNDO));
    show(op(2, -3, SEM_UNDO));
    show(op(2, 1, SEM_UNDO));
    print("%d %d %d\n", get(0), get(1), get(2));
}

static void set_after_undo(void)
{
    show(op(0, -5, SEM_UNDO));
    show(semctl(id, 0, SETVAL, 2));
}

static void *in_thread(void *unused)
{
    show(op(0, -1, SEM_UNDO));
    return unused;
}

static void threaded(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, in_thread, NULL);
    pthread_join(thread, NULL);
    print("after the thread: %d\n", get(0));
}

static void forked(void)
{
    show(op(0, -1, SEM_UNDO));
    in_child("grandchild", (void (*)(void)) takes_two);
    print("after the grandchild: %d\n", get(0));
}

static void undoing(void)
{
    print("-- SEM_UNDO\n");
    id = semget(IPC_PRIVATE, 3, 0600);
    unsigned short all[3] = {10, 10, 10};
    semctl(id, 0, SETALL, all);
    in_child("child", changes_with_undo);
    print("%d %d %d\n", get(0), get(1), get(2));
    in_child("child", set_after_undo);
    print("%d\n", get(0));
    semctl(id, 0, SETVAL, 10);
    in_child("threads", threaded);
    print("%d\n", get(0));
    in_child("forks", forked);
    print("%d\n", get(0));
    need(semctl(id, 0, IPC_RMID) == 0);
}

static void others(void)
{
    struct semid_ds s;
    need(setgid(1000) == 0 && setuid(1000) == 0);
    show(get(0));
    show(semctl(id, 0, SETVAL, 1));
    show(op(0, 0, IPC_NOWAIT));
    show(op(0, 1, IPC_NOWAIT));
    show(semctl(id, 0, IPC_STAT, &s));
    show(semctl(id, 0, IPC_SET, &s));
    show(semctl(id, 0, IPC_RMID));
}

static void permissions(void)
{
    print("-- permissions, limits\n");
    id = semget(IPC_PRIVATE, 2, 0604);
    in_child("others", others);
    struct semid_ds s;
    need(semctl(id, 0, IPC_STAT, &s) == 0);
    s.sem_perm.mode = 0606;
    show(semctl(id, 0, IPC_SET, &s));
    in_child("others", others);
    struct seminfo i;
    need(semctl(0, 0, IPC_INFO, &i) >= 0);
    print("mni %d mns %d msl %d opm %d vmx %d ume %d aem %d\n", i.semmni, i.semmns, i.semmsl, i.semopm, i.semvmx, i.semume,
          i.semaem);
    need(semctl(0, 0, SEM_INFO, &i) >= 0);
    print("sets %d semaphores %d\n", i.semusz, i.semaem);
    need(semctl(id, 0, IPC_RMID) == 0);
}

int main(void)
{
    making();
    values();
    operating();
    waiting();
    interrupting();
    undoing();
    permissions();
    return 0;
}

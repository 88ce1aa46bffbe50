/* Arguments of the calls of System V IPC. Keys are few, so that workers meet; numbers are those that calls have answered. */
#ifndef RANDOMCALLS_IPC_H
#define RANDOMCALLS_IPC_H

#include "values.h"
#include <sys/ipc.h>
#include <sys/sem.h>

/* Commands that all kinds have, then those of one kind. */
static const long ipc_commands[] = {IPC_RMID, IPC_SET, IPC_STAT, IPC_STAT, IPC_INFO, GETPID, GETVAL, GETALL, GETNCNT, GETZCNT, SETVAL, SETALL,
                                    SEM_STAT, SEM_INFO, SEM_STAT_ANY};

static long ipc_key(struct thread *t)
{
    return below(t, 16) ? below(t, 4) : any(t); /* 0: IPC_PRIVATE */
}

static long ipc_flags(struct thread *t)
{
    static const long flags[] = {IPC_CREAT | 0666, IPC_CREAT | 0600, IPC_CREAT | IPC_EXCL | 0666, 0};
    return below(t, 16) ? PICK(t, flags) : any(t);
}

static long ipc_number(struct thread *t, int kind)
{
    return below(t, 16) ? shared->ipc[kind][below(t, 8)] : any(t);
}

/* Remembers what a call has answered, so that others take it. */
static void keep_ipc(struct thread *t, long call, long result)
{
    int kind = call == SYS_shmget ? IPC_MEMORY : call == SYS_semget ? IPC_SEMAPHORES : call == SYS_msgget ? IPC_QUEUE : IPC_KINDS;
    if (kind != IPC_KINDS && result >= 0)
        shared->ipc[kind][below(t, 8)] = result;
}

static struct sembuf *semaphore_operations(struct thread *t)
{
    struct sembuf *made = structure(t, 8 * sizeof *made);
    for (int i = 0; i < 8 && own(t, made); i++)
        made[i] = (struct sembuf) {below(t, 4), (short) below(t, 5) - 2, (below(t, 2) ? IPC_NOWAIT : 0) | (below(t, 4) ? 0 : SEM_UNDO)};
    return made;
}

#endif

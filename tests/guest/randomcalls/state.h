/* What the workers' threads have and share, and how they call the kernel: without libc, whose state other threads may spoil. */
#ifndef RANDOMCALLS_STATE_H
#define RANDOMCALLS_STATE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, MAX_WORKERS = 16, MAX_THREADS = 8, MAX_CALLS = 512, DESCRIPTORS = 40, FIRST_DESCRIPTOR = 8 };

/* Where things lie; all else in a worker's address space is the program itself. */
#define SHARED_AT ((char *) 0x155550000)
#define PLAYGROUND_AT ((char *) 0x2aaaa0000)
#define SCRATCH_AT ((char *) 0x3bbbb0000)
enum { PLAYGROUND_SIZE = 16 << 20, SCRATCH_SIZE = 1 << 20 };

/* The parts of a thread's scratch memory. Between the buffer and the read-only page nothing is mapped. */
enum {
    BUFFER_SIZE = 64 << 10,
    READ_ONLY_AT = BUFFER_SIZE + PAGE,
    NO_ACCESS_AT = READ_ONLY_AT + PAGE,
    FILE_AT = NO_ACCESS_AT + PAGE,
    FILE_SIZE = 4 * PAGE,
    STRUCTURES_AT = 128 << 10,
    STRUCTURES_SIZE = 64 << 10,
    STACK_AT = 512 << 10
};

enum { IPC_MEMORY, IPC_SEMAPHORES, IPC_QUEUE, IPC_KINDS };

/* One thread of a worker: what it does now, and how often it has done something. */
struct slot {
    volatile long call;
    volatile long arguments[6];
    volatile long done;
};

/* Shared by the supervisor and all workers. */
struct shared {
    volatile long done;      /* calls made, without those that threads have not told yet */
    volatile long wanted;    /* calls to make in all */
    volatile int over;       /* the generation ends */
    volatile int children;   /* processes and threads that calls have made in this generation, about */
    volatile unsigned futexes[16];
    volatile long ipc[IPC_KINDS][8]; /* numbers that shmget(2) and its like have answered */
    long tried[MAX_CALLS], succeeded[MAX_CALLS];
    struct slot slots[MAX_WORKERS][MAX_THREADS];
};

static struct shared *const shared = (struct shared *) SHARED_AT;

/* A thread that makes calls. */
struct thread {
    uint64_t seed;
    char *scratch;
    size_t used; /* of the scratch memory's structures */
    int worker;
    int number;
    int depth; /* how many forks lie between it and a worker */
    long unsaid; /* calls that shared->done does not have yet */
    int stopped;
};

static uint64_t next_random(struct thread *t)
{
    t->seed ^= t->seed << 13;
    t->seed ^= t->seed >> 7;
    t->seed ^= t->seed << 17;
    return t->seed * 0x2545f4914f6cdd1dull >> 16;
}

static unsigned below(struct thread *t, unsigned limit)
{
    return next_random(t) % limit;
}

/* One of a list of longs. */
#define PICK(t, list) ((list)[below(t, sizeof(list) / sizeof *(list))])

/* A system call as the kernel sees it: a negative errno is the error. */
static long raw(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
    return result;
}

/* clone(2) onto a stack of its own, where the new thread calls `life` and never comes back. */
static long raw_clone(long flags, char *stack, void *parent_id, void *child_id, long tls, void (*life)(void *), void *argument)
{
    void **top = (void **) ((uintptr_t) stack & -16l);
    *--top = (void *) life;
    *--top = argument;
    long result;
    register long r10 asm("r10") = (long) child_id;
    register long r8 asm("r8") = tls;
    asm volatile("syscall\n\t"
                 "test %%rax, %%rax\n\t"
                 "jnz 1f\n\t"
                 "xor %%ebp, %%ebp\n\t"
                 "pop %%rdi\n\t"
                 "pop %%rax\n\t"
                 "call *%%rax\n\t"
                 "ud2\n"
                 "1:"
                 : "=a"(result)
                 : "a"(SYS_clone), "D"(flags), "S"(top), "d"(parent_id), "r"(r10), "r"(r8)
                 : "rcx", "r11", "memory");
    return result;
}

#endif

/* A worker: a process whose threads make calls until they have made enough, or die of it. */
#ifndef RANDOMCALLS_WORKER_H
#define RANDOMCALLS_WORKER_H

#include "calls.h"

enum { LIFE = 4000, CHILD_LIFE = 40, MAX_CHILDREN = 40, CHILD_STACK = 64 << 10, TICK_NANOSECONDS = 3000000, TELL_EVERY = 64, SPACE = 96 << 20, MOST_WRITTEN = 16 << 20 };

static void random_call(struct thread *t);

static _Noreturn void leave(int number)
{
    for (;;)
        raw(number, 0, 0, 0, 0, 0, 0);
}

static void tell(struct thread *t)
{
    __atomic_add_fetch(&shared->done, t->unsaid, __ATOMIC_RELAXED);
    t->unsaid = 0;
}

/* The life of what a call has forked: a few calls more. */
static void child_life(struct thread *t, int exit_call)
{
    t->depth++;
    t->unsaid = 0;
    t->seed += raw(SYS_gettid, 0, 0, 0, 0, 0, 0) * 0x9e3779b97f4a7c15ull | 1;
    for (unsigned left = below(t, CHILD_LIFE); left > 0 && !shared->over; left--)
        random_call(t);
    tell(t);
    __atomic_sub_fetch(&shared->children, 1, __ATOMIC_RELAXED);
    leave(exit_call);
}

static void process_life(void *thread)
{
    child_life(thread, SYS_exit_group);
}

static void thread_life(void *thread)
{
    child_life(thread, SYS_exit);
}

/* A stack for a child that shares this memory, with a state of its own at its end; 0 if there is no memory. */
static struct thread *new_stack(struct thread *t)
{
    char *stack = (char *) raw(SYS_mmap, 0, CHILD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if ((unsigned long) stack > -4096ul)
        return 0;
    struct thread *child = (struct thread *) (stack + CHILD_STACK - 512);
    *child = *t;
    return child;
}

static long counted(long result)
{
    if (result > 0)
        __atomic_add_fetch(&shared->children, 1, __ATOMIC_RELAXED);
    return result;
}

static long forked(struct thread *t, long result)
{
    if (result == 0)
        child_life(t, SYS_exit_group);
    return counted(result);
}

static const long thread_flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

static long clone_flags(struct thread *t)
{
    static const long flags[] = {SIGCHLD, CLONE_VM | SIGCHLD, CLONE_VM | CLONE_VFORK | SIGCHLD, CLONE_FILES | SIGCHLD, CLONE_FS | SIGCHLD,
                                 CLONE_PARENT | SIGCHLD, CLONE_VM | CLONE_SIGHAND, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD,
                                 CLONE_PARENT_SETTID | SIGUSR1, CLONE_NEWNS | SIGCHLD, CLONE_THREAD};
    return below(t, 3) == 0 ? thread_flags : below(t, 16) ? PICK(t, flags) : PICK(t, flags) | any(t);
}

static long random_clone(struct thread *t)
{
    long flags = clone_flags(t);
    void *parent_id = structure(t, 8), *child_id = structure(t, 8);
    if (!(flags & CLONE_VM))
        return forked(t, raw(SYS_clone, flags, 0, (long) parent_id, (long) child_id, 0, 0));
    struct thread *child = new_stack(t);
    if (!child)
        return -ENOMEM;
    void (*life)(void *) = flags & CLONE_THREAD ? thread_life : process_life;
    return counted(raw_clone(flags & ~CLONE_SETTLS, (char *) child, parent_id, child_id, 0, life, child));
}

/* clone3(2) of what shares no memory; and its refusals. */
static long random_clone3(struct thread *t)
{
    unsigned long *arguments = structure(t, 88);
    if (own(t, arguments)) {
        unsigned long flags = clone_flags(t);
        memset(arguments, 0, 88);
        arguments[0] = flags & ~(CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | 0xfful);
        arguments[4] = below(t, 4) ? SIGCHLD : (unsigned long) any(t);
        if (below(t, 8) == 0)
            arguments[below(t, 11)] = any(t);
        arguments[0] &= ~(unsigned long) CLONE_VM;
    }
    return forked(t, raw(SYS_clone3, (long) arguments, below(t, 8) ? 88 : size(t), 0, 0, 0, 0));
}

static long fork_and_leave(void)
{
    long result;
    asm volatile("syscall; test %%rax, %%rax; jnz 1f; mov %1, %%eax; xor %%edi, %%edi; syscall; ud2; 1:"
                 : "=a"(result)
                 : "i"(SYS_exit_group), "a"(SYS_vfork)
                 : "rcx", "r11", "rdi", "memory");
    return result;
}

static long random_exec(struct thread *t)
{
    static const char *const programs[] = {"/tests/.randomcalls", "/tests/.randomcalls", "/bin/busybox", "a", "shared"};
    char *program = copied(t, PICK(t, programs));
    char **arguments = words(t), **environment = below(t, 2) ? words(t) : 0;
    return raw(SYS_execve, (long) program, (long) arguments, (long) environment, 0, 0, 0);
}

/* Reads or writes memory that may be mapped: page faults of all kinds, some of them fatal. */
static long touch(struct thread *t)
{
    volatile char *at = (volatile char *) mapping_address(t);
    void *present = t->scratch;
    if (raw(SYS_mincore, (long) at & -PAGE, 1, (long) present, 0, 0, 0) == 0) {
        if (below(t, 2))
            *at = 1;
        return *at;
    }
    return -ENOMEM;
}

static long special(struct thread *t, long which)
{
    if (which == TOUCH)
        return touch(t);
    if (which == RETURN)
        return below(t, 2) ? raw(SYS_rt_sigreturn, 0, 0, 0, 0, 0, 0) : -EINVAL;
    if (which == UNKNOWN)
        return raw(below(t, 2) ? 500 + (long) below(t, 100) : any(t) | 1l << 20, 0, 0, 0, 0, 0, 0);
    if (which == EXEC)
        return t->depth || below(t, 8) == 0 ? random_exec(t) : -EINVAL;
    if (shared->children >= MAX_CHILDREN || t->depth > 3)
        return -EAGAIN;
    switch (which) {
    case FORK: return forked(t, raw(SYS_fork, 0, 0, 0, 0, 0, 0));
    case VFORK: return fork_and_leave();
    case CLONE: return random_clone(t);
    default: return random_clone3(t);
    }
}

/* Every call as often as its weight says. */
static unsigned short lots[4096];
static unsigned lots_count;

static int is_among(const char *name, char **names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return 1;
    return count == 0;
}

/* Only the calls of some names; all if there are none. */
static void draw_lots(char **names, int count)
{
    for (unsigned i = 0; i < CALLS; i++)
        for (int j = 0; is_among(calls[i].name, names, count) && j < calls[i].weight; j++)
            lots[lots_count++] = i;
}

static void random_call(struct thread *t)
{
    unsigned index = lots[below(t, lots_count)];
    const struct call *call = &calls[index];
    struct slot *slot = &shared->slots[t->worker][t->number];
    long arguments[6] = {0};
    t->used = 0;
    for (int i = 0; call->arguments[i]; i++)
        arguments[i] = argument(t, call->arguments[i]);
    if (t->depth == 0) {
        slot->call = index;
        for (int i = 0; i < 6; i++)
            slot->arguments[i] = arguments[i];
    }
    if (call->number == SYS_exit && below(t, 4))
        return;
    long result = call->number < 0 ? special(t, call->number)
                                   : raw(call->number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    keep_ipc(t, call->number, result);
    __atomic_add_fetch(&shared->tried[index], 1, __ATOMIC_RELAXED);
    if (result >= 0 || result < -4095)
        __atomic_add_fetch(&shared->succeeded[index], 1, __ATOMIC_RELAXED);
    if (t->depth == 0)
        slot->done++;
    if (++t->unsaid == TELL_EVERY)
        tell(t);
}

static long event_descriptor(struct thread *t)
{
    switch (below(t, 5)) {
    case 0: return raw(SYS_timerfd_create, below(t, 2), O_NONBLOCK, 0, 0, 0, 0);
    case 1: return raw(SYS_epoll_create1, 0, 0, 0, 0, 0, 0);
    case 2: return raw(SYS_eventfd2, below(t, 3), O_NONBLOCK, 0, 0, 0, 0);
    case 3: return raw(SYS_pidfd_open, raw(SYS_getpid, 0, 0, 0, 0, 0, 0), 0, 0, 0, 0, 0);
    default: return raw(SYS_memfd_create, (long) copied(t, "m"), 0, 0, 0, 0, 0);
    }
}

/* Opens again what calls have closed: files, and sockets that can still be connected. */
static void open_descriptors(struct thread *t)
{
    for (int i = 0; i < 10; i++) {
        long opened = i < 2   ? raw(SYS_socket, AF_UNIX, (1 + below(t, 2)) | SOCK_NONBLOCK, 0, 0, 0, 0)
                      : i < 4 ? event_descriptor(t)
                              : raw(SYS_openat, AT_FDCWD, (long) (below(t, 4) ? PICK(t, names) : PICK(t, places)),
                                    (below(t, 3) ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOCTTY | (below(t, 3) ? 0 : O_APPEND), 0, 0, 0);
        long wanted = FIRST_DESCRIPTOR + DESCRIPTORS / 2 + below(t, DESCRIPTORS / 2);
        if (opened >= 0 && opened != wanted) {
            raw(SYS_dup2, opened, wanted, 0, 0, 0, 0);
            raw(SYS_close, opened, 0, 0, 0, 0, 0);
        }
    }
}

static void main_life(void *thread)
{
    struct thread *t = thread;
    for (int left = LIFE; left > 0 && !shared->over; left--) {
        if (left % 100 == 0)
            open_descriptors(t);
        random_call(t);
        if (shared->done >= shared->wanted)
            break;
    }
    tell(t);
    leave(SYS_exit);
}

static long map(char *at, long size, int protection, int flags, int file)
{
    return raw(SYS_mmap, (long) at, size, protection, flags | MAP_FIXED, file, 0);
}

static void map_scratch(char *scratch, int file)
{
    map(scratch, BUFFER_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    map(scratch + READ_ONLY_AT, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    map(scratch + NO_ACCESS_AT, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    map(scratch + FILE_AT, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file);
    map(scratch + STRUCTURES_AT, STRUCTURES_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    map(scratch + STACK_AT, SCRATCH_SIZE - STACK_AT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* Ends the waits of all threads again and again; over when none is left. */
static void tick(const long *threads, int count)
{
    long process = raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
    for (int alive = count; alive > 0;) {
        struct timespec time = {0, TICK_NANOSECONDS};
        raw(SYS_nanosleep, (long) &time, 0, 0, 0, 0, 0);
        alive = 0;
        for (int i = 0; i < count; i++)
            alive += raw(SYS_tgkill, process, threads[i], SIGUSR1, 0, 0, 0) == 0;
    }
}

/* To begin with, few signals kill. */
static void handle_signals(void)
{
    struct kernel_action handled = {on_signal, 0x04000000 | SA_RESTART, restore, 0}; /* SA_RESTORER */
    for (int i = 1; i <= 64; i++)
        if (i != SIGSEGV && i != SIGBUS && i != SIGILL && i != SIGTRAP && i != SIGFPE && i != SIGCHLD)
            raw(SYS_rt_sigaction, i, (long) &handled, 0, 8, 0, 0);
    handled.flags &= ~(unsigned long) SA_RESTART;
    raw(SYS_rt_sigaction, SIGUSR1, (long) &handled, 0, 8, 0, 0);
}

static _Noreturn void work(int worker, int threads, uint64_t seed)
{
    struct rlimit space = {SPACE, SPACE}, file_size = {MOST_WRITTEN, MOST_WRITTEN};
    setsid();
    setrlimit(RLIMIT_AS, &space);
    setrlimit(RLIMIT_FSIZE, &file_size); /* memfd_create(2)'s files are in no file system that is ever full */
    handle_signals();
    int file = open("shared", O_RDWR);
    map(PLAYGROUND_AT, PLAYGROUND_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    long ids[MAX_THREADS];
    int started = 0;
    for (int i = 0; i < threads; i++) {
        char *scratch = SCRATCH_AT + i * SCRATCH_SIZE;
        map_scratch(scratch, file);
        struct thread *t = (struct thread *) (scratch + SCRATCH_SIZE - 512);
        *t = (struct thread) {.seed = (seed + i + 1) * 0x9e3779b97f4a7c15ull | 1, .scratch = scratch, .worker = worker, .number = i};
        long id = raw_clone(thread_flags, (char *) t, 0, 0, 0, main_life, t);
        if (id > 0)
            ids[started++] = id;
    }
    tick(ids, started);
    leave(SYS_exit_group);
}

#endif

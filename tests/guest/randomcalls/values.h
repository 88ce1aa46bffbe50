/* What arguments are made of: each kind has values that mostly make sense, and now and then any thread draws anything. */
#ifndef RANDOMCALLS_VALUES_H
#define RANDOMCALLS_VALUES_H

#include "state.h"

static const long anything[] = {
    0, 1, 2, 3, 4, 7, 8, 9, 16, 31, 63, 64, 65, 127, 255, 256, 1023, 1024, 1025, 4095, 4096, 4097, 8191, 65535, 65536, 1 << 20,
    0x7fffffff, 0x80000000l, 0xffffffffl, 1l << 32, 1l << 40, 1l << 42, 1l << 43, 1l << 44, 1l << 46, (1l << 47) - 4096, (1l << 47) - 1,
    1l << 47, (long) 0xffff800000000000ul, (long) 0xffffffff80000000ul, 0x7fffffffffffffffl, (long) 0x8000000000000000ul, 0x7ffffffffffff000l,
    -1, -2, -3, -8, -100, -4095, -4096, -4097, -65536, 0x6874697320746f6el, 0x0101010101010101l,
};

static long any(struct thread *t)
{
    return below(t, 4) ? PICK(t, anything) : (long) (next_random(t) << 16 ^ next_random(t));
}

/* An address that is wrong in some way, or at least odd. */
static char *bad_pointer(struct thread *t)
{
    switch (below(t, 10)) {
    case 0: return 0;
    case 1: return t->scratch + BUFFER_SIZE - below(t, 64); /* runs into what is not mapped */
    case 2: return t->scratch + READ_ONLY_AT + below(t, PAGE);
    case 3: return t->scratch + NO_ACCESS_AT + below(t, PAGE);
    case 4: return t->scratch + FILE_AT + below(t, FILE_SIZE); /* pages of a file that others cut short */
    case 5: return PLAYGROUND_AT + below(t, PLAYGROUND_SIZE);
    case 6: return (char *) 0x400000 + below(t, 4 * PAGE);
    case 7: return SCRATCH_AT + below(t, MAX_THREADS) * SCRATCH_SIZE + below(t, BUFFER_SIZE); /* another thread's */
    default: return (char *) any(t);
    }
}

/* Whether a pointer is to the structures of this thread, which it may fill. */
static int own(struct thread *t, const void *pointer)
{
    const char *at = pointer;
    return at >= t->scratch + STRUCTURES_AT && at < t->scratch + STRUCTURES_AT + STRUCTURES_SIZE;
}

/* Room for a structure, filled with small numbers, old values or anything. */
static void *structure(struct thread *t, size_t size)
{
    if (below(t, 24) == 0)
        return bad_pointer(t);
    size = (size + 7) & -8l;
    if (t->used + size > STRUCTURES_SIZE)
        t->used = 0;
    char *made = t->scratch + STRUCTURES_AT + t->used;
    t->used += size;
    for (size_t i = 0; i < size && i < 512; i += 8)
        *(long *) (made + i) = below(t, 3) ? (long) below(t, 16) : any(t);
    return made;
}

/* The same, zeroed: for what makes sense only as a whole. */
static void *cleared(struct thread *t, size_t size)
{
    char *made = structure(t, size);
    return own(t, made) ? memset(made, 0, size) : 0;
}

static char *buffer(struct thread *t)
{
    return below(t, 12) ? t->scratch + below(t, BUFFER_SIZE / 2) : bad_pointer(t);
}

static long size(struct thread *t)
{
    static const long sizes[] = {0, 1, 7, 8, 100, 512, 4095, 4096, 4097, 16384, 65536, 65537, 1 << 20, 0x7fffffff, 0x80000000l, -1, 0x7fffffffffffffffl};
    return below(t, 3) ? below(t, 9000) : PICK(t, sizes);
}

static long descriptor(struct thread *t)
{
    switch (below(t, 20)) {
    case 0: return -1;
    case 1: return below(t, 4);
    case 2: return any(t);
    default: return FIRST_DESCRIPTOR + below(t, DESCRIPTORS);
    }
}

static long directory(struct thread *t)
{
    return below(t, 2) ? AT_FDCWD : descriptor(t);
}

static char *copied(struct thread *t, const char *text)
{
    char *made = structure(t, strlen(text) + 1);
    if (own(t, made))
        strcpy(made, text);
    return made;
}

/* Names of a small tree in which everybody works. */
static const char *const names[] = {"a", "b", "c", "d", "e", "d/a", "d/b", "d/e", "e/a", "e/d/a", "./a", "d/../b", "link", "loop", "fifo", "shared", "grow"};
static const char *const places[] = {"/", ".", "..", "", "/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/tty", "/proc", "/proc/self/stat",
                                     "/proc/self/maps", "/proc/self/fd", "/proc/self/fd/9", "/proc/self/task", "/proc/1/status", "/proc/meminfo",
                                     "/proc/self/cmdline", "/proc/biscotti/frames", "/proc/stat", "/bin/busybox", "/tmp", "/nonexistent/a", "a/b", "/sys", "/proc/self/mountinfo", "/proc/self/mounts",
                                     "/proc/self/status", "/proc/self/smaps", "/proc/self/statm", "/proc/self/limits", "/proc/self/cwd", "/proc/self/exe",
                                     "/proc/sysvipc/shm", "/proc/net/unix", "/proc/cpuinfo", "/proc/filesystems", "/dev/ptmx", "/dev/pts", "/dev/pts/0"};

/* A path that a call may change. */
static char *own_path(struct thread *t)
{
    if (below(t, 16))
        return copied(t, PICK(t, names));
    /* Long names: 255 bytes are the most, a path of 4096 is too long. */
    static const unsigned lengths[] = {254, 255, 256, 4094, 4095, 4096, 5000};
    unsigned length = PICK(t, lengths);
    char *made = cleared(t, 5008);
    if (!made)
        return bad_pointer(t);
    for (unsigned i = 0; i < length; i++)
        made[i] = length > 300 && i % 3 == 1 ? '/' : 'x';
    return made;
}

/* A path that is looked at. */
static char *path(struct thread *t)
{
    return below(t, 3) ? own_path(t) : copied(t, PICK(t, places));
}

/* A time: none at all, a moment, one that is no time, or ages. */
static struct timespec *moment(struct thread *t)
{
    if (below(t, 8) == 0)
        return (struct timespec *) bad_pointer(t);
    struct timespec *made = structure(t, sizeof *made);
    if (!own(t, made))
        return made;
    static const long seconds[] = {0, 0, 0, 0, 0, 0, 0, 1, -1, 1000000000, 0x7fffffffffffffffl};
    static const long nanoseconds[] = {0, 1, 1000, 100000, 500000, 1000000, 2000000, 999999999, 1000000000, -1};
    made->tv_sec = PICK(t, seconds);
    made->tv_nsec = PICK(t, nanoseconds);
    return made;
}

/* A time and how often it comes again: struct itimerspec, or itimerval. Not so often that a thread does nothing else. */
static struct itimerspec *interval(struct thread *t)
{
    struct itimerspec *made = structure(t, sizeof *made);
    if (own(t, made)) {
        made->it_interval = (struct timespec) {below(t, 8) == 0, below(t, 4) ? 0 : (4 << 20) + below(t, 4 << 20)};
        made->it_value = (struct timespec) {below(t, 4) == 0, below(t, 4) ? below(t, 1 << 20) : any(t)};
    }
    return made;
}

static struct iovec *vectors(struct thread *t)
{
    struct iovec *made = structure(t, 8 * sizeof *made);
    if (!own(t, made))
        return made;
    for (int i = 0; i < 8; i++) {
        made[i].iov_base = buffer(t);
        made[i].iov_len = below(t, 6) ? below(t, 3000) : (size_t) size(t);
    }
    return made;
}

/* Addresses of Unix sockets: paths of the tree, abstract names, none, or something else. */
static struct sockaddr_un *socket_address(struct thread *t)
{
    static const char *const named[] = {"a", "s1", "s2", "s3", "d/s1", "link", "s1", "s2"};
    struct sockaddr_un *made = structure(t, sizeof *made);
    if (below(t, 16) == 0 || !own(t, made))
        return made;
    memset(made, 0, sizeof *made);
    made->sun_family = below(t, 16) ? AF_UNIX : below(t, 20);
    if (below(t, 3))
        made->sun_path[1] = 'a' + below(t, 6);
    else
        strcpy(made->sun_path, PICK(t, named));
    return made;
}

static long address_length(struct thread *t)
{
    static const long lengths[] = {0, 1, 2, 3, 110, 111, 128, 129, -1};
    return below(t, 6) ? 4 : PICK(t, lengths);
}

/* A message with room for control messages: descriptors, credentials, or nonsense. The segments have been made. */
static struct msghdr *message(struct thread *t, struct iovec *segments, struct msghdr *made)
{
    if (below(t, 24) == 0 || !own(t, made))
        return made;
    memset(made, 0, sizeof *made);
    made->msg_iov = segments;
    made->msg_iovlen = below(t, 16) ? below(t, 9) : size(t);
    if (below(t, 4) == 0) {
        made->msg_name = socket_address(t);
        made->msg_namelen = address_length(t);
    }
    if (below(t, 2)) {
        unsigned count = below(t, 6) ? below(t, 4) : below(t, 260);
        struct cmsghdr *control = cleared(t, CMSG_SPACE(count * sizeof(int)));
        made->msg_control = control ? (void *) control : bad_pointer(t);
        made->msg_controllen = below(t, 12) ? (long) CMSG_LEN(count * sizeof(int)) : size(t);
        if (control) {
            control->cmsg_len = below(t, 12) ? (long) CMSG_LEN(count * sizeof(int)) : size(t);
            control->cmsg_level = below(t, 16) ? SOL_SOCKET : any(t);
            control->cmsg_type = below(t, 6) ? SCM_RIGHTS : below(t, 4);
            for (unsigned i = 0; i < count; i++)
                ((int *) CMSG_DATA(control))[i] = below(t, 100) ? FIRST_DESCRIPTOR + below(t, DESCRIPTORS) : descriptor(t);
        }
    }
    return made;
}

static struct mmsghdr *messages(struct thread *t)
{
    struct iovec *segments = vectors(t);
    struct mmsghdr *made = structure(t, 4 * sizeof *made);
    for (int i = 0; i < 4 && own(t, made) && own(t, made + 3); i++)
        message(t, segments, &made[i].msg_hdr);
    return made;
}

static long message_flags(struct thread *t)
{
    static const long flags[] = {0, MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_NOSIGNAL, MSG_OOB, MSG_EOR, MSG_CMSG_CLOEXEC, MSG_WAITFORONE};
    return below(t, 16) ? PICK(t, flags) | PICK(t, flags) : any(t);
}

/* Up to three words that end with a null pointer, or now and then very many. */
static char **words(struct thread *t)
{
    unsigned count = below(t, 20) ? below(t, 4) : below(t, 1500);
    char **made = cleared(t, (count + 1) * sizeof *made);
    for (unsigned i = 0; made && i < count; i++)
        made[i] = below(t, 30) ? (i == 0 ? "leaf" : t->scratch + below(t, BUFFER_SIZE)) : bad_pointer(t);
    return made ? made : (char **) bad_pointer(t);
}

static struct pollfd *polled(struct thread *t)
{
    struct pollfd *made = structure(t, 8 * sizeof *made);
    if (!own(t, made))
        return made;
    for (int i = 0; i < 8; i++)
        made[i] = (struct pollfd) {descriptor(t), below(t, 128), -1};
    return made;
}

static void on_signal(int number)
{
    (void) number;
}

/* Where a handler returns to: nothing may be on the stack but the signal's frame. */
extern char restore[];
asm("restore: mov $15, %eax; syscall; ud2");

/* The kernel's struct sigaction. */
struct kernel_action {
    void *handler;
    unsigned long flags;
    void *restorer;
    unsigned long mask;
};

static struct kernel_action *action(struct thread *t)
{
    struct kernel_action *made = structure(t, sizeof *made);
    if (below(t, 6) == 0 || !own(t, made))
        return made;
    void *const handlers[] = {SIG_DFL, SIG_IGN, on_signal, on_signal};
    static const unsigned long flags[] = {0, SA_RESTART, SA_NODEFER, SA_SIGINFO, SA_ONSTACK, SA_RESETHAND, SA_NOCLDWAIT, SA_NOCLDSTOP};
    made->handler = PICK(t, handlers);
    made->flags = 0x04000000 | PICK(t, flags) | PICK(t, flags);
    made->restorer = restore;
    made->mask = below(t, 2) ? 0 : next_random(t);
    return made;
}

/* Never 1: the first process keeps the others going, and who may write to its memory could end it. */
static long process_number(struct thread *t)
{
    long own = raw(SYS_getpid, 0, 0, 0, 0, 0, 0), near;
    switch (below(t, 6)) {
    case 0: return 0;
    case 1: return own;
    case 2: return raw(SYS_gettid, 0, 0, 0, 0, 0, 0);
    case 3: return 2 + below(t, 30000);
    case 4: near = own + (long) below(t, 40) - 20; return near == 1 ? own : near;
    default: return -2 - (long) below(t, 1000);
    }
}

#endif

/* Every pointer argument of every system call, pointed at nothing: EFAULT, with nothing half done. Also pointers that end in the middle of a
 * buffer, point at read-only memory, and point into the kernel. */
#include "check.h"
#include <poll.h>
#include <sys/uio.h>

static char *edge;      /* the last 64 bytes before an unmapped page */
static char *read_only; /* a page that may not be written */
static int ends[2], file, directory;
static char good[PAGE];

static long attempt(long number, long a, long b, long c, long d, long e, long f)
{
    errno = 0;
    return syscall(number, a, b, c, d, e, f);
}

/* Calls with each kind of bad pointer at position `at` (0..5), and prints the one error they all give, or where they differ. */
static void pointers(const char *name, long number, int at, long a, long b, long c, long d, long e, long f)
{
    static const uint64_t bad[] = {16,
                                   0x7fffffffe000,
                                   0x7fffffffffff,
                                   0x800000000000,
                                   0xffff7fffffffffff,
                                   0xffff800000000000,
                                   0xffffffff80000000,
                                   0xffffffff81000000,
                                   0xfffffffffffff000,
                                   0xffffffffffffffff,
                                   0x40000000000,
                                   0x80000000000,
                                   0x90000000000,
                                   0xa0000000000};
    const char *first = 0;
    int same = 1;
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (i == 1)
            continue; /* the stack may end there */
        long arguments[6] = {a, b, c, d, e, f};
        arguments[at] = bad[i];
        long result =
            attempt(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
        const char *got = result == -1 ? strerrorname_np(errno) : "success";
        if (!first)
            first = got;
        else if (strcmp(first, got) != 0) {
            print("%s argument %d: %s at %lx\n", name, at, got, (long) bad[i]);
            same = 0;
        }
    }
    print("%s argument %d: %s%s\n", name, at, first, same ? "" : " first");
}

#define POINTER(call, at, ...) pointers(#call, SYS_##call, at, __VA_ARGS__)

static void readers_and_writers(void)
{
    long zero = open("/dev/zero", O_RDWR);
    POINTER(read, 1, file, 0, 100, 0, 0, 0);
    POINTER(read, 1, zero, 0, 100, 0, 0, 0);
    POINTER(read, 1, ends[0], 0, 5, 0, 0, 0);
    POINTER(write, 1, file, 0, 100, 0, 0, 0);
    POINTER(write, 1, ends[1], 0, 100, 0, 0, 0);
    POINTER(pread64, 1, file, 0, 100, 0, 0, 0);
    POINTER(pwrite64, 1, file, 0, 100, 0, 0, 0);
    POINTER(readv, 1, file, 0, 2, 0, 0, 0);
    POINTER(writev, 1, file, 0, 2, 0, 0, 0);
    POINTER(getdents64, 1, directory, 0, 1000, 0, 0, 0);
    POINTER(pipe, 0, 0, 0, 0, 0, 0, 0);
    POINTER(pipe2, 0, 0, 0, 0, 0, 0, 0);
    POINTER(poll, 0, 0, 1, 0, 0, 0, 0);
    POINTER(ppoll, 0, 0, 1, 0, 0, 0, 0);
    POINTER(ppoll, 2, 0, 0, 0, 0, 8, 0);
    POINTER(select, 1, 10, 0, 0, 0, 0, 0);
    POINTER(select, 4, 0, 0, 0, 0, 0, 0);
    POINTER(ioctl, 2, ends[0], 0x541b, 0, 0, 0, 0);
    close(zero);
}

static void names(void)
{
    POINTER(open, 0, 0, 0, 0, 0, 0, 0);
    POINTER(openat, 1, AT_FDCWD, 0, 0, 0, 0, 0);
    POINTER(stat, 0, 0, (long) good, 0, 0, 0, 0);
    POINTER(stat, 1, (long) "/", 0, 0, 0, 0, 0);
    POINTER(lstat, 1, (long) "/", 0, 0, 0, 0, 0);
    POINTER(fstat, 1, file, 0, 0, 0, 0, 0);
    POINTER(newfstatat, 1, AT_FDCWD, 0, (long) good, 0, 0, 0);
    POINTER(newfstatat, 2, AT_FDCWD, (long) "/", 0, 0, 0, 0);
    POINTER(statx, 4, AT_FDCWD, (long) "/", 0, 0x7ff, 0, 0);
    POINTER(access, 0, 0, 0, 0, 0, 0, 0);
    POINTER(chdir, 0, 0, 0, 0, 0, 0, 0);
    POINTER(getcwd, 0, 0, 100, 0, 0, 0, 0);
    POINTER(mkdir, 0, 0, 0, 0, 0, 0, 0);
    POINTER(rmdir, 0, 0, 0, 0, 0, 0, 0);
    POINTER(unlink, 0, 0, 0, 0, 0, 0, 0);
    POINTER(rename, 0, 0, (long) "x", 0, 0, 0, 0);
    POINTER(rename, 1, (long) "file", 0, 0, 0, 0, 0);
    POINTER(link, 1, (long) "file", 0, 0, 0, 0, 0);
    POINTER(symlink, 0, 0, (long) "x", 0, 0, 0, 0);
    POINTER(symlink, 1, (long) "x", 0, 0, 0, 0, 0);
    POINTER(readlink, 0, 0, (long) good, 10, 0, 0, 0);
    POINTER(readlink, 1, (long) "soft", 0, 10, 0, 0, 0);
    POINTER(chmod, 0, 0, 0, 0, 0, 0, 0);
    POINTER(truncate, 0, 0, 0, 0, 0, 0, 0);
    POINTER(utimensat, 2, AT_FDCWD, (long) "file", 0, 0, 0, 0);
    POINTER(statfs, 1, (long) "/", 0, 0, 0, 0, 0);
    POINTER(execve, 0, 0, 0, 0, 0, 0, 0);
}

static void processes_and_time(void)
{
    if (fork() == 0)
        _exit(0);
    POINTER(rt_sigaction, 1, SIGUSR1, 0, 0, 8, 0, 0);
    POINTER(rt_sigaction, 2, SIGUSR1, 0, 0, 8, 0, 0);
    POINTER(rt_sigprocmask, 1, 0, 0, 0, 8, 0, 0);
    POINTER(rt_sigprocmask, 2, 0, 0, 0, 8, 0, 0);
    POINTER(rt_sigpending, 0, 0, 8, 0, 0, 0, 0);
    POINTER(rt_sigsuspend, 0, 0, 8, 0, 0, 0, 0);
    POINTER(rt_sigtimedwait, 0, 0, 0, 0, 8, 0, 0);
    POINTER(sigaltstack, 0, 0, 0, 0, 0, 0, 0);
    POINTER(sigaltstack, 1, 0, 0, 0, 0, 0, 0);
    POINTER(nanosleep, 0, 0, 0, 0, 0, 0, 0);
    POINTER(clock_nanosleep, 2, 1, 0, 0, 0, 0, 0);
    POINTER(clock_gettime, 1, 1, 0, 0, 0, 0, 0);
    POINTER(clock_getres, 1, 1, 0, 0, 0, 0, 0);
    POINTER(gettimeofday, 0, 0, 0, 0, 0, 0, 0);
    POINTER(time, 0, 0, 0, 0, 0, 0, 0);
    POINTER(times, 0, 0, 0, 0, 0, 0, 0);
    POINTER(setitimer, 1, 0, 0, 0, 0, 0, 0);
    POINTER(getitimer, 1, 0, 0, 0, 0, 0, 0);
    POINTER(futex, 0, 0, 0, 0, 0, 0, 0);
    POINTER(futex, 0, 0, 1, 1, 0, 0, 0);
    POINTER(getrusage, 1, 0, 0, 0, 0, 0, 0);
    POINTER(getrlimit, 1, 7, 0, 0, 0, 0, 0);
    POINTER(prlimit64, 3, 0, 7, 0, 0, 0, 0);
    POINTER(uname, 0, 0, 0, 0, 0, 0, 0);
    POINTER(sysinfo, 0, 0, 0, 0, 0, 0, 0);
    POINTER(getrandom, 0, 0, 10, 0, 0, 0, 0);
    POINTER(getresuid, 0, 0, (long) good, (long) good, 0, 0, 0);
    POINTER(getgroups, 1, 10, 0, 0, 0, 0, 0);
    POINTER(sched_getaffinity, 2, 0, 128, 0, 0, 0, 0);
    int status;
    need(wait(&status) > 0);
    print("-- a bad status pointer: the child has been waited for all the same, as on Linux\n");
    if (fork() == 0)
        _exit(0);
    show(syscall(SYS_wait4, -1, wild, 0, 0));
    show(waitpid(-1, &status, 0));
}

static void edges(void)
{
    print("-- buffers that begin well and end badly (but for regular files: there Linux does what it can, Biscotti nothing)\n");
    show(read(ends[0], edge, 100));
    show(write(ends[1], edge, 100));
    show(pread(file, read_only, 10, 0));
    show(syscall(SYS_fstat, file, edge));
    show(syscall(SYS_fstat, file, read_only));
    memset(edge, 'n', 64);
    show(open(edge, O_RDONLY));
    show(syscall(SYS_nanosleep, edge + 56, 0));
    struct iovec parts[2] = {{wild, 10}, {good, 10}};
    show(pwritev(file, parts, 2, 0));
    show(preadv(file, parts, 2, 0));
}

int main(void)
{
    work_in_scratch_directory();
    need(pipe2(ends, O_NONBLOCK) == 0 && write(ends[1], "in the pipe", 11) == 11);
    file = open("file", O_RDWR | O_CREAT, 0600);
    need(ftruncate(file, 1000) == 0 && symlink("x", "soft") == 0);
    directory = open(".", O_RDONLY);
    char *pages = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(munmap(pages + PAGE, PAGE) == 0 && mprotect(pages + 2 * PAGE, PAGE, PROT_READ) == 0);
    edge = pages + PAGE - 64;
    read_only = pages + 2 * PAGE;
    readers_and_writers();
    names();
    processes_and_time();
    edges();
    char left[20] = "";
    int length = read(ends[0], left, 11);
    print("the pipe still holds %d: %s\n", length, left);
    return 0;
}

/* Descriptor tables: dup and its kin, close-on-exec, limits, shared offsets, status flags. */
#include "check.h"
#include <linux/close_range.h>
#include <sys/resource.h>

static void duplicates(void)
{
    print("-- dup takes the lowest free number; copies share the offset, not close-on-exec\n");
    int file = open("file", O_RDWR | O_CREAT, 0600);
    show(file);
    show(dup(file));
    show(fcntl(file, F_DUPFD, 10));
    show(fcntl(file, F_DUPFD_CLOEXEC, 10));
    show(fcntl(10, F_GETFD));
    show(fcntl(11, F_GETFD));
    show(dup2(file, 20));
    show(dup2(file, file));
    show(dup3(file, file, 0));
    show(dup3(file, 21, O_CLOEXEC));
    show(fcntl(21, F_GETFD));
    show(dup3(file, 22, O_APPEND));
    show(write(20, "hello", 5));
    show(lseek(file, 0, SEEK_CUR));
    show(close(4));
    show(close(4));
    show(dup(file));
    show(fcntl(file, F_SETFD, FD_CLOEXEC));
    show(fcntl(dup(file), F_GETFD));
    show(dup2(999999, 5));
    show(dup2(file, -1));
    show(dup2(file, 1 << 30));
    show(dup(-1));
    show(fcntl(-1, F_GETFD));
    show(fcntl(file, 9999));
    show(fcntl(file, F_DUPFD, -1));
}

static void flags(void)
{
    print("-- F_SETFL changes append and nonblock only; the flags belong to the open file\n");
    int file = open("file", O_RDWR);
    int copy = dup(file);
    print("%x\n", fcntl(file, F_GETFL) & ~O_LARGEFILE & ~0100000);
    show(fcntl(file, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY | O_CREAT));
    print("%x\n", fcntl(copy, F_GETFL) & ~O_LARGEFILE & ~0100000);
    show(lseek(file, 0, SEEK_SET));
    show(write(copy, " appended", 9));
    show(lseek(file, 0, SEEK_CUR));
    int reader = open("file", O_RDONLY), writer = open("file", O_WRONLY);
    char byte;
    show(write(reader, "x", 1));
    show(read(writer, &byte, 1));
    show(ftruncate(reader, 0));
    int path = open("file", O_PATH);
    show(read(path, &byte, 1));
    struct stat status;
    show(fstat(path, &status));
}

static void limits(void)
{
    print("-- RLIMIT_NOFILE\n");
    struct rlimit limit;
    show(getrlimit(RLIMIT_NOFILE, &limit));
    struct rlimit low = {40, limit.rlim_max};
    show(setrlimit(RLIMIT_NOFILE, &low));
    int last = -1, next;
    while ((next = open("/dev/null", O_RDONLY)) >= 0)
        last = next;
    print("last %d, then %s\n", last, strerrorname_np(errno));
    int ends[2];
    show(pipe(ends));
    show(dup2(0, 40));
    show(close(30));
    show(dup(0));
    show(pipe(ends));
    struct rlimit wrong = {10, 5};
    show(setrlimit(RLIMIT_NOFILE, &wrong));
    show(setrlimit(RLIMIT_NOFILE, &limit));
    show(dup2(0, 40));
}

static void ranges(void)
{
    print("-- close_range\n");
    show(close_range(10, 100, 0));
    show(fcntl(10, F_GETFD));
    show(fcntl(20, F_GETFD));
    show(close_range(5, 4, 0));
    show(fcntl(5, F_GETFD));
    show(close_range(5, 6, CLOSE_RANGE_CLOEXEC));
    show(fcntl(5, F_GETFD));
}

int main(void)
{
    work_in_scratch_directory();
    close_range(3, ~0u, 0);
    duplicates();
    flags();
    limits();
    ranges();
    return 0;
}

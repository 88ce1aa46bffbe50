/* Calls on open files that go beyond read and write: preadv2 and pwritev2, fallocate, copies inside the kernel, advice, times;
 * whiteouts; the file of a running program. */
#include "check.h"
#include <sys/sendfile.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#ifndef RENAME_WHITEOUT
#define RENAME_WHITEOUT 4
#endif

static char text[200];

static void contents(int file)
{
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    text[length < 0 ? 0 : length] = 0;
    for (int i = 0; i < length; i++)
        if (text[i] == 0)
            text[i] = '.';
    print("\"%s\" at %ld\n", text, (long) lseek(file, 0, SEEK_CUR));
}

static void vectors(void)
{
    print("-- preadv2, pwritev2\n");
    int file = open("vectors", O_RDWR | O_CREAT | O_TRUNC, 0644);
    char first[4] = "abc", second[4] = "def";
    struct iovec v[2] = {{first, 3}, {second, 3}};
    show(pwritev2(file, v, 2, 2, 0));
    contents(file);
    show(pwritev2(file, v, 2, -1, 0));
    contents(file);
    show(pwritev2(file, v, 1, -2, 0));
    show(pwritev2(file, v, 1, 0, RWF_APPEND));
    contents(file);
    show(pwritev2(file, v, 1, -1, RWF_APPEND));
    contents(file);
    show(pwritev2(file, v, 1, 0, RWF_DSYNC | RWF_SYNC | RWF_HIPRI));
    show(pwritev2(file, v, 1, 0, 0x4000));
    show(pwritev2(file, v, 0, 0, 0));
    show(pwritev2(file, v, -1, 0, 0));
    show(pwritev2(file, v, 1025, 0, 0));
    show(pwritev2(file, wild, 1, 0, 0));
    show(preadv2(file, v, 2, 0, 0));
    print("%.3s %.3s\n", first, second);
    show(preadv2(file, v, 2, 0, 0x4000));
    show(preadv2(file, v, 2, -5, 0));
    show(preadv2(99, v, 2, 0, 0));
    int ends[2];
    need(pipe(ends) == 0);
    show(preadv2(ends[0], v, 1, -1, RWF_NOWAIT));
    show(pwritev2(ends[1], v, 1, -1, RWF_NOWAIT));
    show(preadv2(ends[0], v, 1, -1, RWF_NOWAIT));
    show(preadv2(ends[0], v, 1, 0, 0));
    show(pwritev2(ends[0], v, 1, -1, 0));
    close(file);
    file = open("vectors", O_WRONLY | O_APPEND);
    show(preadv2(file, v, 1, 0, 0));
    close(file);
}

static void allocating(void)
{
    print("-- fallocate\n");
    int file = open("allocated", O_RDWR | O_CREAT | O_TRUNC, 0644);
    struct stat s;
    show(fallocate(file, 0, 0, 3 * PAGE));
    need(fstat(file, &s) == 0);
    print("size %ld blocks %ld\n", (long) s.st_size, (long) s.st_blocks);
    show(fallocate(file, FALLOC_FL_KEEP_SIZE, 3 * PAGE, PAGE));
    need(fstat(file, &s) == 0);
    print("size %ld blocks %ld\n", (long) s.st_size, (long) s.st_blocks);
    show(fallocate(file, FALLOC_FL_PUNCH_HOLE, 0, PAGE));
    show(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
    need(fstat(file, &s) == 0);
    print("size %ld blocks %ld\n", (long) s.st_size, (long) s.st_blocks);
    show(fallocate(file, FALLOC_FL_COLLAPSE_RANGE, 0, PAGE));
    show(fallocate(file, FALLOC_FL_INSERT_RANGE, 0, PAGE));
    show(fallocate(file, FALLOC_FL_ZERO_RANGE, 0, PAGE));
    show(fallocate(file, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
    show(fallocate(file, FALLOC_FL_UNSHARE_RANGE, 0, PAGE));
    show(fallocate(file, 0x1000, 0, PAGE));
    show(fallocate(file, 0, -1, PAGE));
    show(fallocate(file, 0, 0, 0));
    show(fallocate(file, 0, 0, -1));
    show(fallocate(file, 0, INT64_MAX, 10));
    show(fallocate(file, 0, 0, 1L << 50));
    close(file);
    file = open("allocated", O_RDONLY);
    show(fallocate(file, 0, 0, PAGE));
    show(fallocate(99, 0, 0, PAGE));
    int ends[2];
    need(pipe(ends) == 0);
    show(fallocate(ends[1], 0, 0, PAGE));
    show(fallocate(open("/dev/null", O_RDWR), 0, 0, PAGE));
    show(fallocate(open(".", O_RDONLY), 0, 0, PAGE));
    close(file);
}

static void copying(void)
{
    print("-- copy_file_range, sendfile\n");
    int from = open("from", O_RDWR | O_CREAT | O_TRUNC, 0644);
    int to = open("to", O_RDWR | O_CREAT | O_TRUNC, 0644);
    need(write(from, "0123456789", 10) == 10);
    off_t in = 2, out = 1;
    show(copy_file_range(from, &in, to, &out, 4, 0));
    print("%ld %ld\n", (long) in, (long) out);
    contents(to);
    show(copy_file_range(from, NULL, to, NULL, 4, 0));
    show(lseek(from, 7, SEEK_SET));
    show(copy_file_range(from, NULL, to, NULL, 100, 0));
    contents(to);
    show(copy_file_range(from, NULL, to, NULL, 4, 1));
    in = 0;
    out = 3;
    show(copy_file_range(from, &in, from, &out, 5, 0));
    show(copy_file_range(from, &in, from, &out, 3, 0));
    contents(from);
    in = -1;
    show(copy_file_range(from, &in, to, NULL, 4, 0));
    in = INT64_MAX - 1;
    show(copy_file_range(from, &in, to, NULL, 4, 0));
    in = 100;
    show(copy_file_range(from, &in, to, NULL, 4, 0));
    int end = open("to", O_WRONLY | O_APPEND);
    show(copy_file_range(from, NULL, end, NULL, 4, 0));
    show(copy_file_range(end, NULL, to, NULL, 4, 0));
    show(copy_file_range(open(".", O_RDONLY), NULL, to, NULL, 4, 0));
    int ends[2];
    need(pipe(ends) == 0);
    show(copy_file_range(ends[0], NULL, to, NULL, 4, 0));
    in = 1;
    show(sendfile(to, from, &in, 3));
    contents(to);
    show(sendfile(end, from, &in, 3));
    show(sendfile(ends[1], from, &in, 3));
    in = -5;
    show(sendfile(ends[1], from, &in, 3));
    show(sendfile(ends[1], from, wild, 3));
    show(sendfile(from, end, NULL, 3));
    show(sendfile(to, open(".", O_RDONLY), NULL, 3));
    close(from);
    close(to);
}

static void advising(void)
{
    print("-- readahead, sync_file_range, syncfs, posix_fadvise\n");
    int file = open("from", O_RDWR);
    int place = open("from", O_PATH);
    int ends[2];
    need(pipe(ends) == 0);
    show(readahead(file, 0, 100));
    show(readahead(ends[0], 0, 100));
    show(readahead(open("from", O_WRONLY), 0, 100));
    show(sync_file_range(file, 0, 0, 7));
    show(sync_file_range(file, 0, 0, 8));
    show(sync_file_range(file, -1, 0, 0));
    show(sync_file_range(file, 0, -1, 0));
    show(sync_file_range(ends[0], 0, 0, 0));
    show(sync_file_range(place, 0, 0, 0));
    show(syncfs(file));
    show(syncfs(place));
    show(syncfs(99));
    show(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED));
    show(posix_fadvise(file, 0, 0, 77));
    show(posix_fadvise(ends[0], 0, 0, POSIX_FADV_NORMAL));
    show(posix_fadvise(place, 0, 0, POSIX_FADV_NORMAL));
    show(fcntl(place, F_SETFL, O_APPEND));
    show(fcntl(place, F_GETLK, text));
    show(fcntl(place, F_GET_SEALS));
    show(fcntl(place, F_GETFL) & O_PATH);
}

static void times(void)
{
    print("-- utimensat\n");
    int file = open("from", O_RDONLY);
    int place = open("from", O_PATH);
    struct timespec set[2] = {{1000, 5}, {2000, 999999999}};
    struct stat s;
    show(utimensat(AT_FDCWD, "from", set, 0));
    need(fstat(file, &s) == 0);
    print("%ld.%ld %ld.%ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    set[0] = (struct timespec) {5, UTIME_OMIT};
    set[1] = (struct timespec) {-3, 7};
    show(futimens(file, set));
    need(fstat(file, &s) == 0);
    print("%ld.%ld %ld.%ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    set[0].tv_nsec = 1000000000;
    show(futimens(file, set));
    set[0].tv_nsec = UTIME_OMIT;
    set[1].tv_nsec = UTIME_OMIT;
    show(utimensat(AT_FDCWD, "missing", set, 0));
    show(syscall(SYS_utimensat, AT_FDCWD, NULL, NULL, 0));
    show(syscall(SYS_utimensat, file, NULL, NULL, AT_SYMLINK_NOFOLLOW));
    show(syscall(SYS_utimensat, place, NULL, NULL, 0));
    show(syscall(SYS_utimensat, 99, NULL, NULL, 0));
    show(syscall(SYS_utimensat, file, NULL, NULL, 0));
    show(syscall(SYS_utimensat, AT_FDCWD, "from", wild, 0));
    show(syscall(SYS_utimensat, AT_FDCWD, "from", NULL, 0x4));
    show(syscall(SYS_utimensat, file, "", NULL, AT_EMPTY_PATH));
}

static void whiteouts(void)
{
    print("-- RENAME_WHITEOUT\n");
    struct stat s;
    need(close(open("white", O_CREAT | O_WRONLY, 0644)) == 0);
    show(renameat2(AT_FDCWD, "white", AT_FDCWD, "moved", RENAME_WHITEOUT));
    show(stat("white", &s));
    print("mode %o device %u %u links %ld\n", s.st_mode, major(s.st_rdev), minor(s.st_rdev), (long) s.st_nlink);
    show(stat("moved", &s));
    show(renameat2(AT_FDCWD, "moved", AT_FDCWD, "white", RENAME_WHITEOUT));
    show(stat("white", &s));
    print("mode %o\n", s.st_mode);
    show(stat("moved", &s));
    print("mode %o\n", s.st_mode);
    show(renameat2(AT_FDCWD, "white", AT_FDCWD, "moved", RENAME_WHITEOUT | RENAME_NOREPLACE));
    show(renameat2(AT_FDCWD, "white", AT_FDCWD, "moved", RENAME_WHITEOUT | RENAME_EXCHANGE));
    show(renameat2(AT_FDCWD, "white", AT_FDCWD, "moved", 8));
    need(mkdir("d", 0755) == 0 && mkdir("e", 0755) == 0);
    show(renameat2(AT_FDCWD, "d", AT_FDCWD, "e/f", RENAME_WHITEOUT));
    show(stat("d", &s));
    print("mode %o\n", s.st_mode);
    show(stat(".", &s));
    show(unlink("d"));
}

static void copy_program(const char *name)
{
    int self = open("/proc/self/exe", O_RDONLY);
    int file = open(name, O_WRONLY | O_CREAT, 0755);
    need(self >= 0 && file >= 0);
    ssize_t moved;
    do {
        moved = sendfile(file, self, NULL, 1 << 20);
    } while (moved > 0);
    need(moved == 0);
    close(file);
    close(self);
}

static void running_program(void)
{
    print("-- the file of a running program\n");
    copy_program("program");
    int to[2], from[2];
    need(pipe(to) == 0 && pipe(from) == 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        execl("./program", "program", "wait", NULL);
        _exit(1);
    }
    char byte;
    need(read(from[0], &byte, 1) == 1);
    show_success(open("program", O_RDWR));
    show_success(open("program", O_RDONLY));
    show(truncate("program", 0));
    show(unlink("program"));
    need(write(to[1], "x", 1) == 1);
    int status;
    need(waitpid(child, &status, 0) == child);
    print_status("child", status);
    copy_program("program");
    int writer = open("program", O_RDWR);
    need(writer >= 0);
    show(execl("./program", "program", "wait", NULL));
    close(writer);
    show_success(open("program", O_RDWR));
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "wait") == 0) {
        char byte;
        need(write(1, "r", 1) == 1 && read(0, &byte, 1) == 1);
        return 7;
    }
    work_in_scratch_directory();
    vectors();
    allocating();
    copying();
    advising();
    times();
    whiteouts();
    running_program();
    return 0;
}

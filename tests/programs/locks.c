/* Locks on files: record locks, locks of open file descriptions, flock. */
#include "check.h"
#include <sched.h>
#include <sys/file.h>

static int file;

static struct flock range(int type, int whence, long start, long length)
{
    return (struct flock) {.l_type = type, .l_whence = whence, .l_start = start, .l_len = length};
}

static long set(int descriptor, int command, int type, long start, long length)
{
    struct flock lock = range(type, SEEK_SET, start, length);
    return fcntl(descriptor, command, &lock);
}

static void find(int descriptor, int command, int type, long start, long length)
{
    struct flock lock = range(type, SEEK_SET, start, length);
    show(fcntl(descriptor, command, &lock));
    print("type %d whence %d start %ld length %ld", lock.l_type, lock.l_whence, (long) lock.l_start, (long) lock.l_len);
    print(" pid %s\n", lock.l_pid == getppid() ? "parent" : lock.l_pid == -1 ? "-1" : lock.l_pid == 0 ? "0" : "other");
}

static void in_the_child(void)
{
    find(file, F_GETLK, F_WRLCK, 0, 0);
    find(file, F_GETLK, F_RDLCK, 0, 10);
    find(file, F_GETLK, F_RDLCK, 10, 10);
    find(file, F_GETLK, F_WRLCK, 200, 0);
    show(set(file, F_SETLK, F_WRLCK, 0, 1));
    show(set(file, F_SETLK, F_RDLCK, 0, 1));
    show(set(file, F_SETLK, F_RDLCK, 50, 1));
    show(set(file, F_SETLK, F_WRLCK, 200, 1));
}

static void after_close(void)
{
    show(set(file, F_SETLK, F_WRLCK, 0, 0));
}

static void records(void)
{
    print("-- record locks\n");
    show(set(file, F_SETLK, F_RDLCK, 0, 10));
    show(set(file, F_SETLK, F_WRLCK, 20, 50));
    show(set(file, F_SETLK, F_UNLCK, 30, 10));
    show(set(file, F_SETLK, F_RDLCK, 60, 20));
    show(set(file, F_SETLK, F_WRLCK, 100, 1));
    show(set(file, F_SETLK, F_WRLCK, 101, 9));
    find(file, F_GETLK, F_WRLCK, 0, 0);
    in_child("child", in_the_child);
    print("-- another descriptor of the file is closed\n");
    close(open("file", O_RDONLY));
    in_child("child", after_close);
}

static void edges(void)
{
    print("-- ranges and errors\n");
    struct flock lock = range(F_WRLCK, 3, 0, 0);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(7, SEEK_SET, 0, 0);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_UNLCK, SEEK_SET, 0, 0);
    show(fcntl(file, F_GETLK, &lock));
    lock = range(F_WRLCK, SEEK_SET, -1, 0);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_WRLCK, SEEK_SET, 5, -6);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_WRLCK, SEEK_SET, 5, -5);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_WRLCK, SEEK_SET, 0x7fffffffffffffff, 2);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_WRLCK, SEEK_SET, 0x7fffffffffffffff, 1);
    show(fcntl(file, F_SETLK, &lock));
    lseek(file, 10, SEEK_SET);
    lock = range(F_WRLCK, SEEK_CUR, 0x7fffffffffffffff, 1);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_WRLCK, SEEK_CUR, -3, 2);
    show(fcntl(file, F_SETLK, &lock));
    lock = range(F_WRLCK, SEEK_END, -1, 0);
    show(fcntl(file, F_SETLK, &lock));
    show(fcntl(file, F_SETLK, wild));
    show(set(77, F_SETLK, F_WRLCK, 0, 0));
    int reader = open("file", O_RDONLY), writer = open("file", O_WRONLY), path = open("file", O_PATH);
    show(set(reader, F_SETLK, F_WRLCK, 0, 1));
    show(set(writer, F_SETLK, F_RDLCK, 0, 1));
    show(set(path, F_SETLK, F_UNLCK, 0, 1));
    find(reader, F_GETLK, F_WRLCK, 0, 1);
    close(reader);
    close(writer);
    close(path);
    int ends[2];
    pipe(ends);
    show(set(ends[1], F_SETLK, F_WRLCK, 0, 1));
    close(ends[0]);
    close(ends[1]);
}

static void descriptions(void)
{
    print("-- locks of open file descriptions\n");
    int first = open("file", O_RDWR), second = open("file", O_RDWR), copy = dup(first);
    show(set(first, F_OFD_SETLK, F_WRLCK, 0, 10));
    show(set(copy, F_OFD_SETLK, F_WRLCK, 5, 10));
    show(set(second, F_OFD_SETLK, F_RDLCK, 0, 1));
    show(set(second, F_SETLK, F_RDLCK, 0, 1));
    find(second, F_OFD_GETLK, F_RDLCK, 0, 0);
    find(second, F_GETLK, F_RDLCK, 0, 0);
    struct flock lock = range(F_WRLCK, SEEK_SET, 0, 1);
    lock.l_pid = 1;
    show(fcntl(second, F_OFD_SETLK, &lock));
    close(first);
    show(set(second, F_OFD_SETLK, F_RDLCK, 0, 1));
    close(copy);
    show(set(second, F_OFD_SETLK, F_RDLCK, 0, 1));
    close(second);
}

static void wholes(void)
{
    print("-- flock\n");
    int first = open("file", O_RDONLY), second = open("file", O_RDWR), copy = dup(first);
    show(flock(first, LOCK_SH));
    show(flock(second, LOCK_SH | LOCK_NB));
    show(flock(second, LOCK_EX | LOCK_NB));
    show(flock(first, LOCK_EX | LOCK_NB));
    show(flock(copy, LOCK_EX | LOCK_NB));
    show(flock(second, LOCK_SH | LOCK_NB));
    show(set(second, F_SETLK, F_WRLCK, 0, 0));
    close(first);
    show(flock(second, LOCK_SH | LOCK_NB));
    show(flock(copy, LOCK_UN));
    show(flock(second, LOCK_EX | LOCK_NB));
    show(flock(second, LOCK_UN));
    show(flock(second, 0));
    show(flock(second, LOCK_SH | LOCK_EX));
    show(flock(77, LOCK_SH));
    int path = open("file", O_PATH);
    show(flock(path, LOCK_SH));
    close(path);
    close(copy);
    close(second);
}

static void nothing(int number)
{
    (void) number;
}

static void waits(void)
{
    print("-- waiting: for another, in a circle, and no longer than a signal lets\n");
    int ends[2];
    char byte;
    pipe(ends);
    show(set(file, F_SETLK, F_WRLCK, 0, 1));
    pid_t child = fork();
    if (child == 0) {
        show(set(file, F_SETLK, F_WRLCK, 1, 1));
        write(ends[1], "x", 1);
        show(set(file, F_SETLKW, F_WRLCK, 0, 1));
        _exit(0);
    }
    read(ends[0], &byte, 1);
    await_sleep(child);
    show(set(file, F_SETLKW, F_WRLCK, 1, 1));
    set(file, F_SETLK, F_UNLCK, 0, 1);
    int status;
    waitpid(child, &status, 0);
    show(set(file, F_SETLKW, F_WRLCK, 1, 1));
    print_status("child", status);
    flock(file, LOCK_EX);
    child = fork();
    if (child == 0) {
        struct sigaction action = {.sa_handler = nothing};
        sigaction(SIGALRM, &action, 0);
        ualarm(50000, 50000);
        show(set(file, F_SETLKW, F_WRLCK, 1, 1));
        int own = open("file", O_RDWR);
        show(flock(own, LOCK_EX));
        _exit(0);
    }
    waitpid(child, &status, 0);
    print_status("child", status);
}

int main(void)
{
    work_in_scratch_directory();
    file = open("file", O_RDWR | O_CREAT, 0600);
    write(file, "0123456789", 10);
    records();
    edges();
    descriptions();
    wholes();
    waits();
    return 0;
}

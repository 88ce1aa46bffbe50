/* FS_IOC_GETFLAGS and FS_IOC_SETFLAGS: files that cannot be changed, or only grow. */
#include "check.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static int flags_of(const char *path)
{
    int file = open(path, O_RDONLY), flags = 0;
    need(file >= 0);
    long result = ioctl(file, FS_IOC_GETFLAGS, &flags);
    int error = errno;
    close(file);
    errno = error;
    return result < 0 ? -1 : flags;
}

static int set_flags(const char *path, int flags)
{
    int file = open(path, O_RDONLY);
    need(file >= 0);
    long result = ioctl(file, FS_IOC_SETFLAGS, &flags);
    int error = errno;
    close(file);
    errno = error;
    return result;
}

static long opened(const char *path, int flags)
{
    int file = open(path, flags, 0600);
    if (file >= 0)
        close(file);
    return file >= 0 ? 0 : -1;
}

static void make(const char *path)
{
    need(close(open(path, O_CREAT | O_WRONLY, 0666)) == 0);
}

static void change(void)
{
    struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}}, past[2] = {{1, 0}, {1, 0}};
    show(opened("f", O_RDONLY));
    show(opened("f", O_WRONLY));
    show(opened("f", O_WRONLY | O_APPEND));
    show(opened("f", O_RDWR | O_APPEND | O_TRUNC));
    show(opened("f", O_RDONLY | O_TRUNC));
    show(access("f", W_OK));
    show(truncate("f", 0));
    show(chmod("f", 0644));
    show(chown("f", 0, 0));
    show(utimensat(AT_FDCWD, "f", past, 0));
    show(utimensat(AT_FDCWD, "f", now, 0));
    show(utimensat(AT_FDCWD, "f", 0, 0));
    show(link("f", "g"));
    show(rename("f", "g"));
    show(rename("other", "f"));
    show(unlink("f"));
    show(setxattr("f", "trusted.x", "y", 1, 0));
    show(removexattr("f", "trusted.x"));
}

static void descriptors(void)
{
    int file = open("f", O_RDWR);
    need(file >= 0);
    show(set_flags("f", FS_IMMUTABLE_FL));
    show(write(file, "abc", 3));
    show(ftruncate(file, 1));
    show(fallocate(file, 0, 0, 10));
    show(fchmod(file, 0600));
    show(set_flags("f", FS_APPEND_FL));
    show(write(file, "abc", 3));
    show(ftruncate(file, 1));
    show(fallocate(file, 0, 0, 10));
    show(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 10));
    show(fallocate(file, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 10));
    close(file);
    file = open("f", O_RDWR | O_APPEND);
    need(file >= 0);
    show(fcntl(file, F_SETFL, 0));
    show(fcntl(file, F_SETFL, O_APPEND | O_NONBLOCK));
    close(file);
    show(set_flags("f", 0));
}

static void in_directory(void)
{
    show(opened("d/new", O_CREAT | O_WRONLY));
    show(mkdir("d/sub", 0755));
    show(opened("d/f", O_WRONLY));
    show(rename("d/f", "d/g"));
    show(link("d/f", "d/h"));
    show(unlink("d/f"));
    show(rename("d", "e"));
    show(rmdir("d"));
}

static void inherited(void)
{
    need(mkdir("n", 0755) == 0);
    show(set_flags("n", FS_NODUMP_FL | FS_NOATIME_FL | FS_APPEND_FL));
    make("n/f");
    need(mkdir("n/d", 0755) == 0 && mkfifo("n/p", 0600) == 0);
    print("%x %x\n", flags_of("n/f"), flags_of("n/d"));
    struct stat before, after;
    int file = open("n/f", O_RDWR);
    char byte;
    need(write(file, "x", 1) == 1 && pread(file, &byte, 1, 0) == 1 && fstat(file, &before) == 0);
    struct timespec past[2] = {{1, 0}, {1, 0}};
    need(futimens(file, past) == 0 && pread(file, &byte, 1, 0) == 1 && fstat(file, &after) == 0);
    print("read at %ld\n", (long) after.st_atime);
    close(file);
    show(set_flags("n", 0));
}

static void somebody(void)
{
    need(setuid(100) == 0);
    show(flags_of("f"));
    show(set_flags("f", 0));
    make("own/f");
    show(set_flags("own/f", FS_NODUMP_FL));
    show(flags_of("own/f"));
    show(set_flags("own/f", FS_NODUMP_FL | FS_APPEND_FL));
    show(set_flags("own/f", FS_IMMUTABLE_FL));
    show(flags_of("own/f"));
}

int main(void)
{
    umask(022);
    work_in_scratch_directory();
    need(chmod(".", 0755) == 0 && mkdir("m", 0755) == 0 && mount("none", "m", "tmpfs", 0, 0) == 0 && chdir("m") == 0);
    make("f");
    make("other");
    show(flags_of("f"));
    print("-- immutable\n");
    show(set_flags("f", FS_IMMUTABLE_FL));
    show(flags_of("f"));
    change();
    print("-- append only\n");
    show(set_flags("f", FS_APPEND_FL));
    change();
    show(set_flags("f", 0));
    print("-- opened before\n");
    descriptors();
    need(mkdir("d", 0755) == 0);
    make("d/f");
    print("-- an immutable directory\n");
    show(set_flags("d", FS_IMMUTABLE_FL));
    in_directory();
    print("-- one that is appended to\n");
    show(set_flags("d", FS_APPEND_FL));
    in_directory();
    show(set_flags("d", 0));
    print("-- inherited\n");
    inherited();
    print("-- refused\n");
    show(set_flags("f", FS_SYNC_FL));
    show(set_flags("f", FS_COMPR_FL | FS_APPEND_FL));
    int file = open("f", O_RDONLY);
    show(ioctl(file, FS_IOC_GETFLAGS, wild));
    show(ioctl(file, FS_IOC_SETFLAGS, wild));
    close(file);
    show(flags_of("/proc/version"));
    show(flags_of("/dev/null"));
    show(set_flags("/dev/null", 0));
    need(mount(0, ".", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0) == 0);
    show(set_flags("f", FS_NODUMP_FL));
    need(mount(0, ".", 0, MS_REMOUNT | MS_BIND, 0) == 0);
    need(mkdir("own", 0777) == 0 && chmod("own", 0777) == 0);
    in_child("somebody", somebody);
    return 0;
}

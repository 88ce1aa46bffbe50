/* mount(2) and umount2(2): what they refuse, when a mount is busy or expires, what flags a mount has and what they do. */
#include "check.h"
#include <grp.h>
#include <mntent.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

static struct stat status;
static char text[5001];

/* Prints the lines of /proc/self/mounts for a mount point. */
static void print_line(const char *point)
{
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    struct mntent *entry;
    while ((entry = getmntent(mounts)))
        if (strcmp(entry->mnt_dir, point) == 0)
            print("%s %s %s\n", entry->mnt_fsname, entry->mnt_type, entry->mnt_opts);
    endmntent(mounts);
}

static void refusals(void)
{
    show(mount("none", "m", "nosuchfs", 0, 0));
    show(mount("none", "nope", "tmpfs", 0, 0));
    show(mount("none", "f", "tmpfs", 0, 0));
    show(mount("none", "f/x", "tmpfs", 0, 0));
    show(mount("none", "", "tmpfs", 0, 0));
    show(mount("none", wild, "tmpfs", 0, 0));
    show(mount("none", "m", wild, 0, 0));
    show(mount(wild, "m", "tmpfs", 0, 0));
    show(mount("none", "m", "tmpfs", 0, wild));
    show(mount("none", "m", 0, 0, 0));
    show(mount("none", "m", "", 0, 0));
    memset(text, 'a', 5000);
    show(mount("none", text, "tmpfs", 0, 0));
    show(mount(text, "m", "tmpfs", 0, 0));
    show(mount("none", "m", text, 0, 0));
    show(mount("none", "m", 0, MS_REMOUNT, 0));
    show(mount("none", "m", 0, MS_REMOUNT | MS_BIND, 0));
    show(mount("proc", "m", "proc", 0, "bogus"));
    show(mount("none", "m", "devpts", 0, "bogus=1"));
    show(umount("m"));
    show(umount("nope"));
    show(umount(wild));
    show(umount("f"));
    show(umount(""));
    show(umount2("m", 16));
    show(umount2("m", -1));
    show(umount2("m", MNT_EXPIRE | MNT_FORCE));
    show(umount2("m", MNT_EXPIRE | MNT_DETACH));
    show(mount(0, "m", "tmpfs", 0, 0));
    print_line("/mounted/m");
    show(mount("again", "m", "sysfs", 0, 0));
    show(mount("again", "m", "sysfs", 0, 0));
    show(umount("m"));
    show(umount("m"));
}

static void as_nobody(void)
{
    need(setgroups(0, 0) == 0 && setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
    show(mount("none", "m", "tmpfs", 0, 0));
    show(mount("none", "m", "nosuchfs", 0, 0));
    show(mount("none", "nope", "tmpfs", 0, 0));
    show(umount("m"));
    show(umount("nope"));
    show(umount2("m", 16));
}

static void busy(void)
{
    show(mount("none", "m", "tmpfs", 0, 0));
    int file = open("m/a", O_CREAT | O_RDWR, 0644);
    show(umount("m"));
    show(umount2("m", MNT_FORCE));
    show(mount(0, "m", 0, MS_REMOUNT | MS_RDONLY, 0));
    show(mount(0, "m", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0));
    close(file);
    file = open("m/a", O_RDONLY);
    show(umount("m"));
    show(mount(0, "m", 0, MS_REMOUNT | MS_RDONLY, 0));
    show(mount(0, "m", 0, MS_REMOUNT, 0));
    close(file);
    file = open("m/a", O_PATH);
    show(umount("m"));
    close(file);
    file = open("m/a", O_RDWR);
    need(ftruncate(file, PAGE) == 0);
    char *page = mmap(0, PAGE, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    show(umount("m"));
    munmap(page, PAGE);
    show(chdir("m"));
    show(umount("../m"));
    show(chdir(".."));
    mkdir("m/sub", 0755);
    show(mount("none", "m/sub", "tmpfs", 0, 0));
    show(umount("m"));
    show(rmdir("m/sub"));
    show(rename("m/sub", "m/other"));
    show(umount("m/sub"));
    show(rmdir("m/sub"));
    print("what is taken away while in use goes on\n");
    file = open("m/a", O_RDWR);
    int top = open("m", O_RDONLY);
    show(umount2("m", MNT_DETACH));
    show(stat("m/a", &status));
    show(write(file, "x", 1));
    show(fstatat(top, "a", &status, 0));
    show(mkdirat(top, "new", 0755));
    show(umount("m"));
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    memset(text, 0, 100);
    show(readlink(link, text, 100));
    print("%s\n", text);
    close(file);
    close(top);
    symlink("m", "link");
    show(mount("none", "link", "tmpfs", 0, 0));
    show(umount2("link", UMOUNT_NOFOLLOW));
    show(umount2("link", 0));
}

static void expiry(void)
{
    show(mount("none", "m", "tmpfs", 0, 0));
    int top = open("m", O_RDONLY);
    show(umount2("m", MNT_EXPIRE));
    close(top);
    show(umount2("m", MNT_EXPIRE));
    show(access("m/x", F_OK));
    show(umount2("m", MNT_EXPIRE));
    show(umount2("m", MNT_EXPIRE));
    show(umount2("m", MNT_EXPIRE));
}

static void print_flags(unsigned long flags)
{
    print("%lx:\n", flags);
    show(mount("none", "m", "tmpfs", flags, 0));
    print_line("/mounted/m");
    struct statfs about;
    statfs("m", &about);
    print("statfs: %lx\n", (long) about.f_flags);
    show(mount(0, "m", 0, MS_REMOUNT | MS_BIND | MS_NODEV, 0));
    print_line("/mounted/m");
    show(mount(0, "m", 0, MS_REMOUNT | MS_RDONLY, 0));
    print_line("/mounted/m");
    show(umount("m"));
}

static void all_flags(void)
{
    static const unsigned long flags[] = {
        0,
        MS_RDONLY,
        MS_NOSUID,
        MS_NODEV,
        MS_NOEXEC,
        MS_SYNCHRONOUS,
        MS_MANDLOCK,
        MS_DIRSYNC,
        MS_NOATIME,
        MS_NODIRATIME,
        MS_RELATIME,
        MS_STRICTATIME,
        MS_LAZYTIME,
        MS_NOSYMFOLLOW,
        MS_SILENT,
        MS_RDONLY | MS_NOEXEC | MS_NOATIME,
        MS_RELATIME | MS_NOATIME,
        MS_NOATIME | MS_NODIRATIME | MS_STRICTATIME,
        0xc0ed0000 | MS_NOSUID,
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        print_flags(flags[i]);
}

static void read_only(void)
{
    show(mount(0, "m", 0, MS_REMOUNT | MS_RDONLY, 0));
    show(open("m/a", O_RDWR));
    show(open("m/a", O_RDONLY | O_TRUNC));
    show(open("m/new", O_CREAT | O_RDWR, 0644));
    show(open("m/a", O_CREAT | O_EXCL, 0644));
    show(open("m", O_TMPFILE | O_RDWR, 0600));
    show_success(open("m/a", O_CREAT | O_RDONLY, 0644));
    show(mkdir("m/x", 0755));
    show(mkdir("m/d", 0755));
    show(rmdir("m/d"));
    show(rmdir("m/nope"));
    show(unlink("m/a"));
    show(unlink("m/nope"));
    show(link("m/a", "m/b"));
    show(link("m/a", "m/l"));
    show(link("f", "m/b"));
    show(symlink("a", "m/b"));
    show(symlink("a", "m/a"));
    show(mknod("m/q", S_IFREG, 0));
    show(mknod("m/a", S_IFREG, 0));
    show(rename("m/a", "m/b"));
    show(rename("f", "m/b"));
    show(chmod("m/a", 0600));
    show(chown("m/a", 1, 1));
    show(lchown("m/l", 1, 1));
    show(truncate("m/a", 0));
    show(utimensat(AT_FDCWD, "m/a", 0, 0));
    show(setxattr("m/a", "trusted.x", "1", 1, 0));
    show(removexattr("m/a", "trusted.x"));
    show(access("m/a", W_OK));
    show(access("m", W_OK));
    show(access("m/null", W_OK));
    show(access("m/p", W_OK));
    show_success(open("m/null", O_RDWR));
    int file = open("m/a", O_RDONLY);
    show(fchmod(file, 0600));
    show(fchown(file, 0, 0));
    show(futimens(file, 0));
    show(fsetxattr(file, "trusted.x", "1", 1, 0));
    close(file);
}

/* Reads a byte of a file, or nothing behind its end, or a directory: whether its time of access changes. */
static int read_again(const char *name, long access_time, long change_time, int flags)
{
    struct timespec times[2] = {{access_time, 0}, {change_time, 0}};
    need(utimensat(AT_FDCWD, name, times, 0) == 0);
    int file = open(name, O_RDONLY | flags);
    if (syscall(SYS_getdents64, file, text, 100) < 0)
        pread(file, text, 1, flags == O_NONBLOCK ? 1000000 : 0);
    close(file);
    stat(name, &status);
    return status.st_atime != access_time;
}

static void access_times(void)
{
    static const int kinds[] = {MS_STRICTATIME, MS_NOATIME, MS_NODIRATIME, MS_RELATIME};
    long now = time(0);
    for (int i = 0; i < 4; i++) {
        show(mount(0, "m", 0, MS_REMOUNT | kinds[i], 0));
        print("file, directory: %d %d\n", read_again("m/a", 1000, 900, 0), read_again("m/d", 1000, 900, 0));
        print("at the end: %d\n", read_again("m/a", 1000, 900, O_NONBLOCK));
        print("older than the change: %d\n", read_again("m/a", now - 100, now - 50, 0));
        print("newer than all: %d\n", read_again("m/a", now + 100, 1, 0));
        print("O_NOATIME: %d\n", read_again("m/a", 1000, 900, O_NOATIME));
    }
}

static void what_flags_do(void)
{
    show(mount("none", "m", "tmpfs", 0, 0));
    int file = open("m/a", O_CREAT | O_WRONLY, 0755);
    write(file, text, 10);
    close(file);
    symlink("a", "m/l");
    mkdir("m/d", 0755);
    mknod("m/null", S_IFCHR | 0666, makedev(1, 3));
    mkfifo("m/p", 0666);
    setxattr("m/a", "trusted.x", "1", 1, 0);
    read_only();
    print("no symbolic links\n");
    show(mount(0, "m", 0, MS_REMOUNT | MS_NOSYMFOLLOW, 0));
    show(open("m/l", O_RDONLY));
    show(stat("m/l", &status));
    show(lstat("m/l", &status));
    show(readlink("m/l", text, 10));
    print("no devices\n");
    show(mount(0, "m", 0, MS_REMOUNT | MS_NODEV, 0));
    show(open("m/null", O_RDWR));
    show(access("m/null", R_OK));
    show(mknod("m/other", S_IFCHR | 0666, makedev(1, 3)));
    print("no programs\n");
    show(mount(0, "m", 0, MS_REMOUNT | MS_NOEXEC, 0));
    show(execl("m/a", "a", NULL));
    show(access("m/a", X_OK));
    show(access("m", X_OK));
    file = open("m/a", O_RDONLY);
    holds(mmap(0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED && errno == EPERM);
    char *page = mmap(0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
    show(mprotect(page, PAGE, PROT_READ | PROT_EXEC));
    show(mprotect(page, PAGE, PROT_READ | PROT_WRITE));
    munmap(page, PAGE);
    close(file);
    access_times();
    show(umount2("m", MNT_DETACH));
}

int main(void)
{
    need(mkdir("/mounted", 0755) == 0);
    need(mount("none", "/mounted", "tmpfs", 0, 0) == 0);
    need(chdir("/mounted") == 0);
    mkdir("m", 0755);
    close(creat("f", 0644));
    refusals();
    in_child("nobody", as_nobody);
    busy();
    expiry();
    all_flags();
    what_flags_do();
    need(chdir("/") == 0);
    show(umount("/mounted"));
    show(rmdir("/mounted"));
    return 0;
}

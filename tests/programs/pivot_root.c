/* pivot_root: another mount becomes the root, of all who had the old one. */
#include "check.h"
#include <sys/mount.h>

static long pivot(const char *root, const char *old)
{
    return syscall(SYS_pivot_root, root, old);
}

static void mount_memory(const char *where)
{
    need(mkdir(where, 0755) == 0 && mount("none", where, "tmpfs", 0, 0) == 0);
}

static void show_where(void)
{
    char path[200];
    need(syscall(SYS_getcwd, path, sizeof path) > 0);
    print("at %s\n", path);
}

static void refused(void)
{
    print("-- refused\n");
    mount_memory("/new");
    need(mkdir("/new/old", 0755) == 0 && mkdir("/plain", 0755) == 0 && close(open("/new/file", O_CREAT | O_WRONLY, 0644)) == 0);
    mount_memory("/other");
    show(pivot("/missing", "/new/old"));
    show(pivot("/new", "/new/missing"));
    show(pivot("/new/file", "/new/old"));
    show(pivot("/new", "/new/file"));
    show(pivot("/new/file/x", "/new/old"));
    show(pivot(wild, "/new/old"));
    show(pivot("/new", wild));
    show(pivot("/", "/new/old"));
    show(pivot("/", "/"));
    show(pivot("/new", "/"));
    show(pivot("/new", "/plain"));
    show(pivot("/new", "/other"));
    show(pivot("/new/old", "/new/old"));
    show(pivot("/plain", "/plain"));
    need(mount(0, "/new", 0, MS_SHARED, 0) == 0);
    show(pivot("/new", "/new/old"));
    need(mount(0, "/new", 0, MS_PRIVATE, 0) == 0);
    need(mount(0, "/", 0, MS_SHARED, 0) == 0);
    show(pivot("/new", "/new/old"));
    need(mount(0, "/", 0, MS_PRIVATE, 0) == 0);
    int child = fork();
    need(child >= 0);
    if (child == 0) {
        need(chroot("/plain") == 0);
        show(pivot("/", "/"));
        _exit(0);
    }
    need(waitpid(child, 0, 0) == child);
    child = fork();
    need(child >= 0);
    if (child == 0) {
        need(mkdir("/new/top", 0755) == 0 && chroot("/new/top") == 0 && chdir("/") == 0 && mkdir("/n", 0755) == 0);
        need(mount("none", "/n", "tmpfs", 0, 0) == 0 && mkdir("/n/o", 0755) == 0);
        show(pivot("/n", "/n/o"));
        need(umount("/n") == 0 && setuid(1) == 0);
        show(pivot("/missing", "/new/old"));
        _exit(0);
    }
    need(waitpid(child, 0, 0) == child);
    need(umount("/other") == 0);
}

static void pivoted(void)
{
    print("-- the new root\n");
    int told[2], tell[2];
    need(pipe(told) == 0 && pipe(tell) == 0);
    int child = fork();
    need(child >= 0);
    char byte = 0;
    if (child == 0) {
        need(write(told[1], &byte, 1) == 1 && read(tell[0], &byte, 1) == 1);
        show_where();
        show(access("/file", F_OK));
        show(access("/old/plain", F_OK));
        show(access("plain", F_OK));
        need(chdir("/old/plain") == 0);
        show_where();
        _exit(0);
    }
    need(read(told[0], &byte, 1) == 1);
    show(pivot("/new", "/new/old"));
    show_where();
    show(access("/file", F_OK));
    show(access("/new", F_OK));
    show(access("/old/new", F_OK));
    show(access("/old/new/file", F_OK));
    need(write(tell[1], &byte, 1) == 1);
    print_status("another", (waitpid(child, (int *) (void *) &told, 0), told[0]));
    print("-- and back\n");
    show(pivot("/old", "/old/new"));
    show(access("/new/file", F_OK));
    print("-- at the same place\n");
    show(chdir("/new"));
    show(pivot(".", "."));
    show_where();
    show(umount2(".", MNT_DETACH));
    show(chdir("/"));
    show(access("/file", F_OK));
    show(access("/old/plain", F_OK));
}

static void at_the_top(void)
{
    print("-- the first root stays\n");
    need(mkdir("m", 0755) == 0 && mount("none", "m", "tmpfs", 0, 0) == 0 && mkdir("m/old", 0755) == 0);
    show(pivot("m", "m/old"));
    need(umount("m") == 0);
}

static void inside(void)
{
    mount_memory("root");
    need(chroot("root") == 0 && chdir("/") == 0);
    refused();
    pivoted();
}

int main(void)
{
    work_in_scratch_directory();
    at_the_top();
    in_child("inside", inside);
    return 0;
}

/* openat2 and statx: paths that are kept inside of bounds, everything that is known of a file. */
#include "check.h"
#include <linux/openat2.h>
#include <sys/mount.h>

static int top;

static long opened(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve, size_t size)
{
    char room[PAGE + 100] = "";
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    memcpy(room, &how, sizeof how);
    long file = syscall(SYS_openat2, directory, path, room, size);
    if (file >= 0)
        close(file);
    return file >= 0 ? 0 : -1;
}

#define how(path, resolve) show(opened(top, path, O_RDONLY, 0, resolve, sizeof(struct open_how)))

static void arguments(void)
{
    print("-- arguments\n");
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, 0, 24));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, 0, 23));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, 0, 32));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, 0, PAGE));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, 0, PAGE + 1));
    char room[32] = "";
    room[30] = 1;
    show(syscall(SYS_openat2, AT_FDCWD, "f", room, 32));
    show(syscall(SYS_openat2, AT_FDCWD, "f", wild, 24));
    show(opened(AT_FDCWD, "f", 1UL << 40, 0, 0, 24));
    show(opened(AT_FDCWD, "f", 0x80000000, 0, 0, 24));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0600, 0, 24));
    show(opened(AT_FDCWD, "g", O_RDWR | O_CREAT, 0600, 0, 24));
    show(opened(AT_FDCWD, "g", O_RDWR | O_CREAT, 010000, 0, 24));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, 0x40, 24));
    show(opened(AT_FDCWD, "f", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT, 24));
    show(opened(AT_FDCWD, "f", O_PATH | O_RDWR, 0, 0, 24));
    show(opened(AT_FDCWD, "f", O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, 0, 24));
    show(opened(AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0600, 0, 24));
    show(opened(AT_FDCWD, ".", O_TMPFILE | O_RDONLY, 0600, 0, 24));
    show(opened(AT_FDCWD, "f", O_RDWR | O_TRUNC, 0, RESOLVE_CACHED, 24));
}

static void confined(void)
{
    print("-- resolve\n");
    need(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 && close(open("d/e/f", O_CREAT | O_WRONLY, 0644)) == 0);
    need(symlink("/d/e/f", "d/absolute") == 0 && symlink("e/f", "d/relative") == 0 && symlink("../f", "d/up") == 0);
    need(symlink("/e/f", "d/inside") == 0 && symlink("relative", "d/two") == 0);
    top = open("d", O_RDONLY | O_DIRECTORY);
    how("e/f", 0);
    how("e/f", RESOLVE_BENEATH);
    how("e/../e/f", RESOLVE_BENEATH);
    how("..", RESOLVE_BENEATH);
    how("e/../../d/e/f", RESOLVE_BENEATH);
    how("/etc/passwd", RESOLVE_BENEATH);
    how("absolute", RESOLVE_BENEATH);
    how("relative", RESOLVE_BENEATH);
    how("up", RESOLVE_BENEATH);
    how("up", 0);
    how("inside", 0);
    how("inside", RESOLVE_IN_ROOT);
    how("up", RESOLVE_IN_ROOT);
    how("/e/f", RESOLVE_IN_ROOT);
    how("../../../e/f", RESOLVE_IN_ROOT);
    how("e/f", RESOLVE_NO_SYMLINKS);
    how("relative", RESOLVE_NO_SYMLINKS);
    show(opened(top, "relative", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS, 24));
    how("two", RESOLVE_NO_MAGICLINKS);
    how("/proc/self/exe", RESOLVE_NO_MAGICLINKS);
    how("/proc/self/exe", 0);
    how("/proc/self/cwd/f", RESOLVE_NO_MAGICLINKS);
    how("/proc/version", RESOLVE_NO_XDEV);
    how("e/f", RESOLVE_NO_XDEV);
    need(mount("none", "d/e", "tmpfs", 0, 0) == 0);
    how("e", RESOLVE_NO_XDEV);
    how("e/..", RESOLVE_NO_XDEV);
    how("e", RESOLVE_BENEATH);
    int inner = open("d/e", O_RDONLY);
    show(opened(inner, "..", O_RDONLY, 0, RESOLVE_NO_XDEV, 24));
    show(opened(inner, "..", O_RDONLY, 0, 0, 24));
    close(inner);
    need(umount("d/e") == 0);
}

static void status(void)
{
    print("-- statx\n");
    struct statx s, t;
    show(statx(AT_FDCWD, "f", 0, STATX_ALL | STATX_MNT_ID, &s));
    holds((s.stx_mask & STATX_ALL) == STATX_ALL);
    holds((s.stx_mask & STATX_MNT_ID) != 0);
    holds((s.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0);
    holds((s.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0);
    print("mode %o links %u size %llu blksize %u\n", s.stx_mode, s.stx_nlink, (unsigned long long) s.stx_size, s.stx_blksize);
    show(statx(AT_FDCWD, "/proc", 0, STATX_ALL | STATX_MNT_ID, &t));
    holds((t.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0);
    holds(s.stx_mnt_id != t.stx_mnt_id);
    show(statx(AT_FDCWD, "f", 0x6000, STATX_ALL, &s));
    show(statx(AT_FDCWD, "f", 0x4000, STATX_ALL, &s));
    show(statx(AT_FDCWD, "f", 0x8000, STATX_ALL, &s));
    show(statx(AT_FDCWD, "f", 0, 0x80000000, &s));
    show(statx(AT_FDCWD, "", 0, STATX_ALL, &s));
    show(statx(AT_FDCWD, "", AT_EMPTY_PATH, STATX_ALL, &s));
    show(statx(AT_FDCWD, "f", 0, STATX_ALL, wild));
    show(statx(99, "f", 0, STATX_ALL, &s));
    show(statx(99, "/", 0, STATX_ALL, &s));
}

int main(void)
{
    work_in_scratch_directory();
    need(close(open("f", O_CREAT | O_WRONLY, 0644)) == 0);
    arguments();
    confined();
    status();
    return 0;
}

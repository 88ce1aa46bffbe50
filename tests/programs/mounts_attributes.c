/* mount_setattr(2): flags and propagation of one mount, or of a tree of them. */
#include "check.h"
#include <grp.h>
#include <sys/mount.h>

static char text[2 * PAGE];

/* Prints the lines of /proc/self/mountinfo below the test's directory: where, flags, whether shared or a slave. */
static void print_mounts(void)
{
    FILE *mounts = fopen("/proc/self/mountinfo", "r");
    char line[1000], point[300], flags[300], kind[300];
    while (fgets(line, sizeof line, mounts))
        if (sscanf(line, "%*s %*s %*s %*s %299s %299s %299s", point, flags, kind) == 3 && strncmp(point, "/mounted/", 9) == 0)
            print("    %s %s %.6s\n", point, flags, kind);
    fclose(mounts);
}

static long change(const char *path, int flags, long set, long clear, long propagation)
{
    struct mount_attr attributes = {set, clear, propagation, 0};
    return mount_setattr(AT_FDCWD, path, flags, &attributes, sizeof attributes);
}

static void refusals(void)
{
    struct mount_attr nothing = {0, 0, 0, 0}, some = {MOUNT_ATTR_RDONLY, 0, 0, 0};
    show(mount_setattr(AT_FDCWD, "m", 2, &some, sizeof some));
    show(mount_setattr(AT_FDCWD, "m", 0x400, &some, sizeof some));
    show(mount_setattr(AT_FDCWD, "m", 0, &some, 31));
    show(mount_setattr(AT_FDCWD, "m", 0, &some, 0));
    show(mount_setattr(AT_FDCWD, "m", 0, &some, PAGE + 1));
    show(mount_setattr(AT_FDCWD, "m", 0, wild, sizeof some));
    show(mount_setattr(AT_FDCWD, "m", 0, 0, sizeof some));
    memset(text, 0, PAGE);
    show(mount_setattr(AT_FDCWD, "m", 0, (struct mount_attr *) text, PAGE));
    text[40] = 1;
    show(mount_setattr(AT_FDCWD, "m", 0, (struct mount_attr *) text, 41));
    show(mount_setattr(AT_FDCWD, "m", 0, (struct mount_attr *) text, 40));
    show(mount_setattr(AT_FDCWD, "nope", 0, &nothing, sizeof nothing));
    show(mount_setattr(AT_FDCWD, wild, 0, &nothing, sizeof nothing));
    show(mount_setattr(AT_FDCWD, "nope", 0, &some, sizeof some));
    show(mount_setattr(AT_FDCWD, wild, 0, &some, sizeof some));
    show(mount_setattr(AT_FDCWD, "", 0, &some, sizeof some));
    show(mount_setattr(100, "", AT_EMPTY_PATH, &some, sizeof some));
    show(mount_setattr(AT_FDCWD, "d", 0, &some, sizeof some));
    show(mount_setattr(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, &some, sizeof some));
    show(change("m", 0, 0x100, 0, 0));
    show(change("m", 0, 0, 0x100, 0));
    show(change("m", 0, 1L << 40, 0, 0));
    show(change("m", 0, 0, 0, 1));
    show(change("m", 0, 0, 0, MS_SHARED | MS_REC));
    show(change("m", 0, 0, 0, MS_SHARED | MS_SLAVE));
    show(change("m", 0, MOUNT_ATTR_NOATIME, 0, 0));
    show(change("m", 0, MOUNT_ATTR_STRICTATIME, MOUNT_ATTR_NOATIME, 0));
    show(change("m", 0, 0, MOUNT_ATTR_STRICTATIME, 0));
    show(change("m", 0, MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0));
    show(change("m", 0, 0, MOUNT_ATTR_IDMAP, 0));
    struct mount_attr mapped = {MOUNT_ATTR_IDMAP, 0, 0, 100};
    show(mount_setattr(AT_FDCWD, "m", 0, &mapped, sizeof mapped));
    mapped.userns_fd = 0;
    show(mount_setattr(AT_FDCWD, "m", 0, &mapped, sizeof mapped));
    mapped.userns_fd = 1L << 32;
    show(mount_setattr(AT_FDCWD, "m", 0, &mapped, sizeof mapped));
    print_mounts();
}

static void one(void)
{
    static const int attributes[] = {MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID,     MOUNT_ATTR_NODEV,
                                     MOUNT_ATTR_NOEXEC, MOUNT_ATTR_NODIRATIME, MOUNT_ATTR_NOSYMFOLLOW};
    for (int i = 0; i < 6; i++) {
        show(change("m", 0, attributes[i], 0, 0));
        print_mounts();
        show(change("m", 0, attributes[(i + 1) % 6], attributes[i], 0));
        print_mounts();
        show(change("m", 0, 0, attributes[i] | attributes[(i + 1) % 6], 0));
    }
    show(change("m", 0, MOUNT_ATTR_RDONLY, MOUNT_ATTR_RDONLY, 0));
    show(change("m", 0, 0, MOUNT_ATTR_RDONLY, 0));
    show(change("m", 0, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0));
    print_mounts();
    show(change("m", 0, MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0));
    print_mounts();
    show(change("link", 0, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME, 0));
    print_mounts();
}

static void trees(void)
{
    show(change("m", AT_RECURSIVE, MOUNT_ATTR_NOSUID, 0, 0));
    print_mounts();
    int file = open("m/sub/file", O_CREAT | O_RDWR, 0644);
    show(change("m", AT_RECURSIVE, MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, 0));
    show(change("m/sub", 0, MOUNT_ATTR_RDONLY, 0, 0));
    print_mounts();
    show(change("m", 0, MOUNT_ATTR_RDONLY, 0, 0));
    print_mounts();
    show(mkdir("m/x", 0755));
    show(mkdir("m/sub/x", 0755));
    close(file);
    show(change("m", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0, 0));
    show(mkdir("m/sub/y", 0755));
    show(change("m", AT_RECURSIVE, 0, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0));
    print_mounts();
    show(change("m", 0, 0, 0, MS_SHARED));
    print_mounts();
    show(change("m", AT_RECURSIVE, MOUNT_ATTR_NODEV, 0, MS_SHARED));
    print_mounts();
    show(change("m", AT_RECURSIVE, 0, MOUNT_ATTR_NODEV, MS_SLAVE));
    print_mounts();
    show(change("m", 0, 0, 0, MS_UNBINDABLE));
    print_mounts();
    show(mount("m", "d", 0, MS_BIND, 0));
    show(change("m", AT_RECURSIVE, 0, 0, MS_PRIVATE));
    print_mounts();
}

static void nowhere(void)
{
    struct mount_attr attributes = {MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC, 0, 0, 0};
    int tree = open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE | AT_RECURSIVE);
    show(mount_setattr(tree, "sub", AT_RECURSIVE, &attributes, sizeof attributes));
    show(mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes));
    show(mkdirat(tree, "sub/z", 0755));
    show(mkdir("m/sub/z", 0755));
    show(move_mount(tree, "", AT_FDCWD, "d", MOVE_MOUNT_F_EMPTY_PATH));
    print_mounts();
    show(umount2("d", MNT_DETACH));
    show(mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes));
    close(tree);
}

static void as_nobody(void)
{
    struct mount_attr nothing = {0, 0, 0, 0};
    need(setgroups(0, 0) == 0 && setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
    show(mount_setattr(AT_FDCWD, "m", 0, &nothing, sizeof nothing));
    show(mount_setattr(AT_FDCWD, "m", 2, &nothing, sizeof nothing));
    show(mount_setattr(AT_FDCWD, "m", 0, &nothing, 8));
    show(mount_setattr(AT_FDCWD, "m", 0, wild, sizeof nothing));
}

int main(void)
{
    need(mkdir("/mounted", 0755) == 0);
    need(mount("none", "/mounted", "tmpfs", 0, 0) == 0);
    need(mount(0, "/mounted", 0, MS_PRIVATE, 0) == 0);
    need(chdir("/mounted") == 0);
    mkdir("m", 0755);
    mkdir("d", 0755);
    symlink("m", "link");
    need(mount("outer", "m", "tmpfs", 0, 0) == 0);
    mkdir("m/sub", 0755);
    refusals();
    one();
    need(mount("inner", "m/sub", "tmpfs", MS_NOATIME, 0) == 0);
    trees();
    nowhere();
    in_child("nobody", as_nobody);
    show(umount2("m", MNT_DETACH));
    need(chdir("/") == 0);
    show(umount("/mounted"));
    show(rmdir("/mounted"));
    return 0;
}

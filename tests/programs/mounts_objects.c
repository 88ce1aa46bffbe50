/* fsopen(2), fsconfig(2), fsmount(2), fspick(2), open_tree(2), move_mount(2): file systems and mounts that are held by descriptors. */
#include "check.h"
#include <grp.h>
#include <mntent.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/vfs.h>

#ifndef MOVE_MOUNT_SET_GROUP
#define MOVE_MOUNT_SET_GROUP 0x100
#endif

static struct stat status;
static char text[5001];

/* Prints the lines of /proc/self/mounts below the test's directory. */
static void print_mounts(void)
{
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    struct mntent *entry;
    while ((entry = getmntent(mounts)))
        if (strncmp(entry->mnt_dir, "/mounted/", 9) == 0)
            print("    %s %s %s %s\n", entry->mnt_fsname, entry->mnt_dir, entry->mnt_type, entry->mnt_opts);
    endmntent(mounts);
}

/* Prints the messages that a context has. */
static void print_messages(int context)
{
    ssize_t length;
    while ((length = read(context, text, sizeof text - 1)) > 0)
        print("    %.*s|\n", (int) length, text);
    print("    %s\n", strerrorname_np(errno));
}

static void opening(void)
{
    print("-- fsopen\n");
    show(fsopen("nosuchfs", 0));
    show(fsopen("", 0));
    show(fsopen("tmpfs", 2));
    show(fsopen("tmpfs", -1));
    show(fsopen(wild, 0));
    show(fsopen(0, 0));
    show(fsopen("nosuchfs", 2));
    memset(text, 'a', 5000);
    show(fsopen(text, 0));
    int context = fsopen("tmpfs", FSOPEN_CLOEXEC);
    holds(fcntl(context, F_GETFD) == FD_CLOEXEC);
    holds((fcntl(context, F_GETFL) & O_ACCMODE) == O_RDWR);
    show(read(context, text, 100));
    show(read(context, text, 0));
    show(write(context, "x", 1));
    show(lseek(context, 0, SEEK_SET));
    show(ftruncate(context, 0));
    show(fstat(context, &status));
    print("mode %o size %ld\n", status.st_mode, (long) status.st_size);
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", context);
    memset(text, 0, 100);
    show(readlink(link, text, 100));
    print("%s\n", text);
    close(context);
    context = fsopen("tmpfs", 0);
    holds(fcntl(context, F_GETFD) == 0);
    close(context);
    struct rlimit few = {3, 1024}, before;
    getrlimit(RLIMIT_NOFILE, &before);
    setrlimit(RLIMIT_NOFILE, &few);
    show(fsopen("tmpfs", 0));
    setrlimit(RLIMIT_NOFILE, &before);
}

static void arguments(void)
{
    print("-- fsconfig's arguments\n");
    int context = fsopen("tmpfs", 0);
    int file = open("f", O_RDONLY);
    show(fsconfig(-1, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(100, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(file, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(100, 99, 0, 0, 0));
    show(fsconfig(-1, 99, 0, 0, 0));
    show(fsconfig(context, 99, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", "x", 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", 0, 1));
    show(fsconfig(context, FSCONFIG_SET_FLAG, wild, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, 0, "1m", 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "1m", 1));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", wild, 0));
    show(fsconfig(context, FSCONFIG_SET_BINARY, "size", "1m", 0));
    show(fsconfig(context, FSCONFIG_SET_BINARY, "size", "1m", -1));
    show(fsconfig(context, FSCONFIG_SET_BINARY, "size", "1m", 1024 * 1024 + 1));
    show(fsconfig(context, FSCONFIG_SET_BINARY, "size", wild, 2));
    show(fsconfig(context, FSCONFIG_SET_BINARY, "size", "1m", 2));
    show(fsconfig(context, FSCONFIG_SET_BINARY, 0, "1m", 2));
    show(fsconfig(context, FSCONFIG_SET_PATH, "size", 0, AT_FDCWD));
    show(fsconfig(context, FSCONFIG_SET_PATH, "size", "f", -5));
    show(fsconfig(context, FSCONFIG_SET_PATH, "size", "f", AT_FDCWD));
    show(fsconfig(context, FSCONFIG_SET_PATH, "size", "", AT_FDCWD));
    show(fsconfig(context, FSCONFIG_SET_PATH_EMPTY, "size", "", file));
    show(fsconfig(context, FSCONFIG_SET_PATH_EMPTY, "size", wild, file));
    show(fsconfig(context, FSCONFIG_SET_FD, "size", 0, -1));
    show(fsconfig(context, FSCONFIG_SET_FD, "size", 0, 100));
    show(fsconfig(context, FSCONFIG_SET_FD, "size", "x", file));
    show(fsconfig(context, FSCONFIG_SET_FD, "size", 0, file));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, "x", 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, "x", 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 1));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, "x", 0, 0));
    memset(text, 'k', 300);
    text[255] = 0;
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", text, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, text, 0, 0));
    text[255] = 'k';
    text[256] = 0;
    show(fsconfig(context, FSCONFIG_SET_FLAG, text, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", text, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    close(context);
    close(file);
}

static void parameters(const char *type)
{
    print("-- parameters of %s\n", type);
    int context = fsopen(type, 0);
    show(fsconfig(context, FSCONFIG_SET_FLAG, "nosuch", 0, 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "nosuch", "value", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "first", 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "second", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_FLAG, "source", 0, 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "rw", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "ro", "value", 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "rw", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "async", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "nomand", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "nolazytime", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "noexec", 0, 0));
    close(context);
}

static void tmpfs_parameters(void)
{
    int context = fsopen("tmpfs", 0);
    show(fsconfig(context, FSCONFIG_SET_FLAG, "size", 0, 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "x", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "uid", "-1", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "mode", "999", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "inode64", "1", 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "1m,mode=7", 0));
    print_messages(context);
    show(read(context, text, 100));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "nosuch", 0, 0));
    show(read(context, text, 5));
    show(read(context, text, 100));
    print("messages that nobody reads\n");
    for (char name[] = "a"; *name <= 'j'; ++*name)
        fsconfig(context, FSCONFIG_SET_FLAG, name, 0, 0);
    print_messages(context);
    close(context);
}

static void phases(void)
{
    print("-- what comes when\n");
    int context = fsopen("tmpfs", 0);
    show(fsmount(context, 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "somewhere", 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "1m", 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "mode", "0750", 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "nr_inodes", "100", 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "2m", 0));
    show(fsmount(100, 0, 0));
    show(fsmount(0, 0, 0));
    show(fsmount(context, 2, 0));
    show(fsmount(context, 0, 0x100));
    show(fsmount(context, 0, MOUNT_ATTR_IDMAP));
    show(fsmount(context, 0, 0x30));
    show(fsmount(100, 0, 0x30));
    int mount_file = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME);
    need(mount_file >= 0);
    holds(fcntl(mount_file, F_GETFD) == FD_CLOEXEC);
    holds((fcntl(mount_file, F_GETFL) & O_PATH) != 0);
    show(fsmount(context, 0, 0));
    print("not yet in the tree\n");
    print_mounts();
    show(fstat(mount_file, &status));
    print("mode %o\n", status.st_mode);
    show(mkdirat(mount_file, "inside", 0755));
    show(mount("none", "m", "tmpfs", 0, 0));
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d/inside", mount_file);
    show(mount("none", path, "tmpfs", 0, 0));
    show(mount(path, "m", 0, MS_BIND, 0));
    show(umount2(path, 0));
    snprintf(path, sizeof path, "/proc/self/fd/%d", mount_file);
    memset(text, 0, 100);
    show(readlink(path, text, 100));
    print("%s\n", text);
    show(umount2(path, 0));
    show(umount2(path, MNT_DETACH));
    show(open_tree(mount_file, "", AT_EMPTY_PATH | OPEN_TREE_CLONE));
    show(open_tree(mount_file, "inside", OPEN_TREE_CLONE));
    show(umount("m"));
    print("into the tree\n");
    show(move_mount(mount_file, "inside", AT_FDCWD, "m", 0));
    show(move_mount(mount_file, "", AT_FDCWD, "m", 0));
    show(move_mount(mount_file, "", AT_FDCWD, "f", MOVE_MOUNT_F_EMPTY_PATH));
    show(move_mount(mount_file, "", AT_FDCWD, "nope", MOVE_MOUNT_F_EMPTY_PATH));
    show(move_mount(mount_file, "", mount_file, "inside", MOVE_MOUNT_F_EMPTY_PATH));
    show(move_mount(mount_file, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
    print_mounts();
    show(stat("m/inside", &status));
    show(move_mount(mount_file, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    print_mounts();
    close(mount_file);
    print_mounts();
    print("the context changes it\n");
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "2m", 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    print_mounts();
    show(mkdir("n/x", 0755));
    show(fsmount(context, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "rw", 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "4k", 0));
    show(mkdir("n/x", 0755));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    int file = open("n/x/file", O_CREAT | O_RDWR, 0644);
    show(write(file, text, PAGE));
    show(write(file, text, PAGE));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", 0, 0));
    close(file);
    close(context);
    print_mounts();
    show(umount("n"));
    print("a mount that comes to nothing\n");
    context = fsopen("tmpfs", 0);
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    mount_file = fsmount(context, 0, 0);
    file = openat(mount_file, "file", O_CREAT | O_RDWR, 0644);
    close(mount_file);
    close(context);
    show(write(file, "x", 1));
    close(file);
    print_mounts();
}

static void other_types(void)
{
    static const char *types[] = {"proc", "sysfs", "devtmpfs", "devpts"};
    for (int i = 0; i < 4; i++) {
        int context = fsopen(types[i], 0);
        print("-- %s\n", types[i]);
        show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
        int mount_file = fsmount(context, 0, MOUNT_ATTR_RDONLY);
        show(move_mount(mount_file, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
        if (i > 0)
            show(mkdir("m/x", 0755));
        close(mount_file);
        close(context);
        show(umount("m"));
    }
    print("-- ext4\n");
    int context = fsopen("ext4", 0);
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    print_messages(context);
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "f", 0));
    close(context);
    context = fsopen("ext4", 0);
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "/mounted/f", 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show(fsmount(context, 0, 0));
    close(context);
    context = fsopen("ext4", 0);
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "/nope", 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    close(context);
}

static void picking(void)
{
    print("-- fspick\n");
    mkdir("d", 0755);
    symlink("m", "link");
    show(fspick(AT_FDCWD, "m", 0));
    show(fspick(AT_FDCWD, "nope", 0));
    show(fspick(AT_FDCWD, wild, 0));
    show(fspick(AT_FDCWD, "", 0));
    show(fspick(100, "m", 0));
    show(fspick(AT_FDCWD, "m", 16));
    show(fspick(AT_FDCWD, "m", -1));
    need(mount("none", "m", "tmpfs", 0, "size=8k") == 0);
    show(fspick(AT_FDCWD, "link", FSPICK_SYMLINK_NOFOLLOW));
    int context = fspick(AT_FDCWD, "link", FSPICK_CLOEXEC | FSPICK_NO_AUTOMOUNT);
    holds(fcntl(context, F_GETFD) == FD_CLOEXEC);
    show(fsmount(context, 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "nosuch", 0, 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "ro", 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    print_mounts();
    close(context);
    int top = open("m", O_PATH);
    context = fspick(top, "", FSPICK_EMPTY_PATH);
    show(fsconfig(context, FSCONFIG_SET_STRING, "size", "16k", 0));
    show(fsconfig(context, FSCONFIG_SET_FLAG, "rw", 0, 0));
    show(fsconfig(context, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0));
    print_mounts();
    close(context);
    close(top);
    show(umount("m"));
}

static void trees(void)
{
    print("-- open_tree\n");
    show(open_tree(AT_FDCWD, "m", 2));
    show(open_tree(AT_FDCWD, "m", AT_RECURSIVE));
    show(open_tree(AT_FDCWD, "nope", 0));
    show(open_tree(AT_FDCWD, "nope", OPEN_TREE_CLONE));
    show(open_tree(AT_FDCWD, "", OPEN_TREE_CLONE));
    show(open_tree(AT_FDCWD, wild, OPEN_TREE_CLONE));
    show(open_tree(100, "m", OPEN_TREE_CLONE));
    int tree = open_tree(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW | OPEN_TREE_CLOEXEC);
    fstat(tree, &status);
    holds(S_ISLNK(status.st_mode));
    holds(fcntl(tree, F_GETFD) == FD_CLOEXEC);
    close(tree);
    need(mount("outer", "m", "tmpfs", 0, 0) == 0);
    mkdir("m/sub", 0755);
    close(creat("m/sub/under", 0644));
    need(mount("inner", "m/sub", "tmpfs", 0, 0) == 0);
    close(creat("m/sub/over", 0644));
    print("a plain one is but a descriptor\n");
    tree = open_tree(AT_FDCWD, "m", AT_NO_AUTOMOUNT);
    holds((fcntl(tree, F_GETFL) & O_PATH) != 0);
    show(faccessat(tree, "sub/over", F_OK, 0));
    show(move_mount(tree, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    print_mounts();
    close(tree);
    show(move_mount(AT_FDCWD, "n", AT_FDCWD, "m", 0));
    print_mounts();
    print("a copy of one mount\n");
    tree = open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE);
    show(faccessat(tree, "sub/over", F_OK, 0));
    show(faccessat(tree, "sub/under", F_OK, 0));
    show(move_mount(tree, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    print_mounts();
    close(tree);
    show(umount("n"));
    print("a copy of all\n");
    tree = open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE | AT_RECURSIVE);
    show(faccessat(tree, "sub/over", F_OK, 0));
    print_mounts();
    show(move_mount(tree, "sub", AT_FDCWD, "n", 0));
    show(move_mount(tree, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    print_mounts();
    close(tree);
    show(umount2("n", MNT_DETACH));
    print("a copy of a directory\n");
    tree = open_tree(AT_FDCWD, "m/sub/..", OPEN_TREE_CLONE | AT_RECURSIVE);
    close(tree);
    print_mounts();
    tree = open_tree(AT_FDCWD, "d", OPEN_TREE_CLONE);
    show(move_mount(tree, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    close(tree);
    print_mounts();
    show(umount("n"));
    print("a copy of a file\n");
    tree = open_tree(AT_FDCWD, "f", OPEN_TREE_CLONE);
    show(move_mount(tree, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    show(move_mount(tree, "", AT_FDCWD, "g", MOVE_MOUNT_F_EMPTY_PATH));
    close(tree);
    print_mounts();
    show(umount("g"));
    print("what refuses to be bound\n");
    need(mount(0, "m", 0, MS_UNBINDABLE, 0) == 0);
    show(open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE));
    need(mount(0, "m", 0, MS_PRIVATE, 0) == 0);
    show(umount2("m", MNT_DETACH));
}

static void moves(void)
{
    print("-- move_mount\n");
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "n", 0x400));
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "n", 8));
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "n", 0));
    show(move_mount(AT_FDCWD, "nope", AT_FDCWD, "n", 0));
    show(move_mount(AT_FDCWD, wild, AT_FDCWD, "n", 0));
    show(move_mount(AT_FDCWD, "", AT_FDCWD, "n", 0));
    need(mount("outer", "m", "tmpfs", 0, 0) == 0);
    mkdir("m/sub", 0755);
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, wild, 0));
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "", 0));
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "m/sub", 0));
    show(move_mount(AT_FDCWD, "m/sub", AT_FDCWD, "n", 0));
    show(move_mount(AT_FDCWD, "link", AT_FDCWD, "n", 0));
    show(move_mount(AT_FDCWD, "link", AT_FDCWD, "n", MOVE_MOUNT_F_SYMLINKS));
    print_mounts();
    int to = open("m", O_PATH);
    show(move_mount(AT_FDCWD, "n", to, "", 0));
    show(move_mount(AT_FDCWD, "n", to, "", MOVE_MOUNT_T_EMPTY_PATH));
    close(to);
    print_mounts();
    print("a shared mount's mounts stay\n");
    need(mount(0, "m", 0, MS_SHARED, 0) == 0);
    need(mount("inner", "m/sub", "tmpfs", 0, 0) == 0);
    show(move_mount(AT_FDCWD, "m/sub", AT_FDCWD, "n", 0));
    show(umount("m/sub"));
    print("what comes into a shared mount is told\n");
    need(mount("m", "n", 0, MS_BIND, 0) == 0);
    int context = fsopen("tmpfs", 0);
    show(fsconfig(context, FSCONFIG_SET_STRING, "source", "told", 0));
    show(fsconfig(context, FSCONFIG_CMD_CREATE, 0, 0, 0));
    int made = fsmount(context, 0, 0);
    show(move_mount(made, "", AT_FDCWD, "m/sub", MOVE_MOUNT_F_EMPTY_PATH));
    close(made);
    close(context);
    print_mounts();
    show(umount("n/sub"));
    print_mounts();
    show(umount("n"));
    print("a copy of a shared mount is its peer\n");
    int tree = open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE);
    show(move_mount(tree, "", AT_FDCWD, "n", MOVE_MOUNT_F_EMPTY_PATH));
    close(tree);
    need(mount("heard", "m/sub", "tmpfs", 0, 0) == 0);
    print_mounts();
    show(umount("m/sub"));
    show(umount("n"));
    print("into a group\n");
    need(mount("m", "n", 0, MS_BIND, 0) == 0);
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "n", MOVE_MOUNT_SET_GROUP));
    need(mount(0, "n", 0, MS_PRIVATE, 0) == 0);
    show(move_mount(AT_FDCWD, "n", AT_FDCWD, "m", MOVE_MOUNT_SET_GROUP));
    show(move_mount(AT_FDCWD, "d", AT_FDCWD, "n", MOVE_MOUNT_SET_GROUP));
    show(move_mount(AT_FDCWD, "/proc", AT_FDCWD, "n", MOVE_MOUNT_SET_GROUP));
    show(move_mount(AT_FDCWD, "m", AT_FDCWD, "n", MOVE_MOUNT_SET_GROUP));
    need(mount("heard", "m/sub", "tmpfs", 0, 0) == 0);
    print_mounts();
    show(umount("m/sub"));
    show(umount("n"));
    show(umount("m"));
}

static void as_nobody(void)
{
    need(setgroups(0, 0) == 0 && setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
    show(fsopen("tmpfs", 0));
    show(fsopen("nosuchfs", 0));
    show(fsopen("tmpfs", 2));
    show(fsmount(100, 2, 0));
    show(fspick(AT_FDCWD, "nope", 16));
    show(move_mount(AT_FDCWD, "nope", AT_FDCWD, "n", 0x400));
    show(open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE));
    show(open_tree(AT_FDCWD, "m", 2));
    show(fsconfig(100, FSCONFIG_CMD_CREATE, 0, 0, 0));
    show_success(open_tree(AT_FDCWD, "m", 0));
}

int main(void)
{
    need(mkdir("/mounted", 0755) == 0);
    need(mount("none", "/mounted", "tmpfs", 0, 0) == 0);
    need(mount(0, "/mounted", 0, MS_PRIVATE, 0) == 0);
    need(chdir("/mounted") == 0);
    mkdir("m", 0755);
    mkdir("n", 0755);
    close(creat("f", 0644));
    close(creat("g", 0644));
    opening();
    arguments();
    parameters("tmpfs");
    parameters("proc");
    parameters("sysfs");
    tmpfs_parameters();
    phases();
    other_types();
    picking();
    trees();
    moves();
    in_child("nobody", as_nobody);
    need(chdir("/") == 0);
    show(umount("/mounted"));
    show(rmdir("/mounted"));
    return 0;
}

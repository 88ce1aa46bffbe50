/* The options of a tmpfs, and the limits that they set: tmpfs(5). */
#include "check.h"
#include <mntent.h>
#include <sys/mount.h>
#include <sys/vfs.h>

static char page[16384];

static void print_options(void)
{
    FILE *mounts = setmntent("/proc/self/mounts", "r");
    struct mntent *entry;
    while ((entry = getmntent(mounts)))
        if (strcmp(entry->mnt_dir, "/mounted") == 0)
            print("%s\n", entry->mnt_opts);
    endmntent(mounts);
}

static void print_room(void)
{
    struct statfs about;
    need(statfs("/mounted", &about) == 0);
    print("blocks %ld free %ld files %ld free %ld\n", (long) about.f_blocks, (long) about.f_bfree, (long) about.f_files,
          (long) about.f_ffree);
}

static void mount_with(const char *options)
{
    int result = mount("none", "/mounted", "tmpfs", 0, options);
    print("%s: %s\n", options, result == 0 ? "mounted" : strerrorname_np(errno));
    if (result != 0)
        return;
    struct stat status;
    need(stat("/mounted", &status) == 0);
    print("%o %d %d ", status.st_mode, status.st_uid, status.st_gid);
    print_options();
    if (strstr(options, "nr_inodes") && (strstr(options, "size") || strstr(options, "nr_blocks")))
        print_room();
    need(umount("/mounted") == 0);
}

static void options(void)
{
    static const char *const each[] = {
        "size=1M",
        "size=100",
        "size=1k,size=8k",
        "size=0x2000",
        "size=1m,nr_inodes=10",
        "size=0,nr_inodes=0",
        "nr_blocks=7",
        "nr_blocks=1k,nr_inodes=2k",
        "mode=700",
        "mode=17777",
        "mode=0777,",
        ",,mode=0711",
        "mode=01777,uid=3,gid=4",
        "gid=5,uid=6",
        "inode32",
        "inode64",
        "huge=never",
        "mpol=default",
        "mpol=local",
        "mode=9",
        "size=x",
        "size",
        "size=-1",
        "size=20480\n",
        "uid=-1",
        "uid=x",
        "nr_inodes=5x",
        "huge=bad",
        "bogus",
        "bogus=1",
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        mount_with(each[i]);
}

static void limits(void)
{
    show(mount("none", "/mounted", "tmpfs", 0, "size=16k,nr_inodes=5"));
    need(chdir("/mounted") == 0);
    int file = open("a", O_CREAT | O_RDWR, 0644);
    show(write(file, page, 8192));
    show(write(file, page, 8193));
    show(write(file, page, 1));
    show(lseek(file, 0, SEEK_CUR));
    print_room();
    show(fallocate(file, 0, 0, 20000));
    show(ftruncate(file, 1 << 20));
    show(pwrite(file, "x", 1, 100000));
    show(ftruncate(file, 4096));
    print_room();
    show(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 16384));
    print_room();
    show(mkdir("b", 0755));
    show(symlink("x", "c"));
    show(link("a", "d"));
    print_room();
    show(open("e", O_CREAT, 0644));
    show(mkdir("e", 0755));
    show(link("a", "e"));
    show(unlink("d"));
    print_room();
    need(chdir("/") == 0);
    close(file);
}

static void remounts(void)
{
    show(mount(0, "/mounted", 0, MS_REMOUNT, "size=8k"));
    show(mount(0, "/mounted", 0, MS_REMOUNT, "size=32k"));
    show(mount(0, "/mounted", 0, MS_REMOUNT, "nr_inodes=2"));
    show(mount(0, "/mounted", 0, MS_REMOUNT, "nr_inodes=20"));
    print_room();
    print_options();
    show(mount(0, "/mounted", 0, MS_REMOUNT, "mode=0111,uid=7"));
    print_options();
    show(mount(0, "/mounted", 0, MS_REMOUNT, "bogus"));
    show(mount(0, "/mounted", 0, MS_REMOUNT | MS_RDONLY, "size=9k"));
    show(mount(0, "/mounted", 0, MS_REMOUNT | MS_RDONLY, "size=64k"));
    print_options();
    show(mount(0, "/mounted", 0, MS_REMOUNT, "size=0,nr_inodes=0"));
    print_room();
    show(mount(0, "/mounted", 0, MS_REMOUNT, "size=64k"));
    show(mount(0, "/mounted", 0, MS_REMOUNT, "nr_inodes=64k"));
    show(umount("/mounted"));
}

int main(void)
{
    need(mkdir("/mounted", 0755) == 0);
    options();
    limits();
    remounts();
    show(rmdir("/mounted"));
    return 0;
}

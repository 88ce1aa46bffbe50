/* name_to_handle_at and open_by_handle_at: files of a tmpfs found again without their paths. */
#include "check.h"
#include <sys/mount.h>

struct handle {
    unsigned bytes;
    int type;
    unsigned char data[MAX_HANDLE_SZ];
};

static int mounted, mount_id;

static long name(int directory, const char *path, struct handle *handle, unsigned room, int flags)
{
    memset(handle, 0x5a, sizeof *handle);
    handle->bytes = room;
    mount_id = -1;
    return syscall(SYS_name_to_handle_at, directory, path, handle, &mount_id, flags);
}

static long again(int descriptor, struct handle *handle, int flags)
{
    long file = syscall(SYS_open_by_handle_at, descriptor, handle, flags);
    if (file >= 0)
        close(file);
    return file >= 0 ? 0 : -1;
}

static void sizes(void)
{
    print("-- sizes\n");
    struct handle h, same;
    show(name(AT_FDCWD, "f", &h, 0, 0));
    print("%u bytes, type %d, mount %s, data %s\n", h.bytes, h.type, mount_id >= 0 ? "told" : "untold", h.data[0] == 0x5a ? "kept" : "changed");
    show(name(AT_FDCWD, "f", &h, h.bytes - 1, 0));
    print("%u bytes, type %d, mount %s\n", h.bytes, h.type, mount_id >= 0 ? "told" : "untold");
    unsigned bytes = h.bytes;
    show(name(AT_FDCWD, "f", &h, bytes, 0));
    print("%u bytes, type %d, mount %s\n", h.bytes, h.type, mount_id >= 0 ? "told" : "untold");
    show(name(AT_FDCWD, "f", &same, MAX_HANDLE_SZ, 0));
    holds(same.bytes == bytes && same.type == h.type && memcmp(same.data, h.data, bytes) == 0);
    show(name(AT_FDCWD, "f", &h, MAX_HANDLE_SZ + 1, 0));
    show(name(AT_FDCWD, "f", &h, -1, 0));
}

static void ways(void)
{
    print("-- what is named\n");
    struct handle h, file, link;
    need(symlink("f", "s") == 0);
    need(name(AT_FDCWD, "f", &file, MAX_HANDLE_SZ, 0) == 0);
    show(name(AT_FDCWD, "s", &link, MAX_HANDLE_SZ, 0));
    holds(memcmp(file.data, link.data, file.bytes) != 0);
    show(name(AT_FDCWD, "s", &h, MAX_HANDLE_SZ, AT_SYMLINK_FOLLOW));
    holds(memcmp(file.data, h.data, file.bytes) == 0);
    int f = open("f", O_RDONLY);
    show(name(f, "", &h, MAX_HANDLE_SZ, 0));
    show(name(f, "", &h, MAX_HANDLE_SZ, AT_EMPTY_PATH));
    holds(memcmp(file.data, h.data, file.bytes) == 0);
    show(name(AT_FDCWD, "", &h, MAX_HANDLE_SZ, AT_EMPTY_PATH));
    show(name(f, "f", &h, MAX_HANDLE_SZ, 0));
    show(name(99, "f", &h, MAX_HANDLE_SZ, 0));
    show(name(AT_FDCWD, "missing", &h, MAX_HANDLE_SZ, 0));
    show(name(AT_FDCWD, "f", &h, MAX_HANDLE_SZ, 0x80));
    show(name(AT_FDCWD, "/proc/version", &h, MAX_HANDLE_SZ, 0));
    show(name(AT_FDCWD, "/dev/pts", &h, MAX_HANDLE_SZ, 0));
    show(name(AT_FDCWD, "/proc", &h, MAX_HANDLE_SZ + 1, 0));
    show(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", wild, &mount_id, 0));
    show(syscall(SYS_name_to_handle_at, AT_FDCWD, wild, &h, &mount_id, 0));
    h.bytes = MAX_HANDLE_SZ;
    show(syscall(SYS_name_to_handle_at, AT_FDCWD, "f", &h, wild, 0));
    close(f);
    show(again(mounted, &link, O_RDONLY));
    show(again(mounted, &link, O_PATH));
    show(again(mounted, &file, O_RDONLY));
}

static void show_path(int file)
{
    char link[40], path[200] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    need(readlink(link, path, sizeof path - 1) > 0);
    print("it is %s\n", strrchr(path, '/'));
}

static void opened(void)
{
    print("-- opened again\n");
    struct handle h, directory;
    need(name(AT_FDCWD, "f", &h, MAX_HANDLE_SZ, 0) == 0);
    need(mkdir("d", 0755) == 0 && name(AT_FDCWD, "d", &directory, MAX_HANDLE_SZ, 0) == 0);
    need(rename("f", "d/g") == 0);
    int file = syscall(SYS_open_by_handle_at, mounted, &h, O_RDWR);
    need(file >= 0);
    show(write(file, "text", 4));
    show(fcntl(file, F_GETFL) & O_ACCMODE);
    show_path(file);
    show(again(AT_FDCWD, &h, O_RDONLY));
    show(again(file, &h, O_RDONLY));
    int top = syscall(SYS_open_by_handle_at, mounted, &directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    need(top >= 0);
    show(fcntl(top, F_GETFD));
    show_path(top);
    show(faccessat(top, "g", F_OK, 0));
    show(again(mounted, &directory, O_RDWR));
    show(again(mounted, &h, O_DIRECTORY));
    close(top);
    show(unlink("d/g"));
    show(again(mounted, &h, O_RDONLY));
    close(file);
    show(again(mounted, &h, O_RDONLY));
    show(rmdir("d"));
    show(again(mounted, &directory, O_RDONLY));
}

static void refused(void)
{
    print("-- refused\n");
    need(close(open("f", O_CREAT | O_WRONLY, 0644)) == 0);
    struct handle h, bad;
    need(name(AT_FDCWD, "f", &h, MAX_HANDLE_SZ, 0) == 0);
    show(again(mounted, &h, O_RDONLY));
    show(again(99, &h, O_RDONLY));
    show(syscall(SYS_open_by_handle_at, mounted, wild, O_RDONLY));
    bad = h;
    bad.bytes = 0;
    show(again(mounted, &bad, O_RDONLY));
    bad.bytes = MAX_HANDLE_SZ + 1;
    show(again(mounted, &bad, O_RDONLY));
    bad.bytes = 4;
    show(again(mounted, &bad, O_RDONLY));
    bad = h;
    bad.data[0] ^= 1;
    show(again(mounted, &bad, O_RDONLY));
    bad = h;
    bad.data[h.bytes - 1] ^= 1;
    show(again(mounted, &bad, O_RDONLY));
    int other = open("/proc", O_RDONLY);
    show(again(other, &h, O_RDONLY));
    close(other);
    need(mkdir("m", 0755) == 0 && mount("none", "m", "tmpfs", 0, 0) == 0);
    other = open("m", O_RDONLY);
    show(again(other, &h, O_RDONLY));
    close(other);
    need(umount("m") == 0);
    show(chmod("f", 0));
    show(again(mounted, &h, O_RDWR));
    need(setuid(1) == 0);
    show(again(mounted, &h, O_RDONLY));
    show(again(99, &h, O_RDONLY));
    show(name(AT_FDCWD, "f", &h, MAX_HANDLE_SZ, 0));
}

int main(void)
{
    work_in_scratch_directory();
    need(mkdir("mount", 0755) == 0 && mount("none", "mount", "tmpfs", 0, 0) == 0 && chdir("mount") == 0);
    mounted = open(".", O_RDONLY);
    need(close(open("f", O_CREAT | O_WRONLY, 0644)) == 0);
    sizes();
    ways();
    opened();
    in_child("refused", refused);
    return 0;
}

/* Files on the root file system: names, attributes, offsets, sizes, holes. */
#include "check.h"
#include <sys/sysmacros.h>
#include <sys/uio.h>

static void describe(const char *name)
{
    struct stat s;
    if (lstat(name, &s) != 0) {
        print("%s: %s\n", name, strerrorname_np(errno));
        return;
    }
    print("%s: mode %o links %ld size %ld uid %d gid %d\n", name, s.st_mode, (long) s.st_nlink,
          S_ISDIR(s.st_mode) ? 0 : (long) s.st_size, s.st_uid, s.st_gid);
}

static void contents(const char *name)
{
    char text[200];
    int file = open(name, O_RDONLY);
    ssize_t length = read(file, text, sizeof text);
    print("%s: \"%.*s\"\n", name, (int) (length < 0 ? 0 : length), text);
    close(file);
}

static void make(const char *name, const char *text)
{
    int file = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644);
    need(file >= 0 && write(file, text, strlen(text)) == (ssize_t) strlen(text));
    close(file);
}

static void opening(void)
{
    print("-- open\n");
    umask(022);
    show_success(open("new", O_RDWR));
    show_success(open("new", O_RDWR | O_CREAT, 0666));
    describe("new");
    show_success(open("new", O_RDWR | O_CREAT | O_EXCL, 0666));
    show_success(open("new/under", O_RDONLY));
    show_success(open("new", O_RDONLY | O_DIRECTORY));
    show_success(open(".", O_RDWR));
    show_success(open("no/where", O_RDWR | O_CREAT, 0666));
    show_success(open("", O_RDONLY));
    char name[300];
    memset(name, 'n', sizeof name);
    name[256] = 0;
    show_success(open(name, O_RDONLY | O_CREAT, 0600));
    name[255] = 0;
    show_success(open(name, O_RDONLY | O_CREAT, 0600));
    char path[5000];
    memset(path, '/', sizeof path);
    path[4999] = 0;
    show_success(open(path, O_RDONLY));
    path[4095] = 0;
    show_success(open(path, O_RDONLY));
    make("full", "0123456789");
    close(open("full", O_WRONLY | O_TRUNC));
    describe("full");
    umask(077);
    close(open("masked", O_CREAT | O_WRONLY, 0777));
    describe("masked");
    show_success(open("unnamed-dir", O_TMPFILE | O_RDWR, 0600));
    show_success(openat(999, "x", O_RDONLY));
    show_success(openat(999, "/", O_RDONLY));
    umask(022);
}

static void offsets(void)
{
    print("-- offsets, appending, truncating, holes\n");
    int file = open("offsets", O_RDWR | O_CREAT | O_TRUNC, 0644);
    char text[64] = "";
    show(write(file, "0123456789", 10));
    show(lseek(file, -4, SEEK_END));
    show(read(file, text, 2));
    show(lseek(file, 0, SEEK_CUR));
    show(lseek(file, -100, SEEK_CUR));
    show(lseek(file, 5, 99));
    show(lseek(file, 100, SEEK_SET));
    show(read(file, text, 2));
    show(write(file, "end", 3));
    describe("offsets");
    show(pread(file, text, 5, 98));
    print("%d %d %c%c%c\n", text[0], text[1], text[2], text[3], text[4]);
    show(pwrite(file, "PW", 2, 1));
    show(pread(file, text, 5, -1));
    show(lseek(file, 0, SEEK_CUR));
    show(ftruncate(file, 4));
    contents("offsets");
    show(ftruncate(file, 8));
    show(pread(file, text, 8, 0));
    print("%.4s %d%d%d%d\n", text, text[4], text[5], text[6], text[7]);
    show(ftruncate(file, -1));
    show(truncate("offsets", 3));
    contents("offsets");
    show(truncate(".", 3));
    show(truncate("missing", 3));
    int appending = open("offsets", O_WRONLY | O_APPEND);
    show(lseek(appending, 0, SEEK_SET));
    show(write(appending, "A", 1));
    show(pwrite(file, "B", 1, 0));
    show(write(appending, "C", 1));
    contents("offsets");
    print("-- a sparse file takes room only for what was written\n");
    int sparse = open("sparse", O_RDWR | O_CREAT, 0644);
    show(pwrite(sparse, "far", 3, 100l << 20));
    struct stat s;
    fstat(sparse, &s);
    print("size %ld, less than 1 MB in use: %d\n", (long) s.st_size, s.st_blocks * 512 < 1 << 20);
    show(pread(sparse, text, 4, 50l << 20));
    print("%d%d%d%d\n", text[0], text[1], text[2], text[3]);
    struct iovec parts[3] = {{"one", 3}, {"two", 3}, {"three", 5}};
    show(pwritev(sparse, parts, 3, 0));
    char a[4] = "", b[9] = "";
    struct iovec into[2] = {{a, 3}, {b, 8}};
    show(preadv(sparse, into, 2, 0));
    print("%s %s\n", a, b);
    show(writev(sparse, parts, -1));
    show(writev(sparse, parts, 0));
}

static void names(void)
{
    print("-- link, unlink, rename, symlink\n");
    make("a", "contents of a");
    make("b", "contents of b");
    show(link("a", "a2"));
    describe("a");
    show(link("a", "b"));
    show(link("missing", "x"));
    show(link(".", "directory-link"));
    show(rename("a", "a2"));
    describe("a");
    show(rename("a2", "b"));
    describe("a2");
    contents("b");
    show(unlink("a"));
    show(unlink("a"));
    show(unlink("b"));
    show(unlink("missing"));
    show(unlink("."));
    show(mkdir("d", 0755));
    show(mkdir("d", 0755));
    show(mkdir("d/e", 0700));
    describe("d");
    show(rmdir("d"));
    show(unlink("d"));
    show(rename("d", "d/e/f"));
    make("d/file", "x");
    show(rmdir("d/file"));
    show(rename("d/file", "d/e"));
    show(rename("d/e", "d/file"));
    show(mkdir("g", 0755));
    show(rename("d/e", "g"));
    describe("d");
    describe("g");
    show(rename("d", "g/"));
    show(renameat2(AT_FDCWD, "g", AT_FDCWD, "d", RENAME_NOREPLACE));
    show(renameat2(AT_FDCWD, "g", AT_FDCWD, "d", RENAME_EXCHANGE));
    show(rmdir("d"));
    show(rmdir("."));
    show(rmdir("/"));
    show(rmdir("missing/"));
    show(symlink("g/file", "soft"));
    describe("soft");
    contents("soft");
    char target[20] = "";
    show(readlink("soft", target, sizeof target));
    print("%s\n", target);
    show(readlink("soft", target, 2));
    show(readlink("g", target, 2));
    show(symlink("loop2", "loop1"));
    show(symlink("loop1", "loop2"));
    show_success(open("loop1", O_RDONLY));
    show_success(open("soft", O_RDONLY | O_NOFOLLOW));
    show(symlink("nowhere", "dangling"));
    show_success(open("dangling", O_RDONLY));
    show_success(open("dangling", O_RDONLY | O_CREAT | O_EXCL, 0600));
    show_success(open("dangling", O_RDONLY | O_CREAT, 0600));
    describe("nowhere");
    print("-- an unlinked file lives until it is closed\n");
    int file = open("gone", O_RDWR | O_CREAT, 0600);
    write(file, "still here", 10);
    show(unlink("gone"));
    char text[11] = "";
    show(pread(file, text, 10, 0));
    struct stat s;
    fstat(file, &s);
    print("%s, %ld links\n", text, (long) s.st_nlink);
}

static void attributes(void)
{
    print("-- attributes\n");
    make("attributes", "12345");
    struct stat s, t;
    show(chmod("attributes", 04751));
    describe("attributes");
    show(chmod("missing", 0));
    show(chown("attributes", 12, 34));
    describe("attributes");
    struct timespec times[2] = {{1000000000, 123456789}, {1100000000, 5}};
    show(utimensat(AT_FDCWD, "attributes", times, 0));
    stat("attributes", &s);
    print("%ld.%ld %ld.%ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_nsec = UTIME_NOW;
    show(utimensat(AT_FDCWD, "attributes", times, 0));
    stat("attributes", &t);
    print("atime kept %d, mtime now %d\n", t.st_atim.tv_sec == 1000000000, t.st_mtim.tv_sec > 1700000000);
    pause_milliseconds(20);
    int file = open("attributes", O_WRONLY);
    write(file, "x", 1);
    fstat(file, &s);
    print("a write moves mtime %d and ctime %d\n", s.st_mtim.tv_nsec != t.st_mtim.tv_nsec, s.st_ctim.tv_nsec != t.st_ctim.tv_nsec);
    holds(s.st_ino == t.st_ino && s.st_dev == t.st_dev && s.st_blksize > 0);
    show(access("attributes", F_OK));
    show(access("missing", F_OK));
    show(access("attributes", R_OK | W_OK | X_OK));
    show(access("attributes", 99));
    show(faccessat(AT_FDCWD, "soft", F_OK, AT_SYMLINK_NOFOLLOW));
    struct statx x;
    show(statx(AT_FDCWD, "attributes", 0, STATX_BASIC_STATS, &x));
    print("statx: mode %o size %lld uid %d links %d, basic mask %d\n", x.stx_mode, x.stx_size, x.stx_uid, x.stx_nlink,
          (x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    show(statx(file, "", AT_EMPTY_PATH, STATX_SIZE, &x));
    show(statx(file, "", 0, STATX_SIZE, &x));
    show(fstatat(file, "", &s, AT_EMPTY_PATH));
    show(stat("attributes/x", &s));
    show(mknod("node", S_IFCHR | 0600, makedev(1, 3)));
    stat("node", &s);
    print("%o %d:%d\n", s.st_mode, major(s.st_rdev), minor(s.st_rdev));
}

static void working_directory(void)
{
    print("-- the working directory\n");
    char before[200], after[200];
    need(getcwd(before, sizeof before) != 0);
    show(mkdir("sub", 0755));
    show(chdir("sub"));
    getcwd(after, sizeof after);
    print("%s\n", after + strlen(before));
    show((long) getcwd(after, 3));
    show(chdir("../sub/./../sub//"));
    show(chdir("missing"));
    make("file", "x");
    show(chdir("file"));
    int up = open("..", O_RDONLY);
    show(fchdir(up));
    getcwd(after, sizeof after);
    print("back: %d\n", strcmp(before, after));
    show(unlinkat(up, "sub/file", 0));
    show(unlinkat(up, "sub", 0));
    show(unlinkat(up, "sub", AT_REMOVEDIR));
    show(fchdir(0x7fff));
}

int main(void)
{
    work_in_scratch_directory();
    opening();
    offsets();
    names();
    attributes();
    working_directory();
    return 0;
}

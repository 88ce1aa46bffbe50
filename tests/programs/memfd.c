/* Files without names: memfd_create and its seals, O_TMPFILE that gets a name later. */
#include "check.h"

static void making(void)
{
    print("-- memfd_create\n");
    char name[300];
    memset(name, 'n', sizeof name);
    name[249] = 0;
    show_success(memfd_create(name, 0));
    name[249] = 'n';
    name[250] = 0;
    show_success(memfd_create(name, 0));
    show_success(memfd_create(wild, 0));
    show_success(memfd_create("", 0));
    show_success(memfd_create("x", 0x1000));
    int file = memfd_create("kept", MFD_CLOEXEC);
    show(fcntl(file, F_GETFD));
    struct stat s;
    show(fstat(file, &s));
    print("mode %o links %ld size %ld\n", s.st_mode, (long) s.st_nlink, (long) s.st_size);
    show(fcntl(file, F_GETFL) & ~O_LARGEFILE);
    char link[64], target[100] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    show(readlink(link, target, sizeof target));
    print("%s\n", target);
    show(fcntl(file, F_GET_SEALS));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    show(ftruncate(file, 10000));
    show(pwrite(file, "end", 3, 9997));
    char *mapped = mmap(0, 12288, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    need(mapped != MAP_FAILED);
    print("%s\n", mapped + 9997);
    memcpy(mapped, "start", 5);
    char text[6] = "";
    show(pread(file, text, 5, 0));
    print("%s\n", text);
    int again = open(link, O_RDONLY);
    need(again >= 0);
    show(pread(again, text, 3, 9997));
    show(fcntl(again, F_GET_SEALS));
    show(fcntl(again, F_ADD_SEALS, 0));
    show(linkat(AT_FDCWD, link, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
}

static void sealing(void)
{
    print("-- seals\n");
    int file = memfd_create("sealed", MFD_ALLOW_SEALING);
    need(file >= 0 && ftruncate(file, 2 * PAGE) == 0);
    show(fcntl(file, F_GET_SEALS));
    show(fcntl(file, F_ADD_SEALS, 0x1000));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK));
    show(ftruncate(file, PAGE));
    show(ftruncate(file, 3 * PAGE));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_GROW));
    show(ftruncate(file, 4 * PAGE));
    show(ftruncate(file, 3 * PAGE));
    char block[2 * PAGE];
    memset(block, 7, sizeof block);
    show(pwrite(file, block, sizeof block, 2 * PAGE));
    show(pwrite(file, block, 10, 3 * PAGE - 5));
    show(fallocate(file, 0, 0, 4 * PAGE));
    show(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, PAGE));
    char *mapped = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    need(mapped != MAP_FAILED);
    show(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    need(munmap(mapped, PAGE) == 0);
    mapped = mmap(0, PAGE, PROT_READ, MAP_SHARED, file, 0);
    show(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    need(munmap(mapped, PAGE) == 0);
    show(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    show(fcntl(file, F_GET_SEALS));
    show(write(file, block, 1));
    show(write(file, block, 0));
    show(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
    show_success(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    show_success(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_SEAL));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_SEAL));
    close(file);

    file = memfd_create("future", MFD_ALLOW_SEALING);
    need(file >= 0 && ftruncate(file, PAGE) == 0);
    mapped = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    show(fcntl(file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
    mapped[0] = 'm';
    show(write(file, block, 1));
    show_success(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    char *reader = mmap(0, PAGE, PROT_READ, MAP_SHARED, file, 0);
    need(reader != MAP_FAILED);
    print("%c\n", reader[0]);
    show(mprotect(reader, PAGE, PROT_READ | PROT_WRITE));
    close(file);

    int plain = open("plain", O_RDWR | O_CREAT, 0600);
    show(fcntl(plain, F_GET_SEALS));
    show(fcntl(plain, F_ADD_SEALS, F_SEAL_WRITE));
    int ends[2];
    need(pipe(ends) == 0);
    show(fcntl(ends[0], F_GET_SEALS));
    show(fcntl(ends[1], F_ADD_SEALS, F_SEAL_WRITE));
}

static void unnamed(void)
{
    print("-- O_TMPFILE\n");
    show_success(open(".", O_TMPFILE | O_RDONLY, 0600));
    show_success(open("plain", O_TMPFILE | O_RDWR, 0600));
    int file = open(".", O_TMPFILE | O_RDWR, 0640);
    need(file >= 0 && write(file, "unnamed", 7) == 7);
    struct stat s;
    need(fstat(file, &s) == 0);
    print("mode %o links %ld\n", s.st_mode, (long) s.st_nlink);
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    show(linkat(AT_FDCWD, link, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    need(fstat(file, &s) == 0);
    print("links %ld\n", (long) s.st_nlink);
    show(linkat(file, "", AT_FDCWD, "second", AT_EMPTY_PATH));
    show(linkat(file, "", AT_FDCWD, "second", AT_EMPTY_PATH));
    show(linkat(file, "", AT_FDCWD, "third", 0));
    show(unlink("named"));
    show(unlink("second"));
    show(linkat(file, "", AT_FDCWD, "again", AT_EMPTY_PATH));
    close(file);
    file = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
    need(file >= 0);
    show(linkat(file, "", AT_FDCWD, "exclusive", AT_EMPTY_PATH));
    close(file);
    need(chmod(".", 0777) == 0);
    file = open(".", O_TMPFILE | O_RDWR, 0666);
    need(setresuid(1000, 1000, 1000) == 0);
    show(linkat(99, "", AT_FDCWD, "none", AT_EMPTY_PATH));
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    show(linkat(AT_FDCWD, link, AT_FDCWD, "by-link", AT_SYMLINK_FOLLOW));
}

int main(void)
{
    work_in_scratch_directory();
    making();
    sealing();
    unnamed();
    return 0;
}

/* How much of everything one process may have, and what it hears beyond: Linux's own limits, and that everything still works there. */
#include "check.h"
#include <dirent.h>
#include <grp.h>
#include <sys/resource.h>
#include <limits.h>
#include <sys/uio.h>

enum { MAPPINGS = 65530, NAMES = 20000, DESCRIPTORS = 20000, GROUPS = 65536 };

static long read_number(const char *path)
{
    char text[32] = "";
    int file = open(path, O_RDONLY);
    need(file >= 0 && read(file, text, sizeof text - 1) > 0);
    close(file);
    return atol(text);
}

static long count_lines(const char *path)
{
    static char text[65536];
    long lines = 0;
    int file = open(path, O_RDONLY);
    need(file >= 0);
    for (ssize_t got = read(file, text, sizeof text); got > 0; got = read(file, text, sizeof text))
        for (ssize_t i = 0; i < got; i++)
            lines += text[i] == '\n';
    close(file);
    return lines;
}

/* Every other page of an area gets another protection, until there are too many mappings. */
static void mappings(void)
{
    holds(read_number("/proc/sys/vm/max_map_count") == MAPPINGS);
    size_t length = (size_t) 2 * MAPPINGS * PAGE;
    char *area = mmap(0, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(area != MAP_FAILED);
    long split = 0;
    while (mprotect(area + (2 * split + 1) * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0)
        split++;
    print("no more mappings: %s\n", strerrorname_np(errno));
    long lines = count_lines("/proc/self/maps");
    holds(lines > MAPPINGS - 10 && lines <= MAPPINGS + 2);
    area[PAGE] = 1;
    area[(2 * split - 1) * PAGE] = 2;
    pid_t child = fork();
    if (child == 0)
        _exit(area[PAGE] + area[(2 * split - 1) * PAGE]);
    int status = 0;
    need(child > 0 && waitpid(child, &status, 0) == child);
    print_status("a child with as many mappings", status);
    show(mprotect(area, length, PROT_READ));
    holds(count_lines("/proc/self/maps") < 100);
    show(munmap(area, length));
}

static void names(void)
{
    char name[32];
    need(mkdir("many", 0700) == 0 && chdir("many") == 0);
    for (int i = 0; i < NAMES; i++) {
        sprintf(name, "name%d", i);
        need(mknod(name, S_IFREG | 0600, 0) == 0);
    }
    long seen = 0;
    DIR *directory = opendir(".");
    need(directory != 0);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        seen += entry->d_name[0] == 'n';
    closedir(directory);
    print("names seen: %ld\n", seen);
    for (int i = 0; i < NAMES; i++) {
        sprintf(name, "name%d", i);
        need(unlink(name) == 0);
    }
    need(chdir("..") == 0);
    show(rmdir("many"));
}

static void descriptors(void)
{
    struct rlimit limit = {DESCRIPTORS, DESCRIPTORS};
    need(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    int file = open("/dev/null", O_RDONLY);
    int last = file;
    for (int copy = dup(file); copy >= 0; copy = dup(file))
        last = copy;
    print("no more descriptors after %d: %s\n", last, strerrorname_np(errno));
    show(close(10000));
    show(fcntl(file, F_DUPFD_CLOEXEC, 9000));
    pid_t child = fork();
    if (child == 0)
        _exit(fcntl(DESCRIPTORS - 1, F_GETFD) == 0 && fcntl(10000, F_GETFD) == FD_CLOEXEC ? 0 : 1);
    int status = 0;
    need(child > 0 && waitpid(child, &status, 0) == child);
    print_status("a child with as many descriptors", status);
    show(syscall(SYS_close_range, file + 1, ~0U, 0));
    show(dup(file) == file + 1);
}

static void groups(void)
{
    static gid_t list[GROUPS];
    for (int i = 0; i < GROUPS; i++)
        list[i] = GROUPS - i;
    show(setgroups(GROUPS + 1, list));
    show(setgroups(GROUPS, list));
    show(getgroups(1, list));
    show(getgroups(GROUPS, list));
    holds(list[0] == 1 && list[GROUPS - 1] == GROUPS);
    show(setgroups(0, list));
}

static void vectors(void)
{
    static struct iovec parts[IOV_MAX + 1];
    static char bytes[IOV_MAX + 1];
    for (int i = 0; i <= IOV_MAX; i++)
        parts[i] = (struct iovec){bytes + i, 1};
    int file = open("vectors", O_RDWR | O_CREAT, 0600);
    show(writev(file, parts, IOV_MAX));
    show(writev(file, parts, IOV_MAX + 1));
    close(file);
    unlink("vectors");
}

/* Arguments may take a quarter of the stack, with the pointers to them. */
static void arguments(void)
{
    enum { MOST = 200000 };
    static char *list[MOST + 2];
    list[0] = "true";
    for (int i = 1; i <= MOST; i++)
        list[i] = "x";
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    limit.rlim_cur = 4 << 20;
    setrlimit(RLIMIT_STACK, &limit);
    for (int count = 50000; count <= MOST; count += 150000) {
        pid_t child = fork();
        if (child == 0) {
            list[count] = 0;
            execve("/bin/busybox", list, &list[MOST + 1]);
            _exit(errno == E2BIG ? 7 : 8);
        }
        int status = 0;
        need(child > 0 && waitpid(child, &status, 0) == child);
        print_status(count == 50000 ? "50000 arguments" : "200000 arguments", status);
    }
}

int main(void)
{
    mappings();
    names();
    groups();
    vectors();
    arguments();
    descriptors();
    return 0;
}

/* What /proc tells of descriptors and locks: fdinfo, locks; and other files of a process. */
#include "check.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

/* Prints the lines of a text that begin in some way, with the numbers of inodes, devices and processes left out. */
static void print_lines(const char *path, const char *const *beginnings)
{
    static char text[65536];
    int file = open(path, O_RDONLY);
    need(file >= 0);
    size_t length = 0;
    ssize_t got;
    while ((got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += got;
    close(file);
    text[length] = 0;
    char *line, *rest = text;
    while ((line = strsep(&rest, "\n")))
        for (int i = 0; beginnings[i]; i++)
            if (strncmp(line, beginnings[i], strlen(beginnings[i])) == 0)
                print("%s\n", line);
}

static void information(const char *what, int descriptor, const char *const *beginnings)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", descriptor);
    print("%s\n", what);
    print_lines(path, beginnings);
}

static unsigned long number_in(int descriptor, const char *field)
{
    char path[40], text[400], format[40];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", descriptor);
    read_text(path, text, sizeof text);
    char *found = strstr(text, field);
    snprintf(format, sizeof format, "%s\t%%lu", field);
    unsigned long value = 0;
    need(found && sscanf(found, format, &value) == 1);
    return value;
}

static void kinds(void)
{
    static const char *const general[] = {"pos:", "flags:", 0};
    static const char *const own[] = {"eventfd-count:", "sigmask:", "clockid:", "ticks:", "settime flags:", "it_", "Pid:\t", 0};
    print("-- descriptors of all kinds\n");
    int file = open("file", O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0644);
    need(write(file, "12345", 5) == 5);
    information("a file", file, general);
    struct stat status;
    fstat(file, &status);
    holds(number_in(file, "ino:") == status.st_ino);
    int ends[2];
    need(pipe2(ends, O_NONBLOCK) == 0);
    information("a pipe", ends[1], general);
    int event = eventfd(0x1f, 0);
    information("an eventfd", event, own);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    information("a signalfd", signalfd(-1, &set, 0), own);
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    information("a timer that is not set", timer, own);
    int epoll = epoll_create1(0);
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLET, .data.u64 = 0xabcdef};
    need(epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted) == 0);
    wanted.data.u64 = 7;
    need(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &wanted) == 0);
    char path[40], text[500];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", epoll);
    int information_file = open(path, O_RDONLY);
    ssize_t length = read(information_file, text, sizeof text - 1);
    text[length] = 0;
    for (char *at = text; (at = strstr(at, "tfd:")); at += 4)
        print("%.*s\n", (int) strcspn(at, "\n") < 63 ? (int) strcspn(at, "\n") : 63, at);
    int process = syscall(SYS_pidfd_open, getpid(), 0);
    holds(number_in(process, "Pid:") == (unsigned long) getpid());
    struct stat mode;
    need(stat("/proc/self/fdinfo", &mode) == 0);
    print("fdinfo %o\n", mode.st_mode);
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", file);
    need(stat(path, &mode) == 0);
    print("one %o\n", mode.st_mode);
    show(open("/proc/self/fdinfo/9999", O_RDONLY));
}

/* Prints the lines of locks of a file of this process, without the numbers. */
static void print_locks(const char *path, int file)
{
    char text[4096], wanted[40];
    struct stat status;
    fstat(file, &status);
    snprintf(wanted, sizeof wanted, ":%lu ", (unsigned long) status.st_ino);
    int locks = open(path, O_RDONLY);
    need(locks >= 0);
    ssize_t length = read(locks, text, sizeof text - 1);
    close(locks);
    text[length > 0 ? length : 0] = 0;
    char *line, *rest = text;
    while ((line = strsep(&rest, "\n"))) {
        char kind[10], way[10], type[10], place[40], end[40];
        int process;
        unsigned long first;
        if (strncmp(line, "lock:\t", 6) == 0)
            line += 6;
        if (strstr(line, wanted) &&
            sscanf(line, "%*d: %9s %9s %9s %d %39s %lu %39s", kind, way, type, &process, place, &first, end) == 7)
            print("%s %s %s %s %lu %s\n", kind, way, type, process == getpid() ? "by me" : process == -1 ? "by a description" : "?", first,
                  end);
    }
}

static void locks(void)
{
    print("-- locks\n");
    int file = open("locked", O_RDWR | O_CREAT, 0644);
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", file);
    struct flock lock = {.l_type = F_WRLCK, .l_start = 10, .l_len = 5};
    need(fcntl(file, F_SETLK, &lock) == 0);
    print_locks("/proc/locks", file);
    print_locks(path, file);
    lock = (struct flock){.l_type = F_RDLCK, .l_start = 100};
    need(fcntl(file, F_SETLK, &lock) == 0);
    print_locks(path, file);
    lock = (struct flock){.l_type = F_UNLCK};
    need(fcntl(file, F_SETLK, &lock) == 0);
    need(flock(file, LOCK_SH) == 0);
    print_locks("/proc/locks", file);
    print_locks(path, file);
    need(flock(file, LOCK_UN) == 0);
    lock = (struct flock){.l_type = F_WRLCK, .l_len = 1};
    need(fcntl(file, F_OFD_SETLK, &lock) == 0);
    print_locks("/proc/locks", file);
    lock.l_type = F_UNLCK;
    need(fcntl(file, F_OFD_SETLK, &lock) == 0);
    need(fcntl(file, F_SETLEASE, F_WRLCK) == 0);
    print_locks("/proc/locks", file);
    print_locks(path, file);
    close(file);
}

static void secrets(void)
{
    print("-- who keeps secrets\n");
    struct stat status;
    need(setgid(1000) == 0 && setuid(1000) == 0);
    need(prctl(PR_SET_DUMPABLE, 1) == 0);
    need(stat("/proc/self/status", &status) == 0);
    print("owner %d %d\n", status.st_uid, status.st_gid);
    need(prctl(PR_SET_DUMPABLE, 0) == 0);
    need(stat("/proc/self/status", &status) == 0);
    print("owner %d %d\n", status.st_uid, status.st_gid);
    need(stat("/proc/self", &status) == 0);
    print("directory %d %d\n", status.st_uid, status.st_gid);
    need(lstat("/proc/self/exe", &status) == 0);
    print("link %d %d\n", status.st_uid, status.st_gid);
    show(open("/proc/self/environ", O_RDONLY) >= 0);
}

static void others(void)
{
    print("-- other files\n");
    char text[100];
    const char *const spaces[] = {"ipc", "mnt", "net", "pid", "user", "uts"};
    for (int i = 0; i < 6; i++) {
        char path[40];
        snprintf(path, sizeof path, "/proc/self/ns/%s", spaces[i]);
        ssize_t length = readlink(path, text, sizeof text - 1);
        text[length > 0 ? length : 0] = 0;
        print("%.*s\n", (int) strcspn(text, "["), text);
    }
    int file = open("/proc/self/syscall", O_RDONLY);
    ssize_t length = read(file, text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    print("this call: %ld\n", strtol(text, 0, 10));
    int report[2];
    need(pipe(report) == 0);
    pid_t child = fork();
    if (child == 0)
        _exit(read(report[0], text, 77));
    await_sleep(child);
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/syscall", child);
    file = open(path, O_RDONLY);
    length = read(file, text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    int call, descriptor;
    unsigned long buffer, size;
    need(sscanf(text, "%d %x %lx %lx", &call, &descriptor, &buffer, &size) == 4);
    print("call %d, the pipe %d, size %lu\n", call, descriptor == report[0], size);
    close(report[1]);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
}

int main(void)
{
    work_in_scratch_directory();
    chmod(".", 0777);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGIO);
    sigprocmask(SIG_BLOCK, &set, 0);
    kinds();
    locks();
    others();
    in_child("another", secrets);
    return 0;
}

/* What calls answer at the edges of their manual pages: directories whose names cannot go, descriptors of O_PATH, bits and ranges that
 * are checked in a certain order. */
#include "check.h"
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <time.h>

static void fixed_names(void)
{
    print("-- names that the kernel makes up\n");
    show(unlink("/proc/version"));
    show(unlink("/proc/self/fd/0"));
    show(unlink("/proc/self"));
    show(rmdir("/proc/self"));
    show(rmdir("/proc/sys"));
    show(rename("/proc/version", "/proc/uptime"));
    show(rename("/proc/version", "/proc/version"));
    show(unlink("/sys/kernel"));
}

static void paths(void)
{
    print("-- open, readlink, ftruncate\n");
    close(open("file", O_CREAT | O_RDWR, 0644));
    show(open(".", O_TMPFILE | O_RDWR | O_CREAT, 0644));
    int path = open("file", O_PATH);
    show(ftruncate(path, 0));
    show(ftruncate(path, -1));
    char target[10];
    show(readlinkat(path, "", target, sizeof target));
    show(readlinkat(AT_FDCWD, "", target, sizeof target));
    show(readlinkat(AT_FDCWD, "file", target, sizeof target));
    show(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, path, 0) == MAP_FAILED);
    print("%s\n", strerrorname_np(errno));
    close(path);
}

static void descriptors(void)
{
    print("-- ioctl, flock, statx, futimesat; positions at the end of all\n");
    int file = open("numbers", O_CREAT | O_RDWR, 0644), path = open("numbers", O_PATH), ends[2], number = -1;
    int neither = open("numbers", 3);
    need(pipe(ends) == 0);
    need(write(file, "0123456789", 10) == 10);
    off_t size = -1;
    show(ioctl(file, FIONREAD, &number));
    print("%d\n", number);
    show(lseek(file, 4, SEEK_SET));
    show(ioctl(file, FIONREAD, &number));
    print("%d\n", number);
    show(lseek(file, 14, SEEK_SET));
    show(ioctl(file, FIONREAD, &number));
    print("%d\n", number);
    show(ioctl(neither, FIONREAD, &number));
    print("%d\n", number);
    show(ioctl(file, FIGETBSZ, &number));
    print("%d\n", number);
    show(ioctl(ends[0], FIGETBSZ, &number));
    show(ioctl(file, FIOQSIZE, &size));
    print("%ld\n", (long) size);
    show(ioctl(ends[0], FIOQSIZE, &size));
    show(ioctl(path, FIOCLEX));
    show(ioctl(path, FIGETBSZ, &number));
    show(ioctl(file, FIGETBSZ, wild));
    show(flock(file, LOCK_MAND | LOCK_READ));
    show(flock(file, LOCK_MAND | LOCK_NB));
    struct statx s;
    show(statx(file, "", AT_EMPTY_PATH, 0, &s));
    holds((s.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS && !(s.stx_mask & STATX_BTIME));
    show(statx(file, "", AT_EMPTY_PATH, STATX_BTIME, &s));
    holds((s.stx_mask & STATX_BTIME) != 0);
    show(syscall(SYS_futimesat, file, 0, 0));
    show(syscall(SYS_futimesat, AT_FDCWD, 0, 0));
    char byte = 0;
    show(lseek(file, INT64_MAX, SEEK_SET));
    show(write(file, &byte, 1));
    show(read(file, &byte, 1));
    show(read(file, &byte, 0));
    show(pread(file, &byte, 1, INT64_MAX));
    show(pread(file, &byte, 1, INT64_MAX - 1));
    struct iovec two[2] = {{&byte, 1}, {&byte, 1}};
    show(preadv(file, two, 2, INT64_MAX - 1));
    show(pwrite(file, &byte, 1, INT64_MAX));
    close(file);
    close(path);
}

static void inspected(void)
{
    print("-- what others may know of a process\n");
    pid_t child = fork();
    if (child == 0) {
        char name[100], target[100];
        need(setresuid(4711, 4711, 4711) == 0);
        snprintf(name, sizeof name, "/proc/%d/exe", getppid());
        show(readlink(name, target, sizeof target));
        show(open(name, O_RDONLY));
        snprintf(name, sizeof name, "/proc/%d/cwd", getppid());
        show(readlink(name, target, sizeof target));
        show(chdir(name));
        snprintf(name, sizeof name, "/proc/%d/maps", getppid());
        show(open(name, O_RDONLY));
        snprintf(name, sizeof name, "/proc/%d/environ", getppid());
        show(open(name, O_RDONLY));
        snprintf(name, sizeof name, "/proc/%d/stat", getppid());
        show_success(open(name, O_RDONLY));
        show_success(readlink("/proc/self/cwd", target, sizeof target));
        _exit(0);
    }
    wait(0);
    show(chmod("/proc/self/stat", 0777));
}

static void script(const char *line, size_t length)
{
    int file = open("script", O_CREAT | O_WRONLY | O_TRUNC, 0755);
    need(write(file, line, length) == (ssize_t) length);
    close(file);
    show(execve("script", 0, 0));
}

/* A script that is named by a descriptor of its directory. */
static void script_behind(int directory)
{
    pid_t child = fork();
    if (child == 0) {
        char *arguments[] = {"script", 0};
        show(syscall(SYS_execveat, directory, "told", arguments, environ, 0));
        _exit(1);
    }
    int status;
    need(waitpid(child, &status, 0) == child);
    print_status("script", status);
}

static void scripts_by_descriptor(void)
{
    enum { DIRECTORY = 50 };
    static const char text[] = "#!/bin/sh\necho \"$0\"\n";
    int file = open("told", O_WRONLY | O_CREAT, 0700);
    need(write(file, text, sizeof text - 1) > 0);
    close(file);
    need(dup2(open(".", O_RDONLY | O_DIRECTORY), DIRECTORY) == DIRECTORY);
    script_behind(DIRECTORY);
    need(fcntl(DIRECTORY, F_SETFD, FD_CLOEXEC) == 0);
    script_behind(DIRECTORY);
    close(DIRECTORY);
}

static void scripts(void)
{
    print("-- the first line of a script\n");
    script("#!", 2);
    script("#! \t", 4);
    script("#!\n", 3);
    script("#!  \t \n", 7);
    script("#!/nowhere\r\n", 12);
    script("#!/nowhere", 10);
    char line[300] = "#!/";
    memset(line + 3, 'a', sizeof line - 3);
    script(line, sizeof line);
    line[200] = ' ';
    script(line, sizeof line);
    memset(line + 2, ' ', sizeof line - 2);
    script(line, sizeof line);
    need(symlink("/bin/sh", "link") == 0);
    show(syscall(SYS_execveat, AT_FDCWD, "link", 0, 0, AT_SYMLINK_NOFOLLOW));
    scripts_by_descriptor();
}

static void processes(void)
{
    print("-- processes\n");
    show(setpgid(-1, 0));
    pid_t ended = fork();
    if (ended == 0)
        _exit(0);
    siginfo_t told;
    need(waitid(P_PID, ended, &told, WEXITED | WNOWAIT) == 0);
    show(setpgid(ended, ended));
    holds(getpgid(ended) == ended);
    need(waitpid(ended, 0, 0) == ended);
    memset(&told, 0, sizeof told);
    told.si_code = SI_TKILL;
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), 99999, 0, &told));
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), 0, &told));
    show(syscall(SYS_arch_prctl, 0x1011, 0));
    if (fork() == 0) {
        need(setresuid(4711, 4711, 4711) == 0);
        show(kill(-1, 0));
        _exit(0);
    }
    wait(0);
}

#define maps(...) (mmap(__VA_ARGS__) == MAP_FAILED ? -1 : 0)

static void memory(void)
{
    print("-- mmap, munmap, madvise\n");
    int file = open("mapped", O_CREAT | O_RDWR, 0644);
    need(ftruncate(file, PAGE) == 0);
    int rw = PROT_READ | PROT_WRITE;
    show(maps(0, PAGE, rw, 0, -1, 0));
    show(maps(0, PAGE, rw, 0, file, 0));
    show(maps(0, 0, rw, MAP_PRIVATE, 99, 0));
    show(maps(0, PAGE, rw, MAP_PRIVATE, 99, 1));
    show(maps(0, PAGE, rw, MAP_PRIVATE, file, -PAGE));
    show(maps(0, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, -PAGE));
    show(maps(0, PAGE, rw, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
    show(maps(0, PAGE, rw, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
    show(maps(0, PAGE, rw, MAP_PRIVATE | MAP_GROWSDOWN, file, 0));
    show(munmap(0, PAGE));
    show(munmap(0, 16 * PAGE));
    show(munmap(0, -PAGE));
    show(munmap((void *) -PAGE, PAGE));
    char *page = mmap(0, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(mlock(page, PAGE) == 0);
    show(madvise(page, PAGE, MADV_FREE));
    show(madvise(page, PAGE, MADV_COLD));
    show(madvise(page, PAGE, MADV_PAGEOUT));
    need(munlock(page, PAGE) == 0);
    show(madvise(page, PAGE, MADV_FREE));
    show(madvise(page, PAGE, MADV_COLD));
    show(madvise(page, PAGE, MADV_PAGEOUT));
    print("-- MADV_REMOVE\n");
    need(ftruncate(file, 4 * PAGE) == 0);
    char *shared = mmap(0, 4 * PAGE, rw, MAP_SHARED, file, 0), *reader = mmap(0, PAGE, PROT_READ, MAP_SHARED, file, 0);
    char *private = mmap(0, PAGE, rw, MAP_PRIVATE, file, 0);
    memset(shared, 'x', 4 * PAGE);
    show(madvise(shared + PAGE, 2 * PAGE, MADV_REMOVE));
    print("%d %d %d %d\n", shared[0], shared[PAGE], shared[3 * PAGE - 1], shared[3 * PAGE]);
    struct stat s;
    need(fstat(file, &s) == 0);
    print("%ld bytes, %ld blocks\n", (long) s.st_size, (long) s.st_blocks);
    show(madvise(reader, PAGE, MADV_REMOVE));
    show(madvise(private, PAGE, MADV_REMOVE));
    show(madvise(page, PAGE, MADV_REMOVE));
    show(madvise(shared + 1, PAGE, MADV_REMOVE));
    show(madvise(shared, 0, MADV_REMOVE));
    need(mlock(shared, PAGE) == 0);
    show(madvise(shared, PAGE, MADV_REMOVE));
    need(munlock(shared, PAGE) == 0);
    need(munmap(shared + PAGE, PAGE) == 0);
    show(madvise(shared, 2 * PAGE, MADV_REMOVE));
    print("%d %d\n", shared[0], shared[3 * PAGE]);
    close(file);
}

static void clock_is_set(void)
{
    print("-- clock_settime, adjtimex\n");
    struct timespec late = {INT64_MAX, 0};
    show(clock_settime(CLOCK_REALTIME, &late));
    late.tv_sec = INT64_MAX / 1000000000 - 30L * 365 * 86400;
    show(clock_settime(CLOCK_REALTIME, &late));
    struct timex state = {.modes = ADJ_TICK, .tick = 8999};
    show(adjtimex(&state));
    state.tick = 11001;
    show(adjtimex(&state));
    memset(&state, 0, sizeof state);
    need(adjtimex(&state) >= 0);
    state.modes = ADJ_OFFSET | ADJ_FREQUENCY | ADJ_MAXERROR | ADJ_ESTERROR | ADJ_STATUS | ADJ_TIMECONST | ADJ_TICK;
    holds(adjtimex(&state) >= 0);
}

int main(void)
{
    work_in_scratch_directory();
    fixed_names();
    paths();
    descriptors();
    inspected();
    scripts();
    processes();
    memory();
    clock_is_set();
    return 0;
}

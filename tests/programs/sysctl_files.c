/* Settings of /proc/sys/fs and of semaphores and turns that root may change, and what follows from them. */
#include "check.h"
#include <sys/resource.h>
#include <sys/sem.h>
#include <time.h>

static void show_text(const char *path)
{
    char text[200];
    read_text(path, text, sizeof text);
    print("%s: %s", path, text);
}

static void set(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    need(file >= 0);
    errno = 0;
    int written = write(file, text, strlen(text));
    print("%s is set to %s: %s\n", path, text, written < 0 ? strerrorname_np(errno) : "done");
    close(file);
}

static long opened(const char *path, int flags)
{
    int file = open(path, flags, 0600);
    if (file >= 0)
        close(file);
    return file >= 0 ? 0 : -1;
}

static void as_somebody(void (*body)(void))
{
    int child = fork();
    need(child >= 0);
    if (child == 0) {
        need(setgid(100) == 0 && setuid(100) == 0);
        body();
        _exit(0);
    }
    int status;
    need(waitpid(child, &status, 0) == child && status == 0);
}

static void open_shared(void)
{
    show(opened("shared/file", O_RDWR | O_CREAT));
    show(opened("shared/fifo", O_RDWR | O_CREAT));
    show(opened("shared/file", O_RDWR));
    show(opened("shared/file", O_RDWR | O_CREAT | O_EXCL));
    show(opened("shared/rootfile", O_RDWR | O_CREAT));
    show(opened("shared/own", O_RDWR | O_CREAT));
    show(opened("group/file", O_RDWR | O_CREAT));
    show(opened("group/fifo", O_RDWR | O_CREAT));
    show(opened("shared/link", O_RDWR));
    show(opened("shared/link", O_RDWR | O_CREAT));
}

static void link_others(void)
{
    show(link("foreign", "shared/hard"));
    show(link("shared/file", "shared/harder"));
}

static void make(const char *path, int mode, int owner)
{
    need(mknod(path, mode, 0) == 0 && chmod(path, 0666) == 0 && lchown(path, owner, owner) == 0);
}

static void protections(void)
{
    print("-- protections\n");
    need(mkdir("shared", 0777) == 0 && chmod("shared", 01777) == 0);
    need(mkdir("group", 0777) == 0 && chmod("group", 01775) == 0);
    make("shared/file", S_IFREG, 200);
    make("shared/rootfile", S_IFREG, 0);
    make("shared/fifo", S_IFIFO, 200);
    make("group/file", S_IFREG, 200);
    make("group/fifo", S_IFIFO, 200);
    need(symlink("rootfile", "shared/link") == 0 && lchown("shared/link", 200, 200) == 0);
    make("foreign", S_IFREG, 0);
    need(chmod("foreign", 0644) == 0);
    const char *level[] = {"0", "1", "2"};
    for (int i = 0; i < 3; i++) {
        set("/proc/sys/fs/protected_regular", level[i]);
        set("/proc/sys/fs/protected_fifos", level[i]);
        set("/proc/sys/fs/protected_symlinks", level[i]);
        set("/proc/sys/fs/protected_hardlinks", level[i]);
        as_somebody(open_shared);
        as_somebody(link_others);
        unlink("shared/hard");
        unlink("shared/harder");
    }
    show(opened("shared/file", O_RDWR | O_CREAT));
    set("/proc/sys/fs/protected_regular", "3");
    set("/proc/sys/fs/protected_regular", "-1");
    set("/proc/sys/fs/protected_regular", "0");
    set("/proc/sys/fs/protected_fifos", "0");
    show_text("/proc/sys/fs/protected_fifos");
}

static int ends[2];

static void grow(void)
{
    show(fcntl(ends[0], F_SETPIPE_SZ, 1 << 19));
    show(fcntl(ends[0], F_SETPIPE_SZ, 1 << 18));
    show(fcntl(ends[0], F_SETPIPE_SZ, (1 << 18) + 1));
}

static void pipes(void)
{
    print("-- pipes\n");
    show_text("/proc/sys/fs/pipe-max-size");
    need(pipe(ends) == 0);
    set("/proc/sys/fs/pipe-max-size", "200000");
    show_text("/proc/sys/fs/pipe-max-size");
    as_somebody(grow);
    show(fcntl(ends[0], F_SETPIPE_SZ, 1 << 19));
    set("/proc/sys/fs/pipe-max-size", "1");
    show_text("/proc/sys/fs/pipe-max-size");
    set("/proc/sys/fs/pipe-max-size", "-1");
    set("/proc/sys/fs/pipe-max-size", "x");
    set("/proc/sys/fs/pipe-max-size", "1048576");
}

static void descriptors(void)
{
    print("-- nr_open\n");
    show_text("/proc/sys/fs/nr_open");
    set("/proc/sys/fs/nr_open", "128");
    struct rlimit limit = {129, 129};
    show(setrlimit(RLIMIT_NOFILE, &limit));
    show(fcntl(0, F_DUPFD, 127));
    show(fcntl(0, F_DUPFD, 128));
    show(dup2(0, 128));
    show(dup2(99, 128));
    show(dup2(0, 127));
    close(127);
    limit = (struct rlimit) {128, 128};
    show(setrlimit(RLIMIT_NOFILE, &limit));
    set("/proc/sys/fs/nr_open", "10");
    set("/proc/sys/fs/nr_open", "1048576");
}

static void semaphores(void)
{
    print("-- semaphores\n");
    show_text("/proc/sys/kernel/sem");
    set("/proc/sys/kernel/sem", "10 1024000000 3 32000");
    show_text("/proc/sys/kernel/sem");
    show_success(semget(IPC_PRIVATE, 11, 0600));
    int set_of_ten = semget(IPC_PRIVATE, 10, 0600);
    need(set_of_ten >= 0);
    struct sembuf operations[4] = {{0, 1, 0}, {1, 1, 0}, {2, 1, 0}, {3, 1, 0}};
    show(semop(set_of_ten, operations, 3));
    show(semop(set_of_ten, operations, 4));
    struct seminfo info;
    need(semctl(0, 0, IPC_INFO, &info) >= 0);
    print("msl %d mns %d opm %d mni %d\n", info.semmsl, info.semmns, info.semopm, info.semmni);
    show(semctl(set_of_ten, 0, IPC_RMID));
    set("/proc/sys/kernel/sem", "20");
    show_text("/proc/sys/kernel/sem");
    set("/proc/sys/kernel/sem", "32000 1024000000 500 32000");
}

static void turns(void)
{
    print("-- turns\n");
    show_text("/proc/sys/kernel/sched_rr_timeslice_ms");
    set("/proc/sys/kernel/sched_rr_timeslice_ms", "20");
    struct sched_param one = {1};
    struct timespec turn;
    need(sched_setscheduler(0, SCHED_RR, &one) == 0);
    show(sched_rr_get_interval(0, &turn));
    print("%ld\n", turn.tv_nsec);
    one.sched_priority = 0;
    need(sched_setscheduler(0, SCHED_OTHER, &one) == 0);
    set("/proc/sys/kernel/sched_rr_timeslice_ms", "100");
}

static void patterns(void)
{
    print("-- core dumps\n");
    show_text("/proc/sys/kernel/core_pattern");
    set("/proc/sys/kernel/core_pattern", "/tmp/core.%p\n");
    show_text("/proc/sys/kernel/core_pattern");
    set("/proc/sys/kernel/core_pattern", "core");
    show_text("/proc/sys/kernel/core_uses_pid");
}

int main(void)
{
    work_in_scratch_directory();
    umask(0);
    need(chmod(".", 0777) == 0);
    protections();
    pipes();
    in_child("descriptors", descriptors);
    semaphores();
    turns();
    patterns();
    return 0;
}

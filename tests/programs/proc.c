/* /proc/self and the system-wide files: what ps, top and free read. */
#include "check.h"
#include <sys/resource.h>

static char text[65536];

static long slurp(const char *name)
{
    int file = open(name, O_RDONLY);
    if (file < 0)
        return -1;
    long length = 0, got;
    while ((got = read(file, text + length, sizeof text - 1 - length)) > 0)
        length += got;
    text[length] = 0;
    close(file);
    return length;
}

/* The value after "name:" (or after "name ") in what slurp read, or -1. */
static long value(const char *name)
{
    char *at = strstr(text, name);
    return at ? atol(at + strlen(name) + strspn(at + strlen(name), ": \t")) : -1;
}

static void about_this_process(void)
{
    char path[100], link[200] = "";
    snprintf(path, sizeof path, "/proc/%d", getpid());
    need(readlink("/proc/self", link, sizeof link - 1) > 0);
    print("/proc/self is this process: %d\n", atoi(link) == getpid());
    need(access(path, F_OK) == 0);
    memset(link, 0, sizeof link);
    need(readlink("/proc/self/exe", link, sizeof link - 1) > 0);
    print("exe ends in proc: %d\n", strcmp(link + strlen(link) - 4, "proc") == 0);
    memset(link, 0, sizeof link);
    need(chdir("/tmp") == 0 && readlink("/proc/self/cwd", link, sizeof link - 1) > 0);
    print("cwd %s\n", link);
    long length = slurp("/proc/self/cmdline");
    need(length > 0);
    print("cmdline ends with a NUL: %d, names the program: %d\n", text[length - 1] == 0, strstr(text, "proc") != 0);
    need(slurp("/proc/self/comm") > 0);
    print("comm %s", text);
    need(slurp("/proc/self/environ") >= 0);
    need(slurp("/proc/self/stat") > 0);
    int pid, parent;
    char name[32], state;
    show(sscanf(text, "%d (%31[^)]) %c %d", &pid, name, &state, &parent));
    print("pid %d, name %s, state %c, parent %d\n", pid == getpid(), name, state, parent == getppid());
    int fields = 0;
    for (char *at = strchr(text, ')'); at && (at = strchr(at + 1, ' ')); fields++)
        ;
    print("52 fields: %d\n", fields == 50);
    need(slurp("/proc/self/status") > 0);
    print("Pid %d, PPid %d, Threads %ld, Uid %ld, VmRSS positive %d, VmSize above VmRSS %d\n", value("\nPid") == getpid(),
          value("\nPPid") == getppid(), value("\nThreads"), value("\nUid"), value("\nVmRSS") > 0, value("\nVmSize") >= value("\nVmRSS"));
    need(slurp("/proc/self/statm") > 0);
    long total, resident;
    show(sscanf(text, "%ld %ld", &total, &resident));
    holds(total >= resident && resident > 0);
    need(slurp("/proc/self/maps") > 0);
    print("maps: stack %d, heap or program %d\n", strstr(text, "[stack]") != 0, strstr(text, "r-xp") != 0);
    int here = 0;
    for (char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : 0) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx", &from, &to) == 2 && (uintptr_t) &here >= from && (uintptr_t) &here < to)
            print("this variable lies in a line of the stack: %d\n", strstr(line, "[stack]") != 0 && line[18] != 0);
    }
}

static void descriptors(void)
{
    char link[200] = "";
    int file = open("/tmp", O_RDONLY);
    dup2(file, 30);
    need(readlink("/proc/self/fd/30", link, sizeof link - 1) > 0);
    print("fd/30 is %s\n", link);
    int again = open("/proc/self/fd/30", O_RDONLY);
    holds(again >= 0);
    print("%s\n", access("/proc/self/fd/77", F_OK) == 0 ? "fd/77 exists" : strerrorname_np(errno));
}

static void about_the_system(void)
{
    need(slurp("/proc/meminfo") > 0);
    long total = value("MemTotal"), free = value("MemFree"), available = value("MemAvailable");
    holds(total > 0 && free > 0 && available > 0 && free <= total && available <= total);
    need(slurp("/proc/stat") > 0);
    print("cpu line %d, cpu0 %d, processes %d, btime %d\n", strncmp(text, "cpu ", 4) == 0, strstr(text, "\ncpu0 ") != 0,
          value("\nprocesses") > 0, value("\nbtime") > 1700000000);
    double up, idle;
    need(slurp("/proc/uptime") > 0);
    show(sscanf(text, "%lf %lf", &up, &idle));
    holds(up > 0 && idle >= 0);
    double load[3];
    int running, all, last;
    need(slurp("/proc/loadavg") > 0);
    show(sscanf(text, "%lf %lf %lf %d/%d %d", &load[0], &load[1], &load[2], &running, &all, &last));
    holds(running >= 1 && all >= running && last > 0);
    need(slurp("/proc/version") > 0);
    need(slurp("/proc/cpuinfo") > 0);
    print("cpuinfo has processors: %d\n", strstr(text, "processor") != 0);
    need(slurp("/proc/mounts") > 0);
    print("mounts has /: %d, /proc: %d\n", strstr(text, " / ") != 0, strstr(text, " /proc proc ") != 0);
    need(slurp("/proc/filesystems") > 0);
    print("filesystems has tmpfs: %d\n", strstr(text, "tmpfs") != 0);
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    char path[60];
    pause_milliseconds(50);
    snprintf(path, sizeof path, "/proc/%d/stat", child);
    need(slurp(path) > 0);
    print("a sleeping child: %c\n", strchr(text, ')')[2]);
    kill(child, SIGKILL);
    siginfo_t information;
    waitid(P_PID, child, &information, WEXITED | WNOWAIT);
    need(slurp(path) > 0);
    print("a dead child before it is waited for: %c\n", strchr(text, ')')[2]);
    waitpid(child, 0, 0);
    print("and after: %s\n", access(path, F_OK) == 0 ? "still there" : strerrorname_np(errno));
    show(open("/proc/missing", O_RDONLY));
    holds(open("/proc/new", O_WRONLY | O_CREAT, 0600) == -1 && mkdir("/proc/directory", 0700) == -1);
}

/* A child sees that its parent sleeps before it wakes it: each of these waits is a switch. */
static void waits(void)
{
    int ready[2], wake[2];
    char byte, path[60];
    need(pipe(ready) == 0 && pipe(wake) == 0);
    snprintf(path, sizeof path, "/proc/%d/stat", getpid());
    if (fork() == 0) {
        while (close(ready[1]), read(ready[0], &byte, 1) == 1) {
            do
                need(slurp(path) > 0);
            while (strchr(text, ')')[2] != 'S');
            write(wake[1], "x", 1);
        }
        _exit(0);
    }
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (int i = 0; i < 5; i++) {
        write(ready[1], "x", 1);
        read(wake[0], &byte, 1);
    }
    getrusage(RUSAGE_SELF, &after);
    holds(after.ru_nvcsw - before.ru_nvcsw >= 5);
    close(ready[1]);
    wait(0);
}

int main(void)
{
    about_this_process();
    descriptors();
    about_the_system();
    waits();
    return 0;
}

/* /proc in detail: what is told of each mapping, lines of status, names that can be written, and what tools look for. */
#include "check.h"
#include <ctype.h>
#include <pthread.h>

static void lines_of_mapping(unsigned long start)
{
    char line[300];
    int inside = 0;
    FILE *file = fopen("/proc/self/smaps", "r");
    while (fgets(line, sizeof line, file)) {
        if (isdigit(line[0]) || (islower(line[0]) && isxdigit(line[0])))
            inside = strtoul(line, NULL, 16) == start;
        else if (inside && (!strncmp(line, "Size", 4) || !strncmp(line, "Rss", 3) || !strncmp(line, "Pss:", 4) ||
                            !strncmp(line, "Private_Dirty", 13) || !strncmp(line, "Anonymous", 9) || !strncmp(line, "Swap:", 5)))
            print("%s", line);
    }
    fclose(file);
}

static int count_of(const char *path, const char *prefix)
{
    char line[300];
    int found = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        return -1;
    while (fgets(line, sizeof line, file))
        found += strncmp(line, prefix, strlen(prefix)) == 0;
    fclose(file);
    return found;
}

static void contents(const char *path)
{
    char text[500] = "";
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    print("%s: %s%s", path, length < 0 ? strerrorname_np(errno) : text, length <= 0 || text[length - 1] != '\n' ? "\n" : "");
    close(file);
}

static void *named(void *ready)
{
    char path[100], text[20] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", gettid());
    int file = open(path, O_RDWR);
    show(write(file, "worker", 6));
    pthread_getname_np(pthread_self(), text, sizeof text);
    print("%s\n", text);
    close(file);
    return ready;
}

int main(void)
{
    print("-- mappings\n");
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(mmap(p + 3 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
    memset(p, 1, 2 * PAGE);
    lines_of_mapping((unsigned long) p);
    holds(count_of("/proc/self/smaps", "VmFlags:") == count_of("/proc/self/smaps", "Rss:"));
    holds(count_of("/proc/self/smaps_rollup", "Rss:") == 1);

    print("-- status\n");
    const char *keys[] = {"Name:", "Umask:", "State:", "Tgid:", "Pid:", "PPid:", "TracerPid:", "Uid:", "Gid:", "FDSize:", "Groups:",
                          "NStgid:", "NSpid:", "NSpgid:", "NSsid:", "VmPeak:", "VmSize:", "VmLck:", "VmPin:", "VmHWM:", "VmRSS:",
                          "RssAnon:", "RssFile:", "RssShmem:", "VmData:", "VmExe:", "VmPTE:", "VmSwap:", "Threads:", "SigQ:", "SigPnd:",
                          "ShdPnd:", "SigBlk:", "SigIgn:", "SigCgt:", "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:",
                          "NoNewPrivs:", "Seccomp:", "Cpus_allowed:", "Cpus_allowed_list:", "Mems_allowed_list:",
                          "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        print("%s %d\n", keys[i], count_of("/proc/self/status", keys[i]));

    print("-- names\n");
    contents("/proc/self/comm");
    int file = open("/proc/self/comm", O_WRONLY);
    show(write(file, "another name that is long", 25));
    contents("/proc/self/comm");
    close(file);
    pthread_t thread;
    pthread_create(&thread, NULL, named, NULL);
    pthread_join(thread, NULL);
    contents("/proc/self/comm");
    if (fork() == 0) {
        char path[50];
        snprintf(path, sizeof path, "/proc/%d/comm", getppid());
        show(write(open(path, O_WRONLY), "other", 5));
        _exit(0);
    }
    wait(NULL);

    print("-- what tools look for\n");
    contents("/proc/self/personality");
    contents("/proc/self/loginuid");
    contents("/proc/swaps");
    contents("/proc/sys/vm/mmap_min_addr");
    contents("/proc/sys/fs/protected_symlinks");
    contents("/proc/sys/kernel/sched_rr_timeslice_ms");
    contents("/sys/devices/system/cpu/cpu0/topology/core_id");
    contents("/sys/devices/system/cpu/cpu0/topology/physical_package_id");
    contents("/sys/devices/system/cpu/offline");
    contents("/sys/devices/system/cpu/isolated");
    holds(access("/sys/block", X_OK) == 0 && access("/sys/dev/block", X_OK) == 0);
    holds(count_of("/proc/vmstat", "nr_free_pages ") == 1);
    return 0;
}

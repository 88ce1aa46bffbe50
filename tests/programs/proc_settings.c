/* Files of /proc/PID that can be written, and those that tell of pages, children and scheduling (proc(5)). */
#include "check.h"
#include <pthread.h>

static void contents(const char *path)
{
    char text[500] = "";
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    print("%s: %s%s", path, length < 0 ? strerrorname_np(errno) : text, length <= 0 || text[length - 1] != '\n' ? "\n" : "");
    close(file);
}

/* Writes a text to a file of this process. */
static void put(const char *name, const char *text)
{
    char path[60];
    snprintf(path, sizeof path, "/proc/self/%s", name);
    int file = open(path, O_WRONLY);
    ssize_t written = file < 0 ? -1 : write(file, text, strlen(text));
    print("%s < %s: %zd%s%s\n", name, text, written, written < 0 ? " " : "", written < 0 ? strerrorname_np(errno) : "");
    close(file);
}

static void alone(void (*body)(void), unsigned user)
{
    if (fork() == 0) {
        if (user)
            need(setresuid(user, user, user) == 0);
        body();
        _exit(0);
    }
    wait(NULL);
}

static void badness(void)
{
    contents("/proc/self/oom_score_adj");
    contents("/proc/self/oom_adj");
    const char *values[] = {"15", "14", "-17", "-16", "-18", "16", "x", "0"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        put("oom_adj", values[i]);
        contents("/proc/self/oom_score_adj");
        contents("/proc/self/oom_adj");
    }
    put("oom_score_adj", "1001");
    put("oom_score_adj", "-1001");
    put("oom_score_adj", "");
    put("oom_score_adj", "500");
    contents("/proc/self/oom_adj");
}

/* Who has no privilege may go back to what somebody with it has set, not below. */
static void badness_of_user(void)
{
    int file = open("/proc/self/oom_score_adj", O_WRONLY), old = open("/proc/self/oom_adj", O_WRONLY);
    need(write(file, "100", 3) == 3);
    need(setresuid(1000, 1000, 1000) == 0);
    show(write(file, "300", 3));
    show(write(file, "200", 3));
    show(write(file, "100", 3));
    show(write(file, "99", 2));
    show(write(old, "0", 1));
    show(write(old, "10", 2));
    contents("/proc/self/oom_score_adj");
}

static void login(void)
{
    contents("/proc/self/loginuid");
    contents("/proc/self/sessionid");
    put("loginuid", "x");
    put("loginuid", "1000");
    contents("/proc/self/loginuid");
    char text[20] = "";
    int file = open("/proc/self/sessionid", O_RDONLY);
    need(read(file, text, sizeof text - 1) > 0);
    holds(strcmp(text, "4294967295") != 0);
    put("loginuid", "1001");
    contents("/proc/self/loginuid");
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/loginuid", getppid());
    file = open(path, O_WRONLY);
    show(write(file, "5", 1));
    if (fork() == 0) {
        contents("/proc/self/loginuid");
        file = open("/proc/self/loginuid", O_WRONLY);
        need(setresuid(1000, 1000, 1000) == 0);
        show(write(file, "1002", 4));
        _exit(0);
    }
    wait(NULL);
    put("loginuid", "4294967295");
    contents("/proc/self/loginuid");
    contents("/proc/self/sessionid");
}

static void core_filter(void)
{
    contents("/proc/self/coredump_filter");
    put("coredump_filter", "0x7f\n");
    contents("/proc/self/coredump_filter");
    put("coredump_filter", "0xffff");
    contents("/proc/self/coredump_filter");
    put("coredump_filter", "5");
    put("coredump_filter", "five");
    put("coredump_filter", "-1");
    contents("/proc/self/coredump_filter");
    if (fork() == 0) {
        contents("/proc/self/coredump_filter");
        _exit(0);
    }
    wait(NULL);
}

static void maps(void)
{
    contents("/proc/self/uid_map");
    put("uid_map", "0 0 1\n");
    put("gid_map", "0 0 1\n");
    put("setgroups", "allow");
    put("setgroups", "deny");
    put("setgroups", "maybe");
    contents("/proc/self/setgroups");
}

static uint64_t word_of(int file, void *page)
{
    uint64_t word = 0;
    need(pread(file, &word, 8, (uintptr_t) page / PAGE * 8) == 8);
    return word;
}

static void pages(void)
{
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    p[PAGE] = *shared = 1;
    int file = open("/proc/self/pagemap", O_RDONLY);
    uint64_t absent = word_of(file, p), present = word_of(file, p + PAGE), of_file = word_of(file, shared), words[4];
    print("absent %d, present %d exclusive %d file %d, shared: present %d exclusive %d file %d\n", (int) (absent >> 63), (int) (present >> 63),
          (int) (present >> 56 & 1), (int) (present >> 61 & 1), (int) (of_file >> 63), (int) (of_file >> 56 & 1), (int) (of_file >> 61 & 1));
    holds((present & ((1UL << 55) - 1)) != 0);
    if (fork() == 0) {
        uint64_t theirs = word_of(file, p + PAGE);
        holds((theirs & ((1UL << 55) - 1)) == (present & ((1UL << 55) - 1)));
        int mine = open("/proc/self/pagemap", O_RDONLY);
        uint64_t both = word_of(mine, p + PAGE);
        print("in the child: present %d exclusive %d\n", (int) (both >> 63), (int) (both >> 56 & 1));
        need(setresuid(1000, 1000, 1000) == 0);
        show(open("/proc/self/pagemap", O_RDONLY));
        _exit(0);
    }
    wait(NULL);
    show(pread(file, words, sizeof words, (uintptr_t) p / PAGE * 8));
    print("%d %d %d %d\n", (int) (words[0] >> 63), (int) (words[1] >> 63), (int) (words[2] >> 63), (int) (words[3] >> 63));
    show(pread(file, words, 7, 0));
    show(pread(file, words, 8, 4));
    show(pread(file, words, 0, 0));
    show(pread(file, words, 8, (1L << 47) / PAGE * 8));
    show(lseek(file, 16, SEEK_SET));
    show(read(file, words, 8));
    show(lseek(file, 0, SEEK_CUR));
    show(lseek(file, 0, SEEK_END));
    show(write(file, words, 8));
    show(open("/proc/self/pagemap", O_WRONLY) >= 0);
}

static void children(void)
{
    char path[60], expected[60], text[60] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    contents("/proc/thread-self/children");
    pid_t one = fork();
    if (one == 0)
        for (;;)
            pause();
    pid_t two = fork();
    if (two == 0)
        _exit(0);
    siginfo_t info;
    waitid(P_PID, two, &info, WEXITED | WNOWAIT);
    snprintf(expected, sizeof expected, "%d %d ", one, two);
    int file = open(path, O_RDONLY);
    need(read(file, text, sizeof text - 1) >= 0);
    holds(strcmp(text, expected) == 0);
    kill(one, SIGKILL);
    wait(NULL);
    wait(NULL);
    show(lseek(file, 0, SEEK_SET));
    show(read(file, text, sizeof text));
    show(access("/proc/self/children", F_OK));
    show(access("/proc/thread-self/task", F_OK));
    show(access("/proc/thread-self/coredump_filter", F_OK));
}

static void scheduling(void)
{
    char text[3000] = "";
    unsigned long ran, waited, times;
    int file = open("/proc/self/schedstat", O_RDONLY);
    need(read(file, text, sizeof text - 1) > 0);
    holds(sscanf(text, "%lu %lu %lu\n", &ran, &waited, &times) == 3);
    file = open("/proc/self/sched", O_RDONLY);
    need(read(file, text, sizeof text - 1) > 0);
    holds(strncmp(text, "proc_settings (", 15) == 0 && strstr(text, ", #threads: 1)\n-----") != NULL);
    holds(strstr(text, "\nse.sum_exec_runtime                          :") != NULL);
    holds(strstr(text, "\npolicy                                       :                    0\n") != NULL);
    holds(strstr(text, "\nprio                                         :                  120\n") != NULL);
    holds(strstr(text, "\nnr_switches                                  :") != NULL);
}

static void status(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    need(sched_setaffinity(0, sizeof one, &one) == 0);
    char line[300];
    FILE *file = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, "Cpus_allowed_list", 17))
            print("%s", line);
    fclose(file);
}

int main(void)
{
    print("-- out of memory\n");
    alone(badness, 0);
    alone(badness_of_user, 0);
    print("-- login\n");
    alone(login, 0);
    print("-- core dumps\n");
    alone(core_filter, 0);
    print("-- numbers of users\n");
    alone(maps, 0);
    print("-- pages\n");
    alone(pages, 0);
    print("-- children\n");
    alone(children, 0);
    print("-- scheduling\n");
    alone(scheduling, 0);
    alone(status, 0);
    print("-- namespaces\n");
    const char *names[] = {"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[60], target[60] = "";
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        ssize_t length = readlink(path, target, sizeof target - 1);
        print("%s %.*s\n", names[i], (int) (strcspn(target, "[")), length < 0 ? strerrorname_np(errno) : target);
    }
    return 0;
}

/* Files of /proc about the kernel and its machine: that they are there, who may read them, and their form. */
#include "check.h"
#include <ctype.h>

static char text[20000];

static ssize_t load(const char *path)
{
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    text[length < 0 ? 0 : length] = 0;
    close(file);
    return length;
}

static void access_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        print("%s: %s\n", path, strerrorname_np(errno));
    else
        print("%s: mode %o, size %ld, readable %d\n", path, status.st_mode, (long) status.st_size, load(path) >= 0);
}

static void contents(const char *path)
{
    load(path);
    print("%s: %s\n", path, text);
}

/* Whether each line but the first ones begins with a word, a colon, and a number for each CPU. */
static int counts_of_processors(int skipped)
{
    int cpus = sysconf(_SC_NPROCESSORS_ONLN), good = 1, lines = 0;
    char *line = text;
    for (; skipped > 0; skipped--)
        line = strchr(line, '\n') + 1;
    for (; *line; line = strchr(line, '\n') + 1, lines++) {
        char *at = strchr(line, ':');
        good &= at != NULL;
        for (int i = 0; at && i < cpus; i++) {
            char *before = at + (i == 0);
            strtoul(before, &at, 10);
            good &= at != before || !strncmp(line, "ERR", 3) || !strncmp(line, "MIS", 3);
        }
    }
    return good && lines > 0;
}

static int begins(const char *line, const char *with)
{
    return !strncmp(line, with, strlen(with));
}

static int has_line(const char *with)
{
    for (char *line = text; *line; line = strchr(line, '\n') + 1)
        if (begins(line, with))
            return 1;
    return 0;
}

int main(void)
{
    print("-- there\n");
    const char *names[] = {"interrupts", "softirqs", "misc", "buddyinfo", "zoneinfo", "cgroups", "modules", "iomem", "ioports", "execdomains",
                           "fb", "schedstat", "tty/drivers", "tty/ldiscs", "locks", "consoles", "devices"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[50];
        snprintf(path, sizeof path, "/proc/%s", names[i]);
        access_of(path);
    }

    print("-- the same everywhere\n");
    contents("/proc/execdomains");
    contents("/proc/fb");
    contents("/proc/modules");
    load("/proc/cgroups");
    holds(begins(text, "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"));

    print("-- form\n");
    load("/proc/interrupts");
    holds(strspn(text, " ") == 11 && begins(text + 11, "CPU0"));
    holds(counts_of_processors(1));
    load("/proc/softirqs");
    holds(strspn(text, " ") == 20 && begins(text + 20, "CPU0"));
    holds(counts_of_processors(1));
    holds(has_line("          HI:") && has_line("         RCU:"));
    load("/proc/schedstat");
    holds(begins(text, "version 15\ntimestamp ") && has_line("cpu0 "));
    load("/proc/buddyinfo");
    char *line = text;
    int orders = 0;
    for (char *at = strstr(line, "zone") + 14; *at && *at != '\n'; orders++)
        strtoul(at, &at, 10), at += *at == ' ';
    print("free blocks of %d orders\n", orders);
    load("/proc/zoneinfo");
    holds(begins(text, "Node 0, zone ") && has_line("        managed ") && has_line("        protection: (") && strstr(text, "pages free "));
    load("/proc/iomem");
    holds(strstr(text, " : System RAM\n") != NULL);
    load("/proc/ioports");
    holds(strstr(text, "03f8-03ff : serial\n") != NULL);
    load("/proc/tty/drivers");
    holds(has_line("/dev/tty             /dev/tty        5       0 system:/dev/tty\n"));
    holds(has_line("/dev/console         /dev/console    5       1 system:console\n"));
    holds(has_line("/dev/ptmx            /dev/ptmx       5       2 system\n"));
    holds(has_line("serial               /dev/ttyS       4 "));
    holds(has_line("pty_slave            /dev/pts      136 "));
    load("/proc/tty/ldiscs");
    holds(has_line("n_tty       0\n"));
    load("/proc/stat");
    unsigned long interrupts = 0;
    holds(sscanf(strstr(text, "\nintr "), "\nintr %lu", &interrupts) == 1);

    print("-- who is not root learns no addresses\n");
    if (fork() == 0) {
        need(setresuid(1000, 1000, 1000) == 0);
        load("/proc/iomem");
        holds(begins(text, "00000000-00000000 : "));
        load("/proc/ioports");
        holds(begins(text, "0000-0000 : "));
        _exit(0);
    }
    wait(NULL);
    return 0;
}

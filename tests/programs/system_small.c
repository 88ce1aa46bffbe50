/* Small calls that ask or tell something of the machine: ustat, sysfs, syslog, swapon, quotactl, iopl, process_mrelease. */
#include "check.h"
#include <sys/io.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/quota.h>
#include <sys/swap.h>
#include <sys/sysmacros.h>
#include <poll.h>

#define call(name, ...) syscall(SYS_##name, ##__VA_ARGS__)

struct ustat_result {
    int free_blocks;
    unsigned long free_files;
    char name[6], pack[6];
};

static void file_systems(void)
{
    struct stat status;
    struct ustat_result result;
    char name[64];
    print("-- ustat\n");
    need(stat("/proc", &status) == 0);
    memset(&result, 0xff, sizeof result);
    show(call(ustat, (unsigned) status.st_dev, &result));
    print("%d %lu\n", result.free_blocks, result.free_files);
    show(call(ustat, 0xabcdef, &result));
    show(call(ustat, (unsigned) status.st_dev, wild));
    print("-- sysfs\n");
    long count = call(sysfs, 3);
    holds(count > 2);
    long number = call(sysfs, 1, "tmpfs");
    holds(number >= 0 && number < count);
    show(call(sysfs, 2, number, name));
    print("%s\n", name);
    show(call(sysfs, 1, "nothing"));
    show(call(sysfs, 1, wild));
    show(call(sysfs, 2, 1000, name));
    show(call(sysfs, 2, -1, name));
    show(call(sysfs, 2, number, wild));
    show(call(sysfs, 4));
    show(call(sysfs, 0));
}

static void swap(void)
{
    print("-- swap\n");
    close(open("file", O_CREAT | O_RDWR, 0600));
    show(swapon("file", 0));
    show(swapoff("file"));
    show(swapon("missing", 0));
    show(swapoff("missing"));
    show(swapon(".", 0));
    show(swapoff("."));
    show(swapon(wild, 0));
    show(swapoff(wild));
    show(swapon("file", 0x80000));
    show(swapon("file", SWAP_FLAG_PREFER | SWAP_FLAG_PRIO_MASK));
    show(swapon("/dev/null", 0));
    show(swapon("file/x", 0));
}

static void quota(void)
{
    char space[256];
    int file = open("file", O_RDWR | O_CREAT, 0600);
    print("-- quotactl\n");
    show(quotactl(QCMD(Q_SYNC, USRQUOTA), 0, 0, 0));
    show(quotactl(QCMD(Q_SYNC, GRPQUOTA), 0, 0, 0));
    show(quotactl(QCMD(Q_SYNC, 3), 0, 0, 0));
    show(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), 0, 0, space));
    show(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "file", 0, space));
    show(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "/dev/null", 0, space));
    show(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "missing", 0, space));
    show(quotactl(QCMD(Q_GETQUOTA, 7), "missing", 0, space));
    show(call(quotactl_fd, file, QCMD(Q_GETQUOTA, USRQUOTA), 0, space));
    show(call(quotactl_fd, file, QCMD(Q_GETQUOTA, 3), 0, space));
    show(call(quotactl_fd, 999, QCMD(Q_GETQUOTA, USRQUOTA), 0, space));
    need(mknod("disk", S_IFBLK | 0600, makedev(240, 77)) == 0);
    show(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "disk", 0, space));
    show(quotactl(QCMD(Q_SYNC, USRQUOTA), "disk", 0, space));
}

static void kernel_log(void)
{
    char text[4096], line[100];
    print("-- syslog\n");
    show(klogctl(0, 0, 0));
    show(klogctl(1, 0, 0));
    show(klogctl(2, 0, 10));
    show(klogctl(2, text, 0));
    show(klogctl(2, text, -1));
    show(klogctl(3, 0, 10));
    show(klogctl(3, text, -1));
    show(klogctl(3, text, 0));
    show(klogctl(8, 0, 0));
    show(klogctl(8, 0, 9));
    show(klogctl(11, 0, 0));
    show(klogctl(-1, 0, 0));
    holds(klogctl(10, 0, 0) >= 4096);
    holds(klogctl(9, 0, 0) >= 0);
    print("-- /dev/kmsg\n");
    int log = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
    show(lseek(log, 0, SEEK_END));
    show(read(log, text, sizeof text));
    snprintf(line, sizeof line, "<13>system_small %d says\n", getpid());
    holds(write(log, line, strlen(line)) == (ssize_t) strlen(line));
    struct pollfd ready = {.fd = log, .events = POLLIN | POLLOUT};
    show(poll(&ready, 1, -1));
    holds(ready.revents & POLLIN);
    ssize_t length = read(log, text, sizeof text - 1);
    text[length > 0 ? length : 0] = 0;
    int priority;
    unsigned long number, micros;
    char rest[200];
    holds(sscanf(text, "%d,%lu,%lu,-;%199[^\n]", &priority, &number, &micros, rest) == 4);
    print("priority %d\n", priority);
    snprintf(line, sizeof line, "system_small %d says", getpid());
    holds(strcmp(rest, line) == 0);
    holds(text[length - 1] == '\n');
    print("-- it is in the log\n");
    length = klogctl(3, text, sizeof text);
    holds(length > 0 && memmem(text, length, line, strlen(line)) != 0);
    holds(text[0] == '<' && memmem(text, length, "<13>[", 5) != 0);
    holds(klogctl(4, text, sizeof text) > 0);
    show(klogctl(3, text, sizeof text));
    show(lseek(log, 0, SEEK_DATA));
    show(read(log, text, sizeof text));
    show(lseek(log, 0, SEEK_SET));
    holds(read(log, text, sizeof text) > 0);
    show(lseek(log, 0, SEEK_SET));
    show(read(log, text, 3));
    show(lseek(log, 1, SEEK_SET));
    show(lseek(log, 0, SEEK_CUR));
    memset(text, 'x', sizeof text);
    show(write(log, text, 1025));
    print("-- a program that waits\n");
    fcntl(log, F_SETFL, 0);
    lseek(log, 0, SEEK_END);
    pid_t reader = fork();
    if (reader == 0) {
        length = read(log, text, sizeof text);
        print("child: %s\n", length > 0 && memmem(text, length, "wakes", 5) ? "woken by the line" : "?");
        _exit(0);
    }
    await_sleep(reader);
    need(write(log, "<6>wakes\n", 9) == 9);
    waitpid(reader, 0, 0);
}

static void ports(void)
{
    print("-- ports\n");
    show(iopl(0));
    show(iopl(4));
    show(iopl(-1));
    show(ioperm(0, 0, 1));
    show(ioperm(65536, 1, 1));
    show(ioperm(65535, 2, 0));
    show(ioperm(-1, 1, 0));
    show(ioperm(0x80, 1, 0));
}

static void release_memory(void)
{
    print("-- process_mrelease\n");
    int pipes[2];
    need(pipe(pipes) == 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        close(pipes[1]);
        _exit(read(pipes[0], &byte, 1) == 0 ? 0 : 1);
    }
    int process = pidfd_open(child, 0);
    show(call(process_mrelease, process, 0));
    show(call(process_mrelease, process, 1));
    show(call(process_mrelease, 999, 0));
    show(call(process_mrelease, pipes[0], 0));
    close(pipes[1]);
    siginfo_t info;
    need(waitid(P_PID, child, &info, WEXITED | WNOWAIT) == 0);
    show(call(process_mrelease, process, 0));
    need(waitid(P_PID, child, &info, WEXITED) == 0);
    show(call(process_mrelease, process, 0));
}

static void as_anybody(void)
{
    char text[100];
    need(setresuid(1000, 1000, 1000) == 0);
    show(klogctl(3, text, sizeof text));
    show(klogctl(10, 0, 0));
    show(klogctl(99, 0, 0));
    show(open("/dev/kmsg", O_RDONLY));
    show(swapon("file", 0));
    show(swapon("file", 0x80000));
    show(swapoff("missing"));
    show(iopl(1));
    show(ioperm(0x80, 1, 1));
    show(ioperm(0x80, 1, 0));
    show(quotactl(QCMD(Q_SYNC, USRQUOTA), 0, 0, 0));
}

int main(void)
{
    work_in_scratch_directory();
    file_systems();
    swap();
    quota();
    kernel_log();
    ports();
    release_memory();
    print("-- as an ordinary user\n");
    in_child("user", as_anybody);
    return 0;
}

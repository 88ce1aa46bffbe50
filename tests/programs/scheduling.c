/* sched(7): policies, priorities, what takes privileges, what children begin with; nice values; priorities towards disks; limits that bind a user. */
#include "check.h"
#include <sys/resource.h>
#include <time.h>

enum { USER = 1000, OTHER = 1001, NOBODY = 4194304 };

#ifndef SCHED_FLAG_KEEP_POLICY
#define SCHED_FLAG_RESET_ON_FORK 1
#define SCHED_FLAG_KEEP_POLICY 8
#define SCHED_FLAG_KEEP_PARAMS 16
#endif

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t least, most;
    uint64_t more;
};

static int set_scheduler(pid_t pid, int policy, int priority)
{
    struct sched_param parameters = {priority};
    return syscall(SYS_sched_setscheduler, pid, policy, &parameters);
}

static int set_parameters(pid_t pid, int priority)
{
    struct sched_param parameters = {priority};
    return syscall(SYS_sched_setparam, pid, &parameters);
}

static int set_attributes(pid_t pid, struct attributes *attributes, unsigned flags)
{
    return syscall(SYS_sched_setattr, pid, attributes, flags);
}

static int get_attributes(pid_t pid, struct attributes *attributes, unsigned size, unsigned flags)
{
    return syscall(SYS_sched_getattr, pid, attributes, size, flags);
}

static void tell(const char *who)
{
    struct attributes now = {0};
    get_attributes(0, &now, 48, 0);
    print("%s: policy %d flags %llx nice %d priority %d; getscheduler %x getpriority %d\n", who, now.policy,
          (unsigned long long) now.flags, now.nice, now.priority, (unsigned) syscall(SYS_sched_getscheduler, 0),
          getpriority(PRIO_PROCESS, 0));
}

static void tell_child(void)
{
    tell("child");
}

static void limit(int resource, rlim_t soft)
{
    struct rlimit both = {soft, soft};
    need(setrlimit(resource, &both) == 0);
}

static void errors(void)
{
    struct sched_param parameters = {0};
    show(set_scheduler(-1, SCHED_OTHER, 0));
    show(set_scheduler(NOBODY, SCHED_OTHER, 0));
    show(set_scheduler(0, -1, 0));
    show(set_scheduler(0, 99, 0));
    show(set_scheduler(0, 4, 0));
    show(set_scheduler(0, SCHED_OTHER, 1));
    show(set_scheduler(0, SCHED_FIFO, 0));
    show(set_scheduler(0, SCHED_FIFO, 100));
    show(set_scheduler(0, SCHED_RR, -1));
    show(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, 0));
    show(syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, wild));
    show(set_parameters(-1, 0));
    show(set_parameters(NOBODY, 0));
    show(set_parameters(0, 1));
    show(syscall(SYS_sched_setparam, 0, 0));
    show(syscall(SYS_sched_setparam, 0, wild));
    show(syscall(SYS_sched_getparam, 0, 0));
    show(syscall(SYS_sched_getparam, -1, &parameters));
    show(syscall(SYS_sched_getparam, NOBODY, &parameters));
    show(syscall(SYS_sched_getparam, 0, wild));
    show(syscall(SYS_sched_getscheduler, -1));
    show(syscall(SYS_sched_getscheduler, NOBODY));
    struct timespec time;
    show(syscall(SYS_sched_rr_get_interval, -1, &time));
    show(syscall(SYS_sched_rr_get_interval, NOBODY, &time));
    show(syscall(SYS_sched_rr_get_interval, 0, wild));
    for (int policy = -1; policy < 9; policy++)
        if (policy != 7)
            print("policy %d: %d to %d\n", policy, sched_get_priority_min(policy), sched_get_priority_max(policy));
    unsigned long mask = 0;
    show(syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask));
    show(syscall(SYS_sched_setaffinity, 0, sizeof mask, wild));
    show(syscall(SYS_sched_setaffinity, NOBODY, sizeof mask, &mask));
    show(syscall(SYS_sched_setaffinity, -1, sizeof mask, &mask));
    mask = 1;
    show(syscall(SYS_sched_setaffinity, 0, 0, &mask));
    show(syscall(SYS_sched_getaffinity, 0, 7, &mask));
    show(syscall(SYS_sched_getaffinity, 0, 9, &mask));
    show(syscall(SYS_sched_getaffinity, NOBODY, sizeof mask, &mask));
    show(syscall(SYS_sched_getaffinity, 0, sizeof mask, wild));
    show(getpriority(3, 0));
    show(getpriority(-1, 0));
    show(getpriority(PRIO_PROCESS, -1));
    show(getpriority(PRIO_PROCESS, NOBODY));
    show(getpriority(PRIO_PGRP, NOBODY));
    show(getpriority(PRIO_USER, 77777));
    show(setpriority(3, 0, 0));
    show(setpriority(PRIO_PROCESS, NOBODY, 0));
    show(setpriority(PRIO_USER, 77777, 0));
}

static void attribute_errors(void)
{
    struct attributes given = {.size = 48};
    show(set_attributes(0, 0, 0));
    show(set_attributes(0, wild, 0));
    show(set_attributes(-1, &given, 0));
    show(set_attributes(NOBODY, &given, 0));
    show(set_attributes(0, &given, 1));
    given.size = 47;
    show(set_attributes(0, &given, 0));
    holds(given.size >= 56);
    given.size = 4097;
    show(set_attributes(0, &given, 0));
    given.size = 64;
    show(set_attributes(0, &given, 0));
    given.more = 1;
    show(set_attributes(0, &given, 0));
    given = (struct attributes) {.size = 0, .nice = 3};
    show(set_attributes(0, &given, 0));
    tell("size 0");
    given = (struct attributes) {.size = 48, .policy = -1};
    show(set_attributes(0, &given, 0));
    given = (struct attributes) {.size = 48, .policy = 99};
    show(set_attributes(0, &given, 0));
    given = (struct attributes) {.size = 48, .flags = 0x80};
    show(set_attributes(0, &given, 0));
    given = (struct attributes) {.size = 48, .flags = 0x20};
    show(set_attributes(0, &given, 0));
    given = (struct attributes) {.size = 48, .policy = SCHED_FIFO};
    show(set_attributes(0, &given, 0));
    given = (struct attributes) {.size = 48, .nice = 100};
    show(set_attributes(0, &given, 0));
    tell("nice 100");
    show(get_attributes(0, &given, 47, 0));
    show(get_attributes(0, &given, 4097, 0));
    show(get_attributes(0, &given, 48, 1));
    show(get_attributes(0, 0, 48, 0));
    show(get_attributes(0, wild, 48, 0));
    show(get_attributes(-1, &given, 48, 0));
    show(get_attributes(NOBODY, &given, 48, 0));
    show(get_attributes(0, &given, 48, 0));
    print("size %u\n", given.size);
}

static void root(void)
{
    show(set_scheduler(0, SCHED_FIFO, 10));
    tell("FIFO");
    show(set_parameters(0, 20));
    tell("raised");
    struct timespec time;
    show(syscall(SYS_sched_rr_get_interval, 0, &time));
    print("%ld.%09ld\n", (long) time.tv_sec, time.tv_nsec);
    show(set_scheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, 30));
    tell("RR, not inherited");
    show(syscall(SYS_sched_rr_get_interval, 0, &time));
    print("%ld.%09ld\n", (long) time.tv_sec, time.tv_nsec);
    in_child("child", tell_child);
    show(set_scheduler(0, SCHED_BATCH, 0));
    show(setpriority(PRIO_PROCESS, 0, -5));
    tell("BATCH");
    in_child("child", tell_child);
    show(set_scheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, 0));
    in_child("child", tell_child);
    show(set_scheduler(0, SCHED_IDLE, 0));
    tell("IDLE");
    struct attributes given = {.size = 48, .policy = SCHED_OTHER, .nice = -20, .flags = SCHED_FLAG_RESET_ON_FORK};
    show(set_attributes(0, &given, 0));
    tell("by attributes");
    given = (struct attributes) {.size = 48, .policy = SCHED_FIFO, .nice = 7, .flags = SCHED_FLAG_KEEP_POLICY};
    show(set_attributes(0, &given, 0));
    tell("policy kept");
    given = (struct attributes) {.size = 48, .policy = SCHED_BATCH, .nice = 9, .flags = SCHED_FLAG_KEEP_PARAMS};
    show(set_attributes(0, &given, 0));
    tell("rest kept");
    given = (struct attributes) {.size = 48, .policy = SCHED_RR, .nice = 11, .priority = 5};
    show(set_attributes(0, &given, 0));
    tell("real time");
    given = (struct attributes) {.size = 48, .policy = SCHED_OTHER, .flags = SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS | SCHED_FLAG_RESET_ON_FORK};
    show(set_attributes(0, &given, 0));
    tell("all kept");
}

static void user(void)
{
    limit(RLIMIT_NICE, 0);
    limit(RLIMIT_RTPRIO, 0);
    need(setuid(USER) == 0);
    show(set_scheduler(0, SCHED_FIFO, 1));
    show(set_scheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, 0));
    show(set_scheduler(0, SCHED_OTHER, 0));
    show(set_parameters(0, 0));
    show(set_scheduler(getppid(), SCHED_OTHER, 0));
    show(set_scheduler(getppid(), SCHED_FIFO, 0));
    unsigned long mask = 1;
    show(syscall(SYS_sched_setaffinity, getppid(), sizeof mask, &mask));
    show(setpriority(PRIO_PROCESS, getppid(), 5));
    show(setpriority(PRIO_PROCESS, 0, 5));
    show(setpriority(PRIO_PROCESS, 0, 4));
    show(setpriority(PRIO_USER, 0, 6));
    tell("user");
    show(set_scheduler(0, SCHED_IDLE | SCHED_RESET_ON_FORK, 0));
    show(set_scheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, 0));
    struct attributes given = {.size = 48, .policy = SCHED_IDLE, .nice = -20, .flags = SCHED_FLAG_RESET_ON_FORK};
    show(set_attributes(0, &given, 0));
}

static void limited(void)
{
    limit(RLIMIT_NICE, 25);
    limit(RLIMIT_RTPRIO, 5);
    need(setuid(USER) == 0);
    show(setpriority(PRIO_PROCESS, 0, -5));
    show(setpriority(PRIO_PROCESS, 0, -6));
    show(set_scheduler(0, SCHED_FIFO, 6));
    show(set_scheduler(0, SCHED_FIFO, 5));
    limit(RLIMIT_RTPRIO, 3);
    show(set_scheduler(0, SCHED_FIFO, 5));
    show(set_scheduler(0, SCHED_RR, 4));
    show(set_scheduler(0, SCHED_RR, 5));
    limit(RLIMIT_RTPRIO, 0);
    show(set_scheduler(0, SCHED_RR, 2));
    show(set_scheduler(0, SCHED_RR, 3));
    show(set_scheduler(0, SCHED_FIFO, 1));
    show(set_scheduler(0, SCHED_IDLE, 0));
    show(set_scheduler(0, SCHED_OTHER, 0));
    tell("limited");
}

enum { WHO_PROCESS = 1, WHO_GROUP, WHO_USER };

#define PRIORITY(class, level) ((class) << 13 | (level))

static void tell_disk(void)
{
    show(syscall(SYS_ioprio_get, WHO_PROCESS, 0));
}

static void disk_user(void)
{
    need(setuid(USER) == 0);
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(1, 4)));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(3, 0)));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, getppid(), PRIORITY(2, 4)));
    show(syscall(SYS_ioprio_get, WHO_PROCESS, getppid()));
}

static void disk(void)
{
    setpgid(0, 0);
    show(syscall(SYS_ioprio_get, WHO_PROCESS, 0));
    show(syscall(SYS_ioprio_get, WHO_GROUP, 0));
    show(setpriority(PRIO_PROCESS, 0, 10));
    show(syscall(SYS_ioprio_get, WHO_GROUP, 0));
    show(syscall(SYS_ioprio_get, WHO_PROCESS, NOBODY));
    show(syscall(SYS_ioprio_get, 0, 0));
    show(syscall(SYS_ioprio_get, 4, 0));
    show(syscall(SYS_ioprio_get, WHO_USER, 77777));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(2, 7)));
    show(syscall(SYS_ioprio_get, WHO_PROCESS, 0));
    show(syscall(SYS_ioprio_get, WHO_GROUP, 0));
    in_child("child", tell_disk);
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(0, 1)));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(4, 0)));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(3, 5)));
    show(syscall(SYS_ioprio_get, WHO_PROCESS, 0));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, PRIORITY(1, 2)));
    show(syscall(SYS_ioprio_get, WHO_PROCESS, 0));
    show(syscall(SYS_ioprio_set, 4, 0, PRIORITY(2, 2)));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, NOBODY, PRIORITY(2, 2)));
    show(syscall(SYS_ioprio_set, WHO_GROUP, 0, PRIORITY(2, 2)));
    show(syscall(SYS_ioprio_get, WHO_GROUP, getpid()));
    show(syscall(SYS_ioprio_set, WHO_PROCESS, 0, 0));
    show(syscall(SYS_ioprio_get, WHO_PROCESS, 0));
    in_child("user", disk_user);
}

/* How many children a user may have at once. */
static void crowd(void)
{
    limit(RLIMIT_NPROC, 4);
    need(setuid(OTHER) == 0);
    int ends[2], made = 0;
    char byte;
    pipe(ends);
    for (int i = 0; i < 10; i++) {
        pid_t child = fork();
        if (child == 0) {
            close(ends[1]);
            read(ends[0], &byte, 1);
            _exit(0);
        }
        if (child == -1) {
            print("fork: %s\n", strerrorname_np(errno));
            break;
        }
        made++;
    }
    print("%d children\n", made);
    close(ends[1]);
    while (wait(0) > 0)
        ;
    pid_t child = fork();
    holds(child >= 0);
    if (child == 0)
        _exit(0);
    siginfo_t info;
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    limit(RLIMIT_NPROC, 2);
    show(fork());
    wait(0);
    child = fork();
    if (child == 0)
        _exit(0);
    holds(child > 0);
    wait(0);
    limit(RLIMIT_NPROC, 0);
    show(fork());
}

static void crowded_program(void)
{
    int ends[2];
    char byte;
    pid_t children[2];
    pipe(ends);
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            need(setuid(OTHER) == 0);
            write(ends[1], "x", 1);
            pause();
        }
        read(ends[0], &byte, 1);
    }
    limit(RLIMIT_NPROC, 1);
    need(setuid(OTHER) == 0);
    char *arguments[] = {"none", 0};
    show(execve("/nowhere", arguments, arguments));
    for (int i = 0; i < 2; i++) {
        kill(children[i], SIGKILL);
        wait(0);
        show(execve("/nowhere", arguments, arguments));
    }
}

static void queue(int count)
{
    for (int i = 0; i < count; i++)
        show(sigqueue(getpid(), SIGRTMIN, (union sigval) {i}));
}

static void queue_more(void)
{
    queue(2);
}

static void tell_queued(void)
{
    char text[4096];
    int status = open("/proc/self/status", O_RDONLY);
    text[read(status, text, sizeof text - 1)] = 0;
    close(status);
    for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n"))
        if (strncmp(line, "SigQ", 4) == 0)
            print("%s\n", line);
}

static void signals(void)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &blocked, 0);
    limit(RLIMIT_SIGPENDING, 3);
    need(setuid(OTHER) == 0);
    queue(2);
    in_child("another process", queue_more);
    tell_queued();
    queue(2);
    tell_queued();
    siginfo_t info;
    show(sigwaitinfo(&blocked, &info) == SIGRTMIN);
    queue(1);
    timer_t timer;
    show(timer_create(CLOCK_MONOTONIC, 0, &timer));
    show(sigwaitinfo(&blocked, &info) == SIGRTMIN);
    show(timer_create(CLOCK_MONOTONIC, 0, &timer));
    queue(1);
}

int main(void)
{
    print("-- errors\n");
    in_child("errors", errors);
    in_child("attributes", attribute_errors);
    print("-- root\n");
    in_child("root", root);
    print("-- a user\n");
    in_child("user", user);
    in_child("limited", limited);
    print("-- disks\n");
    in_child("disk", disk);
    print("-- RLIMIT_NPROC\n");
    in_child("crowd", crowd);
    in_child("program", crowded_program);
    print("-- RLIMIT_SIGPENDING\n");
    in_child("signals", signals);
    return 0;
}

/* What the calls about processes, signals, users and limits answer at the edges of their manual pages. */
#include "check.h"
#include <grp.h>
#include <linux/sched.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/time.h>

static int status;

/* Makes a child by clone3(2) that exits at once; prints the error, or whether the child had the number that was wanted. */
static void clone_with(const char *what, struct clone_args arguments, pid_t wanted)
{
    arguments.exit_signal = SIGCHLD;
    long child = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0)
        _exit(getpid() == wanted || wanted == 0 ? 0 : 1);
    print("%s: %s", what, child < 0 ? strerrorname_np(errno) : "made, ");
    if (child > 0) {
        need(waitpid(child, &status, 0) == child);
        print_status("which", status);
    } else
        print("\n");
}

static pid_t free_number(void)
{
    pid_t number = fork();
    if (number == 0)
        _exit(0);
    need(waitpid(number, 0, 0) == number);
    return number;
}

static struct clone_args numbered(pid_t *numbers, int count)
{
    return (struct clone_args) {.set_tid = (uintptr_t) numbers, .set_tid_size = count};
}

static void children_with_a_number(void)
{
    print("-- clone3: set_tid\n");
    pid_t number[2] = {free_number(), free_number()};
    clone_with("free", numbered(number, 1), number[0]);
    clone_with("free again", numbered(number, 1), number[0]);
    clone_with("deeper than there are namespaces", numbered(number, 2), 0);
    clone_with("much deeper", numbered(number, 33), 0);
    clone_with("no address", numbered(0, 1), 0);
    clone_with("no count", numbered(number, 0), 0);
    clone_with("bad address", numbered(wild, 1), 0);
    number[0] = getpid();
    clone_with("in use", numbered(number, 1), 0);
    number[0] = 0;
    clone_with("zero", numbered(number, 1), 0);
    number[0] = -1;
    clone_with("negative", numbered(number, 1), 0);
    number[0] = 0x7fffffff;
    clone_with("too high", numbered(number, 1), 0);
}

static void versions(void)
{
    print("-- clone3: flags and sizes that are not known\n");
    static union {
        struct clone_args known;
        char bytes[2 * PAGE];
    } given;
    given.known.exit_signal = SIGCHLD;
    given.bytes[300] = 1;
    show(syscall(SYS_clone3, &given, PAGE));
    given.bytes[300] = 0;
    show(syscall(SYS_clone3, &given, PAGE + 1));
    long child = syscall(SYS_clone3, &given, PAGE);
    if (child == 0)
        _exit(0);
    show(waitpid(child, 0, 0) == child);
    clone_with("unknown flag", (struct clone_args) {.flags = 1L << 40}, 0);
    clone_with("signal among the flags", (struct clone_args) {.flags = SIGCHLD}, 0);
}

static void order_of_errors(void)
{
    print("-- nobody is there before the signal is wrong\n");
    enum { NOBODY = 0x3fffffff, NO_SIGNAL = 65 };
    union sigval value = {0};
    siginfo_t info = {.si_code = SI_QUEUE};
    show(kill(NOBODY, NO_SIGNAL));
    show(kill(getpid(), NO_SIGNAL));
    show(kill(INT32_MIN, NO_SIGNAL));
    show(sigqueue(NOBODY, NO_SIGNAL, value));
    show(sigqueue(getpid(), NO_SIGNAL, value));
    show(sigqueue(-1, 0, value));
    show(syscall(SYS_tkill, NOBODY, NO_SIGNAL));
    show(syscall(SYS_tkill, gettid(), NO_SIGNAL));
    show(syscall(SYS_tgkill, getpid(), NOBODY, NO_SIGNAL));
    show(syscall(SYS_rt_tgsigqueueinfo, -1, gettid(), 0, &info));
    show(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, 0, &info));
    show(syscall(SYS_rt_sigaction, SIGKILL, wild, 0, 8));
    show(syscall(SYS_rt_sigaction, SIGKILL, 0, 0, 8));
    pid_t zombie = fork();
    if (zombie == 0)
        _exit(0);
    siginfo_t ended;
    need(waitid(P_PID, zombie, &ended, WEXITED | WNOWAIT) == 0);
    show(syscall(SYS_tkill, zombie, SIGTERM));
    show(syscall(SYS_tgkill, zombie, zombie, 0));
    show(syscall(SYS_tgkill, getpid(), zombie, 0));
    need(waitpid(zombie, 0, 0) == zombie);
    show(syscall(SYS_tkill, zombie, 0));
}

static void nothing(int signal)
{
    (void) signal;
}

static void what_is_left_of_a_handler(void)
{
    print("-- SA_RESETHAND sets back the handler only\n");
    struct sigaction action = {.sa_handler = nothing, .sa_flags = SA_RESETHAND | SA_NODEFER};
    sigaddset(&action.sa_mask, SIGUSR2);
    need(sigaction(SIGUSR1, &action, 0) == 0);
    raise(SIGUSR1);
    sigaction(SIGUSR1, 0, &action);
    holds(action.sa_handler == SIG_DFL);
    holds((action.sa_flags & (int) SA_RESETHAND) != 0);
    holds((action.sa_flags & SA_NODEFER) != 0);
    holds(sigismember(&action.sa_mask, SIGUSR2) == 1);
}

static void queue_more_than_may_wait(void)
{
    struct rlimit limit = {2, 2};
    need(setrlimit(RLIMIT_SIGPENDING, &limit) == 0);
    need(setuid(43210) == 0);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, 0);
    union sigval value = {.sival_int = 7};
    int signal = SIGRTMIN;
    show(sigqueue(getpid(), signal, value));
    show(sigqueue(getpid(), signal, value));
    show(sigqueue(getpid(), signal, value));
    print("kill(2) never fails for that\n");
    show(kill(getpid(), signal));
    show(kill(getpid(), signal + 1));
    show(syscall(SYS_tgkill, getpid(), gettid(), signal));
    siginfo_t info;
    struct timespec now = {0, 0};
    while (sigtimedwait(&all, &info, &now) > 0)
        print("SIGRTMIN + %d: value %d\n", info.si_signo - signal, info.si_value.sival_int);
}

static void groups_of_nobody(void)
{
    print("-- setgroups: the group that is none\n");
    gid_t groups[3] = {5, -1, 6};
    show(setgroups(1, groups));
    show(setgroups(3, groups));
    show(getgroups(3, groups));
    show(groups[0]);
}

static long peak(int who)
{
    struct rusage usage;
    need(getrusage(who, &usage) == 0);
    return usage.ru_maxrss;
}

enum { MEGABYTES = 24 };

static void take_memory(void)
{
    size_t size = MEGABYTES << 20;
    char *area = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(area != MAP_FAILED);
    memset(area, 1, size);
    need(munmap(area, size) == 0);
}

static void usage(void)
{
    print("-- getrusage: the most memory\n");
    holds(peak(RUSAGE_THREAD) > 0);
    holds(peak(RUSAGE_SELF) < MEGABYTES << 10);
    signal(SIGCHLD, SIG_IGN);
    pid_t child = fork();
    if (child == 0) {
        take_memory();
        _exit(0);
    }
    show(wait(0));
    print("children that nobody waits for do not count\n");
    holds(peak(RUSAGE_CHILDREN) < MEGABYTES << 10);
    signal(SIGCHLD, SIG_DFL);
    in_child("takes memory, and gives it back", take_memory);
    holds(peak(RUSAGE_CHILDREN) >= MEGABYTES << 10);
    take_memory();
    holds(peak(RUSAGE_SELF) >= MEGABYTES << 10);
    holds(peak(RUSAGE_THREAD) >= MEGABYTES << 10);
    child = fork();
    if (child == 0)
        _exit(peak(RUSAGE_SELF) < MEGABYTES << 10 ? 0 : 1);
    need(waitpid(child, &status, 0) == child);
    print_status("a child begins with what it has", status);
}

static void clocks(void)
{
    print("-- setitimer: no time, no interval; settimeofday: the zone\n");
    struct itimerval timer = {.it_interval = {0, 500}}, found;
    show(setitimer(ITIMER_REAL, &timer, 0));
    getitimer(ITIMER_REAL, &found);
    show(found.it_interval.tv_usec);
    struct timezone far = {901, 0};
    show(syscall(SYS_settimeofday, 0, wild));
    show(syscall(SYS_settimeofday, 0, &far));
    show(syscall(SYS_settimeofday, 0, 0));
    need(setuid(1) == 0);
    show(syscall(SYS_settimeofday, 0, wild));
    show(syscall(SYS_settimeofday, 0, &far));
    show(syscall(SYS_settimeofday, 0, 0));
    print("-- reboot: who may not is told nothing of the numbers\n");
    show(syscall(SYS_reboot, 0, 0, 0, 0));
}

static void low_addresses(void)
{
    print("-- mmap: below vm.mmap_min_addr\n");
    need(setuid(1) == 0);
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show_success((long) mmap((void *) 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show_success((long) mmap((void *) PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

/* A mapping that grows down to another one. */
static void grow_down_to(int protection)
{
    char *area = mmap(0, 64 * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(munmap(area + PAGE, 63 * PAGE) == 0);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN;
    need(mmap(area + 40 * PAGE, PAGE, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED);
    ((volatile char *) area)[39 * PAGE] = 1;
}

static void grow_down_to_nothing(void)
{
    grow_down_to(PROT_NONE);
}

static void grow_down_to_data(void)
{
    grow_down_to(PROT_READ | PROT_WRITE);
}

int main(void)
{
    children_with_a_number();
    versions();
    order_of_errors();
    what_is_left_of_a_handler();
    print("-- RLIMIT_SIGPENDING\n");
    in_child("queues", queue_more_than_may_wait);
    groups_of_nobody();
    usage();
    print("-- MAP_GROWSDOWN keeps its distance from what can be accessed\n");
    in_child("inaccessible below", grow_down_to_nothing);
    in_child("data below", grow_down_to_data);
    in_child("clocks", clocks);
    in_child("low addresses", low_addresses);
    return 0;
}

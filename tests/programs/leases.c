/* Leases on files: who may take which, who has to wait for whom, how the holder hears of it (fcntl(2), "Leases"). */
#include "check.h"
#include <poll.h>
#include <sys/time.h>

static int signal_number;

static int opened(const char *name, int flags)
{
    int file = open(name, flags, 0644);
    need(file >= 0);
    return file;
}

static void taking(void)
{
    print("-- what may be taken\n");
    close(opened("file", O_RDWR | O_CREAT));
    int reader = opened("file", O_RDONLY);
    show(fcntl(reader, F_GETLEASE));
    show(fcntl(reader, F_SETLEASE, F_UNLCK));
    show(fcntl(reader, F_SETLEASE, 7));
    show(fcntl(reader, F_SETLEASE, F_RDLCK));
    show(fcntl(reader, F_GETLEASE));
    show(fcntl(reader, F_SETLEASE, F_WRLCK));
    show(fcntl(reader, F_GETLEASE));
    show(fcntl(reader, F_GETOWN) == getpid());
    show(fcntl(reader, F_SETLEASE, F_UNLCK));
    show(fcntl(reader, F_GETLEASE));
    int second = opened("file", O_RDONLY);
    show(fcntl(reader, F_SETLEASE, F_WRLCK));
    show(fcntl(reader, F_SETLEASE, F_RDLCK));
    show(fcntl(second, F_SETLEASE, F_RDLCK));
    show(fcntl(second, F_SETLEASE, F_WRLCK));
    close(second);
    show(fcntl(reader, F_SETLEASE, F_WRLCK));
    int copy = dup(reader);
    show(fcntl(copy, F_GETLEASE));
    close(copy);
    show(fcntl(reader, F_GETLEASE));
    close(reader);
    int writer = opened("file", O_RDWR);
    show(fcntl(writer, F_SETLEASE, F_RDLCK));
    show(fcntl(writer, F_SETLEASE, F_WRLCK));
    show(fcntl(writer, F_GETLEASE));
    show(open("file", O_RDONLY | O_NONBLOCK));
    show(fcntl(writer, F_GETLEASE));
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGIO);
    siginfo_t info;
    show(sigtimedwait(&set, &info, &(struct timespec){0, 0}) == SIGIO);
    print("code %d\n", info.si_code);
    close(writer);
    int directory = opened(".", O_RDONLY);
    show(fcntl(directory, F_SETLEASE, F_WRLCK));
    close(directory);
    int path = opened("file", O_PATH);
    show(fcntl(path, F_SETLEASE, F_RDLCK));
    show(fcntl(path, F_GETLEASE));
    close(path);
    int ends[2];
    need(pipe(ends) == 0);
    show(fcntl(ends[0], F_SETLEASE, F_RDLCK));
    show(fcntl(99, F_SETLEASE, F_RDLCK));
}

static void as_another(void)
{
    need(setuid(1000) == 0);
    int reader = opened("file", O_RDONLY);
    show(fcntl(reader, F_SETLEASE, F_RDLCK));
    show(fcntl(reader, F_GETLEASE));
}

/* A child that opens or cuts the file, and says what came of it. */
static pid_t breaker(int flags, int leased, int report)
{
    pid_t child = fork();
    if (child == 0) {
        close(leased);
        int result = flags == -1 ? truncate("file", 0) : open("file", flags);
        dprintf(report, "%s", result >= 0 ? "done" : strerrorname_np(errno));
        _exit(0);
    }
    return child;
}

static void told(int report)
{
    char text[20] = "";
    struct pollfd poll_report = {report, POLLIN, 0};
    need(poll(&poll_report, 1, -1) == 1);
    read(report, text, sizeof text - 1);
    print("the other: %s\n", text);
}

static void hear(int file)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    siginfo_t info;
    need(sigwaitinfo(&set, &info) == signal_number);
    print("heard: code %d, the lease's descriptor %d, band %lx\n", info.si_code, info.si_fd == file, info.si_band);
}

static void breaking(void)
{
    print("-- the holder hears, the other waits\n");
    signal_number = SIGRTMIN + 1;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    sigaddset(&set, SIGIO);
    sigprocmask(SIG_BLOCK, &set, 0);
    int report[2];
    need(pipe(report) == 0);
    int reader = opened("file", O_RDONLY);
    show(fcntl(reader, F_SETSIG, signal_number));
    show(fcntl(reader, F_SETLEASE, F_RDLCK));
    int other = opened("file", O_RDONLY);
    close(other);
    show(fcntl(reader, F_GETLEASE));
    pid_t child = breaker(O_WRONLY, reader, report[1]);
    hear(reader);
    show(fcntl(reader, F_GETLEASE));
    await_sleep(child);
    struct pollfd nothing = {report[0], POLLIN, 0};
    show(poll(&nothing, 1, 0));
    show(fcntl(reader, F_SETLEASE, F_UNLCK));
    told(report[0]);
    waitpid(child, 0, 0);
    show(fcntl(reader, F_SETLEASE, F_UNLCK));

    show(fcntl(reader, F_GETSIG));
    show(fcntl(reader, F_GETOWN));
    show(fcntl(reader, F_SETSIG, signal_number));
    show(fcntl(reader, F_SETLEASE, F_WRLCK));
    child = breaker(O_RDONLY, reader, report[1]);
    hear(reader);
    show(fcntl(reader, F_GETLEASE));
    await_sleep(child);
    show(fcntl(reader, F_SETLEASE, F_UNLCK));
    told(report[0]);
    waitpid(child, 0, 0);

    show(fcntl(reader, F_SETSIG, signal_number));
    show(fcntl(reader, F_SETLEASE, F_RDLCK));
    child = breaker(-1, reader, report[1]);
    hear(reader);
    await_sleep(child);
    close(reader);
    told(report[0]);
    waitpid(child, 0, 0);

    print("-- a wait that does not wait, and one that a signal ends\n");
    reader = opened("file", O_RDONLY);
    show(fcntl(reader, F_SETLEASE, F_RDLCK));
    show(open("file", O_RDWR | O_NONBLOCK));
    show(sigtimedwait(&set, 0, &(struct timespec){0, 0}) == SIGIO);
    show(fcntl(reader, F_GETLEASE));
    show(open("file", O_RDWR | O_NONBLOCK));
    show(sigtimedwait(&set, 0, &(struct timespec){0, 0}));
    child = breaker(O_WRONLY | O_TRUNC, reader, report[1]);
    await_sleep(child);
    kill(child, SIGKILL);
    int status;
    waitpid(child, &status, 0);
    print_status("the other", status);
    close(reader);
}

static void set_break_time(const char *seconds)
{
    int setting = open("/proc/sys/fs/lease-break-time", O_WRONLY);
    need(setting >= 0 && write(setting, seconds, strlen(seconds)) > 0);
    close(setting);
}

static void timing_out(void)
{
    print("-- who does not let go loses it\n");
    set_break_time("1");
    int report[2];
    need(pipe(report) == 0);
    int reader = opened("file", O_RDONLY);
    show(fcntl(reader, F_SETLEASE, F_WRLCK));
    pid_t child = breaker(O_RDONLY, reader, report[1]);
    told(report[0]);
    waitpid(child, 0, 0);
    show(fcntl(reader, F_GETLEASE));
    child = breaker(O_RDWR, reader, report[1]);
    told(report[0]);
    waitpid(child, 0, 0);
    show(fcntl(reader, F_GETLEASE));
    set_break_time("45");
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGIO);
    sigprocmask(SIG_BLOCK, &set, 0);
    work_in_scratch_directory();
    chmod(".", 0755);
    taking();
    chmod("file", 0666);
    in_child("another user", as_another);
    breaking();
    timing_out();
    return 0;
}

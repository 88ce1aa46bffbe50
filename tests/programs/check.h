/* What every test program shares.
 *
 * A program makes promises visible: it prints what the kernel answered, and the same binary's output on Linux is what is expected. So it
 * prints nothing that may differ from run to run (process numbers, addresses, times), and nothing that is only true of one kernel.
 */
#ifndef CHECK_H
#define CHECK_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* Prints at once, in one write: nothing is left in a buffer for a fork to print twice. */
__attribute__((format(printf, 1, 2), unused)) static void print(const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (write(1, text, length) != length)
        _exit(99);
}

/* An address that is never mapped. Volatile, so that the compiler does not notice. */
__attribute__((unused)) static void *volatile wild = (void *) 16;

/* Evaluates a call and prints it, its result and, when that is -1, the name of the error. */
#define show(call)                                                                                                                       \
    ({                                                                                                                                   \
        errno = 0;                                                                                                                       \
        long result_ = (long) (call);                                                                                                    \
        print("%s = %ld%s%s\n", #call, result_, result_ == -1 ? " " : "", result_ == -1 ? strerrorname_np(errno) : "");                  \
        result_;                                                                                                                         \
    })

/* For calls whose result differs from run to run: prints only whether they succeeded. */
#define show_success(call)                                                                                                               \
    ({                                                                                                                                   \
        errno = 0;                                                                                                                       \
        long result_ = (long) (call);                                                                                                    \
        print("%s: %s\n", #call, result_ == -1 ? strerrorname_np(errno) : "success");                                                    \
        result_;                                                                                                                         \
    })

/* Prints whether a condition holds: for what differs from run to run but must keep a rule. */
#define holds(condition) print("%s: %s\n", #condition, (condition) ? "yes" : "NO")

/* A step that the test itself needs. */
#define need(condition)                                                                                                                  \
    do {                                                                                                                                 \
        if (!(condition)) {                                                                                                              \
            print("line %d: needed %s: %s\n", __LINE__, #condition, strerrorname_np(errno));                                             \
            _exit(98);                                                                                                                   \
        }                                                                                                                                \
    } while (0)

/* Names an ended (or stopped, or continued) process's status. */
__attribute__((unused)) static void print_status(const char *who, int status)
{
    if (WIFEXITED(status))
        print("%s: exit %d\n", who, WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        print("%s: killed by SIG%s\n", who, sigabbrev_np(WTERMSIG(status)));
    else if (WIFSTOPPED(status))
        print("%s: stopped by SIG%s\n", who, sigabbrev_np(WSTOPSIG(status)));
    else if (WIFCONTINUED(status))
        print("%s: continued\n", who);
    else
        print("%s: status %x\n", who, status);
}

/* Runs a function in a child and prints how it ended. */
__attribute__((unused)) static int in_child(const char *who, void (*body)(void))
{
    pid_t child = fork();
    need(child >= 0);
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = 0;
    pid_t ended;
    do {
        ended = waitpid(child, &status, 0);
    } while (ended == -1 && errno == EINTR);
    need(ended == child);
    print_status(who, status);
    return status;
}

/* A fresh directory for the test's files; the working directory from now on. */
__attribute__((unused)) static void work_in_scratch_directory(void)
{
    char name[] = "/tmp/testXXXXXX";
    need(mkdtemp(name) != 0);
    need(chdir(name) == 0);
}

/* Sleeps in the kernel for about so many milliseconds. */
__attribute__((unused)) static void pause_milliseconds(int milliseconds)
{
    usleep(milliseconds * 1000);
}

/* A file's text, as far as there is room. */
__attribute__((unused)) static void read_text(const char *path, char *text, size_t size)
{
    int file = open(path, O_RDONLY);
    need(file >= 0);
    ssize_t length = read(file, text, size - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
}

/* Comes back once a process sleeps in the kernel. */
__attribute__((unused)) static void await_sleep(pid_t process)
{
    char path[40], text[200], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    while (state != 'S') {
        read_text(path, text, sizeof text);
        char *end = strrchr(text, ')');
        state = end ? end[2] : 0;
        sched_yield();
    }
}

#endif

/* Runs test programs inside the machine, one after another, and sends their output to the host.
 *
 *     suite SECONDS PATH...
 *
 * Each runs in a session and an empty directory of its own, with /dev/null as standard input, and has so many seconds. What is sent:
 *
 *     @@begin NAME
 *     (what it wrote on standard output and standard error)
 *     @@end NAME exit N | signal N | timeout, MILLISECONDS ms
 *
 * with a line feed before "@@end" even if the output ends with one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "common/look.h"

enum { LINGER_MILLISECONDS = 1000 };

static void send_bytes(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = write(1, bytes, length);
        if (sent < 0 && errno != EINTR)
            exit(1);
        if (sent > 0) {
            bytes += sent;
            length -= sent;
        }
    }
}

__attribute__((format(printf, 1, 2))) static void send_line(const char *format, ...)
{
    char line[300];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    send_bytes(line, length);
}

static void become(const char *path, const char *name, int output)
{
    char directory[300];
    snprintf(directory, sizeof directory, "/tmp/%s", name);
    mkdir(directory, 0755);
    if (chdir(directory) != 0)
        _exit(126);
    setsid();
    int null = open("/dev/null", O_RDONLY);
    dup2(null, 0);
    dup2(output, 1);
    dup2(output, 2);
    if (null > 2)
        close(null);
    close(output);
    execl(path, path, (char *) 0);
    dprintf(2, "%s: %s\n", path, strerror(errno));
    _exit(127);
}

/* Passes on what comes out of the pipe until its end or until a time; whether the end came. */
static int pass_on(int pipe, int64_t until, pid_t child, int *status, int *ended)
{
    char buffer[4096];
    for (;;) {
        int64_t left = until - now_milliseconds();
        if (left <= 0)
            return 0;
        struct pollfd end = {pipe, POLLIN, 0};
        if (poll(&end, 1, left < 200 ? left : 200) > 0) {
            ssize_t length = read(pipe, buffer, sizeof buffer);
            if (length <= 0)
                return 1;
            send_bytes(buffer, length);
        } else if (!*ended && waitpid(child, status, WNOHANG) == child) {
            /* Somebody that it left behind may still hold the pipe: a little longer, then no more. */
            *ended = 1;
            int64_t linger = now_milliseconds() + LINGER_MILLISECONDS;
            until = linger < until ? linger : until;
        }
    }
}

static int run(const char *path, int seconds)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        exit(1);
    send_line("@@begin %s\n", name);
    int64_t start = now_milliseconds();
    pid_t child = fork();
    if (child == 0)
        become(path, name, ends[1]);
    close(ends[1]);
    int status = 0, ended = 0;
    int finished = pass_on(ends[0], start + seconds * 1000ll, child, &status, &ended);
    close(ends[0]);
    if (!finished && !ended)
        kill(-child, SIGKILL);
    int timed_out = !finished && !ended;
    if (!ended)
        waitpid(child, &status, 0);
    kill(-child, SIGKILL);
    int took = now_milliseconds() - start;
    if (timed_out)
        send_line("\n@@end %s timeout, %d ms\n", name, took);
    else if (WIFSIGNALED(status))
        send_line("\n@@end %s signal %d, %d ms\n", name, WTERMSIG(status), took);
    else
        send_line("\n@@end %s exit %d, %d ms\n", name, WEXITSTATUS(status), took);
    return status != 0;
}

/* The console passes bytes on as they are. */
static void make_raw(void)
{
    struct termios settings;
    if (tcgetattr(1, &settings) == 0) {
        cfmakeraw(&settings);
        settings.c_lflag |= ISIG;
        tcsetattr(1, TCSANOW, &settings);
    }
}

int main(int argc, char **argv)
{
    make_raw();
    int seconds = argc > 1 ? atoi(argv[1]) : 0;
    for (int i = 2; i < argc; i++)
        run(argv[i], seconds);
    send_line("@@done\n");
    return 0;
}

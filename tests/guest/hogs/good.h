/* Programs that behave: each does its work again and again, and notes how often and how long the longest took. */
#ifndef HOGS_GOOD_H
#define HOGS_GOOD_H

#include "common.h"

enum { REQUEST = 64, FILE_BYTES = 16384 };

static _Noreturn void give_up(struct result *result)
{
    result->error = errno ? errno : EIO;
    _exit(1);
}

static void exactly(struct result *result, ssize_t got, ssize_t wanted)
{
    if (got == wanted)
        return;
    if (got >= 0)
        errno = EIO;
    give_up(result);
}

/* Whether a call was refused for want of something, and is to be made again. */
static int try_again(struct result *result)
{
    if (errno != EAGAIN && errno != ENOMEM && errno != ENFILE)
        return 0;
    result->refused++;
    nap(1);
    return 1;
}

static pid_t fork_patiently(struct result *result)
{
    pid_t child;
    while ((child = fork()) < 0 && try_again(result)) {
    }
    if (child < 0)
        give_up(result);
    return child;
}

static _Noreturn void serve(struct result *result, int requests, int answers)
{
    char request[REQUEST];
    ssize_t length;
    while ((length = read(requests, request, sizeof request)) > 0) {
        exactly(result, length, sizeof request);
        exactly(result, write(answers, request, sizeof request), sizeof request);
    }
    _exit(length == 0 ? 0 : 1);
}

/* A client and a server that talk through pipes. */
static int requests[2], answers[2];

static void connect_server(struct result *result)
{
    if (pipe(requests) != 0 || pipe(answers) != 0)
        give_up(result);
    if (fork_patiently(result) == 0) {
        close(requests[1]);
        close(answers[0]);
        serve(result, requests[0], answers[1]);
    }
    close(requests[0]);
    close(answers[1]);
}

static void ask_server(struct result *result)
{
    char request[REQUEST], answer[REQUEST];
    memset(request, result->operations, sizeof request);
    exactly(result, write(requests[1], request, sizeof request), sizeof request);
    exactly(result, read(answers[0], answer, sizeof answer), sizeof answer);
    if (memcmp(request, answer, sizeof request) != 0)
        give_up(result);
}

/* A file that is written, read and removed. */
static void begin_files(struct result *result)
{
    if (chdir("/tmp/good") != 0)
        give_up(result);
}

static void write_and_read(struct result *result)
{
    static char out[FILE_BYTES], in[FILE_BYTES];
    memset(out, result->operations, sizeof out);
    int file;
    while ((file = open("file", O_RDWR | O_CREAT | O_EXCL, 0600)) < 0 && try_again(result)) {
    }
    if (file < 0)
        give_up(result);
    exactly(result, write(file, out, sizeof out), sizeof out);
    exactly(result, pread(file, in, sizeof in, 0), sizeof in);
    if (memcmp(out, in, sizeof in) != 0 || close(file) != 0 || unlink("file") != 0)
        give_up(result);
}

/* A shell that runs commands. */
static void run_command(struct result *result)
{
    int status;
    do {
        pid_t child = fork_patiently(result);
        if (child == 0) {
            execl("/bin/busybox", "busybox", "true", (char *) 0);
            _exit(errno == EAGAIN || errno == ENOMEM || errno == ENFILE ? 75 : 1);
        }
        if (waitpid(child, &status, 0) != child)
            give_up(result);
        errno = EAGAIN;
    } while (WIFEXITED(status) && WEXITSTATUS(status) == 75 && try_again(result));
    if (status != 0) {
        errno = WIFSIGNALED(status) ? EINTR : ENOEXEC;
        give_up(result);
    }
}

static void begin_nothing(struct result *result)
{
    (void) result;
}

static const struct {
    const char *name;
    void (*begin)(struct result *);
    void (*operation)(struct result *);
} good[GOOD] = {{"pipe", connect_server, ask_server}, {"file", begin_files, write_and_read}, {"shell", begin_nothing, run_command}};

/* The whole life of a good program. */
static _Noreturn void behave(int which, int64_t until)
{
    struct result *result = &experiment->results[which];
    good[which].begin(result);
    result->begun = 1;
    for (int64_t before = now(); before < until;) {
        good[which].operation(result);
        int64_t after = now();
        if (after - before > result->worst)
            result->worst = after - before;
        result->operations++;
        before = after;
    }
    result->finished = 1;
    _exit(0);
}

#endif

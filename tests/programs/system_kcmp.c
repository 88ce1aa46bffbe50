/* kcmp(2): what two processes share. */
#include "check.h"
#include <sys/epoll.h>
#include <sys/sem.h>

enum { FILE_, VM, FILES, FS, SIGHAND, IO, SYSVSEM, EPOLL_TFD };

struct slot {
    uint32_t epoll, watched, index;
};

static long compare(pid_t one, pid_t other, int type, unsigned long first, unsigned long second)
{
    return syscall(SYS_kcmp, one, other, type, first, second);
}

/* The order differs from run to run. */
static void same(const char *what, pid_t one, pid_t other, int type, unsigned long first, unsigned long second)
{
    errno = 0;
    long result = compare(one, other, type, first, second);
    print("%s: %s\n", what, result == -1 ? strerrorname_np(errno) : result == 0 ? "same" : result <= 3 ? "other" : "?");
}

static pid_t copy(int flags, int (*body)(void *), void *argument)
{
    static char stack[2][65536];
    static int used;
    return clone(body, stack[used++] + sizeof stack[0], flags | SIGCHLD, argument);
}

static int release[2];

static int wait_for_release(__attribute__((unused)) void *nothing)
{
    char byte;
    close(release[1]);
    return (int) read(release[0], &byte, 1);
}

static int wait_sharing(__attribute__((unused)) void *nothing)
{
    char byte;
    return (int) read(release[0], &byte, 1);
}

int main(void)
{
    pid_t self = getpid();
    work_in_scratch_directory();
    print("-- files of one process\n");
    int file = open("file", O_RDWR | O_CREAT, 0600);
    int again = open("file", O_RDWR);
    int twin = dup(file);
    same("a file and itself", self, self, FILE_, file, file);
    same("a file and its duplicate", self, self, FILE_, file, twin);
    same("a file opened twice", self, self, FILE_, file, again);
    holds(compare(self, self, FILE_, file, again) + compare(self, self, FILE_, again, file) == 3);
    same("a descriptor that is not open", self, self, FILE_, file, 999);
    same("a descriptor that is negative", self, self, FILE_, -1, file);

    print("-- a child with copies\n");
    need(pipe(release) == 0);
    pid_t child = copy(0, wait_for_release, 0);
    same("file", self, child, FILE_, file, twin);
    same("another file", self, child, FILE_, file, again);
    same("memory", self, child, VM, 0, 0);
    same("descriptors", self, child, FILES, 0, 0);
    same("directories", self, child, FS, 0, 0);
    same("handlers", self, child, SIGHAND, 0, 0);
    same("input and output", self, child, IO, 0, 0);
    same("semaphores", self, self, SYSVSEM, 0, 0);

    print("-- a child that shares\n");
    pid_t sharing = copy(CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_SYSVSEM, wait_sharing, 0);
    same("memory", self, sharing, VM, 0, 0);
    same("descriptors", self, sharing, FILES, 0, 0);
    same("directories", self, sharing, FS, 0, 0);
    same("handlers", self, sharing, SIGHAND, 0, 0);
    same("semaphores", self, sharing, SYSVSEM, 0, 0);

    print("-- epoll\n");
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    need(epoll_ctl(epoll, EPOLL_CTL_ADD, release[0], &event) == 0);
    struct slot slot = {epoll, release[0], 0};
    same("what it watches", self, self, EPOLL_TFD, release[0], (unsigned long) &slot);
    same("another", self, self, EPOLL_TFD, release[1], (unsigned long) &slot);
    slot.index = 1;
    same("a second of that number", self, self, EPOLL_TFD, release[0], (unsigned long) &slot);
    slot = (struct slot) {epoll, file, 0};
    same("what it does not watch", self, self, EPOLL_TFD, release[0], (unsigned long) &slot);
    slot = (struct slot) {file, release[0], 0};
    same("no epoll", self, self, EPOLL_TFD, release[0], (unsigned long) &slot);
    same("a bad address", self, self, EPOLL_TFD, release[0], (unsigned long) wild);

    print("-- errors\n");
    same("no such type", self, self, 8, 0, 0);
    same("a negative type", self, self, -1, 0, 0);
    same("no such process", self, 999999, VM, 0, 0);
    same("no such process and type", 999999, self, 99, 0, 0);
    print("-- another user\n");
    need(setresuid(1000, 1000, 1000) == 0);
    same("root's child", self, child, VM, 0, 0);
    need(write(release[1], "xx", 2) == 2);
    close(release[1]);
    while (wait(0) > 0)
        ;
    return 0;
}

/* What hogs, good programs and the experiment share. */
#ifndef HOGS_COMMON_H
#define HOGS_COMMON_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, GOOD = 3, ERRORS = 134 };

/* What one good program has done. */
struct result {
    volatile long operations;
    volatile long worst;   /* nanoseconds of the longest one */
    volatile long refused; /* calls that said: not now */
    volatile int error;    /* what made it give up, 0 if nothing did */
    volatile int begun;
    volatile int finished;
};

/* One experiment, in memory that all its processes share. */
struct experiment {
    struct result results[GOOD];
    volatile int over;
    volatile long made; /* what the hog has got */
    volatile long refused[ERRORS];
};

static struct experiment *experiment;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void nap(int milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000l};
    nanosleep(&time, 0);
}

#endif

/* What every benchmark shares: the clock, and the line that biscotti.tools.bench reads.
 *
 * A benchmark runs the same operation in rounds. The first round is cold; the last ones are what a long-running program sees, when the
 * kernel's code has been compiled. Each round prints "NAME ROUND NANOSECONDS OPERATIONS".
 */
#ifndef BENCH_H
#define BENCH_H

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static inline uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static inline void report(const char *name, int round, uint64_t nanoseconds, uint64_t operations)
{
    char line[128];
    int length = snprintf(line, sizeof line, "%s %d %llu %llu\n", name, round, (unsigned long long) nanoseconds,
                          (unsigned long long) operations);
    if (write(1, line, length) != length)
        _exit(1);
}

/* Ends a benchmark that cannot do what it is to measure: its lines are missing then. */
static inline void check(int good)
{
    if (!good)
        _exit(1);
}

/* The number of rounds: the first argument, or the program's own. */
static inline int rounds(int argc, char **argv, int otherwise)
{
    return argc > 1 ? atoi(argv[1]) : otherwise;
}

#endif

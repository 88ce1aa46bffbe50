/* What the programs of the guest look at: the time, and numbers that the kernel tells in files. */
#ifndef LOOK_H
#define LOOK_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

__attribute__((unused)) static int64_t now_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/* The number in an open file after a word; negative if it cannot be read or has no such word. */
__attribute__((unused)) static long number_at(int file, const char *word)
{
    char text[8192];
    ssize_t length = pread(file, text, sizeof text - 1, 0);
    if (length < 0)
        return -errno;
    text[length] = 0;
    char *at = strstr(text, word);
    return at ? atol(at + strlen(word) + strspn(at + strlen(word), " :\t=")) : -1;
}

/* The same in the file of a path. */
__attribute__((unused)) static long number_in(const char *path, const char *word)
{
    int file = open(path, O_RDONLY);
    if (file < 0)
        return -errno;
    long number = number_at(file, word);
    close(file);
    return number;
}

#endif

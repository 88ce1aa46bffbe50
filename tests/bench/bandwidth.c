/* What a pipe carries: a process writes blocks of 64 KB, another reads them. One operation is one block. */
#include "bench.h"
#include <sys/wait.h>

enum { BLOCK = 65536, BLOCKS = 100 };

static char block[BLOCK];

static void read_block(int from)
{
    for (ssize_t got = 0, length; got < BLOCK; got += length) {
        length = read(from, block, BLOCK - got);
        check(length > 0);
    }
}

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 30);
    int ends[2];
    check(pipe(ends) == 0);
    pid_t child = fork();
    check(child >= 0);
    if (child == 0) {
        for (int i = 0; i < count * BLOCKS; i++)
            check(write(ends[1], block, BLOCK) == BLOCK);
        _exit(0);
    }
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < BLOCKS; i++)
            read_block(ends[0]);
        report("bandwidth", round, now() - start, BLOCKS);
    }
    check(waitpid(child, 0, 0) == child);
    return 0;
}

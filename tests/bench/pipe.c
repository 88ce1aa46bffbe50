/* Two processes send one byte to and fro over two pipes: one operation is one way (a write, and a read that sleeps). */
#include "bench.h"
#include <sys/wait.h>

enum { TRIPS = 2000 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    int there[2], back[2];
    char byte = 'x';
    check(pipe(there) == 0 && pipe(back) == 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < count * TRIPS; i++)
            check(read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1);
        _exit(0);
    }
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < TRIPS; i++)
            check(write(there[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1);
        report("pipe", round, now() - start, 2 * TRIPS);
    }
    waitpid(child, 0, 0);
    return 0;
}

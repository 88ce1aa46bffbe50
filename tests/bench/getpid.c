/* The round trip of the cheapest system call: into the kernel, one field, out again. */
#include "bench.h"
#include <sys/syscall.h>

enum { CALLS = 20000 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 60);
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < CALLS; i++)
            syscall(SYS_getpid);
        report("getpid", round, now() - start, CALLS);
    }
    return 0;
}

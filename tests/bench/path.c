/* stat(2) of a file ten directories deep. */
#include "bench.h"
#include <string.h>
#include <sys/stat.h>

enum { DEPTH = 10, CALLS = 2000 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    char path[256];
    snprintf(path, sizeof path, "/tmp/path%d", getpid());
    check(mkdir(path, 0755) == 0);
    for (int i = 1; i < DEPTH; i++) {
        strcat(path, "/directory");
        check(mkdir(path, 0755) == 0);
    }
    struct stat status;
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < CALLS; i++)
            check(stat(path, &status) == 0);
        report("path", round, now() - start, CALLS);
    }
    return 0;
}

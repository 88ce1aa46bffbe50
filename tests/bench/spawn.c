/* fork, exec of a static program, and wait: one operation is a child from its birth to its end. */
#include "bench.h"
#include <sys/wait.h>

enum { CHILDREN = 40 };

int main(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] == '-')
        return 0;
    int count = rounds(argc, argv, 20);
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < CHILDREN; i++) {
            int status;
            pid_t child = fork();
            check(child >= 0);
            if (child == 0) {
                execl(argv[0], argv[0], "-", (char *) 0);
                _exit(1);
            }
            check(waitpid(child, &status, 0) == child && status == 0);
        }
        report("spawn", round, now() - start, CHILDREN);
    }
    return 0;
}

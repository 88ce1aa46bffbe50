/* The switch between two processes: both are bound to one CPU and yield it to each other. One operation is one sched_yield(2). */
#include "bench.h"
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

enum { YIELDS = 4000 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 30);
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    check(sched_setaffinity(0, sizeof here, &here) == 0);
    pid_t child = fork();
    check(child >= 0);
    while (child == 0)
        sched_yield();
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < YIELDS; i++)
            sched_yield();
        report("yield", round, now() - start, 2 * YIELDS);
    }
    check(kill(child, SIGKILL) == 0 && waitpid(child, 0, 0) == child);
    return 0;
}

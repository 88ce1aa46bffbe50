/* A real-time thread in an endless loop does not take the machine (sched(7), "Limiting the CPU usage"): who shares its CPU can end it. */
#include "check.h"

static void compete(int policy, const char *name)
{
    int ends[2];
    char byte;
    need(pipe(ends) == 0);
    pid_t child = fork();
    need(child >= 0);
    if (child == 0) {
        struct sched_param parameters = {.sched_priority = 50};
        need(sched_setscheduler(0, policy, &parameters) == 0);
        need(write(ends[1], "x", 1) == 1);
        for (;;)
            __asm__ volatile("");
    }
    need(read(ends[0], &byte, 1) == 1);
    int status;
    need(kill(child, SIGTERM) == 0 && waitpid(child, &status, 0) == child);
    print("%s: ended by %d\n", name, WTERMSIG(status));
}

int main(void)
{
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    need(sched_setaffinity(0, sizeof here, &here) == 0);
    compete(SCHED_FIFO, "SCHED_FIFO");
    compete(SCHED_RR, "SCHED_RR");
    return 0;
}

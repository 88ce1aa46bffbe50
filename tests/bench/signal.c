/* A signal is sent, its handler runs and returns: one operation is all of that. */
#include "bench.h"
#include <signal.h>

enum { SIGNALS = 2000 };

static volatile sig_atomic_t caught;

static void count_signal(int number)
{
    (void) number;
    caught++;
}

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    struct sigaction action = {.sa_handler = count_signal};
    check(sigaction(SIGUSR1, &action, 0) == 0);
    for (int round = 0; round < count; round++) {
        caught = 0;
        uint64_t start = now();
        for (int i = 0; i < SIGNALS; i++)
            check(kill(getpid(), SIGUSR1) == 0);
        report("signal", round, now() - start, SIGNALS);
        check(caught == SIGNALS);
    }
    return 0;
}

/* A signal to a thread that was preempted runs its handler before anything else of it: the receiver, on the same CPU as the sender, must not
 * see what the sender did after kill(2) returned without having seen the signal. */
#include "check.h"

enum { ROUNDS = 200 };

static volatile struct {
    int sent, handled, missed, end;
} *shared;

static void on_signal(int number)
{
    (void) number;
    shared->handled++;
}

static void receive(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    need(sigaction(SIGUSR1, &action, NULL) == 0);
    shared->handled = 0;
    while (!shared->end) {
        int sent = shared->sent;
        if (shared->handled < sent) {
            shared->missed++;
            while (shared->handled < sent)
                ;
        }
    }
    _exit(0);
}

int main(void)
{
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    need(sched_setaffinity(0, sizeof here, &here) == 0);
    shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    need(shared != MAP_FAILED);
    shared->handled = -1;
    pid_t child = fork();
    need(child >= 0);
    if (child == 0)
        receive();
    while (shared->handled < 0)
        usleep(1000);
    for (int round = 1; round <= ROUNDS; round++) {
        need(kill(child, SIGUSR1) == 0);
        shared->sent = round;
        while (shared->handled < round)
            usleep(1000);
    }
    shared->end = 1;
    need(waitpid(child, NULL, 0) == child);
    print("%d signals, %d seen too late\n", shared->handled, shared->missed);
    return 0;
}

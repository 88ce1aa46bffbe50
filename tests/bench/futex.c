/* Two threads hand a turn to and fro with a futex: one operation is one hand-over (a wake, and a wait that sleeps). */
#include "bench.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>

enum { HAND_OVERS = 4000 };

static int turn;
static int count;

static void futex(int operation, int value)
{
    syscall(SYS_futex, &turn, operation | FUTEX_PRIVATE_FLAG, value, 0, 0, 0);
}

static void hand_over(int self)
{
    for (int i = 0; i < HAND_OVERS / 2; i++) {
        while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != self)
            futex(FUTEX_WAIT, !self);
        __atomic_store_n(&turn, !self, __ATOMIC_RELEASE);
        futex(FUTEX_WAKE, 1);
    }
}

static void *partner(void *unused)
{
    (void) unused;
    for (int round = 0; round < count; round++)
        hand_over(1);
    return 0;
}

int main(int argc, char **argv)
{
    count = rounds(argc, argv, 40);
    pthread_t thread;
    if (pthread_create(&thread, 0, partner, 0) != 0)
        return 1;
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        hand_over(0);
        report("futex", round, now() - start, HAND_OVERS);
    }
    pthread_join(thread, 0);
    return 0;
}

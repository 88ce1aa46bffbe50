/* A thread is made, runs, ends and is joined: one operation is all of that. */
#include "bench.h"
#include <pthread.h>

enum { THREADS = 100 };

static void *nothing(void *argument)
{
    return argument;
}

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 30);
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < THREADS; i++) {
            pthread_t thread;
            check(pthread_create(&thread, 0, nothing, 0) == 0 && pthread_join(thread, 0) == 0);
        }
        report("thread", round, now() - start, THREADS);
    }
    return 0;
}

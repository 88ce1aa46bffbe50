/* epoll with 1000 descriptors: one of them becomes ready, is told of, and is read. One operation is all of that. */
#include "bench.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>

enum { DESCRIPTORS = 1000, EVENTS = 2000 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    static int descriptors[DESCRIPTORS];
    int set = epoll_create1(0);
    check(set >= 0);
    for (int i = 0; i < DESCRIPTORS; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        descriptors[i] = eventfd(0, EFD_NONBLOCK);
        check(descriptors[i] >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, descriptors[i], &event) == 0);
    }
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < EVENTS; i++) {
            struct epoll_event event;
            uint64_t value = 1;
            unsigned which = i * 7919u % DESCRIPTORS;
            check(write(descriptors[which], &value, 8) == 8);
            check(epoll_wait(set, &event, 1, -1) == 1 && event.data.u32 == which);
            check(read(descriptors[which], &value, 8) == 8);
        }
        report("epoll", round, now() - start, EVENTS);
    }
    return 0;
}

/* When messages of Unix sockets came: SO_TIMESTAMP and its kin (socket(7)). */
#include "sockets.h"
#include <time.h>

static const int options[] = {29, 35, 63, 64};

/* Receives with room for control messages, and prints what there is of them: the time only if it makes no sense. */
static void take_with(int socket, size_t room, const struct timespec *after)
{
    char data[8], control[200];
    struct iovec part = {data, sizeof data};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room ? control : 0, .msg_controllen = room};
    ssize_t count = recvmsg(socket, &message, MSG_DONTWAIT);
    print("%zd bytes, flags %x, control %zu\n", count, message.msg_flags, message.msg_controllen);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        print("  level %d type %d length %zu", c->cmsg_level, c->cmsg_type, (size_t) c->cmsg_len);
        if (c->cmsg_type >= 29 && c->cmsg_len == CMSG_LEN(16)) {
            long time[2];
            memcpy(time, CMSG_DATA(c), sizeof time);
            int nanos = c->cmsg_type == 35 || c->cmsg_type == 64;
            long told = time[0] * 1000000000 + time[1] * (nanos ? 1 : 1000);
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            long earliest = after->tv_sec * 1000000000 + after->tv_nsec - 1000;
            print(" %s", told >= earliest && told <= now.tv_sec * 1000000000 + now.tv_nsec ? "in time" : "WRONG");
        }
        print("\n");
    }
}

static void all(int type)
{
    print("-- type %d\n", type);
    struct timespec before;
    for (int i = 0; i < 4; i++) {
        int s[2];
        need(socketpair(AF_UNIX, type, 0, s) == 0);
        clock_gettime(CLOCK_REALTIME, &before);
        show(write(s[0], "early", 5));
        show(set_option(s[1], options[i], 1));
        for (int j = 0; j < 4; j++)
            print(" %d", option(s[1], options[j]));
        print("\n");
        take_with(s[1], 200, &before);
        for (int room = 0; room <= 40; room += 8) {
            show(write(s[0], "abc", 3));
            take_with(s[1], room, &before);
        }
        show(set_option(s[1], SO_PASSCRED, 1));
        show(write(s[0], "abc", 3));
        take_with(s[1], 200, &before);
        show(set_option(s[1], options[i], 0));
        show(write(s[0], "abc", 3));
        take_with(s[1], 200, &before);
        close(s[0]);
        close(s[1]);
    }
}

int main(void)
{
    all(SOCK_DGRAM);
    all(SOCK_SEQPACKET);
    all(SOCK_STREAM);
    return 0;
}

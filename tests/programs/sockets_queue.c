/* How many messages wait at a datagram socket: the sysctl net.unix.max_dgram_qlen when it was made. */
#include "check.h"
#include <sys/socket.h>
#include <sys/un.h>

static const char *const setting = "/proc/sys/net/unix/max_dgram_qlen";

static void set(const char *value)
{
    int file = open(setting, O_WRONLY);
    need(file >= 0 && write(file, value, strlen(value)) > 0);
    close(file);
}

/* How many messages a sender gets rid of to a receiver that has not connected back. */
static int room(int receiver)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = sizeof(sa_family_t);
    need(bind(receiver, (struct sockaddr *) &address, length) == 0);
    length = sizeof address;
    need(getsockname(receiver, (struct sockaddr *) &address, &length) == 0);
    int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
    need(connect(sender, (struct sockaddr *) &address, length) == 0);
    int count = 0;
    while (count < 1000 && send(sender, "x", 1, MSG_DONTWAIT) == 1)
        count++;
    return count;
}

int main(void)
{
    char before[20];
    int file = open(setting, O_RDONLY);
    ssize_t length = read(file, before, sizeof before - 1);
    need(length > 0);
    before[length] = 0;
    set("3");
    int early = socket(AF_UNIX, SOCK_DGRAM, 0);
    set("5");
    int late = socket(AF_UNIX, SOCK_DGRAM, 0);
    print("room %d and %d\n", room(early), room(late));
    set(before);
    return 0;
}

/* What the programs about sockets share. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "check.h"
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

/* An address: a path, or with a leading '@' an abstract name. */
__attribute__((unused)) static socklen_t address_of(struct sockaddr_un *address, const char *name)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, name, strlen(name));
    if (*name != '@')
        return offsetof(struct sockaddr_un, sun_path) + strlen(name) + 1;
    address->sun_path[0] = 0;
    return offsetof(struct sockaddr_un, sun_path) + strlen(name);
}

__attribute__((unused)) static int bind_to(int socket, const char *name)
{
    struct sockaddr_un address;
    socklen_t length = address_of(&address, name);
    return bind(socket, (struct sockaddr *) &address, length);
}

__attribute__((unused)) static int connect_to(int socket, const char *name)
{
    struct sockaddr_un address;
    socklen_t length = address_of(&address, name);
    return connect(socket, (struct sockaddr *) &address, length);
}

__attribute__((unused)) static ssize_t send_to(int socket, const char *name, const void *data, size_t size, int flags)
{
    struct sockaddr_un address;
    socklen_t length = address_of(&address, name);
    return sendto(socket, data, size, flags, (struct sockaddr *) &address, length);
}

/* Prints an address as it was told: its length, and its name with '@' for NULs. */
__attribute__((unused)) static void print_address(const char *what, const struct sockaddr_un *address, socklen_t length)
{
    char name[sizeof *address + 2] = "";
    int at = 0;
    for (int i = offsetof(struct sockaddr_un, sun_path); i < (int) length && i < (int) sizeof *address; i++) {
        char c = ((char *) address)[i];
        name[at++] = c ? c : '@';
    }
    print("%s: %d [%s]\n", what, (int) length, name);
}

__attribute__((unused)) static void print_names(int socket)
{
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    if (show(getsockname(socket, (struct sockaddr *) &address, &length)) == 0)
        print_address("name", &address, length);
    length = sizeof address;
    if (show(getpeername(socket, (struct sockaddr *) &address, &length)) == 0)
        print_address("peer", &address, length);
}

/* What poll(2) says now, of all that it can say. */
__attribute__((unused)) static void print_events(const char *what, int descriptor)
{
    static const struct {
        int event;
        const char *name;
    } names[] = {{POLLIN, "IN"},         {POLLPRI, "PRI"},       {POLLOUT, "OUT"},       {POLLERR, "ERR"},       {POLLHUP, "HUP"},     {POLLNVAL, "NVAL"},
                 {POLLRDNORM, "RDNORM"}, {POLLRDBAND, "RDBAND"}, {POLLWRNORM, "WRNORM"}, {POLLWRBAND, "WRBAND"}, {POLLRDHUP, "RDHUP"}};
    struct pollfd set = {descriptor, -1, 0};
    poll(&set, 1, 0);
    char text[200] = "";
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (set.revents & names[i].event) {
            strcat(text, " ");
            strcat(text, names[i].name);
        }
    print("%s:%s\n", what, text);
}

__attribute__((unused)) static int option(int socket, int name)
{
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(socket, SOL_SOCKET, name, &value, &length) == 0 ? value : -errno;
}

__attribute__((unused)) static int set_option(int socket, int name, int value)
{
    return setsockopt(socket, SOL_SOCKET, name, &value, sizeof value);
}

static volatile sig_atomic_t pipe_signals;

__attribute__((unused)) static void on_pipe_signal(int signal)
{
    (void) signal;
    pipe_signals++;
}

/* Receives and prints what came. */
__attribute__((unused)) static ssize_t take(int socket, size_t size, int flags)
{
    char data[256] = "";
    errno = 0;
    ssize_t count = recv(socket, data, size, flags);
    if (count < 0)
        print("recv: %s\n", strerrorname_np(errno));
    else
        print("recv: %zd [%.*s]\n", count, (int) (count < (ssize_t) sizeof data ? count : 0), data);
    return count;
}

#endif

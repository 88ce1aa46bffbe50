/* The corners of descriptors, pipes, terminals and sockets: which error comes first (fcntl(2), pipe(2), flock(2), ioctl_tty(2), socket(2), socket(7), unix(7)). */
#include "check.h"
#include <linux/kcmp.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>

static void controls(void)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600), reading = open("/proc/self/exe", O_RDONLY), path = open("/tmp", O_PATH), ends[2];
    need(pipe(ends) == 0);
    show(fcntl(77, F_GETFD));
    show(fcntl(file, 9999));
    show(fcntl(file, F_DUPFD, -1));
    show(fcntl(file, F_DUPFD, 1 << 30));
    show(fcntl(file, F_DUPFD_CLOEXEC, 5000));
    show(fcntl(file, F_SETFD, 0xff));
    show(fcntl(file, F_GETFD));
    show(fcntl(file, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY | O_CREAT | O_SYNC));
    show(fcntl(file, F_GETFL));
    show(fcntl(ends[0], F_SETFL, O_DIRECT));
    show(fcntl(ends[0], F_GETFL));
    show(fcntl(file, F_SETFL, O_NOATIME));
    show(fcntl(path, F_GETFL));
    show(fcntl(path, F_SETFL, 0));
    show(fcntl(path, F_GETLK, &lock));
    show(fcntl(path, F_DUPFD, 100));
    show(fcntl(file, F_GETLK, wild));
    show(fcntl(file, F_SETLK, wild));
    lock.l_type = 7;
    show(fcntl(file, F_SETLK, &lock));
    show(fcntl(file, F_GETLK, &lock));
    lock.l_type = F_UNLCK;
    show(fcntl(file, F_GETLK, &lock));
    lock.l_type = F_WRLCK;
    lock.l_whence = 9;
    show(fcntl(file, F_SETLK, &lock));
    lock.l_whence = SEEK_SET;
    lock.l_start = -5;
    show(fcntl(file, F_SETLK, &lock));
    lock.l_start = 5;
    lock.l_len = -10;
    show(fcntl(file, F_SETLK, &lock));
    lock.l_len = INT64_MAX;
    show(fcntl(file, F_SETLK, &lock));
    lock.l_len = 0;
    show(fcntl(reading, F_SETLK, &lock));
    show(fcntl(ends[0], F_SETLK, &lock));
    lock.l_pid = 1;
    show(fcntl(file, F_OFD_SETLK, &lock));
    lock.l_pid = 0;
    show(fcntl(file, F_OFD_SETLK, &lock));
    show(flock(77, LOCK_SH));
    show(flock(file, 0));
    show(flock(file, LOCK_SH | LOCK_EX));
    show(flock(path, LOCK_SH));
    show(flock(file, LOCK_MAND | LOCK_READ));
    show(fcntl(file, F_SETOWN, 4194303));
    show(fcntl(file, F_SETOWN, INT32_MIN));
    show(fcntl(file, F_SETOWN_EX, wild));
    struct { int type, pid; } owner = {9, 1};
    show(fcntl(file, F_SETOWN_EX, &owner));
    show(fcntl(file, F_SETSIG, 65));
    show(fcntl(file, F_SETSIG, -1));
    show(fcntl(file, F_GETSIG));
    show(fcntl(file, F_SETPIPE_SZ, 4096));
    show(fcntl(ends[0], F_SETPIPE_SZ, 0));
    show(fcntl(ends[0], F_SETPIPE_SZ, -1));
    show(fcntl(ends[0], F_SETPIPE_SZ, 5000));
    show(fcntl(ends[0], F_GETPIPE_SZ));
    show(fcntl(file, F_GETPIPE_SZ));
    show(fcntl(file, F_SETLEASE, 9));
    show(fcntl(ends[0], F_SETLEASE, F_RDLCK));
    uint64_t hint = 9;
    show(fcntl(file, F_SET_RW_HINT, &hint));
    hint = 2;
    show(fcntl(file, F_SET_RW_HINT, &hint));
    show(fcntl(file, F_GET_RW_HINT, &hint));
    print("hint %ld\n", (long) hint);
    show(dup2(77, 5));
    show(dup2(file, -1));
    show(dup2(file, 1 << 20));
    show(dup2(77, 77));
    show(dup3(file, file, 0));
    show(dup3(file, 50, 1));
    show(syscall(SYS_close_range, 5, 4, 0));
    show(syscall(SYS_close_range, 500, 600, 8));
    show(pipe(wild));
    show(pipe2(ends, 1));
    show(ioctl(file, 0x12345678, 0));
    show(ioctl(77, FIONREAD, &lock));
    show(ioctl(path, FIONREAD, &lock));
    show(ioctl(file, FIONBIO, wild));
    show(ioctl(file, FIOCLEX));
    show(fcntl(file, F_GETFD));
    show(ioctl(file, FIONCLEX));
    show(fcntl(file, F_GETFD));
    show(syscall(SYS_kcmp, getpid(), getpid(), KCMP_TYPES, 0, 0));
    show(syscall(SYS_kcmp, getpid(), 4194303, KCMP_FILE, 0, 0));
    show(syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, 77, 0));
    show(syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0, 0));
}

static void vectors(void)
{
    int ends[2], file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    need(pipe2(ends, O_NONBLOCK) == 0);
    char bytes[10] = "0123456789";
    struct iovec parts[3] = {{bytes, 5}, {wild, 5}, {bytes + 5, 5}};
    show(writev(file, parts, -1));
    show(writev(file, parts, 1025));
    show(writev(file, wild, 1));
    show(writev(file, parts, 0));
    parts[1].iov_len = -1;
    show(writev(file, parts, 2));
    show(pwritev(ends[1], parts, 1, 0));
    show(pwritev(file, parts, 1, -1));
    show(preadv2(file, parts, 1, 0, 0x100));
    show(pwritev2(file, parts, 1, 0, RWF_NOWAIT));
    show(pread(file, bytes, 1, -1));
    show(pread(ends[0], bytes, 1, 0));
    show(pwrite(ends[1], bytes, 1, 0));
    show(read(ends[0], bytes, 1));
    show(read(ends[1], bytes, 1));
    show(write(ends[0], bytes, 1));
    show(read(ends[0], bytes, 0));
    show(write(ends[1], bytes, 0));
    show(lseek(ends[0], 0, SEEK_CUR));
    show(lseek(file, -1, SEEK_SET));
    show(lseek(file, 0, 99));
    show(lseek(file, 0, SEEK_DATA));
    show(lseek(file, 100000, SEEK_HOLE));
    show(lseek(file, INT64_MAX, SEEK_SET));
    show(ftruncate(file, -1));
    show(ftruncate(ends[0], 0));
    show(fallocate(file, 0, 0, 0));
    show(fallocate(file, 0, -1, 5));
    show(fallocate(file, 0x1000, 0, 5));
    show(fallocate(file, FALLOC_FL_PUNCH_HOLE, 0, 5));
    show(fallocate(ends[0], 0, 0, 5));
    show(posix_fadvise(ends[0], 0, 0, 0));
    show(posix_fadvise(file, 0, 0, 99));
    show(posix_fadvise(file, 0, -1, 0));
    show(readahead(ends[0], 0, 5));
    show(sync_file_range(file, -1, 0, 0));
    show(sync_file_range(file, 0, 0, 8));
    show(sync_file_range(ends[0], 0, 0, 1));
    show(syscall(SYS_copy_file_range, file, NULL, file, NULL, 5, 1));
    show(syscall(SYS_copy_file_range, ends[0], NULL, file, NULL, 5, 0));
    show(syscall(SYS_sendfile, file, ends[0], NULL, 5));
    show(syscall(SYS_sendfile, ends[1], 77, NULL, 5));
}

static void terminals(void)
{
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), number, value;
    show(ioctl(master, TIOCGPTN, wild));
    show(ioctl(master, TIOCGPTN, &number));
    int zero = 0;
    show(ioctl(master, TIOCSPTLCK, wild));
    show(ioctl(master, TIOCSPTLCK, &zero));
    char name[40];
    snprintf(name, sizeof name, "/dev/pts/%d", number);
    int terminal = open(name, O_RDWR | O_NOCTTY), file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    struct termios settings;
    show(ioctl(terminal, TCGETS, wild));
    show(ioctl(terminal, TCSETS, wild));
    show(ioctl(file, TCGETS, &settings));
    show(ioctl(terminal, TIOCGWINSZ, wild));
    show(ioctl(terminal, TIOCSWINSZ, wild));
    show(ioctl(terminal, TIOCGPGRP, &value));
    show(ioctl(terminal, TIOCSPGRP, &value));
    show(ioctl(terminal, TIOCGSID, &value));
    show(ioctl(terminal, TIOCNOTTY));
    show(ioctl(terminal, TIOCSCTTY, 0));
    show(ioctl(terminal, TCFLSH, 9));
    show(ioctl(terminal, TCFLSH, TCIFLUSH));
    show(ioctl(terminal, TCXONC, 9));
    show(ioctl(terminal, TCSBRK, 1));
    show(ioctl(terminal, TCSBRKP, 0));
    show(ioctl(terminal, TIOCSBRK));
    show(ioctl(terminal, TIOCCBRK));
    show(ioctl(terminal, TIOCGETD, &value));
    print("discipline %d\n", value);
    value = 77;
    show(ioctl(terminal, TIOCSETD, &value));
    show(ioctl(terminal, TIOCMGET, &value));
    show(ioctl(terminal, TIOCGSERIAL, name));
    show(ioctl(terminal, TIOCEXCL));
    show(ioctl(terminal, TIOCGEXCL, &value));
    print("exclusive %d\n", value);
    show(ioctl(terminal, TIOCNXCL));
    show(ioctl(terminal, TIOCOUTQ, &value));
    show(ioctl(terminal, TIOCINQ, wild));
    show(ioctl(terminal, TIOCGPTN, &value));
    show(ioctl(master, TIOCGPTLCK, &value));
    show(ioctl(master, TIOCPKT, wild));
    show(ioctl(master, TIOCGPKT, &value));
    show(ioctl(master, TIOCGPTPEER, 0x1000));
    show(ioctl(terminal, TIOCGPTPEER, O_RDWR));
    show(ioctl(master, TIOCSIG, 65));
    show(ioctl(terminal, TIOCSIG, SIGINT));
    show(ioctl(terminal, TIOCSTI, wild));
    show(ioctl(terminal, TIOCGDEV, &value));
    show(ioctl(terminal, 0x5499, &value));
    show(ioctl(terminal, TIOCVHANGUP));
    show(ioctl(terminal, TCGETS, &settings));
    show(read(terminal, name, 1));
    show(write(terminal, name, 1));
    show(tcgetsid(file));
    show(tcgetpgrp(77));
    show(tcsetpgrp(file, 1));
}

static void sockets(void)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/tmp/none"};
    int pair[2], value = 0, stream = socket(AF_UNIX, SOCK_STREAM, 0), datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
    socklen_t length = sizeof value;
    char bytes[100] = "";
    show(socket(99, SOCK_STREAM, 0));
    show(socket(-1, SOCK_STREAM, 0));
    show(socket(AF_UNIX, 99, 0));
    show(socket(AF_UNIX, 0, 0));
    show(socket(AF_UNIX, SOCK_STREAM | 0x1000, 0));
    show(socket(AF_UNIX, SOCK_STREAM, 7));
    show(socket(AF_UNIX, SOCK_STREAM, 1) > 0);
    show(socket(AF_UNIX, SOCK_RAW, 0) > 0);
    show(socket(AF_UNIX, SOCK_RDM, 0));
    show(socketpair(AF_UNIX, SOCK_STREAM, 0, wild));
    show(socketpair(AF_UNIX, SOCK_STREAM, 9, pair));
    show(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair));
    show(bind(stream, (void *) &name, 1));
    show(bind(stream, wild, sizeof name));
    show(bind(stream, (void *) &name, 200));
    show(bind(stream, (void *) &name, -1));
    name.sun_family = AF_INET;
    show(bind(stream, (void *) &name, sizeof name));
    show(connect(stream, (void *) &name, sizeof name));
    name.sun_family = AF_UNIX;
    show(connect(stream, (void *) &name, sizeof name));
    show(connect(stream, (void *) &name, 2));
    show(connect(pair[0], (void *) &name, sizeof name));
    show(listen(stream, 5));
    show(listen(pair[0], 5));
    show(listen(datagram, 5));
    show(accept(stream, NULL, NULL));
    show(accept(datagram, NULL, NULL));
    show(accept4(stream, NULL, NULL, 1));
    show(accept(0, NULL, NULL));
    show(accept(77, NULL, NULL));
    show(getsockname(stream, wild, &length));
    show(getsockname(stream, (void *) bytes, wild));
    length = -1;
    show(getsockname(stream, (void *) bytes, &length));
    length = sizeof bytes;
    show(getpeername(stream, (void *) bytes, &length));
    show(send(stream, "x", 1, MSG_NOSIGNAL));
    show(send(datagram, "x", 1, 0));
    show(sendto(datagram, "x", 1, 0, (void *) &name, sizeof name));
    show(sendto(pair[0], "x", 1, 0, (void *) &name, sizeof name));
    show(sendto(stream, "x", 1, MSG_NOSIGNAL, (void *) &name, sizeof name));
    show(recv(stream, bytes, 1, 0));
    show(recv(pair[0], bytes, 1, 0));
    show(recv(datagram, bytes, 1, MSG_DONTWAIT));
    show(recv(pair[0], wild, 1, MSG_PEEK));
    show(recv(0, bytes, 1, 0));
    show(send(pair[0], wild, 1, 0));
    show(shutdown(pair[0], 3));
    show(shutdown(stream, SHUT_RD));
    show(shutdown(0, 0));
    show(setsockopt(stream, 99, 1, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, 999, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_PASSCRED, &value, 3));
    show(setsockopt(stream, SOL_SOCKET, SO_PASSCRED, wild, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &value, 4));
    struct timeval time = {0, 1000000};
    show(setsockopt(stream, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    show(setsockopt(stream, SOL_SOCKET, SO_TYPE, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_ERROR, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_LINGER, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_PEEK_OFF, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_PRIORITY, &value, 4));
    show(setsockopt(stream, SOL_SOCKET, SO_REUSEPORT, &value, 4));
    length = 4;
    show(getsockopt(stream, SOL_SOCKET, 999, &value, &length));
    show(getsockopt(stream, 99, 1, &value, &length));
    show(getsockopt(stream, SOL_SOCKET, SO_TYPE, wild, &length));
    show(getsockopt(stream, SOL_SOCKET, SO_TYPE, &value, wild));
    length = -1;
    show(getsockopt(stream, SOL_SOCKET, SO_TYPE, &value, &length));
    int options[] = {SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_ACCEPTCONN, SO_PROTOCOL, SO_DOMAIN, SO_PASSCRED, SO_PEEK_OFF, SO_PEERGROUPS, SO_PEERNAME, 76, 77};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        long large[20] = {0};
        length = 4;
        errno = 0;
        int result = getsockopt(stream, SOL_SOCKET, options[i], large, &length);
        print("option %d: %d %s length %d%s\n", options[i], result, strerrorname_np(errno), length, result == 0 && large[0] ? " set" : "");
    }
    show(ioctl(pair[0], TIOCOUTQ, &value));
    show(ioctl(pair[0], FIONREAD, wild));
    show(send(datagram, "x", 1, MSG_OOB));
    show(recv(datagram, bytes, 1, MSG_OOB | MSG_DONTWAIT));
    struct msghdr header = {0};
    show(sendmsg(pair[0], wild, 0));
    header.msg_iovlen = 1025;
    show(sendmsg(pair[0], &header, 0));
    show(recvmsg(pair[0], &header, MSG_DONTWAIT));
    header = (struct msghdr){.msg_control = wild, .msg_controllen = 24};
    show(sendmsg(pair[0], &header, 0));
    show(recvmsg(pair[0], wild, 0));
}

int main(void)
{
    in_child("controls", controls);
    in_child("vectors", vectors);
    in_child("terminals", terminals);
    in_child("sockets", sockets);
    return 0;
}

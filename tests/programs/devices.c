/* /dev/null, zero, full, random, urandom, tty, console. */
#include "check.h"
#include <poll.h>
#include <sys/random.h>
#include <sys/sysmacros.h>

static void number(const char *name)
{
    struct stat s;
    need(stat(name, &s) == 0);
    print("%s: type %o number %d:%d\n", name, s.st_mode & S_IFMT, major(s.st_rdev), minor(s.st_rdev));
}

static long sum(const unsigned char *from, size_t length)
{
    long sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += from[i];
    return sum;
}

static void random_bytes(const char *name)
{
    unsigned char a[4096], b[4096];
    int file = open(name, O_RDWR);
    need(read(file, a, sizeof a) == sizeof a && read(file, b, sizeof b) == sizeof b);
    print("%s: differs %d, mean about 127: %d\n", name, memcmp(a, b, sizeof a) != 0,
          sum(a, sizeof a) > 4096 * 110 && sum(a, sizeof a) < 4096 * 145);
    show(write(file, "seed", 4));
    close(file);
}

int main(void)
{
    static const char *names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/console"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        number(names[i]);
    unsigned char buffer[PAGE * 4];
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR);
    show(read(null, buffer, 10));
    show(write(null, buffer, sizeof buffer));
    show(lseek(null, 100, SEEK_SET));
    memset(buffer, 1, sizeof buffer);
    show(read(zero, buffer, sizeof buffer));
    show(sum(buffer, sizeof buffer));
    show(write(zero, buffer, 100));
    show(read(full, buffer, 100));
    show(write(full, buffer, 100));
    show(write(full, buffer, 0));
    struct stat s;
    fstat(null, &s);
    print("size %ld\n", (long) s.st_size);
    show_success(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, null, 0));
    random_bytes("/dev/random");
    random_bytes("/dev/urandom");
    unsigned char some[100] = {0};
    show(getrandom(some, sizeof some, 0));
    show(sum(some, sizeof some) > 0);
    show(getrandom(some, sizeof some, 0x100));
    show(getrandom(wild, 10, 0));
    struct pollfd set = {full, POLLIN | POLLOUT, 0};
    show(poll(&set, 1, 0));
    print("%x\n", set.revents);
    show(ftruncate(null, 0));
    close(open("/dev/null", O_WRONLY | O_TRUNC));
    show(setsid() == getpid() || errno == EPERM);
    show(open("/dev/tty", O_RDWR));
    return 0;
}

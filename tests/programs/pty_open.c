/* Pseudo terminals: opening, exclusive use, settings. */
#include "pty.h"
#include <sys/statfs.h>

static void opening(void)
{
    print("-- opening\n");
    struct stat status;
    struct statfs system;
    show(stat("/dev/ptmx", &status));
    print("%o %lx\n", status.st_mode, (long) status.st_rdev);
    show(stat("/dev/pts/ptmx", &status));
    print("%lx\n", (long) status.st_rdev);
    show(statfs("/dev/pts", &system));
    print("%lx\n", (long) system.f_type);
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    need(master >= 0);
    int number = -1, flag = -1;
    show(ioctl(master, TIOCGPTN, &number));
    snprintf(slave_name, sizeof slave_name, "/dev/pts/%d", number);
    show(ioctl(master, TIOCGPTLCK, &flag));
    show(flag);
    show(open(slave_name, O_RDWR | O_NOCTTY));
    show(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY));
    flag = 0;
    show(ioctl(master, TIOCSPTLCK, &flag));
    show(ioctl(master, TIOCSPTLCK, wild));
    holds(strcmp(ptsname(master), slave_name) == 0);
    slave = open(slave_name, O_RDWR | O_NOCTTY);
    need(slave >= 0);
    show(fstat(slave, &status));
    holds((status.st_mode & S_IFMT) == S_IFCHR && status.st_rdev >> 8 == 136 && (int) (status.st_rdev & 255) == number && status.st_uid == getuid());
    show(isatty(slave));
    show(isatty(master));
    holds(ttyname(slave) && strcmp(ttyname(slave), slave_name) == 0);
    int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    holds(peer > slave);
    show(fcntl(peer, F_GETFD));
    show(isatty(peer));
    close(peer);
    show(ioctl(slave, TIOCGPTN, &number));
    show(ioctl(slave, TIOCSPTLCK, &number));
    show(lseek(slave, 0, SEEK_SET));
    show(pread(master, &flag, 1, 0));
    show(ioctl(slave, TIOCGETD, &flag));
    show(flag);
    show(ioctl(slave, TIOCSETD, &flag));
    flag = 99;
    show(ioctl(slave, TIOCSETD, &flag));
    show(ioctl(slave, 0x5499, &flag));
    show(ioctl(slave, TIOCGDEV, &flag));
    holds(flag >> 8 == 136);
    int second = open("/dev/ptmx", O_RDWR | O_NOCTTY), other = -1;
    ioctl(second, TIOCGPTN, &other);
    holds(other != number && other >= 0);
    close(second);

    print("-- exclusive\n");
    show(ioctl(slave, TIOCEXCL));
    show(ioctl(slave, TIOCGEXCL, &flag));
    show(flag);
    second = open(slave_name, O_RDWR | O_NOCTTY);
    holds(second >= 0);
    close(second);
    if (fork() == 0) {
        chmod(slave_name, 0666);
        setuid(4711);
        show(open(slave_name, O_RDWR | O_NOCTTY));
        _exit(0);
    }
    wait(0);
    show(ioctl(slave, TIOCNXCL));
    close_pair();
    show(access(slave_name, F_OK));
}

static void settings(void)
{
    print("-- settings\n");
    open_pair();
    struct termios one, other;
    memset(&one, 0, sizeof one);         /* compared with what is between the fields */
    memset(&other, 0, sizeof other);
    show(tcgetattr(slave, &one));
    print("%o %o %o %o %d\n", one.c_iflag, one.c_oflag, one.c_cflag, one.c_lflag, one.c_line);
    for (int i = 0; i < 19; i++)
        print("%d ", one.c_cc[i]);
    print("\n");
    show(tcgetattr(master, &other));
    holds(memcmp(&one, &other, sizeof one) == 0);
    one.c_cflag = CS5 | PARENB | B9600;
    one.c_iflag = 0;
    show(tcsetattr(slave, TCSANOW, &one));
    show(tcgetattr(slave, &other));
    print("%o\n", other.c_cflag);
    show(cfgetospeed(&other) == B9600);
    struct {
        unsigned flags[4];
        unsigned char line, characters[19];
        unsigned input_speed, output_speed;
    } two;
    show(ioctl(slave, 0x802c542a, &two));
    print("%d %d\n", two.input_speed, two.output_speed);
    two.flags[2] = (two.flags[2] & ~010017) | 010000;
    two.output_speed = 12345;
    show(ioctl(slave, 0x402c542b, &two));
    show(ioctl(slave, 0x802c542a, &two));
    print("%o %d %d\n", two.flags[2], two.input_speed, two.output_speed);
    show(ioctl(slave, TCGETS, wild));
    show(ioctl(slave, TCSETS, wild));
    show(tcflush(slave, 3));
    show(tcflow(slave, 4));
    show(tcdrain(slave));
    show(tcsendbreak(slave, 0));
    int count = -1;
    show(ioctl(slave, TIOCOUTQ, &count));
    show(count);
    close_pair();
}

struct short_settings {                  /* asm/termios.h's struct termio, which does not go with termios.h */
    unsigned short flags[4];
    unsigned char line, characters[8];
};

static void print_short(const struct short_settings *settings)
{
    print("%o %o %o %o %d:", settings->flags[0], settings->flags[1], settings->flags[2], settings->flags[3], settings->line);
    for (int i = 0; i < 8; i++)
        print(" %d", settings->characters[i]);
    print("\n");
}

static void short_settings(void)
{
    print("-- struct termio\n");
    open_pair();
    struct short_settings one;
    memset(&one, 0, sizeof one);
    show(ioctl(slave, TCGETA, &one));
    print_short(&one);
    one.flags[0] = IXON | ICRNL;
    one.flags[3] &= ~ECHO;
    one.characters[VINTR] = 7;
    show(ioctl(slave, TCSETA, &one));
    show(ioctl(slave, TCSETAW, &one));
    show(ioctl(slave, TCSETAF, &one));
    show(ioctl(master, TCGETA, &one));
    print_short(&one);
    struct termios all;
    show(tcgetattr(slave, &all));
    print("%o %o %o %o %d %d\n", all.c_iflag, all.c_oflag, all.c_cflag, all.c_lflag, all.c_cc[VINTR], all.c_cc[VWERASE]);
    show(ioctl(slave, TCGETA, wild));
    show(ioctl(slave, TCSETA, wild));

    print("-- locked settings\n");
    struct {
        unsigned flags[4];
        unsigned char line, characters[19];
    } locked, asked;
    memset(&locked, 0, sizeof locked);
    show(ioctl(slave, TIOCGLCKTRMIOS, &asked));
    show(asked.flags[0] | asked.flags[3] | asked.characters[VINTR]);
    locked.flags[3] = ECHO | ICANON;
    locked.characters[VINTR] = 1;
    show(ioctl(slave, TIOCSLCKTRMIOS, &locked));
    show(ioctl(slave, TIOCGLCKTRMIOS, &asked));
    holds(memcmp(&locked, &asked, 36) == 0);
    all.c_lflag = ECHO | ECHOE;
    all.c_cc[VINTR] = 1;
    all.c_cc[VQUIT] = 2;
    show(tcsetattr(slave, TCSANOW, &all));
    show(tcgetattr(slave, &all));
    print("%o %d %d\n", all.c_lflag, all.c_cc[VINTR], all.c_cc[VQUIT]);
    show(ioctl(slave, TIOCSLCKTRMIOS, wild));
    if (fork() == 0) {
        setuid(4711);
        show(ioctl(slave, TIOCSLCKTRMIOS, &locked));
        _exit(0);
    }
    wait(0);
    close_pair();
}

int main(void)
{
    mount_terminals();
    opening();
    settings();
    short_settings();
    return 0;
}

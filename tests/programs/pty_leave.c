/* TIOCNOTTY of tty_ioctl(4): a process that leads no session gives the terminal up for itself. */
#include "pty.h"

static int terminal_of(void)
{
    char text[600];
    read_text("/proc/self/stat", text, sizeof text);
    int group, session, number = -1;
    char *end = strrchr(text, ')');
    sscanf(end, ") %*c %*d %d %d %d", &group, &session, &number);
    return number;
}

static void member(void)
{
    show(ioctl(slave, TIOCNOTTY));
    show(terminal_of());
    show(ioctl(slave, TIOCNOTTY));
    show(open("/dev/tty", O_RDWR));
    show(tcgetpgrp(slave));
    show(tcsetpgrp(slave, getpgrp()));
    show(ioctl(slave, TIOCSCTTY, 0));
    pid_t session;
    show(ioctl(slave, TIOCGSID, &session));
    if (fork() == 0) {
        print("its child: %d\n", terminal_of());
        show(open("/dev/tty", O_RDWR));
        setsid();
        show(open("/dev/tty", O_RDWR));
        _exit(0);
    }
    wait(0);
    /* A terminal that is not its own does not stop it, though it is not in front. */
    setpgid(0, 0);
    struct termios settings;
    show(tcgetattr(slave, &settings));
    show(tcsetattr(slave, TCSANOW, &settings));
}

static void other(void)
{
    holds(terminal_of() != 0);
    holds(open("/dev/tty", O_RDWR) >= 0);
    holds(tcgetpgrp(slave) == getpgrp());
}

int main(void)
{
    master = posix_openpt(O_RDWR | O_NOCTTY);
    need(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    need(ptsname_r(master, slave_name, sizeof slave_name) == 0);
    slave = open(slave_name, O_RDWR | O_NOCTTY);
    need(slave >= 0);
    if (fork() == 0) {
        setsid();
        show(ioctl(slave, TIOCSCTTY, 0));
        in_child("member", member);
        holds(tcgetpgrp(slave) == getpgrp());
        in_child("another", other);
        _exit(0);
    }
    wait(0);
    return 0;
}

/* Terminal requests on what is no terminal, and the terminal this program may have. */
#include "check.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void)
{
    struct termios settings;
    struct winsize size;
    int ends[2], group;
    need(pipe(ends) == 0);
    int file = open("/proc/self/exe", O_RDONLY), null = open("/dev/null", O_RDWR);
    int all[] = {ends[0], file, null};
    for (int i = 0; i < 3; i++) {
        print("-- %s\n", (const char *[]){"a pipe", "a file", "/dev/null"}[i]);
        show(tcgetattr(all[i], &settings));
        show(tcsetattr(all[i], TCSANOW, &settings));
        show(ioctl(all[i], TIOCGWINSZ, &size));
        show(ioctl(all[i], TIOCGPGRP, &group));
        show(ioctl(all[i], TIOCSCTTY, 0));
        show(ioctl(all[i], 0x12345678, 0));
        show(tcgetpgrp(all[i]));
        show(isatty(all[i]));
    }
    show(ioctl(-1, TCGETS, &settings));
    print("-- sessions and groups\n");
    holds(getsid(0) > 0 && getpgrp() > 0);
    show(setpgid(0, 0) == 0 || errno == EPERM);
    holds(getpgrp() == getpid() || getsid(0) == getpid());
    show(setsid());
    pid_t child = fork();
    if (child == 0) {
        holds(getpgrp() == getppid());
        holds(setsid() == getpid());
        holds(getpgrp() == getpid() && getsid(0) == getpid());
        show(setpgid(0, 0));
        show(setsid());
        _exit(0);
    }
    int status;
    need(waitpid(child, &status, 0) == child);
    show(setpgid(0x3fffff, 0));
    show(getpgid(0x3fffff));
    show(getsid(0x3fffff));
    show(setpgid(0, -1));
    return 0;
}

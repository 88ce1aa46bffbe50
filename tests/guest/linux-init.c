/* The first process of the reference machine: Debian's Linux kernel with the same root and the same programs as Biscotti's machine.
 *
 * Mounts what Biscotti has from the start, makes the first serial line the controlling terminal of a session, and runs the command found in
 * /command (words separated by NUL bytes; the first says whether the line is a terminal, "tty", or passes bytes on, "raw"). Writes "start" and
 * "exit STATUS" to the second serial line and stops QEMU through its isa-debug-exit device, as Biscotti does.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { COMMAND_BYTES = 1 << 16, WORDS = 1024, EXIT_PORT = 0x501 };

static char command[COMMAND_BYTES];
static char *words[WORDS + 1];

static void mount_all(void)
{
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mkdir("/dev", 0755);
    mkdir("/tmp", 01777);
    mount("proc", "/proc", "proc", 0, 0);
    mount("sysfs", "/sys", "sysfs", 0, 0);
    mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
    mkdir("/dev/pts", 0755);
    mount("devpts", "/dev/pts", "devpts", 0, 0);
    mkdir("/dev/shm", 01777);
    mount("tmpfs", "/dev/shm", "tmpfs", 0, 0);
    mount("tmpfs", "/tmp", "tmpfs", 0, "mode=1777");
    symlink("/proc/self/fd", "/dev/fd");
    symlink("/proc/self/fd/0", "/dev/stdin");
    symlink("/proc/self/fd/1", "/dev/stdout");
    symlink("/proc/self/fd/2", "/dev/stderr");
}

static void read_command(void)
{
    int file = open("/command", O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, command, sizeof command - 1);
    int count = 0;
    for (ssize_t i = 0; i < length && count < WORDS; i += strlen(command + i) + 1)
        words[count++] = command + i;
    close(file);
}

/* Makes the first serial line the controlling terminal of this session, which outlives the command: the end of a session's leader hangs its
 * terminal up, and what is still on its way would be lost. */
static void open_console(void)
{
    setsid();
    signal(SIGTTOU, SIG_IGN);
    int console = open("/dev/ttyS0", O_RDWR);
    ioctl(console, TIOCSCTTY, 1);
    for (int i = 0; i < 3; i++)
        dup2(console, i);
    if (console > 2)
        close(console);
    struct winsize size = {24, 80, 0, 0};
    ioctl(0, TIOCSWINSZ, &size);
    if (strcmp(words[0], "raw") == 0) {
        struct termios settings;
        tcgetattr(0, &settings);
        cfmakeraw(&settings);
        tcsetattr(0, TCSANOW, &settings);
    }
}

static void run_command(void)
{
    setpgid(0, 0);
    tcsetpgrp(0, getpid());
    signal(SIGTTOU, SIG_DFL);
    char *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=linux", 0};
    chdir("/");
    execvpe(words[1], words + 1, environment);
    dprintf(2, "%s: not found\n", words[1]);
    _exit(127);
}

static int control;

static void open_control(void)
{
    control = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios raw;
    tcgetattr(control, &raw);
    cfmakeraw(&raw);
    tcsetattr(control, TCSANOW, &raw);
}

static void send_control(const char *line)
{
    write(control, line, strlen(line));
    tcdrain(control);
}

static void report(int status)
{
    char line[32];
    snprintf(line, sizeof line, "exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    tcdrain(0);
    send_control(line);
}

int main(void)
{
    mount_all();
    read_command();
    open_console();
    open_control();
    send_control("start\n");
    pid_t child = fork();
    if (child == 0)
        run_command();
    int status;
    pid_t ended;
    do {
        ended = wait(&status);
    } while (ended != child && ended > 0);
    report(status);
    iopl(3);
    outl(0, EXIT_PORT);
    for (;;)
        pause();
}

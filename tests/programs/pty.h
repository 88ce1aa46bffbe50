/* What the programs about pseudo terminals share. */
#ifndef PTY_H
#define PTY_H

#include "check.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <termios.h>

static int master, slave;
static char slave_name[32];

__attribute__((unused)) static void show_bytes(const char *who, const char *bytes, long count)
{
    char text[1024];
    int at = 0;
    for (long i = 0; i < count && at < 1000; i++) {
        unsigned char c = bytes[i];
        at += c >= ' ' && c < 127 && c != '\\' ? sprintf(text + at, "%c", c) : sprintf(text + at, "\\%03o", c);
    }
    text[at] = 0;
    print("%s: \"%s\"\n", who, text);
}

/* Reads one byte after the other until a text has come; prints all. */
__attribute__((unused)) static void await_text(int file, const char *who, const char *end)
{
    char bytes[4096];
    long count = 0, length = strlen(end);
    while (count < length || memcmp(bytes + count - length, end, length) != 0) {
        need(count < (long) sizeof bytes);
        long got = read(file, bytes + count, 1);
        if (got == -1 && errno == EINTR)
            continue;
        need(got == 1);
        count++;
    }
    show_bytes(who, bytes, count);
}

__attribute__((unused)) static void type(const char *text)
{
    need(write(master, text, strlen(text)) == (long) strlen(text));
}

__attribute__((unused)) static void read_slave(int most)
{
    char bytes[512];
    errno = 0;
    long count = read(slave, bytes, most);
    if (count < 0)
        print("slave: %s\n", strerrorname_np(errno));
    else
        show_bytes("slave", bytes, count);
}

__attribute__((unused)) static int events_of(int descriptor, int wanted)
{
    struct pollfd set = {descriptor, wanted, 0};
    poll(&set, 1, 0);
    return set.revents;
}

__attribute__((unused)) static void await_events(int descriptor, int wanted)
{
    struct pollfd set = {descriptor, wanted, 0};
    need(poll(&set, 1, 60000) == 1);
    print("events %x\n", set.revents);
}

__attribute__((unused)) static void open_pair(void)
{
    int unlock = 0, number;
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    need(master >= 0);
    need(ioctl(master, TIOCSPTLCK, &unlock) == 0);
    need(ioctl(master, TIOCGPTN, &number) == 0);
    snprintf(slave_name, sizeof slave_name, "/dev/pts/%d", number);
    slave = open(slave_name, O_RDWR | O_NOCTTY);
    need(slave >= 0);
}

__attribute__((unused)) static void close_pair(void)
{
    close(slave);
    close(master);
}

__attribute__((unused)) static void settings_raw(int file, int least, int tenths)
{
    struct termios settings;
    tcgetattr(file, &settings);
    settings.c_iflag = 0;
    settings.c_oflag = 0;
    settings.c_lflag = 0;
    settings.c_cc[VMIN] = least;
    settings.c_cc[VTIME] = tenths;
    need(tcsetattr(file, TCSANOW, &settings) == 0);
}

__attribute__((unused)) static void change(int file, int input, int output, int local)
{
    struct termios settings;
    tcgetattr(file, &settings);
    settings.c_iflag ^= input;
    settings.c_oflag ^= output;
    settings.c_lflag ^= local;
    need(tcsetattr(file, TCSANOW, &settings) == 0);
}

/* Mounts devpts where it is not mounted yet. */
__attribute__((unused)) static void mount_terminals(void)
{
    mkdir("/dev/pts", 0755);
    if (access("/dev/pts/ptmx", F_OK) != 0)
        need(mount("devpts", "/dev/pts", "devpts", 0, "gid=5,mode=620") == 0);
}

#endif

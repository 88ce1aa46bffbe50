/* Pseudo terminals: opening, settings, line discipline, packet mode, window sizes, hang-ups, controlling terminals, a shell. */
#include "check.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <termios.h>

static int master, slave;
static char slave_name[32];

static void show_bytes(const char *who, const char *bytes, long count)
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
static void await_text(int file, const char *who, const char *end)
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

static void type(const char *text)
{
    need(write(master, text, strlen(text)) == (long) strlen(text));
}

static void read_slave(int most)
{
    char bytes[512];
    errno = 0;
    long count = read(slave, bytes, most);
    if (count < 0)
        print("slave: %s\n", strerrorname_np(errno));
    else
        show_bytes("slave", bytes, count);
}

static int events_of(int descriptor, int wanted)
{
    struct pollfd set = {descriptor, wanted, 0};
    poll(&set, 1, 0);
    return set.revents;
}

static void await_events(int descriptor, int wanted)
{
    struct pollfd set = {descriptor, wanted, 0};
    need(poll(&set, 1, 60000) == 1);
    print("events %x\n", set.revents);
}

static void open_pair(void)
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

static void close_pair(void)
{
    close(slave);
    close(master);
}

static void settings_raw(int file, int least, int tenths)
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

static void change(int file, int input, int output, int local)
{
    struct termios settings;
    tcgetattr(file, &settings);
    settings.c_iflag ^= input;
    settings.c_oflag ^= output;
    settings.c_lflag ^= local;
    need(tcsetattr(file, TCSANOW, &settings) == 0);
}

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

static void canonical(void)
{
    print("-- lines\n");
    open_pair();
    int count;
    type("hello\r");
    await_text(master, "echo", "\n");
    await_events(slave, POLLIN);
    show(ioctl(slave, FIONREAD, &count));
    show(count);
    read_slave(3);
    read_slave(100);
    type("ab\177c\n");
    read_slave(100);
    await_text(master, "echo", "\n");
    type("one two\027three\025last\n");
    read_slave(100);
    await_text(master, "echo", "\n");
    type("\001\177x\t\177y\n");
    read_slave(100);
    await_text(master, "echo", "\n");
    type("\026\003\n");
    read_slave(100);
    await_text(master, "echo", "\n");
    type("par\022t\n");
    read_slave(100);
    await_text(master, "echo", "part\r\n");
    type("no newline\004");
    read_slave(100);
    await_text(master, "echo", "newline");
    type("\004");
    read_slave(100);
    type("abc\004");
    await_text(master, "echo", "abc");
    read_slave(3);
    type("next\n");
    read_slave(100);
    await_text(master, "echo", "\n");
    need(write(slave, "tab\tend\n", 8) == 8);
    await_text(master, "written", "\n");

    print("-- input flags\n");
    change(slave, ICRNL | INLCR, 0, ECHO);
    type("a\rb\nc\r");
    settings_raw(slave, 1, 0);
    read_slave(100);
    close_pair();
    open_pair();
    change(slave, IGNCR | ICRNL, 0, ECHO);
    type("a\rb\n");
    read_slave(100);
    change(slave, IUCLC | ISTRIP, 0, 0);
    type("ABC\301x\n");
    read_slave(100);
    change(slave, IUCLC | ISTRIP | PARMRK, 0, 0);
    type("\377x\n");
    read_slave(100);

    print("-- output flags\n");
    change(slave, 0, OLCUC, 0);
    need(write(slave, "abcXY\n", 6) == 6);
    await_text(master, "OLCUC", "\n");
    change(slave, 0, OLCUC | XTABS, 0);
    need(write(slave, "a\tb\n", 4) == 4);
    await_text(master, "XTABS", "\n");
    change(slave, 0, XTABS | OCRNL | ONLCR, 0);
    need(write(slave, "a\rb\n.", 5) == 5);
    await_text(master, "OCRNL", ".");
    change(slave, 0, OCRNL | ONOCR, 0);
    need(write(slave, "\n\rx\rb.", 6) == 6);
    await_text(master, "ONOCR", ".");
    change(slave, 0, ONOCR | ONLRET, 0);
    need(write(slave, "x\n\ty.", 5) == 5);
    await_text(master, "ONLRET", ".");
    change(slave, 0, ONLRET | OPOST, 0);
    need(write(slave, "x\n\r.", 4) == 4);
    await_text(master, "no OPOST", ".");
    close_pair();

    print("-- other echoes\n");
    open_pair();
    change(slave, 0, 0, ECHOCTL);
    type("\001b\n");
    await_text(master, "no ECHOCTL", "\n");
    read_slave(100);
    change(slave, 0, 0, ECHOCTL | ECHOE);
    type("ab\177\177c\n");
    await_text(master, "no ECHOE", "\n");
    read_slave(100);
    change(slave, 0, 0, ECHOE | ECHOKE);
    type("ab\025c\n");
    await_text(master, "no ECHOKE", "c\r\n");
    read_slave(100);
    change(slave, 0, 0, ECHOK);
    type("ab\025c\n");
    await_text(master, "no ECHOK", "\n");
    read_slave(100);
    change(slave, 0, 0, ECHO | ECHONL);
    type("ab\n");
    await_text(master, "ECHONL", "\n");
    read_slave(100);
    change(slave, 0, 0, ECHO | ECHONL | ECHOPRT);
    type("abc\177\177d\177e\n");
    await_text(master, "ECHOPRT", "\n");
    read_slave(100);
    close_pair();

    print("-- EOL and EOL2\n");
    open_pair();
    struct termios one;
    tcgetattr(slave, &one);
    one.c_cc[VEOL] = ';';
    one.c_cc[VEOL2] = '!';
    one.c_lflag &= ~ECHO;
    tcsetattr(slave, TCSANOW, &one);
    type("a;b!c\n");
    read_slave(100);
    read_slave(100);
    read_slave(100);
    close_pair();
}

static void uncooked(void)
{
    print("-- VMIN and VTIME\n");
    open_pair();
    settings_raw(slave, 0, 0);
    read_slave(10);
    settings_raw(slave, 0, 1);
    read_slave(10);
    settings_raw(slave, 3, 0);
    type("abcde");
    read_slave(2);
    read_slave(10);
    type("ab");
    if (fork() == 0) {
        pause_milliseconds(50);
        type("c");
        _exit(0);
    }
    read_slave(10);
    wait(0);
    settings_raw(slave, 5, 1);
    type("xy");
    read_slave(10);
    fcntl(slave, F_SETFL, O_NONBLOCK);
    read_slave(10);
    settings_raw(slave, 1, 0);
    print("%x\n", events_of(slave, POLLIN | POLLOUT));
    read_slave(0);
    type("q");
    await_events(slave, POLLIN);
    show(tcflush(slave, TCIFLUSH));
    print("%x\n", events_of(slave, POLLIN | POLLOUT));

    print("-- a full line, a full ring\n");
    char block[1000];
    memset(block, 'x', sizeof block);
    long total = 0, count;
    while ((count = write(slave, block, sizeof block)) > 0)
        total += count;
    holds(count == -1 && errno == EAGAIN && total >= 4096);
    show(events_of(slave, POLLOUT) & POLLOUT);
    fcntl(master, F_SETFL, O_NONBLOCK);
    long taken = 0;
    while (taken < total) {
        count = read(master, block, sizeof block);
        if (count > 0)
            taken += count;
        else
            await_events(master, POLLIN);
    }
    holds(taken == total);
    show(read(master, block, 1));
    holds(events_of(slave, POLLOUT) & POLLOUT);
    total = 0;
    while ((count = write(master, block, sizeof block)) > 0)
        total += count;
    holds(count == -1 && errno == EAGAIN && total >= 4095);
    long wanted = total;
    while (wanted > 0) {
        count = read(slave, block, sizeof block);
        if (count > 0)
            wanted -= count;
        else
            await_events(slave, POLLIN);
    }
    show(wanted);
    close_pair();

    print("-- writers wait for readers\n");
    open_pair();
    settings_raw(slave, 1, 0);
    if (fork() == 0) {
        close(master);
        for (int i = 0; i < 200; i++) {
            memset(block, 'a' + i % 26, sizeof block);
            need(write(slave, block, sizeof block) == sizeof block);
        }
        for (int i = 0; i < 200; i++)
            for (long got = 0; got < 1000;) {
                long part = read(slave, block, 1000 - got);
                need(part > 0 && block[0] == 'A' + i % 26 && block[part - 1] == 'A' + i % 26);
                got += part;
            }
        _exit(0);
    }
    int wrong = 0;
    for (int i = 0; i < 200; i++)
        for (long got = 0; got < 1000;) {
            long part = read(master, block, 1000 - got);
            need(part > 0);
            wrong += block[0] != 'a' + i % 26 || block[part - 1] != 'a' + i % 26;
            got += part;
        }
    show(wrong);
    for (int i = 0; i < 200; i++) {
        memset(block, 'A' + i % 26, sizeof block);
        need(write(master, block, sizeof block) == sizeof block);
    }
    int status;
    wait(&status);
    print_status("the other side", status);
    close_pair();
}

static void packets(void)
{
    print("-- packet mode\n");
    open_pair();
    int on = 1, mode = -1;
    show(ioctl(master, TIOCPKT, &on));
    show(ioctl(master, TIOCGPKT, &mode));
    show(mode);
    show(ioctl(slave, TIOCPKT, &on));
    char bytes[100];
    need(write(slave, "hi", 2) == 2);
    await_events(master, POLLIN | POLLPRI);
    long count = read(master, bytes, sizeof bytes);
    show_bytes("packet", bytes, count);
    show(tcflush(slave, TCIFLUSH));
    await_events(master, POLLIN | POLLPRI);
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    show(tcflush(slave, TCOFLUSH));
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    show(tcflow(slave, TCOOFF));
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    show(tcflow(slave, TCOON));
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    change(slave, IXON, 0, 0);
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    change(slave, IXON, 0, 0);
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    change(slave, 0, 0, EXTPROC);
    show_bytes("packet", bytes, read(master, bytes, sizeof bytes));
    on = 0;
    show(ioctl(master, TIOCPKT, &on));
    need(write(slave, "x", 1) == 1);
    show_bytes("plain", bytes, read(master, bytes, sizeof bytes));
    close_pair();

    print("-- flow control\n");
    open_pair();
    type("\023");
    fcntl(slave, F_SETFL, O_NONBLOCK);
    while (write(slave, "", 0) == 0 && (events_of(slave, POLLOUT) & POLLOUT))
        ;
    show(write(slave, "abc", 3));
    type("\021");
    await_events(slave, POLLOUT);
    show(write(slave, "abc", 3));
    await_text(master, "master", "abc");
    show(tcflow(slave, TCIOFF));
    await_text(master, "master", "\023");
    show(tcflow(slave, TCION));
    await_text(master, "master", "\021");
    char typed = 'T';
    show(ioctl(slave, TIOCSTI, &typed));
    typed = '\n';
    show(ioctl(slave, TIOCSTI, &typed));
    await_events(slave, POLLIN);
    read_slave(10);
    close_pair();
}

static volatile int hup, cont, winch, inter;

static void note(int signal)
{
    if (signal == SIGHUP)
        hup++;
    if (signal == SIGCONT)
        cont++;
    if (signal == SIGWINCH)
        winch++;
    if (signal == SIGINT)
        inter++;
}

static void notes(void)
{
    struct sigaction action = {.sa_handler = note};
    sigaction(SIGHUP, &action, 0);
    sigaction(SIGCONT, &action, 0);
    sigaction(SIGWINCH, &action, 0);
    sigaction(SIGINT, &action, 0);
}

static void hang_ups(void)
{
    print("-- the slave is closed\n");
    open_pair();
    char byte;
    need(write(slave, "last\n", 5) == 5);
    close(slave);
    await_text(master, "master", "\n");
    await_events(master, POLLIN);
    show(read(master, &byte, 1));
    slave = open(slave_name, O_RDWR | O_NOCTTY);
    print("%x\n", events_of(master, POLLIN));
    need(write(slave, "again", 5) == 5);
    await_text(master, "master", "again");
    int copy = dup(slave);
    close(slave);
    print("%x\n", events_of(master, POLLIN));
    close(copy);
    await_events(master, POLLIN);
    close(master);

    print("-- the master is closed\n");
    open_pair();
    type("typed\n");
    await_events(slave, POLLIN);
    close(master);
    print("%x\n", events_of(slave, POLLIN | POLLOUT));
    show(read(slave, &byte, 1));
    show(write(slave, "x", 1));
    struct termios one;
    show(tcgetattr(slave, &one));
    show(tcsetpgrp(slave, getpgrp()));
    show(open(slave_name, O_RDWR | O_NOCTTY));
    close(slave);

    print("-- a reader of the slave learns it\n");
    open_pair();
    pid_t child = fork();
    if (child == 0) {
        close(master);
        long got = read(slave, &byte, 1);
        print("read %d\n", got <= 0);
        show(read(slave, &byte, 1));
        _exit(0);
    }
    close(slave);
    pause_milliseconds(30);
    close(master);
    waitpid(child, 0, 0);
}

static void controlling(void)
{
    print("-- controlling terminals\n");
    open_pair();
    pid_t group;
    show(tcgetpgrp(slave));
    show(ioctl(slave, TIOCGSID, &group));
    show(ioctl(master, TIOCGSID, &group));
    show(ioctl(slave, TIOCNOTTY));
    pid_t child = fork();
    if (child == 0) {
        setsid();
        notes();
        show(open("/dev/tty", O_RDWR));
        show(ioctl(slave, TIOCSCTTY, 0));
        show(ioctl(slave, TIOCSCTTY, 0));
        holds(tcgetpgrp(slave) == getpgrp());
        holds(tcgetsid(slave) == getpid());
        show(ioctl(master, TIOCGPGRP, &group));
        holds(group == getpgrp());
        show(ioctl(master, TIOCGSID, &group));
        holds(group == getpid());
        int own = open("/dev/tty", O_RDWR);
        holds(own >= 0);
        holds(ttyname(own) != 0);
        struct winsize size = {30, 100, 5, 6}, got;
        show(ioctl(master, TIOCSWINSZ, &size));
        while (!winch)
            pause_milliseconds(1);
        show(ioctl(slave, TIOCGWINSZ, &got));
        print("%d %d %d %d\n", got.ws_row, got.ws_col, got.ws_xpixel, got.ws_ypixel);
        show(ioctl(slave, TIOCSWINSZ, &size));
        show(winch);
        size.ws_row = 31;
        show(ioctl(slave, TIOCSWINSZ, &size));
        while (winch < 2)
            pause_milliseconds(1);
        type("\003");
        while (!inter)
            pause_milliseconds(1);
        show(inter);
        await_text(master, "echo", "^C");
        show(ioctl(master, TIOCSIG, SIGINT));
        while (inter < 2)
            pause_milliseconds(1);
        show(ioctl(master, TIOCSIG, 0));
        show(tcsetpgrp(slave, 30000));
        show(tcsetpgrp(slave, -1));
        show(tcsetpgrp(slave, getppid()));
        pid_t other = fork();
        if (other == 0) {
            setsid();
            show(ioctl(slave, TIOCSCTTY, 0));
            show(tcgetpgrp(slave));
            show(open("/dev/tty", O_RDWR));
            show(ioctl(slave, TIOCSCTTY, 1));
            holds(tcgetsid(slave) == getpid());
            _exit(0);
        }
        waitpid(other, 0, 0);
        show(open("/dev/tty", O_RDWR));
        show(tcgetpgrp(slave));
        show(ioctl(slave, TIOCSCTTY, 0));
        hup = cont = 0;
        show(ioctl(slave, TIOCNOTTY));
        print("%d %d\n", hup, cont);
        show(open("/dev/tty", O_RDWR));
        show(ioctl(slave, TIOCSCTTY, 0));
        hup = cont = 0;
        close(own);
        close(slave);
        close(master);
        _exit(0);
    }
    close(slave);
    waitpid(child, 0, 0);
    close(master);

    print("-- a leader hears that its terminal is gone\n");
    open_pair();
    int told[2];
    pipe(told);
    child = fork();
    if (child == 0) {
        close(master);
        setsid();
        notes();
        ioctl(slave, TIOCSCTTY, 0);
        write(told[1], "", 1);
        while (!hup || !cont)
            pause_milliseconds(1);
        print("%d %d\n", hup, cont);
        show(open("/dev/tty", O_RDWR));
        _exit(0);
    }
    char byte;
    read(told[0], &byte, 1);
    close(slave);
    close(master);
    waitpid(child, 0, 0);

    print("-- open gives it to a leader without one\n");
    open_pair();
    child = fork();
    if (child == 0) {
        setsid();
        int file = open(slave_name, O_RDWR | O_NOCTTY);
        show(tcgetpgrp(file));
        int writer = open(slave_name, O_WRONLY);
        show(tcgetpgrp(writer));
        int owned = open(slave_name, O_RDWR);
        holds(tcgetpgrp(owned) == getpid());
        int copy = open("/dev/tty", O_RDWR);
        holds(tcgetpgrp(copy) == getpid());
        _exit(0);
    }
    waitpid(child, 0, 0);
    show(ioctl(master, TIOCGPGRP, &group));
    show(group);
    close_pair();

    print("-- who is not in front\n");
    open_pair();
    child = fork();
    if (child == 0) {
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        pid_t back = fork();
        if (back == 0) {
            setpgid(0, 0);
            char one;
            read(slave, &one, 1);
            _exit(1);
        }
        setpgid(back, back);
        int status;
        waitpid(back, &status, WUNTRACED);
        print_status("a reader behind", status);
        kill(back, SIGKILL);
        waitpid(back, 0, 0);
        back = fork();
        if (back == 0) {
            setpgid(0, 0);
            signal(SIGTTIN, SIG_IGN);
            char one;
            show(read(slave, &one, 1));
            show(write(slave, "x", 1));
            struct termios two;
            show(tcgetattr(slave, &two));
            signal(SIGTTOU, SIG_IGN);
            show(tcsetattr(slave, TCSANOW, &two));
            signal(SIGTTOU, SIG_DFL);
            tcsetattr(slave, TCSANOW, &two);
            _exit(1);
        }
        setpgid(back, back);
        waitpid(back, &status, WUNTRACED);
        print_status("one that sets behind", status);
        kill(back, SIGKILL);
        waitpid(back, 0, 0);
        change(slave, 0, 0, TOSTOP);
        back = fork();
        if (back == 0) {
            setpgid(0, 0);
            write(slave, "y", 1);
            _exit(1);
        }
        setpgid(back, back);
        waitpid(back, &status, WUNTRACED);
        print_status("a writer behind", status);
        tcsetpgrp(slave, back);
        kill(back, SIGCONT);
        waitpid(back, &status, WUNTRACED);
        print_status("in front", status);
        _exit(0);
    }
    waitpid(child, 0, 0);
    await_text(master, "master", "y");
    close_pair();
}

/* Waits until another group than the shell's is in front, in a terminal that reads lines. */
static void await_job(pid_t leader)
{
    pid_t group = leader;
    struct termios one;
    do {
        pause_milliseconds(1);
        ioctl(master, TIOCGPGRP, &group);
        tcgetattr(master, &one);
    } while (group == leader || !(one.c_lflag & ICANON));
}

static void shell(void)
{
    print("-- a shell\n");
    open_pair();
    struct winsize size = {24, 80, 0, 0};
    need(ioctl(master, TIOCSWINSZ, &size) == 0);
    pid_t child = fork();
    if (child == 0) {
        close(master);
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        for (int i = 0; i < 3; i++)
            dup2(slave, i);
        close(slave);
        setenv("PS1", "$ ", 1);
        setenv("TERM", "dumb", 1);
        unsetenv("ENV");
        chdir("/");
        execl("/bin/busybox", "sh", "-i", (char *) 0);
        _exit(1);
    }
    close(slave);
    await_text(master, "shell", "$ ");
    type("echo hello; tty >/dev/null && echo a terminal\n");
    await_text(master, "shell", "a terminal\r\n$ ");
    type("cat\n");
    await_text(master, "shell", "cat\r\n");
    await_job(child);
    type("line\n");
    await_text(master, "shell", "line\r\nline\r\n");
    type("\032");
    await_text(master, "shell", "$ ");
    type("jobs | wc -l; fg\n");
    await_text(master, "shell", "fg\r\n1\r\ncat\r\n");
    await_job(child);
    type("more\n");
    await_text(master, "shell", "more\r\nmore\r\n");
    type("\004");
    await_text(master, "shell", "$ ");
    type("sleep 1000\n");
    await_text(master, "shell", "1000\r\n");
    await_job(child);
    type("\003");
    await_text(master, "shell", "$ ");
    type("echo $?; stty size; exit 3\n");
    await_text(master, "shell", "24 80\r\n");
    int status;
    waitpid(child, &status, 0);
    print_status("shell", status);
    close(master);
}

int main(void)
{
    mkdir("/dev/pts", 0755);
    if (access("/dev/pts/ptmx", F_OK) != 0)
        need(mount("devpts", "/dev/pts", "devpts", 0, "gid=5,mode=620") == 0);
    opening();
    settings();
    canonical();
    uncooked();
    packets();
    hang_ups();
    controlling();
    shell();
    return 0;
}

/* Pseudo terminals and processes: hang-ups, controlling terminals, who is in front, a shell. */
#include "pty.h"

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

static void slave_closes(void)
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
}

static void master_closes(void)
{
    print("-- the master is closed\n");
    char byte;
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
}

static void reader_learns(void)
{
    print("-- a reader of the slave learns it\n");
    open_pair();
    pid_t child = fork();
    if (child == 0) {
        char byte;
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
}

static void leader_hears(void)
{
    print("-- a leader hears that its terminal is gone\n");
    open_pair();
    int told[2];
    pipe(told);
    pid_t child = fork();
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
}

static void leader_opens(void)
{
    print("-- open gives it to a leader without one\n");
    open_pair();
    pid_t child = fork();
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
    pid_t group;
    show(ioctl(master, TIOCGPGRP, &group));
    show(group);
    close_pair();
}

/* Starts a process in a group that is not in front, and waits until it stops or ends. */
static pid_t start_behind(void (*act)(void), const char *who)
{
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        act();
        _exit(1);
    }
    setpgid(child, child);
    int status;
    waitpid(child, &status, WUNTRACED);
    print_status(who, status);
    return child;
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
}

static void reads(void)
{
    char one;
    read(slave, &one, 1);
}

static void sets(void)
{
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
}

static void writes(void)
{
    write(slave, "y", 1);
}

static void not_in_front(void)
{
    print("-- who is not in front\n");
    open_pair();
    pid_t child = fork();
    if (child == 0) {
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        end(start_behind(reads, "a reader behind"));
        end(start_behind(sets, "one that sets behind"));
        change(slave, 0, 0, TOSTOP);
        pid_t writer = start_behind(writes, "a writer behind");
        tcsetpgrp(slave, writer);
        kill(writer, SIGCONT);
        int status;
        waitpid(writer, &status, WUNTRACED);
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
    mount_terminals();
    slave_closes();
    master_closes();
    reader_learns();
    controlling();
    leader_hears();
    leader_opens();
    not_in_front();
    shell();
    return 0;
}

/* Pseudo terminals without lines: VMIN and VTIME, buffers that are full, packet mode, flow control. */
#include "pty.h"

static void least_and_time(void)
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
    close_pair();
}

static void full(void)
{
    print("-- a full line, a full ring\n");
    open_pair();
    settings_raw(slave, 1, 0);
    fcntl(slave, F_SETFL, O_NONBLOCK);
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
}

static void writers_wait(void)
{
    print("-- writers wait for readers\n");
    char block[1000];
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

static void read_master(const char *what)
{
    char bytes[100];
    show_bytes(what, bytes, read(master, bytes, sizeof bytes));
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
    need(write(slave, "hi", 2) == 2);
    await_events(master, POLLIN | POLLPRI);
    read_master("packet");
    show(tcflush(slave, TCIFLUSH));
    await_events(master, POLLIN | POLLPRI);
    read_master("packet");
    show(tcflush(slave, TCOFLUSH));
    read_master("packet");
    show(tcflow(slave, TCOOFF));
    read_master("packet");
    show(tcflow(slave, TCOON));
    read_master("packet");
    change(slave, IXON, 0, 0);
    read_master("packet");
    change(slave, IXON, 0, 0);
    read_master("packet");
    change(slave, 0, 0, EXTPROC);
    read_master("packet");
    on = 0;
    show(ioctl(master, TIOCPKT, &on));
    need(write(slave, "x", 1) == 1);
    read_master("plain");
    close_pair();
}

static void flow_control(void)
{
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

int main(void)
{
    mount_terminals();
    least_and_time();
    full();
    writers_wait();
    packets();
    flow_control();
    return 0;
}

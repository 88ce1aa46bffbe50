/* Pipes: capacity, end of file, broken pipes, atomic writes, blocking and not blocking. */
#include "check.h"
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static int ends[2];

static void make_pipe(int flags)
{
    close(ends[0]);
    close(ends[1]);
    need(pipe2(ends, flags) == 0);
}

static void capacity(void)
{
    print("-- a pipe holds 65536 bytes\n");
    make_pipe(O_NONBLOCK);
    char block[PAGE];
    memset(block, 'x', sizeof block);
    long total = 0;
    ssize_t length;
    while ((length = write(ends[1], block, sizeof block)) > 0)
        total += length;
    print("filled with %ld, then %s\n", total, strerrorname_np(errno));
    int queued;
    show(ioctl(ends[0], FIONREAD, &queued));
    show(queued);
    show(read(ends[0], block, 100));
    print("room for less than PIPE_BUF is no room for PIPE_BUF, but for part of a longer write it may be\n");
    show(write(ends[1], block, PIPE_BUF));
    show(read(ends[0], block, PAGE - 100));
    show(write(ends[1], block, PIPE_BUF));
    show(write(ends[1], block, 1));
    struct pollfd poll_ends[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}};
    show(poll(poll_ends, 2, 0));
    print("read end %x, write end %x\n", poll_ends[0].revents, poll_ends[1].revents);
    total = 0;
    while ((length = read(ends[0], block, sizeof block)) > 0)
        total += length;
    print("emptied of %ld, then %s\n", total, strerrorname_np(errno));
    show(fcntl(ends[0], F_GETPIPE_SZ));
}

static void order(void)
{
    print("-- bytes come out in the order they went in, in pieces of any size\n");
    make_pipe(0);
    unsigned char out[1000], in[1000];
    unsigned next_in = 0, next_out = 0, wrong = 0;
    for (int i = 1; i < 300; i++) {
        int length = i * 37 % 900 + 1;
        for (int k = 0; k < length; k++)
            out[k] = next_in++ * 7;
        need(write(ends[1], out, length) == length);
        for (int left = length; left > 0;) {
            int got = read(ends[0], in, left < 333 ? left : 333);
            need(got > 0);
            for (int k = 0; k < got; k++)
                wrong += in[k] != (unsigned char) (next_out++ * 7);
            left -= got;
        }
    }
    print("%u bytes, %u wrong\n", next_out, wrong);
    struct iovec parts[3] = {{"ab", 2}, {"", 0}, {"cde", 3}};
    show(writev(ends[1], parts, 3));
    char text[6] = "";
    show(read(ends[0], text, 5));
    print("%s\n", text);
    show(read(ends[0], text, 0));
    show(write(ends[1], text, 0));
}

static void end_of_file(void)
{
    print("-- the last writer's close is the reader's end of file\n");
    make_pipe(0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        pause_milliseconds(30);
        write(ends[1], "last words", 10);
        _exit(0);
    }
    close(ends[1]);
    char text[32];
    show(read(ends[0], text, sizeof text));
    show(read(ends[0], text, sizeof text));
    show(read(ends[0], text, sizeof text));
    struct pollfd end = {ends[0], POLLIN, 0};
    show(poll(&end, 1, -1));
    print("events %x\n", end.revents);
    waitpid(child, 0, 0);
}

static void broken_write(void)
{
    close(ends[0]);
    write(ends[1], "x", 1);
}

static void broken_pipe(void)
{
    print("-- writing without a reader is SIGPIPE, or EPIPE when that is ignored\n");
    make_pipe(0);
    close(ends[0]);
    in_child("writer", broken_write);
    signal(SIGPIPE, SIG_IGN);
    show(write(ends[1], "x", 1));
    struct pollfd end = {ends[1], POLLOUT, 0};
    show(poll(&end, 1, 0));
    print("events %x\n", end.revents);
    print("-- a writer that sleeps in a full pipe is woken when the reader goes\n");
    make_pipe(0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        pause_milliseconds(30);
        _exit(0);
    }
    close(ends[0]);
    static char block[100000];
    long written = write(ends[1], block, sizeof block);
    print("the write returned %ld\n", written);
    show(write(ends[1], block, 1));
    waitpid(child, 0, 0);
    signal(SIGPIPE, SIG_DFL);
    show(read(ends[1], block, 1));
}

static void atomic_writes(void)
{
    print("-- writes of up to PIPE_BUF bytes by four writers are never mixed\n");
    make_pipe(0);
    enum { WRITERS = 4, WRITES = 50, LENGTH = 1000 };
    char block[LENGTH];
    for (int writer = 0; writer < WRITERS; writer++)
        if (fork() == 0) {
            memset(block, 'a' + writer, LENGTH);
            for (int i = 0; i < WRITES; i++)
                need(write(ends[1], block, LENGTH) == LENGTH);
            _exit(0);
        }
    close(ends[1]);
    int blocks = 0, mixed = 0, got = 0;
    ssize_t length;
    while ((length = read(ends[0], block + got, LENGTH - got)) > 0) {
        got += length;
        if (got == LENGTH) {
            got = 0;
            blocks++;
            for (int i = 1; i < LENGTH; i++)
                if (block[i] != block[0]) {
                    mixed++;
                    break;
                }
        }
    }
    print("%d blocks, %d mixed, %d bytes over\n", blocks, mixed, got);
    while (wait(0) > 0)
        ;
}

static void long_transfer(void)
{
    print("-- a megabyte through two processes and back\n");
    int there[2], back[2];
    need(pipe(there) == 0 && pipe(back) == 0);
    if (fork() == 0) {
        close(there[1]);
        static char buffer[10000];
        ssize_t length;
        while ((length = read(there[0], buffer, sizeof buffer)) > 0) {
            for (ssize_t i = 0; i < length; i++)
                buffer[i] ^= 0x55;
            for (ssize_t done = 0; done < length;)
                done += write(back[1], buffer + done, length - done);
        }
        _exit(0);
    }
    close(there[0]);
    close(back[1]);
    if (fork() == 0) {
        for (int i = 0; i < 1000; i++) {
            unsigned char out[1049];
            memset(out, i, sizeof out);
            need(write(there[1], out, sizeof out) == sizeof out);
        }
        _exit(0);
    }
    close(there[1]);
    static unsigned char in[5000];
    long total = 0, wrong = 0;
    ssize_t length;
    while ((length = read(back[0], in, sizeof in)) > 0)
        for (ssize_t i = 0; i < length; i++, total++)
            wrong += in[i] != (unsigned char) (total / 1049 ^ 0x55);
    print("%ld bytes, %ld wrong\n", total, wrong);
    while (wait(0) > 0)
        ;
}

static void fifo(void)
{
    print("-- a named pipe: opening waits for the other side\n");
    show(mkfifo("fifo", 0600));
    show(open("fifo", O_WRONLY | O_NONBLOCK));
    if (fork() == 0) {
        int out = open("fifo", O_WRONLY);
        write(out, "through the fifo", 16);
        _exit(0);
    }
    int in = open("fifo", O_RDONLY);
    char text[32] = "";
    show(read(in, text, sizeof text));
    print("%s\n", text);
    show(read(in, text, sizeof text));
    show(lseek(in, 0, SEEK_SET));
    wait(0);
}

static void opened_again(void)
{
    print("-- a pipe is opened once more through /proc, and waits for nobody then\n");
    make_pipe(0);
    char path[40], text[8];
    write(ends[1], "left", 4);
    close(ends[1]);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    int reader = open(path, O_RDONLY);
    close(ends[0]);
    show(read(reader, text, sizeof text));
    show(read(reader, text, sizeof text));
    snprintf(path, sizeof path, "/proc/self/fd/%d", reader);
    int writer = open(path, O_WRONLY | O_NONBLOCK);
    show(write(writer, "new", 3));
    close(writer);
    show(read(reader, text, sizeof text));
    show(read(reader, text, sizeof text));
    close(reader);
}

int main(void)
{
    work_in_scratch_directory();
    capacity();
    order();
    end_of_file();
    broken_pipe();
    atomic_writes();
    long_transfer();
    fifo();
    opened_again();
    show(pipe2(ends, 0x4));
    return 0;
}

/* /proc/PID/mem and /proc/PID/io. */
#include "check.h"

static char secret[32] = "what the child has";

static long io(const char *name, const char *path)
{
    char text[500];
    read_text(path, text, sizeof text);
    char *line = strstr(text, name);
    return line ? strtol(line + strlen(name), 0, 10) : -1;
}

static void counts(void)
{
    char text[5000];
    print("-- io\n");
    int zero = open("/dev/zero", O_RDWR), pipes[2];
    need(pipe(pipes) == 0);
    long read_before = io("rchar: ", "/proc/self/io"), calls_before = io("syscr: ", "/proc/self/io");
    long written_before = io("wchar: ", "/proc/self/io"), writes_before = io("syscw: ", "/proc/self/io");
    long reading = io("rchar: ", "/proc/self/io"); /* what it costs to look */
    long cost = io("rchar: ", "/proc/self/io") - reading, looks = 6;
    for (int i = 0; i < 10; i++)
        need(read(zero, text, 5000) == 5000 && write(zero, text, 3000) == 3000);
    need(pread(zero, text, 50, 0) == 50 && pwrite(zero, text, 7, 0) == 7);
    fcntl(pipes[0], F_SETFL, O_NONBLOCK);
    need(read(pipes[0], text, 1) == -1);
    holds(io("rchar: ", "/proc/self/io") - read_before >= 50050 + cost * 4);
    holds(io("rchar: ", "/proc/self/io") - read_before < 50050 + 300 * looks);
    holds(io("syscr: ", "/proc/self/io") - calls_before >= 12);
    holds(io("syscr: ", "/proc/self/io") - calls_before < 40);
    holds(io("wchar: ", "/proc/self/io") - written_before >= 30007);
    holds(io("syscw: ", "/proc/self/io") - writes_before >= 11);
    print("%ld %ld %ld\n", io("read_bytes: ", "/proc/self/io"), io("write_bytes: ", "/proc/self/io"),
          io("cancelled_write_bytes: ", "/proc/self/io"));
    long before = io("wchar: ", "/proc/self/io");
    if (fork() == 0) {
        need(write(zero, text, 5000) == 5000);
        _exit(0);
    }
    siginfo_t info;
    need(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0);
    holds(io("wchar: ", "/proc/self/io") - before < 5000);
    wait(0);
    holds(io("wchar: ", "/proc/self/io") - before >= 5000);
}

static void memory(void)
{
    char text[100], path[40];
    int pipes[2];
    char *map = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    print("-- mem\n");
    need(munmap(map + PAGE, PAGE) == 0);
    need(pipe(pipes) == 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        need(read(pipes[0], &byte, 1) == 1);
        print("child: %s\n", secret);
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/mem", child);
    strcpy(secret, "what the parent has");
    int memory = open(path, O_RDWR);
    holds(memory >= 0);
    show(pread(memory, text, 18, (long) secret) == 18 && memcmp(text, "what the child has", 18) == 0);
    holds(lseek(memory, (long) secret, SEEK_SET) == (long) secret);
    show(read(memory, text, 4));
    holds(lseek(memory, 5, SEEK_CUR) == (long) secret + 9);
    show(write(memory, "guest", 5));
    show(pread(memory, text, 10, 0));
    show(pread(memory, text, 0, 0));
    show(pread(memory, text, 10, (long) map + PAGE));
    show(pread(memory, text, 10, (long) map + PAGE - 4));
    show(pwrite(memory, text, 10, (long) map + PAGE - 4));
    show(pwrite(memory, text, 10, (long) map + PAGE));
    show(pread(memory, wild, 10, (long) secret));
    show(lseek(memory, 0, SEEK_END));
    show(lseek(memory, 1L << 63, SEEK_SET) == 1L << 63);
    show(read(memory, text, 10));
    show(ftruncate(memory, 0));
    need(write(pipes[1], "x", 1) == 1);
    waitpid(child, 0, 0);
    show(pread(memory, text, 10, (long) secret));
    show(pwrite(memory, text, 10, (long) secret));
    struct stat status;
    need(stat("/proc/self/mem", &status) == 0);
    print("mode %o size %ld\n", status.st_mode, (long) status.st_size);
    int own = open("/proc/self/mem", O_RDONLY);
    show(pread(own, text, 4, (long) secret));
    show(write(own, text, 4));
}

static void as_anybody(void)
{
    char path[40];
    need(setresuid(1000, 1000, 1000) == 0);
    snprintf(path, sizeof path, "/proc/%d/mem", getppid());
    show(open(path, O_RDONLY));
    show(open("/proc/self/mem", O_RDONLY));
    snprintf(path, sizeof path, "/proc/%d/io", getppid());
    show(open(path, O_RDONLY));
}

int main(void)
{
    counts();
    memory();
    print("-- as an ordinary user\n");
    in_child("user", as_anybody);
    return 0;
}

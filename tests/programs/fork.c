/* Copy-on-write: what parent, child and grandchild see of each other's memory, and of memory that they share. */
#include "check.h"

enum { PAGES = 200 };

static char data[PAGES * PAGE];
static volatile int counter;

static long sum(const char *from, size_t length)
{
    long sum = 0;
    for (size_t i = 0; i < length; i += 64)
        sum += (unsigned char) from[i];
    return sum;
}

static void wait_for(pid_t child, const char *who)
{
    int status;
    need(waitpid(child, &status, 0) == child);
    print_status(who, status);
}

static void three_generations(void)
{
    print("-- each generation keeps its own copy\n");
    memset(data, 1, sizeof data);
    int ready[2], go[2];
    need(pipe(ready) == 0 && pipe(go) == 0);
    pid_t child = fork();
    if (child == 0) {
        print("child sees %ld\n", sum(data, sizeof data));
        memset(data, 2, sizeof data / 2);
        pid_t grandchild = fork();
        if (grandchild == 0) {
            print("grandchild sees %ld\n", sum(data, sizeof data));
            memset(data, 3, sizeof data / 4);
            print("grandchild wrote, sees %ld\n", sum(data, sizeof data));
            _exit(0);
        }
        wait_for(grandchild, "grandchild");
        print("child still sees %ld\n", sum(data, sizeof data));
        need(write(ready[1], "x", 1) == 1);
        char byte;
        need(read(go[0], &byte, 1) == 1);
        print("child, after its parent's writes, sees %ld\n", sum(data, sizeof data));
        _exit(0);
    }
    char byte;
    need(read(ready[0], &byte, 1) == 1);
    print("parent still sees %ld\n", sum(data, sizeof data));
    memset(data, 4, sizeof data);
    need(write(go[1], "x", 1) == 1);
    wait_for(child, "child");
    print("parent sees its own writes %ld\n", sum(data, sizeof data));
}

static void kernel_writes(void)
{
    print("-- what the kernel writes into a page shared after fork is private too\n");
    int ends[2];
    need(pipe(ends) == 0);
    memset(data, 'o', PAGE);
    pid_t child = fork();
    if (child == 0) {
        need(write(ends[1], "child", 5) == 5);
        need(read(ends[0], data + 10, 5) == 5);
        print("child read %.5s\n", data + 10);
        _exit(0);
    }
    wait_for(child, "child");
    print("parent has %.5s\n", data + 10);
}

static void shared_memory(void)
{
    print("-- shared memory is shared, private file pages are not\n");
    volatile int *shared = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int file = open("shared", O_RDWR | O_CREAT, 0600);
    need(ftruncate(file, PAGE) == 0);
    volatile char *of_file = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    volatile char *private = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    of_file[0] = 'f';
    private[1] = 'p';
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 1000; i++)
            __atomic_fetch_add(&shared[0], 1, __ATOMIC_SEQ_CST);
        shared[PAGE / sizeof(int)] = 5;
        of_file[2] = 'c';
        private[3] = 'd';
        print("child: private %c\n", private[1]);
        _exit(0);
    }
    for (int i = 0; i < 1000; i++)
        __atomic_fetch_add(&shared[0], 1, __ATOMIC_SEQ_CST);
    wait_for(child, "child");
    print("counter %d, second page %d, file %c, private %d\n", shared[0], shared[PAGE / sizeof(int)], of_file[2], private[3]);
}

static void many_children(void)
{
    print("-- twenty children at once, each with its own counter\n");
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        need(child >= 0);
        if (child == 0) {
            for (int k = 0; k <= i; k++) {
                counter++;
                data[(k * 7 % PAGES) * PAGE] = (char) counter;
            }
            _exit(counter);
        }
    }
    int total = 0, status;
    while (wait(&status) > 0)
        total += WEXITSTATUS(status);
    print("exit statuses add up to %d, parent's counter is %d\n", total, counter);
}

static void descriptors(void)
{
    print("-- parent and child share a file's offset, not the descriptor table\n");
    int file = open("offset", O_RDWR | O_CREAT | O_TRUNC, 0600);
    pid_t child = fork();
    if (child == 0) {
        need(write(file, "child", 5) == 5);
        close(file);
        _exit(0);
    }
    wait_for(child, "child");
    show(lseek(file, 0, SEEK_CUR));
    show(write(file, "parent", 6));
    show(close(file));
}

static void vfork_suspends(void)
{
    print("-- a vfork parent waits until its child is gone\n");
    volatile int *seen = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = vfork();
    if (child == 0) {
        pause_milliseconds(50);
        *seen = 1;
        _exit(3);
    }
    print("child had run: %d\n", *seen);
    wait_for(child, "vfork child");
}

int main(void)
{
    work_in_scratch_directory();
    three_generations();
    kernel_writes();
    shared_memory();
    many_children();
    descriptors();
    vfork_suspends();
    holds(getppid() != getpid());
    show(wait(0));
    return 0;
}

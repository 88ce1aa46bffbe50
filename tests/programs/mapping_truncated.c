/* Pages beyond the end that a file has after it was cut off are no longer mapped; the rest of its last page is zero. */
#include "check.h"
#include <setjmp.h>

static sigjmp_buf escape;

static void on_fault(int number)
{
    (void) number;
    siglongjmp(escape, 1);
}

static void try_to_read(volatile char *at)
{
    if (sigsetjmp(escape, 1) == 0)
        print("%d\n", *at);
    else
        print("SIGBUS\n");
}

static void shared(void)
{
    print("-- shared\n");
    int file = open("cut", O_RDWR | O_CREAT, 0600);
    need(ftruncate(file, 2 * PAGE) == 0);
    volatile char *memory = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    memory[11] = 1;
    memory[PAGE] = 1;
    show(ftruncate(file, 10));
    show(memory[11]);
    if (sigsetjmp(escape, 1) == 0) {
        memory[PAGE] = 1;
        print("no signal\n");
    } else
        print("SIGBUS\n");
    close(file);
}

/* Copies of pages behind the new end go, too: those of a child that has them from its parent as well. */
static void private(void)
{
    print("-- private\n");
    int file = open("private", O_RDWR | O_CREAT, 0600);
    need(ftruncate(file, 4 * PAGE) == 0);
    for (int i = 0; i < 4; i++)
        pwrite(file, "\7", 1, i * PAGE);
    volatile char *memory = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    memory[0] = 1;
    memory[1] = 1;
    memory[PAGE] = 2;
    memory[2 * PAGE] = 3;
    try_to_read(memory + 3 * PAGE);
    int ready[2], cut[2];
    char byte;
    need(pipe(ready) == 0 && pipe(cut) == 0);
    pid_t child = fork();
    if (child == 0) {
        memory[PAGE] = 4;
        write(ready[1], "x", 1);
        read(cut[0], &byte, 1);
        for (int i = 0; i < 4; i++)
            try_to_read(memory + i * PAGE);
        _exit(0);
    }
    read(ready[0], &byte, 1);
    show(ftruncate(file, 1));
    write(cut[1], "x", 1);
    waitpid(child, 0, 0);
    try_to_read(memory + 1);
    for (int i = 0; i < 4; i++)
        try_to_read(memory + i * PAGE);
    show(ftruncate(file, 4 * PAGE));
    for (int i = 0; i < 4; i++)
        try_to_read(memory + i * PAGE);
    memory[PAGE] = 5;
    show(memory[PAGE]);
    show(munmap((char *) memory, 4 * PAGE));
    show(ftruncate(file, 0));
    close(file);
}

int main(void)
{
    work_in_scratch_directory();
    signal(SIGBUS, on_fault);
    shared();
    private();
    return 0;
}

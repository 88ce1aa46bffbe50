/* A process that wants more memory than the machine has is refused or killed; the machine and everybody else live. Arguments: what to eat. */
#include "check.h"

static void eat_pages(void)
{
    size_t step = 16 << 20;
    for (;;) {
        char *memory = mmap(0, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            raise(SIGKILL);
        for (size_t i = 0; i < step; i += PAGE)
            memory[i] = 1;
    }
}

static void eat_by_forks(void)
{
    size_t step = 64 << 20;
    for (;;) {
        char *memory = mmap(0, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            raise(SIGKILL);
        memset(memory, 1, step);
        pid_t child = fork();
        if (child > 0) {
            int status;
            waitpid(child, &status, 0);
            raise(SIGKILL);
        }
    }
}

int main(void)
{
    print("-- a process that eats all memory\n");
    in_child("page eater", eat_pages);
    in_child("page eater again", eat_pages);
    in_child("fork eater", eat_by_forks);
    print("-- afterwards there is memory again\n");
    size_t size = 32 << 20;
    char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(memory != MAP_FAILED);
    long sum = 0;
    for (size_t i = 0; i < size; i += PAGE)
        sum += memory[i]++;
    show(sum);
    return 0;
}

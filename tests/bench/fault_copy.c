/* The first write to a page that a parent shares with its child: fault, copy, page-table entry, return. The child is made and waited for
 * outside the measured loop. */
#include "bench.h"
#include <sys/mman.h>
#include <sys/wait.h>

enum { PAGES = 1024, PAGE = 4096 };

static void write_all(char *memory)
{
    for (int i = 0; i < PAGES; i++)
        *(volatile char *) (memory + i * PAGE) = 1;
}

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    char *memory = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(memory != MAP_FAILED && madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE) == 0);
    write_all(memory);
    for (int round = 0; round < count; round++) {
        int ends[2];
        char byte;
        check(pipe(ends) == 0);
        pid_t child = fork();
        check(child >= 0);
        if (child == 0) {
            close(ends[1]);
            _exit(read(ends[0], &byte, 1));
        }
        uint64_t start = now();
        write_all(memory);
        report("fault_copy", round, now() - start, PAGES);
        check(close(ends[1]) == 0 && close(ends[0]) == 0 && waitpid(child, 0, 0) == child);
    }
    return 0;
}

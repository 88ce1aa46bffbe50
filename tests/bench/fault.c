/* The first write to a page of anonymous memory: fault, clean frame, page-table entry, return. Pages are 4 KB: huge ones are declined, so
 * that a fault is a fault on every kernel. The mapping is made and dropped outside the measured loop. */
#include "bench.h"
#include <sys/mman.h>

enum { PAGES = 2048, PAGE = 4096 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    for (int round = 0; round < count; round++) {
        char *memory = mmap(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            return 1;
        madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE);
        uint64_t start = now();
        for (int i = 0; i < PAGES; i++)
            *(volatile char *) (memory + i * PAGE) = 1;
        report("fault", round, now() - start, PAGES);
        munmap(memory, PAGES * PAGE);
    }
    return 0;
}

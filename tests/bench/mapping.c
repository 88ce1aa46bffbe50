/* A mapping of 64 KB is made, one page of it written, and unmapped: one operation is all of that. */
#include "bench.h"
#include <sys/mman.h>

enum { MAPPINGS = 1000, BYTES = 65536 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    for (int round = 0; round < count; round++) {
        uint64_t start = now();
        for (int i = 0; i < MAPPINGS; i++) {
            char *memory = mmap(0, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            check(memory != MAP_FAILED);
            *(volatile char *) memory = 1;
            check(munmap(memory, BYTES) == 0);
        }
        report("mapping", round, now() - start, MAPPINGS);
    }
    return 0;
}

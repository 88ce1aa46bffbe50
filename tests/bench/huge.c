/* The first write to each page of memory that asks for huge pages: the cost of a 4 KB page, whatever it is part of. The second argument is
 * how many megabytes, the third "small" to decline huge pages; then "minor" is how many faults a round took.
 * The mapping is made and dropped outside the measured loop. */
#include "bench.h"
#include <sys/mman.h>
#include <sys/resource.h>

enum { PAGE = 4096 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    long pages = (argc > 2 ? atol(argv[2]) : 64) << 20 >> 12;
    int advice = argc > 3 ? MADV_NOHUGEPAGE : MADV_HUGEPAGE;
    struct rusage before, after;
    for (int round = 0; round < count; round++) {
        char *memory = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        check(memory != MAP_FAILED);
        madvise(memory, pages * PAGE, advice);
        getrusage(RUSAGE_SELF, &before);
        uint64_t start = now();
        for (long i = 0; i < pages; i++)
            *(volatile char *) (memory + i * PAGE) = 1;
        uint64_t taken = now() - start;
        getrusage(RUSAGE_SELF, &after);
        report("huge", round, taken, pages);
        report("minor", round, after.ru_minflt - before.ru_minflt, 1);
        munmap(memory, pages * PAGE);
    }
    return 0;
}

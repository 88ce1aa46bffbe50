/* The first read of a page of a file that is mapped shared and already in memory. One operation is one page. */
#include "bench.h"
#include <fcntl.h>
#include <sys/mman.h>

enum { PAGES = 1024, PAGE = 4096 };

int main(int argc, char **argv)
{
    int count = rounds(argc, argv, 40);
    static char page[PAGE];
    int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    check(file >= 0);
    for (int i = 0; i < PAGES; i++)
        check(write(file, page, PAGE) == PAGE);
    for (int round = 0; round < count; round++) {
        char *memory = mmap(0, PAGES * PAGE, PROT_READ, MAP_SHARED, file, 0);
        check(memory != MAP_FAILED);
        uint64_t start = now();
        for (int i = 0; i < PAGES; i++)
            (void) *(volatile char *) (memory + i * PAGE);
        report("fault_file", round, now() - start, PAGES);
        check(munmap(memory, PAGES * PAGE) == 0);
    }
    return 0;
}

/* Pages beyond the end that a file has after it was cut off are no longer mapped; the rest of its last page is zero. */
#include "check.h"
#include <setjmp.h>

static sigjmp_buf escape;

static void on_fault(int number)
{
    (void) number;
    siglongjmp(escape, 1);
}

int main(void)
{
    work_in_scratch_directory();
    signal(SIGBUS, on_fault);
    int file = open("cut", O_RDWR | O_CREAT, 0600);
    need(ftruncate(file, 2 * PAGE) == 0);
    volatile char *shared = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    shared[11] = 1;
    shared[PAGE] = 1;
    show(ftruncate(file, 10));
    show(shared[11]);
    if (sigsetjmp(escape, 1) == 0) {
        shared[PAGE] = 1;
        print("no signal\n");
    } else
        print("SIGBUS\n");
    return 0;
}

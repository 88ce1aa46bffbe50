/* A private mapping of /dev/zero is anonymous memory. */
#include "check.h"

int main(void)
{
    int zero = open("/dev/zero", O_RDWR);
    volatile char *mapped = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    need(mapped != MAP_FAILED);
    show(mapped[100]);
    mapped[100] = 7;
    show(mapped[100]);
    return 0;
}

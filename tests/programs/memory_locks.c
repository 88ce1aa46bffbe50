/* mlockall brings in what is mapped, at once or when it is touched, and what will be mapped. */
#include "check.h"

static void residence(const char *what, char *pages)
{
    unsigned char in[3];
    need(mincore(pages, 3 * PAGE, in) == 0);
    print("%s: %d%d%d\n", what, in[0] & 1, in[1] & 1, in[2] & 1);
}

static char *map(int protection)
{
    char *pages = mmap(0, 3 * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(pages != MAP_FAILED);
    return pages;
}

int main(void)
{
    char *pages = map(PROT_READ | PROT_WRITE);
    char *closed = map(PROT_NONE);
    residence("before", pages);
    show(mlockall(MCL_CURRENT | MCL_ONFAULT));
    residence("on fault", pages);
    pages[PAGE] = 1;
    residence("one touched", pages);
    show(mlockall(MCL_CURRENT));
    residence("current", pages);
    residence("without access", closed);
    char *later = map(PROT_READ | PROT_WRITE);
    residence("mapped later", later);
    show(mlockall(MCL_FUTURE));
    residence("mapped before", later);
    residence("mapped in future", map(PROT_READ | PROT_WRITE));
    show(mlockall(MCL_FUTURE | MCL_ONFAULT));
    residence("in future, on fault", map(PROT_READ | PROT_WRITE));
    show(munlockall());
    residence("after munlockall", map(PROT_READ | PROT_WRITE));
    return 0;
}

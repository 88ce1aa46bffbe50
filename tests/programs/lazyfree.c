/* Memory that a program can do without (madvise MADV_FREE) is there until memory is short; a write keeps it. */
#include "check.h"

enum { MEGABYTES = 48, PAGES = MEGABYTES << 8, MORE = 24 << 20 };

static char *pages;

/* An amount of a file of /proc, in KB: the sum of all its lines. */
static long amount(const char *path, const char *what)
{
    FILE *file = fopen(path, "r");
    char line[512];
    long sum = 0, kilobytes;
    need(file != 0);
    while (fgets(line, sizeof line, file))
        if (!strncmp(line, what, strlen(what)) && sscanf(line + strlen(what), ": %ld", &kilobytes) == 1)
            sum += kilobytes;
    fclose(file);
    return sum;
}

static long lazy_pages(void)
{
    return amount("/proc/self/smaps", "LazyFree") / 4;
}

static int resident(void)
{
    static unsigned char in[PAGES];
    int count = 0;
    need(mincore(pages, (size_t) PAGES * PAGE, in) == 0);
    for (int i = 0; i < PAGES; i++)
        count += in[i] & 1;
    return count;
}

static void fill(void)
{
    for (int i = 0; i < PAGES; i++)
        pages[(size_t) i * PAGE] = i % 250 + 1;
}

/* Takes all memory that is free, and some more. */
static void hog(void)
{
    size_t size = ((size_t) amount("/proc/meminfo", "MemFree") << 10) + MORE;
    char *taken = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(taken != MAP_FAILED);
    for (size_t at = 0; at < size; at += PAGE)
        taken[at] = 1;
}

/* What pages have of which every eighth may have been written to after they were let go. */
static void look(const char *when, int written)
{
    int kept = 0, old = 0, zeros = 0;
    for (int i = 0; i < PAGES; i++) {
        char now = pages[(size_t) i * PAGE];
        if (written && i % 8 == 0)
            kept += now == 99;
        else if (now == 0)
            zeros++;
        else
            old += now == (char) (i % 250 + 1);
    }
    print("%s: %d kept, %s others, some gone: %s\n", when, kept, kept + old + zeros == PAGES ? "no" : "STRANGE", zeros > 0 ? "yes" : "no");
}

int main(void)
{
    pages = mmap(0, (size_t) PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(pages != MAP_FAILED);
    madvise(pages, (size_t) PAGES * PAGE, MADV_NOHUGEPAGE);
    fill();
    show(madvise(pages, (size_t) PAGES * PAGE, MADV_FREE));
    /* Linux does not find some pages that it has not sorted yet. */
    holds(lazy_pages() > PAGES - PAGES / 16 && lazy_pages() <= PAGES);
    print("resident: %d of %d\n", resident(), PAGES);
    look("at once", 0);
    int ends[2];
    need(pipe(ends) == 0);
    for (int i = 0; i < PAGES; i += 8) {
        /* By the program itself, or by the kernel for it. */
        if (i % 16 == 0) {
            pages[(size_t) i * PAGE] = 99;
        } else {
            need(write(ends[1], "\x63", 1) == 1);
            need(read(ends[0], pages + (size_t) i * PAGE, 1) == 1);
        }
    }
    holds(lazy_pages() > PAGES - PAGES / 8 - PAGES / 16 && lazy_pages() <= PAGES - PAGES / 8);
    look("after writes", 1);
    /* The child has none of it: what two have does not go. */
    show(madvise(pages, (size_t) PAGES * PAGE, MADV_DONTFORK));
    in_child("hog", hog);
    look("after the hog", 1);
    holds(resident() <= PAGES);
    return 0;
}

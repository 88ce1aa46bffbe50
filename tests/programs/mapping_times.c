/* What a mapping does to a file's times: mmap(2) counts as a read, the first write to a shared page as a write. */
#include "check.h"

static const struct timespec OLD[2] = {{1000000000, 1}, {1000000000, 2}};

/* Which times are no longer those of old, now that something was done. */
static void tell(const char *what, int file)
{
    struct stat status;
    need(fstat(file, &status) == 0);
    print("%s:%s%s\n", what, status.st_atim.tv_sec > 1000000000 ? " accessed" : "",
          status.st_mtim.tv_sec > 1000000000 ? " modified" : "");
    need(futimens(file, OLD) == 0);
}

static char *map(int file, int protection, int flags)
{
    char *memory = mmap(NULL, PAGE, protection, flags, file, 0);
    need(memory != MAP_FAILED);
    return memory;
}

int main(void)
{
    work_in_scratch_directory();
    int file = open("file", O_RDWR | O_CREAT, 0600);
    need(file >= 0 && write(file, "text", 4) == 4 && futimens(file, OLD) == 0);
    tell("nothing", file);
    char *shared = map(file, PROT_READ | PROT_WRITE, MAP_SHARED);
    tell("shared mapping", file);
    shared[0] = 'T';
    tell("write to it", file);
    print("%c\n", shared[0]);
    tell("read of it", file);
    char *private = map(file, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    tell("private mapping", file);
    private[0] = 'P';
    tell("write to it", file);
    int quiet = open("file", O_RDONLY | O_NOATIME);
    need(quiet >= 0);
    print("%c\n", map(quiet, PROT_READ, MAP_SHARED)[0]);
    tell("mapping without access time", file);
    char byte;
    need(pread(file, &byte, 1, 0) == 1);
    tell("read", file);
    return 0;
}

/* Calls on mappings beyond mmap: mremap in all its ways, advice, locking, other processes' memory, protection keys. */
#include "check.h"
#include <sys/resource.h>
#include <sys/uio.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static char *map(size_t pages, int flags)
{
    char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    need(p != MAP_FAILED);
    return p;
}

static void moving(void)
{
    print("-- mremap\n");
    char *p = map(4, MAP_PRIVATE);
    strcpy(p, "first");
    strcpy(p + 3 * PAGE, "last");
    show_success(mremap(p + 1, PAGE, PAGE, 0));
    show_success(mremap(p, PAGE, 0, 0));
    show_success(mremap(p, PAGE, PAGE, 8));
    show_success(mremap(p, PAGE, PAGE, MREMAP_FIXED, p));
    show_success(mremap(p, 0, PAGE, MREMAP_MAYMOVE));
    show_success(mremap(p, 2 * PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0));
    show_success(mremap(p, PAGE, PAGE, MREMAP_DONTUNMAP));
    show_success(mremap(wild, PAGE, PAGE, 0));
    show_success(mremap((void *) (16L << 40), PAGE, PAGE, 0));
    show_success(mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE));
    show_success(mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (char *) 1));
    show_success(mremap(p, 100 * PAGE, 200 * PAGE, MREMAP_MAYMOVE));
    holds(mremap(p, 4 * PAGE, 4 * PAGE, 0) == p);
    char *kept = mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
    need(kept != MAP_FAILED);
    holds(kept != p && p[0] == 0 && p[3 * PAGE] == 0);
    print("%s %s\n", kept, kept + 3 * PAGE);
    char *larger = mremap(kept, 4 * PAGE, 100 * PAGE, MREMAP_MAYMOVE);
    need(larger != MAP_FAILED);
    print("%s %s %d\n", larger, larger + 3 * PAGE, larger[99 * PAGE]);
    char *target = map(2, MAP_PRIVATE);
    holds(mremap(larger, 100 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
    print("%s\n", target);
    char *shared = map(2, MAP_SHARED);
    strcpy(shared, "shared");
    char *second = mremap(shared, 0, 2 * PAGE, MREMAP_MAYMOVE);
    need(second != MAP_FAILED);
    second[0] = 'S';
    print("%s %s\n", shared, second);
    show_success(mremap(shared, 0, PAGE, 0));
}

static volatile char *wiped, *kept, *missing;

static void child_of_advice(void)
{
    print("%d %d\n", wiped[0], kept[0]);
    missing[0] = 1;
}

static void advising(void)
{
    print("-- madvise\n");
    char *p = map(4, MAP_PRIVATE), *shared = map(1, MAP_SHARED);
    memset(p, 7, 4 * PAGE);
    show(madvise(p + 1, PAGE, MADV_NORMAL));
    show(madvise(p, -1, MADV_NORMAL));
    show(madvise(p, 0, MADV_NORMAL));
    show(madvise(p, PAGE, 1234));
    show(madvise(p, 0, 1234));
    const int hints[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTDUMP, MADV_DODUMP, MADV_COLD,
                         MADV_PAGEOUT, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_MERGEABLE, MADV_UNMERGEABLE};
    for (int i = 0; i < 12; i++)
        print("advice %d: %d\n", hints[i], madvise(p, 2 * PAGE, hints[i]));
    show(madvise(p, PAGE, MADV_DONTNEED));
    print("%d %d\n", p[0], p[PAGE]);
    show(madvise(p, PAGE, MADV_FREE));
    show(madvise(shared, PAGE, MADV_FREE));
    show(madvise(shared, PAGE, MADV_WIPEONFORK));
    munmap(p + PAGE, PAGE);
    memset(p + 2 * PAGE, 5, PAGE);
    show(madvise(p, 4 * PAGE, MADV_DONTNEED));
    print("%d\n", p[2 * PAGE]);
    show(madvise(p, 4 * PAGE, MADV_POPULATE_READ));
    show(madvise(p + 2 * PAGE, 2 * PAGE, MADV_POPULATE_WRITE));
    need(mprotect(p, PAGE, PROT_READ) == 0);
    show(madvise(p, PAGE, MADV_POPULATE_WRITE));
    show(madvise(p, PAGE, MADV_POPULATE_READ));
    wiped = map(1, MAP_PRIVATE);
    kept = map(1, MAP_PRIVATE);
    missing = map(1, MAP_PRIVATE);
    wiped[0] = kept[0] = 3;
    show(madvise((void *) wiped, PAGE, MADV_WIPEONFORK));
    show(madvise((void *) kept, PAGE, MADV_WIPEONFORK));
    show(madvise((void *) kept, PAGE, MADV_KEEPONFORK));
    show(madvise((void *) missing, PAGE, MADV_DONTFORK));
    in_child("child", child_of_advice);
    show(madvise((void *) missing, PAGE, MADV_DOFORK));
    int status = in_child("child", child_of_advice);
    (void) status;
}

static void report(void)
{
    char line[200];
    FILE *file = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "VmLck", 5) == 0)
            print("%s", line);
    fclose(file);
}

static void limited(void)
{
    struct rlimit few = {8 * PAGE, 8 * PAGE}, none = {0, 0};
    char *p = map(16, MAP_PRIVATE);
    need(setrlimit(RLIMIT_MEMLOCK, &few) == 0 && setresuid(1000, 1000, 1000) == 0);
    show(mlock(p, 9 * PAGE));
    show(mlock(p, 8 * PAGE));
    show(mlock(p, 8 * PAGE));
    show(mlock(p + 8 * PAGE, 1));
    report();
    show(munlock(p, 4 * PAGE));
    show(mlock(p + 8 * PAGE, 4 * PAGE));
    show_success(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    show(mlockall(MCL_CURRENT));
    show(munlockall());
    report();
    need(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
    show(mlock(p, PAGE));
    show(mlockall(MCL_FUTURE));
    show(munlock(p, PAGE));
    show_success(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
}

static void locking(void)
{
    print("-- mlock\n");
    char *p = map(8, MAP_PRIVATE);
    unsigned char vector[8];
    show(mlock(p + 100, PAGE));
    report();
    show(mincore(p, 3 * PAGE, vector));
    print("%d %d %d\n", vector[0] & 1, vector[1] & 1, vector[2] & 1);
    show(madvise(p, PAGE, MADV_DONTNEED));
    show(msync(p, PAGE, MS_INVALIDATE));
    show(munlock(p, PAGE));
    report();
    show(mlock(p, 0));
    show(mlock(p, -PAGE));
    show(munlock(p, -PAGE));
    munmap(p + 4 * PAGE, PAGE);
    show(mlock(p, 8 * PAGE));
    show(munlock(p, 8 * PAGE));
    need(mprotect(p, PAGE, PROT_NONE) == 0);
    show(mlock(p, PAGE));
    show(syscall(SYS_mlock2, p + PAGE, PAGE, 2));
    show(syscall(SYS_mlock2, p + 2 * PAGE, PAGE, 1));
    show(mlockall(0));
    show(mlockall(8));
    show(mlockall(MCL_ONFAULT));
    show(mlockall(MCL_CURRENT | MCL_FUTURE));
    in_child("child", report);
    show(munlockall());
    report();
    in_child("limited", limited);
}

static void residence(void)
{
    print("-- mincore\n");
    unsigned char vector[4];
    int file = open("data", O_RDWR | O_CREAT, 0644);
    need(file >= 0 && ftruncate(file, 4 * PAGE) == 0 && pwrite(file, "x", 1, PAGE) == 1);
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    show(mincore(p, 4 * PAGE, vector));
    print("%d %d %d %d\n", vector[0] & 1, vector[1] & 1, vector[2] & 1, vector[3] & 1);
    show(mincore(p + 1, PAGE, vector));
    show(mincore(p, 4 * PAGE, wild));
    show(mincore(p, -1, vector));
    show(mincore(p, 0, vector));
    show(mincore(0, 0, 0));
    show(mincore(0, PAGE, vector));
    show(mincore((void *) -PAGE, 0, vector));
    show(mincore((void *) 0x7ffffffff000, 0, vector));
    show(mincore((void *) 0x7ffffffff000, PAGE, vector));
    show(mincore(0, PAGE, (void *) -1));
    show(mincore(p, 0, (void *) -1));
    strcpy(p, "page zero");
    strcpy(p + 3 * PAGE, "page three");
    show(remap_file_pages(p, PAGE, 0, 3, 0));
    print("%s\n", p);
    show(remap_file_pages(p, PAGE, PROT_READ, 3, 0));
    show(remap_file_pages(map(1, MAP_PRIVATE), PAGE, 0, 0, 0));
    show(remap_file_pages(p, 0, 0, 0, 0));
    munmap(p + 2 * PAGE, PAGE);
    show(mincore(p, 4 * PAGE, vector));
}

static char theirs[3 * PAGE] __attribute__((aligned(4096)));

static void others_memory(void)
{
    print("-- process_vm_readv, process_vm_writev\n");
    int to[2], from[2];
    need(pipe(to) == 0 && pipe(from) == 0);
    strcpy(theirs, "the parent's");
    pid_t child = fork();
    char byte;
    if (child == 0) {
        strcpy(theirs, "the child's");
        strcpy(theirs + 2 * PAGE - 3, "across");
        need(write(from[1], "x", 1) == 1 && read(to[0], &byte, 1) == 1);
        print("%s %s\n", theirs, theirs + 2 * PAGE - 3);
        _exit(0);
    }
    need(read(from[0], &byte, 1) == 1);
    char one[20] = "", two[20] = "";
    struct iovec local[2] = {{one, 12}, {two, 7}}, remote[2] = {{theirs, 12}, {theirs + 2 * PAGE - 3, 7}};
    show(process_vm_readv(child, local, 2, remote, 2, 0));
    print("%s %s\n", one, two);
    memcpy(one, "THE", 3);
    show(process_vm_writev(child, local, 1, remote, 1, 0));
    show(process_vm_readv(child, local, 2, remote, 2, 1));
    show(process_vm_readv(child, local, 0, remote, 2, 0));
    show(process_vm_readv(child, local, 2, remote, 0, 0));
    show(process_vm_readv(child, local, 1025, remote, 1, 0));
    show(process_vm_readv(child, local, 1, remote, 1025, 0));
    remote[1].iov_base = wild;
    show(process_vm_readv(child, local, 2, remote, 2, 0));
    show(process_vm_readv(child, local, 1, remote + 1, 1, 0));
    show(process_vm_readv(child, wild, 1, remote, 1, 0));
    show(process_vm_readv(child, local, 1, wild, 1, 0));
    show(process_vm_readv(99999, local, 1, remote, 1, 0));
    if (fork() == 0) {
        need(setresuid(1000, 1000, 1000) == 0);
        show(process_vm_readv(child, local, 1, remote, 1, 0));
        _exit(0);
    }
    wait(NULL);
    need(write(to[1], "x", 1) == 1);
    wait(NULL);
    show(process_vm_readv(child, local, 1, remote, 1, 0));
}

static void keys(void)
{
    print("-- mprotect, protection keys\n");
    char *p = map(2, MAP_PRIVATE);
    show(syscall(SYS_pkey_mprotect, p, PAGE, PROT_READ, -1));
    show(syscall(SYS_pkey_mprotect, p, PAGE, PROT_READ, 1));
    show(syscall(SYS_pkey_free, 1));
    show(syscall(SYS_pkey_alloc, 1, 0));
    show(syscall(SYS_pkey_alloc, 0, 4));
    show(mprotect(p, PAGE, PROT_READ | 8));
    show(mprotect(p, PAGE, 0x40));
    show(mprotect(p, PAGE, PROT_READ | PROT_GROWSDOWN));
    show(mprotect(p, PAGE, PROT_READ | PROT_GROWSUP));
    show(mprotect(p + 1, PAGE, PROT_READ));
    show(mprotect(p, 0, PROT_READ));
    show(mprotect(p, -1, PROT_READ));
    char *stack = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
    show(mprotect(stack + 2 * PAGE, PAGE, PROT_READ | PROT_GROWSDOWN));
    show(read(0, stack, 0));
    int ends[2];
    need(pipe(ends) == 0 && write(ends[1], "xy", 2) == 2);
    show(read(ends[0], stack + PAGE, 1));
    show(read(ends[0], stack + 3 * PAGE, 1));
}

/* Lengths and addresses that no program can have. */
static void extents(void)
{
    print("-- extents\n");
    int file = open("file", O_RDWR | O_CREAT, 0600);
    need(file >= 0);
    show_success(mmap(NULL, (size_t) -1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show_success(mmap(NULL, (size_t) -PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    show_success(mmap(NULL, (size_t) -1, PROT_READ, MAP_SHARED, file, 0));
    show_success(mmap(NULL, (size_t) -PAGE, PROT_READ, MAP_SHARED, file, 0));
    show_success(mmap(NULL, (size_t) 1 << 47, PROT_READ, MAP_PRIVATE, file, 0));
    show_success(mmap(NULL, (size_t) -1, PROT_READ, MAP_SHARED, -1, 0));
    char *end = (char *) 0x7ffffffffffff000;
    show(mlock(end, PAGE));
    show(munlock(end, PAGE));
    show(mlock(end, 0));
    show(mlock((char *) -PAGE, PAGE));
    show(munlock((char *) -PAGE, 2 * PAGE));
    show(mlock(map(1, MAP_PRIVATE), -2 * PAGE));
    show(madvise(end, PAGE, MADV_NORMAL));
    show(msync(end, PAGE, MS_SYNC));
    show(mincore(end, PAGE, (unsigned char *) end));
    show(munmap(end, PAGE));
    show(mprotect(end, PAGE, PROT_READ));
}

/* Huge pages that nobody has set aside. */
static void huge(void)
{
    enum { HUGE = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB };
    print("-- huge pages\n");
    show_success(mmap(NULL, PAGE, PROT_READ, HUGE, -1, 0));
    show_success(mmap(NULL, PAGE, PROT_READ, HUGE | 21 << MAP_HUGE_SHIFT, -1, 0));
    show_success(mmap(NULL, PAGE, PROT_READ, HUGE | 22 << MAP_HUGE_SHIFT, -1, 0));
    show_success(mmap(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0));
    show_success(mmap(NULL, 0, PROT_READ, HUGE, -1, 0));
    show_success(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS | MAP_HUGETLB, -1, 0));
    int file = open("plain", O_RDWR | O_CREAT, 0600);
    show_success(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, file, 0));
}

int main(void)
{
    work_in_scratch_directory();
    extents();
    moving();
    advising();
    locking();
    residence();
    others_memory();
    keys();
    huge();
    return 0;
}

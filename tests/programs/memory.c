/* Anonymous and file mappings: what appears in them, what their protection says, and the signal that a wrong access earns. */
#include "check.h"
#include <setjmp.h>

static sigjmp_buf escape;
static volatile siginfo_t last;
static char *base;

static void on_fault(int number, siginfo_t *information, void *context)
{
    (void) number;
    (void) context;
    *(siginfo_t *) &last = *information;
    siglongjmp(escape, 1);
}

/* Does an access and prints the signal it ended in, with its address as an offset from base. */
#define attempt(access)                                                                                                                  \
    do {                                                                                                                                 \
        if (sigsetjmp(escape, 1) == 0) {                                                                                                 \
            access;                                                                                                                      \
            print("%s: no signal\n", #access);                                                                                           \
        } else                                                                                                                           \
            print("%s: SIG%s code %d address base+%ld\n", #access, sigabbrev_np(last.si_signo), last.si_code,                            \
                  (long) ((char *) last.si_addr - base));                                                                                \
    } while (0)

static void catch_faults(void)
{
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    need(sigaction(SIGSEGV, &action, 0) == 0 && sigaction(SIGBUS, &action, 0) == 0);
}

static long sum(const char *from, size_t length)
{
    long sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += (unsigned char) from[i];
    return sum;
}

static void anonymous_memory(void)
{
    print("-- anonymous memory is zero, keeps what is written, and is zero again when mapped again\n");
    base = mmap(0, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(base != MAP_FAILED);
    show(sum(base, 64 * PAGE));
    for (int i = 0; i < 64; i++)
        base[i * PAGE + i] = 1;
    show(sum(base, 64 * PAGE));
    show(munmap(base + 16 * PAGE, 16 * PAGE));
    attempt(base[16 * PAGE] = 1);
    attempt(base[31 * PAGE + 5] = 1);
    attempt(base[32 * PAGE] = 0);
    attempt(base[15 * PAGE] = 0);
    holds(mmap(base + 16 * PAGE, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == base + 16 * PAGE);
    show(sum(base + 16 * PAGE, 16 * PAGE));
    show(madvise(base, 8 * PAGE, MADV_DONTNEED));
    show(sum(base, 8 * PAGE));
    show_success(mmap(base, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    show(munmap(base, 64 * PAGE));
    attempt(base[0] = 1);
}

static void protection(void)
{
    print("-- mprotect: si_code says why (1 not mapped, 2 not permitted), si_addr says where\n");
    base = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    base[0] = 1;
    show(mprotect(base, PAGE, PROT_READ));
    attempt(base[8] = 1);
    attempt((void) *(volatile char *) base);
    show(mprotect(base + PAGE, 2 * PAGE, PROT_NONE));
    attempt((void) *(volatile char *) (base + PAGE + 7));
    attempt(base[2 * PAGE] = 1);
    attempt(base[3 * PAGE] = 1);
    show(mprotect(base, 4 * PAGE, PROT_READ | PROT_WRITE));
    show(base[0]);
    attempt(base[8] = 1);
    print("-- a page without PROT_EXEC is not executed\n");
    base[0] = (char) 0xc3;
    attempt(((void (*)(void)) base)());
    show(mprotect(base, PAGE, PROT_READ | PROT_EXEC));
    attempt(((void (*)(void)) base)());
    attempt(base[0] = 0);
    print("-- what mprotect refuses\n");
    show(mprotect(base + 1, PAGE, PROT_READ));
    show(munmap(base + 2 * PAGE, PAGE));
    show(mprotect(base, 4 * PAGE, PROT_READ));
    attempt(base[PAGE] = 1);
}

static void refusals(void)
{
    print("-- what mmap and munmap refuse\n");
    show_success(mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show_success(mmap(0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
    show_success(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
    show_success(mmap((void *) 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show_success(mmap((void *) (1ul << 47), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show_success(mmap((void *) -PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show_success(mmap(0, 1ul << 47, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show(munmap((void *) 1, PAGE));
    show(munmap((void *) (16 * PAGE), 0));
    show(munmap((void *) (1ul << 47), PAGE));
    print("-- unmapping what is not mapped succeeds\n");
    base = mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show(munmap(base, PAGE));
    show(munmap(base, PAGE));
}

static void files(void)
{
    print("-- a file mapping shows the file, zero to the end of its last page, SIGBUS beyond\n");
    int file = open("mapped", O_RDWR | O_CREAT, 0600);
    char text[PAGE + 100];
    memset(text, 'a', sizeof text);
    need(write(file, text, sizeof text) == sizeof text);
    base = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    show(sum(base, PAGE + 100) == (PAGE + 100) * 'a');
    show(sum(base + PAGE + 100, PAGE - 100));
    attempt((void) *(volatile char *) (base + 2 * PAGE));
    attempt(base[3 * PAGE + 1] = 1);
    print("-- MAP_PRIVATE keeps its writes to itself; MAP_SHARED writes the file\n");
    base[0] = 'p';
    char *shared = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    shared[1] = 's';
    char back[2];
    need(pread(file, back, 2, 0) == 2);
    print("file %c%c, private %c%c, shared %c%c\n", back[0], back[1], base[0], base[1] == 's' ? 's' : 'a', shared[0], shared[1]);
    need(pwrite(file, "w", 1, 2) == 1);
    print("a write to the file shows in the shared mapping: %c\n", shared[2]);
    show(msync(shared, 2 * PAGE, MS_SYNC));
    shared[PAGE + 200] = 'x';
    struct stat status;
    need(fstat(file, &status) == 0);
    print("writing beyond the end through a mapping leaves the size at %ld\n", (long) status.st_size);
    print("-- the mapping outlives its descriptor and its name\n");
    show(close(file));
    show(unlink("mapped"));
    show(shared[1]);
    print("-- a descriptor's mode decides what may be mapped\n");
    file = open("readable", O_RDONLY | O_CREAT, 0600);
    show_success(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    holds(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0) != MAP_FAILED);
    show_success(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, file, 1));
    close(file);
    file = open("readable", O_WRONLY);
    show_success(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, file, 0));
    show_success(mmap(0, PAGE, PROT_WRITE, MAP_SHARED, file, 0));
}

static void lazy_pages(void)
{
    print("-- 32 pages of a file, read in a scattered order through one mapping\n");
    int file = open("scattered", O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < 32; i++) {
        char page[PAGE];
        memset(page, 'A' + i, sizeof page);
        need(write(file, page, PAGE) == PAGE);
    }
    base = mmap(0, 16 * PAGE, PROT_READ, MAP_PRIVATE, file, 8 * PAGE);
    for (int i = 0; i < 16; i++)
        print("%c", base[(i * 5 % 16) * PAGE + i]);
    print("\n");
    show(madvise(base, 16 * PAGE, MADV_DONTNEED));
    show(base[3 * PAGE]);
}

static void break_moves(void)
{
    print("-- brk grows with zeros, shrinks, and what was cut off is gone\n");
    char *start = sbrk(0);
    base = start;
    holds(sbrk(3 * PAGE) == start);
    show(sum(start, 3 * PAGE));
    memset(start, 7, 3 * PAGE);
    holds(sbrk(-2 * PAGE) == start + 3 * PAGE);
    holds(sbrk(2 * PAGE) == start + PAGE);
    char *whole = (char *) (((uintptr_t) start + 2 * PAGE - 1) & -PAGE);
    show(sum(whole, PAGE));
    holds((char *) syscall(SYS_brk, 0) == start + 3 * PAGE);
    holds((char *) syscall(SYS_brk, PAGE) == start + 3 * PAGE);
}

static int deep(int depth)
{
    volatile char frame[PAGE];
    frame[0] = depth;
    return depth == 0 ? frame[0] : deep(depth - 1) + (frame[0] & 1);
}

static void stack(void)
{
    print("-- the stack grows by itself, up to its limit\n");
    show(deep(1000));
    print("-- moving and growing a mapping keeps its contents\n");
    base = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(base, 3, 2 * PAGE);
    char *moved = mremap(base, 2 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
    need(moved != MAP_FAILED);
    show(sum(moved, 16 * PAGE));
    holds(mremap(moved, 16 * PAGE, PAGE, 0) == moved);
    base = moved;
    attempt(base[PAGE] = 1);
    show(sum(base, PAGE));
}

int main(void)
{
    work_in_scratch_directory();
    catch_faults();
    anonymous_memory();
    protection();
    refusals();
    files();
    lazy_pages();
    break_moves();
    stack();
    return 0;
}

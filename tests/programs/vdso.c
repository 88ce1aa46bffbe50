/* The vDSO: clocks that programs read without a system call agree with those that the kernel tells, also when the clock is set and
 * on every CPU. */
#include "check.h"
#include <elf.h>
#include <pthread.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <time.h>

static const char *image;
static const Elf64_Sym *symbols;
static const char *names;
static unsigned count;

static void find(void)
{
    image = (const char *) getauxval(AT_SYSINFO_EHDR);
    holds(image != NULL && memcmp(image, ELFMAG, SELFMAG) == 0);
    const Elf64_Ehdr *header = (const void *) image;
    const Elf64_Phdr *parts = (const void *) (image + header->e_phoff);
    for (int i = 0; i < header->e_phnum; i++) {
        if (parts[i].p_type != PT_DYNAMIC)
            continue;
        for (const Elf64_Dyn *d = (const void *) (image + parts[i].p_vaddr); d->d_tag != DT_NULL; d++) {
            const char *at = image + d->d_un.d_ptr;
            if (d->d_tag == DT_SYMTAB)
                symbols = (const void *) at;
            if (d->d_tag == DT_STRTAB)
                names = at;
            if (d->d_tag == DT_HASH)
                count = ((const unsigned *) at)[1];
        }
    }
}

static void *function(const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(names + symbols[i].st_name, name) == 0)
            return (void *) (image + symbols[i].st_value);
    return NULL;
}

static long nanos(struct timespec t)
{
    return t.tv_sec * 1000000000 + t.tv_nsec;
}

static int (*get_time)(clockid_t, struct timespec *);
static int (*get_resolution)(clockid_t, struct timespec *);
static int (*get_day)(struct timeval *, void *);
static long (*get_seconds)(long *);
static long (*get_cpu)(unsigned *, unsigned *, void *);

static void clocks(void)
{
    const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME};
    for (int c = 0; c < 4; c++) {
        int good = 1;
        for (int i = 0; i < 200; i++) {
            struct timespec before, between, after;
            syscall(SYS_clock_gettime, clocks[c], &before);
            good &= get_time(clocks[c], &between) == 0;
            syscall(SYS_clock_gettime, clocks[c], &after);
            good &= nanos(before) <= nanos(between) && nanos(between) <= nanos(after) && between.tv_nsec < 1000000000;
        }
        print("clock %d between two calls: %d\n", clocks[c], good);
    }
    struct timespec t;
    show(get_time(CLOCK_PROCESS_CPUTIME_ID, &t));
    holds(get_time(99, &t) != 0);
    show(get_resolution(CLOCK_MONOTONIC, &t));
    print("%ld\n", nanos(t));
    struct timeval v;
    show(get_day(&v, NULL));
    long seconds = 0, same = get_seconds(&seconds);
    holds(same == seconds && seconds - v.tv_sec >= 0 && v.tv_usec < 1000000);
}

static long last;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *compares(void *bad)
{
    for (int i = 0; i < 20000; i++) {
        struct timespec t;
        pthread_mutex_lock(&lock);
        get_time(CLOCK_MONOTONIC, &t);
        if (nanos(t) < last)
            ++*(int *) bad;
        last = nanos(t);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void monotonic(void)
{
    pthread_t threads[4];
    int bad[4] = {0};
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, compares, &bad[i]);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    print("went back %d times\n", bad[0] + bad[1] + bad[2] + bad[3]);
}

static void cpus(void)
{
    cpu_set_t all;
    need(sched_getaffinity(0, sizeof all, &all) == 0);
    int bad = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &all))
            continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        need(sched_setaffinity(0, sizeof one, &one) == 0);
        unsigned told = 999, node = 999;
        bad += get_cpu(&told, &node, NULL) != 0 || told != (unsigned) cpu || node != 0;
    }
    need(sched_setaffinity(0, sizeof all, &all) == 0);
    print("wrong on %d CPUs\n", bad);
}

static void setting(void)
{
    struct timespec now, told;
    need(clock_gettime(CLOCK_REALTIME, &now) == 0);
    struct timespec later = {now.tv_sec + 1000000, 0};
    need(clock_settime(CLOCK_REALTIME, &later) == 0);
    need(get_time(CLOCK_REALTIME, &told) == 0);
    holds(told.tv_sec >= later.tv_sec && told.tv_sec < later.tv_sec + 1000);
    need(syscall(SYS_clock_gettime, CLOCK_REALTIME, &told) == 0);
    told.tv_sec -= 1000000;
    need(clock_settime(CLOCK_REALTIME, &told) == 0);
    need(get_time(CLOCK_REALTIME, &told) == 0);
    holds(told.tv_sec >= now.tv_sec && told.tv_sec < later.tv_sec);
}

static void mapped(void)
{
    char line[300];
    int vdso = 0, data = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps)) {
        unsigned long start = strtoul(line, NULL, 16);
        vdso += strstr(line, "r-xp") && strstr(line, "[vdso]") && start == (unsigned long) image;
        data += strstr(line, "r--p") && strstr(line, "[vvar]");
    }
    fclose(maps);
    holds(vdso == 1);
    holds(data >= 1);
}

int main(void)
{
    find();
    get_time = function("__vdso_clock_gettime");
    get_resolution = function("__vdso_clock_getres");
    get_day = function("__vdso_gettimeofday");
    get_seconds = function("__vdso_time");
    get_cpu = function("__vdso_getcpu");
    need(get_time && get_resolution && get_day && get_seconds && get_cpu);
    clocks();
    monotonic();
    cpus();
    setting();
    mapped();
    return 0;
}

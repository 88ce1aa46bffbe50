/* Policies of memory, on a machine with one node: get_mempolicy(2) and its relations. */
#include "check.h"

#define call(name, ...) syscall(SYS_##name, ##__VA_ARGS__)

enum { DEFAULT, PREFERRED, BIND, INTERLEAVE, LOCAL, MANY };
enum { STATIC = 1 << 15, RELATIVE = 1 << 14, BALANCING = 1 << 13 };
enum { NODE = 1, ADDR = 2, ALLOWED = 4 };

static unsigned long zero = 0, first = 1, second = 2, both = 3;
static unsigned long many[20];

static void told(const char *when)
{
    int mode = -1;
    unsigned long nodes[2] = {-1, -1};
    long result = call(get_mempolicy, &mode, nodes, 65, 0, 0);
    print("%s: %ld mode %x nodes %lx\n", when, result, mode, nodes[0]);
}

static void told_of(const char *when, void *address)
{
    int mode = -1;
    unsigned long nodes[2] = {-1, -1};
    long result = call(get_mempolicy, &mode, nodes, 65, address, ADDR);
    print("%s: %ld mode %x nodes %lx\n", when, result, mode, nodes[0]);
}

static void set(int mode, unsigned long *nodes, unsigned long most)
{
    errno = 0;
    long result = call(set_mempolicy, mode, nodes, most);
    print("set %x nodes %lx/%ld = %ld %s\n", mode, nodes && nodes != wild ? *nodes : 0, most, result,
          result ? strerrorname_np(errno) : "");
    told(" then");
}

static void of_a_thread(void)
{
    print("-- set_mempolicy\n");
    told("at first");
    unsigned long *sets[] = {0, &zero, &first, &second, &both};
    int flags[] = {0, STATIC, RELATIVE, STATIC | RELATIVE, BALANCING};
    for (int mode = DEFAULT; mode <= MANY + 1; mode++)
        for (int i = 0; i < 5; i++)
            for (int flag = 0; flag < 5; flag++)
                set(mode | flags[flag], sets[i], sets[i] ? 64 : 0);
    set(-1, 0, 0);
    set(BIND, &first, 1);
    set(BIND, &first, 2);
    set(BIND, &first, 0);
    set(BIND, wild, 64);
    many[0] = 1;
    set(BIND, many, 1025);
    set(BIND, many, 1200);
    many[18] = 1;
    set(BIND, many, 1200);
    many[18] = 0;
    many[3] = 1;
    set(BIND, many, 1025);
    set(BIND, many, 4096 * 8 + 2);
    print("-- get_mempolicy\n");
    int mode = 77;
    unsigned long nodes[20];
    memset(nodes, 0xff, sizeof nodes);
    show(call(get_mempolicy, &mode, nodes, 1024, 0, ALLOWED));
    print("%d %lx %lx\n", mode, nodes[0], nodes[15]);
    show(call(get_mempolicy, &mode, nodes, 0, 0, 0));
    show(call(get_mempolicy, &mode, nodes, 1, 0, 0));
    show(call(get_mempolicy, 0, 0, 0, 0, 0));
    show(call(get_mempolicy, wild, 0, 0, 0, 0));
    show(call(get_mempolicy, 0, wild, 64, 0, 0));
    show(call(get_mempolicy, &mode, 0, 0, &mode, 0));
    show(call(get_mempolicy, &mode, 0, 0, 0, 8));
    show(call(get_mempolicy, &mode, 0, 0, 0, ALLOWED | NODE));
    show(call(get_mempolicy, &mode, 0, 0, 0, ALLOWED | ADDR));
    show(call(get_mempolicy, &mode, 0, 0, wild, ADDR));
    show(call(get_mempolicy, &mode, 0, 0, &mode, ADDR | NODE));
    print("node %d\n", mode);
    show(call(get_mempolicy, &mode, 0, 0, 0, NODE));
    set(INTERLEAVE, &first, 64);
    show(call(get_mempolicy, &mode, 0, 0, 0, NODE));
    print("node %d\n", mode);
}

static void in_the_child(void)
{
    told("child");
}

static void of_memory(void)
{
    char *map = mmap(0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    print("-- mbind\n");
    set(PREFERRED, &first, 64);
    told_of("as the thread", map);
    show(call(mbind, map + PAGE, 2 * PAGE, BIND, &first, 64, 0));
    told_of("before", map);
    told_of("first", map + PAGE);
    told_of("second", map + 2 * PAGE);
    told_of("behind", map + 3 * PAGE);
    show(call(mbind, map + 2 * PAGE, PAGE + 1, INTERLEAVE | STATIC, &both, 64, 0));
    told_of("second", map + 2 * PAGE);
    told_of("third", map + 3 * PAGE);
    show(call(mbind, map + 2 * PAGE, PAGE, DEFAULT, 0, 0, 0));
    told_of("second", map + 2 * PAGE);
    show(call(mbind, map + 1, PAGE, BIND, &first, 64, 0));
    show(call(mbind, map, 0, BIND, &first, 64, 0));
    show(call(mbind, map, PAGE, BIND, &second, 64, 0));
    show(call(mbind, map, PAGE, BIND, 0, 0, 0));
    show(call(mbind, map, PAGE, 99, &first, 64, 0));
    show(call(mbind, map, PAGE, BIND, &first, 64, 8));
    show(call(mbind, map, PAGE, BIND, &first, 64, 7));
    show(call(mbind, map, PAGE, BIND, wild, 64, 0));
    show(call(mbind, map, -PAGE, BIND, &first, 64, 0));
    need(munmap(map + 5 * PAGE, PAGE) == 0);
    show(call(mbind, map, 8 * PAGE, BIND, &first, 64, 0));
    show(call(mbind, map, 8 * PAGE, DEFAULT, 0, 0, 0));
    show(call(mbind, map + 5 * PAGE, PAGE, BIND, &first, 64, 0));
    show(call(mbind, map + 5 * PAGE, PAGE, DEFAULT, 0, 0, 0));
    print("-- set_mempolicy_home_node\n");
    show(call(set_mempolicy_home_node, map, PAGE, 0, 0));
    show(call(mbind, map, 2 * PAGE, BIND, &first, 64, 0));
    show(call(set_mempolicy_home_node, map, PAGE, 0, 0));
    show(call(set_mempolicy_home_node, map, 4 * PAGE, 0, 0));
    show(call(set_mempolicy_home_node, map, PAGE, 0, 1));
    show(call(set_mempolicy_home_node, map, PAGE, 1, 0));
    show(call(set_mempolicy_home_node, map, PAGE, 5000, 0));
    show(call(set_mempolicy_home_node, map + 1, PAGE, 0, 0));
    show(call(set_mempolicy_home_node, map, 0, 0, 0));
    show(call(mbind, map, 2 * PAGE, INTERLEAVE, &first, 64, 0));
    show(call(set_mempolicy_home_node, map, PAGE, 0, 0));
    print("-- a child begins with its parent's\n");
    set(INTERLEAVE, &first, 64);
    in_child("child", in_the_child);
}

static void pages(void)
{
    char *map = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    map[0] = 1;
    (void) *(volatile char *) (map + PAGE);
    void *where[] = {map, map + PAGE, map + 2 * PAGE, wild};
    int nodes[] = {0, 0, 0, 0}, states[] = {77, 77, 77, 77};
    print("-- move_pages\n");
    show(call(move_pages, 0, 4, where, 0, states, 0));
    print("%d %d %d %d\n", states[0], states[1], states[2], states[3]);
    show(call(move_pages, getpid(), 4, where, nodes, states, 2));
    print("%d %d %d %d\n", states[0], states[1], states[2], states[3]);
    nodes[1] = 1;
    show(call(move_pages, 0, 1, where, nodes + 1, states, 2));
    nodes[1] = 5000;
    show(call(move_pages, 0, 1, where, nodes + 1, states, 2));
    nodes[1] = -1;
    show(call(move_pages, 0, 1, where, nodes + 1, states, 2));
    show(call(move_pages, 0, 0, 0, 0, 0, 0));
    show(call(move_pages, 0, 1, wild, 0, states, 0));
    show(call(move_pages, 0, 1, where, wild, states, 2));
    show(call(move_pages, 0, 1, where, nodes, wild, 2));
    show(call(move_pages, 0, 1, where, 0, wild, 0));
    show(call(move_pages, 0, 1, where, nodes, states, 1));
    show(call(move_pages, 999999, 1, where, nodes, states, 2));
    print("-- migrate_pages\n");
    show(call(migrate_pages, 0, 64, &first, &first));
    show(call(migrate_pages, getpid(), 64, &both, &first));
    show(call(migrate_pages, 0, 64, &first, &second));
    show(call(migrate_pages, 0, 64, &first, &zero));
    show(call(migrate_pages, 0, 64, wild, &first));
    show(call(migrate_pages, 0, 64, &first, wild));
    show(call(migrate_pages, 999999, 64, &first, &first));
    show(call(migrate_pages, 0, 4096 * 8 + 2, many, many));
}

static void as_anybody(void)
{
    void *where[] = {&zero};
    int node = 0, state = 0;
    need(setresuid(1000, 1000, 1000) == 0);
    show(call(mbind, (unsigned long) &zero & -PAGE, PAGE, DEFAULT, 0, 0, 4));
    show(call(move_pages, 0, 1, where, &node, &state, 4));
    show(call(move_pages, getppid(), 1, where, &node, &state, 2));
    show(call(migrate_pages, 0, 64, &first, &both));
    show(call(migrate_pages, getppid(), 64, &first, &first));
}

/* A line of numa_maps. */
static void line_of(void *address)
{
    char text[300], start[40];
    FILE *maps = fopen("/proc/self/numa_maps", "r");
    need(maps != 0);
    snprintf(start, sizeof start, "%08lx ", (long) address);
    while (fgets(text, sizeof text, maps))
        if (strncmp(text, start, strlen(start)) == 0) {
            char *counts = strstr(text, " anon=1 ");
            if (counts)
                *counts++ = 0;
            print("%s, a page %s\n", text + strlen(start), counts && strstr(counts, " N0=1 kernelpagesize_kB=4\n") ? "on node 0" : "?");
        }
    fclose(maps);
}

static void maps(void)
{
    char *map = mmap(0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    print("-- numa_maps\n");
    show(call(set_mempolicy, DEFAULT, 0, 0));
    memset(map, 1, 8 * PAGE);
    show(call(mbind, map + PAGE, PAGE, BIND, &first, 64, 0));
    show(call(mbind, map + 2 * PAGE, PAGE, INTERLEAVE | STATIC, &both, 64, 0));
    show(call(mbind, map + 3 * PAGE, PAGE, PREFERRED | RELATIVE, &second, 64, 0));
    show(call(mbind, map + 4 * PAGE, PAGE, LOCAL, 0, 0, 0));
    show(call(mbind, map + 5 * PAGE, PAGE, MANY, &first, 64, 0));
    for (int i = 1; i < 6; i++)
        line_of(map + i * PAGE);
}

int main(void)
{
    of_a_thread();
    of_memory();
    pages();
    print("-- as an ordinary user\n");
    in_child("user", as_anybody);
    maps();
    return 0;
}

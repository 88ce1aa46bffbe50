/* Futexes beyond waiting and waking: all operations of FUTEX_WAKE_OP, several at once, robust lists as the kernel sees them. */
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static int word, second;

static long futex(int *address, int operation, int value, void *timeout, int *other, int value3)
{
    return syscall(SYS_futex, address, operation, value, timeout, other, value3);
}

static long wake_op(int operation)
{
    return futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *) 1, &second, operation);
}

static void change(const char *name, int operation, int before)
{
    second = before;
    long result = wake_op(operation);
    print("%s: %ld, %d\n", name, result, second);
}

static void operations(void)
{
    print("-- FUTEX_WAKE_OP changes the second word\n");
    change("set", FUTEX_OP(FUTEX_OP_SET, 7, FUTEX_OP_CMP_EQ, 0), 5);
    change("add", FUTEX_OP(FUTEX_OP_ADD, 7, FUTEX_OP_CMP_EQ, 0), 5);
    change("add -1", FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_EQ, 0), 5);
    change("or", FUTEX_OP(FUTEX_OP_OR, 6, FUTEX_OP_CMP_EQ, 0), 9);
    change("andn", FUTEX_OP(FUTEX_OP_ANDN, 6, FUTEX_OP_CMP_EQ, 0), 15);
    change("xor", FUTEX_OP(FUTEX_OP_XOR, 6, FUTEX_OP_CMP_EQ, 0), 10);
    change("shift", FUTEX_OP((FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT), 12, FUTEX_OP_CMP_EQ, 0), 1);
    second = 5;
    show(wake_op(FUTEX_OP(5, 1, FUTEX_OP_CMP_EQ, 0)));
    show(second);
    show(wake_op(FUTEX_OP(FUTEX_OP_SET, 1, 6, 0)));
    show(second);
    show(futex(&word, FUTEX_WAKE_OP, 1, (void *) 1, wild, 0));
    show(futex(&word, FUTEX_WAKE_OP, 1, (void *) 1, (int *) ((char *) &second + 1), 0));
}

static volatile int waiting, woken;

static void *wait_on(void *address)
{
    int *own = address;
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(own, __ATOMIC_SEQ_CST) != -1)
        if (futex(own, FUTEX_WAIT_PRIVATE, 3, 0, 0, 0) == 0)
            break;
    __atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static void compare(const char *name, int operation, int before)
{
    pthread_t thread;
    word = 3;
    need(pthread_create(&thread, 0, wait_on, &word) == 0);
    /* Until it waits, nobody is there to be woken as the second word's. */
    long result;
    do {
        second = before;
        sched_yield();
        result = futex(&second, FUTEX_WAKE_OP_PRIVATE, 1, (void *) 1, &word, FUTEX_OP(FUTEX_OP_ADD, 0, operation, before));
    } while (result == 0);
    pthread_join(thread, 0);
    print("%s: %ld\n", name, result);
}

static void comparisons(void)
{
    print("-- and wakes who waits for it if it was as compared\n");
    compare("equal", FUTEX_OP_CMP_EQ, 3);
    compare("not equal", FUTEX_OP_CMP_NE, 4);
    compare("less", FUTEX_OP_CMP_LT, 4);
    compare("less or equal", FUTEX_OP_CMP_LE, 3);
    compare("greater", FUTEX_OP_CMP_GT, -1);
    compare("greater or equal", FUTEX_OP_CMP_GE, 3);
}

static long waitv(struct futex_waitv *vector, unsigned count, unsigned flags, struct timespec *until, int clock)
{
    return syscall(449, vector, count, flags, until, clock);
}

static int many[4];

static void *change_third(void *unused)
{
    (void) unused;
    many[2] = 1;
    while (futex(&many[2], FUTEX_WAKE_PRIVATE, 1, 0, 0, 0) == 0 && many[3] == 0)
        sched_yield();
    return 0;
}

static void vectors(void)
{
    print("-- futex_waitv waits for several\n");
    struct futex_waitv all[129];
    memset(all, 0, sizeof all);
    for (int i = 0; i < 129; i++)
        all[i] = (struct futex_waitv){.uaddr = (uintptr_t) &many[i & 3], .flags = FUTEX_32 | FUTEX_PRIVATE_FLAG};
    struct timespec past = {1, 0};
    show(waitv(all, 0, 0, 0, 0));
    show(waitv(all, 129, 0, 0, 0));
    show(waitv(all, 4, 1, 0, 0));
    show(waitv(0, 4, 0, 0, 0));
    show(waitv((void *) wild, 4, 0, 0, 0));
    show(waitv(all, 4, 0, &past, CLOCK_BOOTTIME));
    show(waitv(all, 4, 0, &past, CLOCK_MONOTONIC));
    show(waitv(all, 128, 0, &past, CLOCK_REALTIME));
    all[1].val = 9;
    show(waitv(all, 4, 0, 0, 0));
    all[1].val = 0;
    all[1].flags = FUTEX_PRIVATE_FLAG;
    show(waitv(all, 4, 0, 0, 0));
    all[1].flags = FUTEX_32 | 64;
    show(waitv(all, 4, 0, 0, 0));
    all[1].flags = FUTEX_32;
    all[1].__reserved = 1;
    show(waitv(all, 4, 0, 0, 0));
    all[1].__reserved = 0;
    all[1].uaddr++;
    show(waitv(all, 4, 0, 0, 0));
    all[1].uaddr = 16;
    show(waitv(all, 4, 0, 0, 0));
    all[1].uaddr = (uintptr_t) &many[1];
    pthread_t thread;
    pthread_create(&thread, 0, change_third, 0);
    errno = 0;
    long index = waitv(all, 4, 0, 0, 0);
    many[3] = 1;
    pthread_join(thread, 0);
    holds(index == 2 || (index == -1 && errno == EAGAIN));
}

/* Robust lists without a C library's help. */
struct entry {
    struct robust_list list;
    int word;
};

static struct robust_list_head head;
static struct entry entries[2100];
static int entry_count, pending_index;
static volatile int set_up;

static void *die_with_list(void *unused)
{
    (void) unused;
    head.futex_offset = offsetof(struct entry, word);
    head.list.next = entry_count ? &entries[0].list : &head.list;
    for (int i = 0; i < entry_count; i++) {
        entries[i].list.next = i + 1 == entry_count ? &head.list : &entries[i + 1].list;
        entries[i].word = gettid() | (i == 1 ? FUTEX_WAITERS : 0);
    }
    head.list_op_pending = 0;
    if (pending_index >= 0) {
        head.list_op_pending = &entries[pending_index].list;
        entries[pending_index].word = gettid();
    }
    need(syscall(SYS_set_robust_list, &head, sizeof head) == 0);
    syscall(SYS_exit, 0);
    return 0;
}

static void dies(int count, int pending)
{
    entry_count = count;
    pending_index = pending;
    pthread_t thread;
    need(pthread_create(&thread, 0, die_with_list, 0) == 0);
    pthread_join(thread, 0);
}

static int marked(void)
{
    int marks = 0;
    for (int i = 0; i < 2100; i++)
        marks += (entries[i].word & ~FUTEX_WAITERS) == FUTEX_OWNER_DIED;
    memset(entries, 0, sizeof entries);
    return marks;
}

static void robust_lists(void)
{
    print("-- robust lists\n");
    dies(3, -1);
    print("words %x %x %x\n", entries[0].word, entries[1].word, entries[2].word);
    show(marked());
    dies(0, 5);
    print("pending %x\n", entries[5].word);
    show(marked());
    dies(2, 1);
    show(marked());
    dies(2048, -1);
    show(marked());
    dies(2060, -1);
    show(marked());
    struct robust_list_head *found;
    size_t length = 0;
    show(syscall(SYS_set_robust_list, &head, sizeof head - 1));
    show(syscall(SYS_get_robust_list, 0, &found, &length));
    holds(found != 0);
    show(length);
    show(syscall(SYS_get_robust_list, -1, &found, &length));
    show(syscall(SYS_get_robust_list, 0x3ffffff0, &found, &length));
    show(syscall(SYS_get_robust_list, 0, wild, &length));
    show(syscall(SYS_get_robust_list, 0, &found, wild));
    int ready[2];
    need(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        need(syscall(SYS_set_robust_list, &entries[3], sizeof head) == 0);
        write(ready[1], "", 1);
        pause();
    }
    char byte;
    read(ready[0], &byte, 1);
    show(syscall(SYS_get_robust_list, child, &found, &length));
    holds(found == (void *) &entries[3]);
    pid_t other = fork();
    if (other == 0) {
        need(setuid(1000) == 0);
        show(syscall(SYS_get_robust_list, child, &found, &length));
        _exit(0);
    }
    waitpid(other, 0, 0);
    kill(child, SIGKILL);
    waitpid(child, 0, 0);
}

static int *shared;

static void exec_with_list(void)
{
    static struct {
        struct robust_list_head head;
    } own;
    struct entry *held = (struct entry *) (shared + 4);
    held->word = gettid();
    held->list.next = &own.head.list;
    own.head.list.next = &held->list;
    own.head.futex_offset = offsetof(struct entry, word);
    need(syscall(SYS_set_robust_list, &own.head, sizeof own.head) == 0);
    execl("/bin/true", "true", (char *) 0);
    execl("/bin/busybox", "true", (char *) 0);
}

static void robust_exec(void)
{
    print("-- execve lets go as an end does\n");
    shared = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    in_child("exec", exec_with_list);
    print("word %x\n", ((struct entry *) (shared + 4))->word);
}

int main(void)
{
    operations();
    comparisons();
    vectors();
    robust_lists();
    robust_exec();
    return 0;
}

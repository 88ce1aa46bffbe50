/* Futexes with owners: priority inheritance, deadlock, dead owners, requeueing; and the mutexes that glibc makes of them. */
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>
#include <time.h>

static int word, condition;

static long futex(int *address, int operation, int value, void *timeout, int *second, int value3)
{
    return syscall(SYS_futex, address, operation, value, timeout, second, value3);
}

static long lock(int *address)
{
    return futex(address, FUTEX_LOCK_PI_PRIVATE, 0, 0, 0, 0);
}

static long unlock(int *address)
{
    return futex(address, FUTEX_UNLOCK_PI_PRIVATE, 0, 0, 0, 0);
}

/* What a word says, without the thread's number. */
static void print_word(const char *when, int value)
{
    int owner = value & FUTEX_TID_MASK;
    print("%s: %s%s%s\n", when, owner == 0 ? "free" : owner == gettid() ? "mine" : "another's", value & FUTEX_WAITERS ? ", waiters" : "",
          value & FUTEX_OWNER_DIED ? ", owner died" : "");
}

/* What the stat of a thread has behind its name. */
static char *stat_of(pid_t thread)
{
    static _Thread_local char text[400];
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
    read_text(path, text, sizeof text);
    return strrchr(text, ')') + 1;
}

/* The priority that a thread runs at: field 18 of its stat. */
static int priority_of(pid_t thread)
{
    char *field = stat_of(thread);
    int priority = 0;
    for (int i = 3; i <= 18; i++)
        priority = strtol(field + 1, &field, 10), field += i == 3;
    return priority;
}

static char state_of(pid_t thread)
{
    return stat_of(thread)[1];
}

/* A thread that does one thing, with a priority. */
struct actor {
    pthread_t thread;
    void (*body)(struct actor *);
    int priority;
    volatile pid_t id;
    volatile int step;
    long result;
    int error;
    int *first, *second;
};

static void *act(void *argument)
{
    struct actor *self = argument;
    struct sched_param parameters = {self->priority};
    if (self->priority)
        need(pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0);
    self->id = gettid();
    self->body(self);
    return 0;
}

static void start(struct actor *actor)
{
    need(pthread_create(&actor->thread, 0, act, actor) == 0);
    while (!actor->id)
        sched_yield();
}

static void await_step(struct actor *actor, int step)
{
    while (__atomic_load_n(&actor->step, __ATOMIC_SEQ_CST) < step)
        usleep(1000);
}

static void await_asleep(struct actor *actor)
{
    while (state_of(actor->id) != 'S')
        usleep(1000);
}

/* Waits until the kernel says that somebody waits for a word. */
static void await_waiters(int *address)
{
    while (!(__atomic_load_n(address, __ATOMIC_SEQ_CST) & FUTEX_WAITERS))
        usleep(1000);
}

static void arguments(void)
{
    print("-- who owns what\n");
    word = 0;
    show(lock(&word));
    print_word("locked", word);
    show(lock(&word));
    show(futex(&word, FUTEX_TRYLOCK_PI, 0, 0, 0, 0));
    show(unlock(&word));
    print_word("unlocked", word);
    show(unlock(&word));
    show(futex(&word, FUTEX_TRYLOCK_PI, 0, 0, 0, 0));
    print_word("tried", word);
    word = 1;
    show(unlock(&word));
    word = FUTEX_OWNER_DIED;
    show(lock(&word));
    print_word("of a dead one", word);
    show(unlock(&word));
    print_word("unlocked", word);
    word = 0x3ffffff0;
    show(lock(&word));
    show(futex(&word, FUTEX_TRYLOCK_PI, 0, 0, 0, 0));
    show(futex((int *) ((char *) &word + 1), FUTEX_LOCK_PI, 0, 0, 0, 0));
    show(futex((int *) ((char *) &word + 1), FUTEX_UNLOCK_PI, 0, 0, 0, 0));
    show(lock(wild));
    show(unlock(wild));
    int *readable = mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show(lock(readable));
    struct timespec wrong = {0, 1000000000};
    word = 0;
    show(futex(&word, FUTEX_LOCK_PI, 0, &wrong, 0, 0));
    show(futex(&word, FUTEX_LOCK_PI | FUTEX_CLOCK_REALTIME, 0, 0, 0, 0));
    show(futex(&word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 1, 0, 0, 0));
    show(futex(&word, FUTEX_LOCK_PI2 | FUTEX_CLOCK_REALTIME, 0, 0, 0, 0));
    show(unlock(&word));
}

static void take_and_leave(struct actor *self)
{
    self->step = 1;
    self->result = lock(self->first);
    self->error = errno;
    self->step = 2;
    if (self->result == 0)
        unlock(self->first);
}

static void passing_on(void)
{
    print("-- a lock is passed on to the most urgent\n");
    struct actor low = {.body = take_and_leave, .priority = 3, .first = &word};
    struct actor high = {.body = take_and_leave, .priority = 7, .first = &word};
    word = 0;
    show(lock(&word));
    holds(priority_of(gettid()) == 20);
    start(&low);
    await_waiters(&word);
    await_asleep(&low);
    print("with one who waits: %d\n", priority_of(gettid()));
    start(&high);
    await_step(&high, 1);
    await_asleep(&high);
    print("with two who wait: %d\n", priority_of(gettid()));
    print_word("locked", word);
    show(futex(&word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0));
    show(futex(&word, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0));
    show(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *) 1, &condition, word));
    show(unlock(&word));
    print("without the lock: %d\n", priority_of(gettid()));
    pthread_join(low.thread, 0);
    pthread_join(high.thread, 0);
    print("results %ld %ld\n", low.result, high.result);
    print_word("at the end", word);
}

static void wait_until(struct actor *self)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    self->step = 1;
    self->result = futex(self->first, FUTEX_LOCK_PI2_PRIVATE, 0, &until, 0, 0);
    self->error = errno;
}

static void timeouts(void)
{
    print("-- who waits no longer lends nothing\n");
    struct actor urgent = {.body = wait_until, .priority = 9, .first = &word};
    word = 0;
    show(lock(&word));
    start(&urgent);
    pthread_join(urgent.thread, 0);
    print("%ld %s\n", urgent.result, strerrorname_np(urgent.error));
    print("priority %d\n", priority_of(gettid()));
    print_word("after", word);
    show(unlock(&word));
    print_word("unlocked", word);
    struct timespec past = {1, 0};
    word = 0;
    show(lock(&word));
    show(futex(&word, FUTEX_LOCK_PI, 0, &past, 0, 0));
    show(unlock(&word));
}

static void hold_first_want_second(struct actor *self)
{
    need(lock(self->first) == 0);
    self->step = 1;
    self->result = lock(self->second);
    self->error = errno;
    self->step = 2;
    if (self->result == 0)
        unlock(self->second);
    unlock(self->first);
}

static void chains(void)
{
    print("-- priority goes along a chain, and a circle is refused\n");
    static int a, b;
    a = b = 0;
    show(lock(&a));
    struct actor middle = {.body = hold_first_want_second, .priority = 2, .first = &b, .second = &a};
    start(&middle);
    await_waiters(&a);
    await_asleep(&middle);
    print("lent by the middle: %d\n", priority_of(gettid()));
    struct actor end = {.body = take_and_leave, .priority = 11, .first = &b};
    start(&end);
    await_waiters(&b);
    await_asleep(&end);
    print("the middle %d, the first %d\n", priority_of(middle.id), priority_of(gettid()));
    struct sched_param more = {.sched_priority = 15};
    show(sched_setscheduler(end.id, SCHED_FIFO, &more));
    print("the middle %d, the first %d\n", priority_of(middle.id), priority_of(gettid()));
    show(lock(&b));
    show(futex(&b, FUTEX_TRYLOCK_PI_PRIVATE, 0, 0, 0, 0));
    show(unlock(&a));
    pthread_join(middle.thread, 0);
    pthread_join(end.thread, 0);
    print("results %ld %ld, priority %d\n", middle.result, end.result, priority_of(gettid()));
}

static void hold_and_end(struct actor *self)
{
    need(lock(self->first) == 0);
    self->step = 1;
    while (!self->error)
        usleep(1000);
}

static void dead_owners(void)
{
    print("-- a lock whose owner dies goes to who waits\n");
    word = 0;
    struct actor dying = {.body = hold_and_end, .first = &word};
    start(&dying);
    await_step(&dying, 1);
    struct actor heir = {.body = take_and_leave, .first = &word};
    start(&heir);
    await_waiters(&word);
    await_asleep(&heir);
    dying.error = 1;
    pthread_join(dying.thread, 0);
    pthread_join(heir.thread, 0);
    print("result %ld\n", heir.result);
    print_word("at the end", word);
    word = 0;
    struct actor unseen = {.body = hold_and_end, .first = &word, .error = 1};
    start(&unseen);
    pthread_join(unseen.thread, 0);
    usleep(1000);
    while (lock(&word) == 0)
        ;
    print("of a thread that is gone: %s\n", strerrorname_np(errno));
}

static void across_processes(void)
{
    print("-- between processes\n");
    int *shared = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    show(futex(shared, FUTEX_LOCK_PI, 0, 0, 0, 0));
    pid_t child = fork();
    if (child == 0) {
        show(futex(shared, FUTEX_UNLOCK_PI, 0, 0, 0, 0));
        show(futex(shared, FUTEX_LOCK_PI, 0, 0, 0, 0));
        print_word("child", *shared);
        _exit(0);
    }
    await_waiters(shared);
    await_sleep(child);
    need(futex(shared, FUTEX_UNLOCK_PI, 0, 0, 0, 0) == 0);
    int status;
    waitpid(child, &status, 0);
    print_status("child", status);
    show(futex(shared, FUTEX_LOCK_PI, 0, 0, 0, 0));
    child = fork();
    if (child == 0) {
        *shared = getpid();
        _exit(0);
    }
    waitpid(child, 0, 0);
    show(futex(shared, FUTEX_LOCK_PI, 0, 0, 0, 0));
}

static void wait_requeued(struct actor *self)
{
    self->step = 1;
    self->result = futex(self->first, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 0, 0, self->second, 0);
    self->error = errno;
    self->step = 2;
    if (self->result == 0)
        self->error = unlock(self->second) ? errno : 0;
}

static void requeues(void)
{
    print("-- waits that become waits for a lock\n");
    condition = 0;
    word = 0;
    show(futex(&condition, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 1, 0, &word, 0));
    show(futex(&condition, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 0, 0, &condition, 0));
    show(futex(&condition, FUTEX_CMP_REQUEUE_PI_PRIVATE, 2, (void *) 1, &word, 0));
    show(futex(&condition, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *) 1, &word, 1));
    show(futex(&condition, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *) 1, &word, 0));
    struct timespec past = {1, 0};
    show(futex(&condition, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 0, &past, &word, 0));
    struct actor actors[3];
    memset(actors, 0, sizeof actors);
    for (int i = 0; i < 3; i++) {
        actors[i] = (struct actor){.body = wait_requeued, .first = &condition, .second = &word};
        start(&actors[i]);
        await_step(&actors[i], 1);
        await_asleep(&actors[i]);
    }
    show(futex(&condition, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0));
    show(futex(&condition, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *) 1, &actors[0].error, 0));
    show(futex(&condition, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *) 0, &word, 0));
    await_step(&actors[0], 2);
    pthread_join(actors[0].thread, 0);
    print("first: %ld %d\n", actors[0].result, actors[0].error);
    show(lock(&word));
    show(futex(&condition, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *) 10, &word, 0));
    print_word("with waiters", word);
    show(unlock(&word));
    pthread_join(actors[1].thread, 0);
    pthread_join(actors[2].thread, 0);
    print("second: %ld %d, third: %ld %d\n", actors[1].result, actors[1].error, actors[2].result, actors[2].error);
    print_word("at the end", word);
}

static pthread_mutex_t mutex;
static int shared_count;

static void *count_up(void *unused)
{
    (void) unused;
    for (int i = 0; i < 500; i++) {
        pthread_mutex_lock(&mutex);
        int seen = shared_count;
        if (i % 50 == 0)
            sched_yield();
        shared_count = seen + 1;
        pthread_mutex_unlock(&mutex);
    }
    return 0;
}

static void *end_with_mutex(void *unused)
{
    (void) unused;
    pthread_mutex_lock(&mutex);
    return 0;
}

static void library_mutexes(void)
{
    print("-- glibc's mutexes with PTHREAD_PRIO_INHERIT\n");
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    show(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT));
    show(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
    show(pthread_mutex_init(&mutex, &attributes));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        need(pthread_create(&threads[i], 0, count_up, 0) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], 0);
    show(shared_count);
    show(pthread_mutex_lock(&mutex));
    print("again: %s\n", strerrorname_np(pthread_mutex_lock(&mutex)));
    show(pthread_mutex_unlock(&mutex));
    print("unlock: %s\n", strerrorname_np(pthread_mutex_unlock(&mutex)));
    show(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
    show(pthread_mutex_init(&mutex, &attributes));
    need(pthread_create(&threads[0], 0, end_with_mutex, 0) == 0);
    pthread_join(threads[0], 0);
    print("lock: %s\n", strerrorname_np(pthread_mutex_lock(&mutex)));
    show(pthread_mutex_consistent(&mutex));
    show(pthread_mutex_unlock(&mutex));
    show(pthread_mutex_lock(&mutex));
    show(pthread_mutex_unlock(&mutex));
}

int main(void)
{
    arguments();
    passing_on();
    timeouts();
    chains();
    dead_owners();
    across_processes();
    requeues();
    library_mutexes();
    return 0;
}

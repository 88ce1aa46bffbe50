/* Threads: creation, joining, mutual exclusion and waiting by futex, robust mutexes, their own storage and signals, and how they end. */
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>

enum { THREADS = 6, TURNS = 2000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter;
static int turn;
static __thread long own = 5;

static void *add(void *argument)
{
    for (int i = 0; i < TURNS; i++) {
        pthread_mutex_lock(&mutex);
        long seen = counter;
        if (i % 100 == 0)
            sched_yield();
        counter = seen + 1;
        pthread_mutex_unlock(&mutex);
        own += (long) argument;
    }
    return (void *) own;
}

static void mutual_exclusion(void)
{
    print("-- a mutex excludes, thread-local storage is local\n");
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        need(pthread_create(&threads[i], 0, add, (void *) i) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        need(pthread_join(threads[i], &result) == 0);
        print("thread %d: %ld\n", i, (long) result);
    }
    print("counter %ld, main thread's own %ld\n", counter, own);
}

static void *take_turns(void *argument)
{
    long self = (long) argument;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 300; i++) {
        while (turn % 3 != self)
            pthread_cond_wait(&changed, &mutex);
        turn++;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&mutex);
    return 0;
}

static void conditions(void)
{
    print("-- condition variables pass a turn round, time out, and semaphores count\n");
    pthread_t threads[3];
    for (long i = 0; i < 3; i++)
        need(pthread_create(&threads[i], 0, take_turns, (void *) i) == 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], 0);
    show(turn);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&mutex);
    print("timed wait: %s\n", strerrorname_np(pthread_cond_timedwait(&changed, &mutex, &until)));
    pthread_mutex_unlock(&mutex);
    sem_t semaphore;
    sem_init(&semaphore, 0, 2);
    show(sem_trywait(&semaphore));
    show(sem_trywait(&semaphore));
    show(sem_trywait(&semaphore));
}

static pthread_mutex_t robust;

static void *die_holding(void *unused)
{
    (void) unused;
    pthread_mutex_lock(&robust);
    return 0;
}

static void robust_mutexes(void)
{
    print("-- a robust mutex tells that its owner died\n");
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_t thread;
    pthread_create(&thread, 0, die_holding, 0);
    pthread_join(thread, 0);
    int result = pthread_mutex_lock(&robust);
    print("lock: %s\n", strerrorname_np(result));
    show(pthread_mutex_consistent(&robust));
    show(pthread_mutex_unlock(&robust));
}

static int word;

static long futex(int *address, int operation, int value, const struct timespec *timeout)
{
    return syscall(SYS_futex, address, operation, value, timeout, 0, ~0);
}

static void *wait_on_word(void *unused)
{
    (void) unused;
    while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0)
        futex(&word, FUTEX_WAIT_PRIVATE, 0, 0);
    return 0;
}

static void futexes(void)
{
    print("-- futex: refuses a changed word, times out, counts whom it woke\n");
    struct timespec soon = {0, 5000000};
    word = 1;
    show(futex(&word, FUTEX_WAIT_PRIVATE, 0, 0));
    show(futex(&word, FUTEX_WAIT_PRIVATE, 1, &soon));
    show(futex(&word, FUTEX_WAKE_PRIVATE, 10, 0));
    show(futex((int *) ((char *) &word + 1), FUTEX_WAIT, 1, 0));
    show(futex(wild, FUTEX_WAIT, 1, 0));
    show(futex(&word, 77, 1, 0));
    struct timespec wrong = {0, 2000000000};
    show(futex(&word, FUTEX_WAIT, 1, &wrong));
    word = 0;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], 0, wait_on_word, 0);
    pause_milliseconds(50);
    word = 1;
    int woken = 0;
    for (int i = 0; i < 1000 && woken < 4; i++) {
        woken += futex(&word, FUTEX_WAKE_PRIVATE, 1, 0);
        sched_yield();
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], 0);
    print("woken %d\n", woken);
    int *shared = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        while (__atomic_load_n(shared, __ATOMIC_SEQ_CST) == 0)
            futex(shared, FUTEX_WAIT, 0, 0);
        _exit(0);
    }
    pause_milliseconds(20);
    *shared = 1;
    futex(shared, FUTEX_WAKE, 1, 0);
    int status;
    waitpid(child, &status, 0);
    print_status("woken in another process", status);
    shared[1] = 0;
    child = fork();
    if (child == 0) {
        while (__atomic_load_n(&shared[1], __ATOMIC_SEQ_CST) != 2)
            futex(&shared[1], FUTEX_WAIT, shared[1], 0);
        _exit(0);
    }
    pause_milliseconds(20);
    print("requeue: %d\n", syscall(SYS_futex, &shared[1], FUTEX_CMP_REQUEUE, 0, 1, &shared[2], 0) >= 0);
    shared[1] = 2;
    futex(&shared[1], FUTEX_WAKE, 1, 0);
    futex(&shared[2], FUTEX_WAKE, 1, 0);
    waitpid(child, 0, 0);
}

static volatile pid_t handler_thread;

static void note_thread(int number)
{
    (void) number;
    handler_thread = gettid();
}

static volatile pid_t target;

static void *be_target(void *unused)
{
    (void) unused;
    target = gettid();
    while (!handler_thread)
        pause_milliseconds(1);
    return (void *) (long) (handler_thread == gettid());
}

static void directed_signals(void)
{
    print("-- a signal to a thread is handled by that thread\n");
    signal(SIGUSR1, note_thread);
    pthread_t thread;
    pthread_create(&thread, 0, be_target, 0);
    while (!target)
        pause_milliseconds(1);
    show(syscall(SYS_tgkill, getpid(), target, SIGUSR1));
    void *right;
    pthread_join(thread, &right);
    print("right thread: %ld\n", (long) right);
    show(syscall(SYS_tgkill, getpid(), -1, 0));
    print("main thread's number is the process's: %d\n", gettid() == getpid());
}

static void *spin(void *unused)
{
    (void) unused;
    for (;;)
        ;
    return 0;
}

static void *sleep_for_ever(void *unused)
{
    (void) unused;
    for (;;)
        pause();
    return 0;
}

static void *exit_all(void *unused)
{
    (void) unused;
    pause_milliseconds(20);
    exit(33);
    return 0;
}

static void *fault(void *unused)
{
    (void) unused;
    pause_milliseconds(20);
    *(volatile int *) wild = 1;
    return 0;
}

static void start(void *(*body)(void *))
{
    pthread_t thread;
    need(pthread_create(&thread, 0, body, 0) == 0);
}

static void main_returns(void)
{
    start(spin);
    start(sleep_for_ever);
    exit(11);
}

static void thread_exits_all(void)
{
    start(spin);
    start(exit_all);
    sleep_for_ever(0);
}

static void thread_faults(void)
{
    start(spin);
    start(sleep_for_ever);
    start(fault);
    sleep_for_ever(0);
}

static void *last_one(void *unused)
{
    (void) unused;
    pause_milliseconds(40);
    print("the last thread outlives the first\n");
    syscall(SYS_exit, 9);
    return 0;
}

static void first_thread_exits(void)
{
    start(last_one);
    syscall(SYS_exit, 4);
}

static void *exec_from_thread(void *unused)
{
    (void) unused;
    execl("/bin/busybox", "busybox", "sh", "-c", "echo exec from a thread; exit 12", (char *) 0);
    return 0;
}

static char state_of(pid_t process)
{
    char path[40], text[300];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    read_text(path, text, sizeof text);
    char *end = strrchr(text, ')');
    return end ? end[2] : 0;
}

static int release[2];

static void *wait_for_release(void *argument)
{
    char byte;
    need(read(release[0], &byte, 1) == 1);
    return argument;
}

static void what_is_told_of_a_process(void)
{
    print("-- a process is in the state of its first thread\n");
    need(pipe(release) == 0);
    pid_t child = fork();
    if (child == 0) {
        start(wait_for_release);
        pthread_exit(0);
    }
    while (state_of(child) != 'Z')
        sched_yield();
    show(waitpid(child, 0, WNOHANG));
    show(kill(child, 0));
    need(write(release[1], "x", 1) == 1);
    int status;
    need(waitpid(child, &status, 0) == child);
    print_status("after its last thread", status);
}

static void thread_execs(void)
{
    start(spin);
    start(sleep_for_ever);
    start(exec_from_thread);
    sleep_for_ever(0);
}

static void endings(void)
{
    print("-- how a process with threads ends\n");
    in_child("main returns while threads run", main_returns);
    in_child("a thread calls exit", thread_exits_all);
    in_child("a thread faults", thread_faults);
    in_child("the first thread exits alone", first_thread_exits);
    in_child("a thread execs", thread_execs);
}

int main(void)
{
    mutual_exclusion();
    conditions();
    robust_mutexes();
    futexes();
    directed_signals();
    endings();
    what_is_told_of_a_process();
    return 0;
}

/* Makes random system calls: all there are, with arguments that make sense or do not, from many threads at once.
 *
 *     randomcalls CALLS [SEED [WORKERS [THREADS [NAME...]]]]
 *
 * With names, only those calls are made. It is process 1 of its machine, so that no signal of its workers' can end it. Workers
 * share pipes, futexes, files and a mount of their own; they die of what they do, and are started anew. Every few seconds a
 * generation ends: all processes are killed and must be gone soon, and what they have left is unmounted. The same seed draws the
 * same calls; how threads meet differs.
 *
 * It exits with 1 if processes do not die, or if the kernel counts a bug. How many calls allocated more than their bound is printed.
 */
#include "randomcalls/worker.h"
#include "common/look.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* The supervisor's own descriptors begin here: workers have fewer. */
enum { OWN_DESCRIPTORS = 100 };
/* What is kept for the next ones, and how finely a collector counts, is less. */
enum { MOST_KEPT_KILOBYTES = 4096 };
enum { GENERATION_MILLISECONDS = 4000, STALL_MILLISECONDS = 1000, DEATH_MILLISECONDS = 60000, LOOK_MICROSECONDS = 20000 };

static uint64_t seed = 1;
static int workers = 4, threads = 4;
static long exits, deaths[65], stalls, generations;
static pid_t processes[MAX_WORKERS];
static long seen[MAX_WORKERS];
static int64_t seen_at[MAX_WORKERS];
static char tree[32];
static int home, heap, living, bugs, frames, null;

/* Calls unmount and cover what they like, /proc and /dev, too: the root, the kernel's numbers, and what workers have in place of the
 * console, are held open from the start. */
static int opened(const char *path, int flags)
{
    int file = open(path, flags);
    if (file < 0) {
        perror(path);
        exit(2);
    }
    return fcntl(file, F_DUPFD, OWN_DESCRIPTORS);
}

static void open_own(void)
{
    home = opened("/", O_RDONLY | O_DIRECTORY);
    null = opened("/dev/null", O_RDWR);
    heap = opened("/proc/biscotti/heap", O_RDONLY);
    living = opened("/proc/biscotti/live", O_RDONLY);
    bugs = opened("/proc/biscotti/bugs", O_RDONLY);
    frames = opened("/proc/biscotti/frames", O_RDONLY);
}

/* Mounts again what calls have unmounted, or made read-only: random paths lead there. */
static void mend_mounts(void)
{
    if (fchdir(home) == 0)
        mount("none", ".", 0, MS_REMOUNT, 0);
    static const char *const mounts[][3] = {{"proc", "/proc", "/proc/biscotti/bugs"}, {"devtmpfs", "/dev", "/dev/null"}, {"sysfs", "/sys", "/sys/devices"}};
    for (unsigned i = 0; i < sizeof mounts / sizeof *mounts; i++)
        if (access(mounts[i][2], F_OK) != 0)
            mount("none", mounts[i][1], mounts[i][0], 0, 0);
}

/* A file system of its own for each generation, at a place where no call of the last one has left anything. */
static void make_tree(void)
{
    snprintf(tree, sizeof tree, "random.%ld", generations);
    if (fchdir(home) != 0 || mkdir(tree, 0755) != 0 || mount("none", tree, "tmpfs", 0, "size=48m") != 0 || chdir(tree) != 0) {
        perror(tree);
        exit(2);
    }
    static const char *const directories[] = {"d", "e", "e/d"};
    for (unsigned i = 0; i < sizeof directories / sizeof *directories; i++)
        mkdir(directories[i], 0777);
    static const char *const files[] = {"a", "b", "c", "d/a", "shared"};
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        int file = open(files[i], O_RDWR | O_CREAT, 0666);
        ftruncate(file, FILE_SIZE);
        close(file);
    }
    symlink("a", "link");
    symlink("loop", "loop");
    mkfifo("fifo", 0666);
}

/* Descriptors that all workers inherit: ends of pipes and pairs of sockets, some of which do not wait. */
static void make_descriptors(void)
{
    for (int i = 0; i < DESCRIPTORS / 4; i++) {
        static const int types[] = {0, SOCK_STREAM, SOCK_DGRAM, 0, SOCK_SEQPACKET};
        int ends[2], type = types[i % 5];
        if (type ? socketpair(AF_UNIX, type | (i % 2 ? SOCK_NONBLOCK : 0), 0, ends) : pipe2(ends, i % 2 ? O_NONBLOCK : 0))
            exit(2);
        for (int j = 0; j < 2; j++) {
            int wanted = FIRST_DESCRIPTOR + 2 * i + j;
            if (ends[j] != wanted) {
                dup2(ends[j], wanted);
                close(ends[j]);
            }
        }
    }
}

/* Sockets that listen, under names to which random calls connect. */
static void make_listeners(void)
{
    for (int i = 0; i < 3; i++) {
        struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = {0, 'a' + i}};
        int made = socket(AF_UNIX, (i == 2 ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_NONBLOCK, 0), wanted = FIRST_DESCRIPTOR + DESCRIPTORS / 2 - 1 - i;
        if (bind(made, (struct sockaddr *) &address, 4) != 0 || listen(made, 1 + i) != 0)
            exit(2);
        if (made != wanted) {
            dup2(made, wanted);
            close(made);
        }
    }
}

static void start_worker(int worker)
{
    uint64_t its = (seed * 1000003 + generations) * 1000003 + worker + 16 * ++exits;
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++)
            dup2(null, i);
        close_range(OWN_DESCRIPTORS, ~0u, 0);
        struct sched_param normal = {0};
        sched_setscheduler(0, SCHED_OTHER, &normal);
        work(worker, threads, its);
    }
    processes[worker] = child;
    seen_at[worker] = now_milliseconds();
}

static long progress(int worker)
{
    long sum = 0;
    for (int i = 0; i < threads; i++)
        sum += shared->slots[worker][i].done;
    return sum;
}

static int worker_of(pid_t process)
{
    for (int i = 0; i < workers; i++)
        if (processes[i] == process)
            return i;
    return -1;
}

/* Buries the dead; the number of the last one, 0 if nobody has died, -1 if nobody is left. */
static pid_t bury(int restart)
{
    int status;
    pid_t last = 0, child;
    while ((child = waitpid(-1, &status, WNOHANG)) > 0) {
        last = child;
        if (WIFSIGNALED(status))
            deaths[WTERMSIG(status)]++;
        int worker = worker_of(child);
        if (worker >= 0 && restart)
            start_worker(worker);
    }
    return child < 0 ? -1 : last;
}

/* A worker none of whose threads gets anywhere is stopped, or waits with signals blocked: it dies. */
static void kill_stalled(void)
{
    int64_t now = now_milliseconds();
    for (int i = 0; i < workers; i++) {
        long done = progress(i);
        if (done != seen[i]) {
            seen[i] = done;
            seen_at[i] = now;
        } else if (now - seen_at[i] > STALL_MILLISECONDS) {
            kill(processes[i], SIGKILL);
            seen_at[i] = now;
            stalls++;
        }
    }
}

static void tell_slots(void)
{
    for (int i = 0; i < workers; i++)
        for (int j = 0; j < threads; j++) {
            struct slot *slot = &shared->slots[i][j];
            printf("randomcalls: thread %d.%d: %s(%lx, %lx, %lx, %lx, %lx, %lx)\n", i, j, calls[slot->call].name, slot->arguments[0],
                   slot->arguments[1], slot->arguments[2], slot->arguments[3], slot->arguments[4], slot->arguments[5]);
        }
}

/* What IPC calls have made outlives its makers. SHM_STAT and its like take an index and answer with the number. */
static void remove_ipc(void)
{
    struct shmid_ds memory;
    struct semid_ds semaphores;
    struct msqid_ds queue;
    struct shm_info memories;
    struct seminfo sets;
    struct msginfo queues;
    for (int i = shmctl(0, SHM_INFO, (void *) &memories); i >= 0; i--)
        shmctl(shmctl(i, SHM_STAT, &memory), IPC_RMID, 0);
    for (int i = semctl(0, 0, SEM_INFO, &sets); i >= 0; i--)
        semctl(semctl(i, 0, SEM_STAT, &semaphores), 0, IPC_RMID);
    for (int i = msgctl(0, MSG_INFO, (void *) &queues); i >= 0; i--)
        msgctl(msgctl(i, MSG_STAT, &queue), IPC_RMID, 0);
}

/* Kills everybody and waits until they are gone. */
static void end_generation(void)
{
    shared->over = 1;
    kill(-1, SIGKILL);
    int64_t until = now_milliseconds() + DEATH_MILLISECONDS;
    while (bury(0) >= 0) {
        if (now_milliseconds() > until) {
            printf("randomcalls: FAILED: processes do not die\n");
            tell_slots();
            system("/bin/busybox ps -o pid,ppid,stat,args");
            exit(1);
        }
        usleep(LOOK_MICROSECONDS);
        kill(-1, SIGKILL);
    }
    fchdir(home);
    umount2(tree, MNT_DETACH);
    rmdir(tree);
    remove_ipc();
    for (int i = 0; i < DESCRIPTORS; i++)
        close(FIRST_DESCRIPTOR + i);
}

static void generation(void)
{
    generations++;
    mend_mounts();
    make_tree();
    make_descriptors();
    make_listeners();
    shared->over = 0;
    shared->children = 0;
    for (int i = 0; i < workers; i++)
        start_worker(i);
    int64_t until = now_milliseconds() + GENERATION_MILLISECONDS;
    while (now_milliseconds() < until && shared->done < shared->wanted) {
        usleep(LOOK_MICROSECONDS);
        bury(1);
        kill_stalled();
    }
    end_generation();
}

/* What lives on the kernel's heap when everybody is dead, but for what is counted as lasting (names of files, mounts), in KB. */
static long live_kilobytes(void)
{
    return (number_at(living, "") - number_at(heap, "lasting")) >> 10;
}

static void tell_result(void)
{
    printf("randomcalls: %ld calls by %ld workers in %ld generations, %ld of them stalled; killed by:", shared->done, exits, generations, stalls);
    for (int i = 0; i < 65; i++)
        if (deaths[i])
            printf(" %s %ld", sigabbrev_np(i) ? sigabbrev_np(i) : "real-time", deaths[i]);
    printf("\nrandomcalls: allocation compared with its bound: %ld calls, beyond it: %ld\n", number_at(heap, "calls-checked"), number_at(heap, "overruns"));
    printf("randomcalls: never succeeded:");
    for (unsigned i = 0; i < CALLS; i++)
        if (!shared->succeeded[i])
            printf(" %s (%ld)", calls[i].name, shared->tried[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    if (argc < 2 || atol(argv[1]) <= 0)
        return 0; /* what a random execve(2) runs */
    setvbuf(stdout, 0, _IOLBF, 0);
    seed = argc > 2 ? strtoull(argv[2], 0, 0) : (uint64_t) time(0);
    workers = argc > 3 ? atoi(argv[3]) : workers;
    threads = argc > 4 ? atoi(argv[4]) : threads;
    if (getpid() != 1 || workers > MAX_WORKERS || threads > MAX_THREADS) {
        printf("randomcalls: needs to be process 1, at most %d workers of %d threads\n", MAX_WORKERS, MAX_THREADS);
        return 2;
    }
    printf("randomcalls: seed %lu\n", seed);
    mmap(SHARED_AT, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    shared->wanted = atol(argv[1]);
    open_own();
    draw_lots(argv + 5, argc > 5 ? argc - 5 : 0);
    struct sched_param first = {99};
    sched_setscheduler(0, SCHED_FIFO, &first);
    long counted = 0, live = 0;
    int64_t start = now_milliseconds();
    while (shared->done < shared->wanted) {
        generation();
        counted = number_at(bugs, "");
        printf("randomcalls: %ld s, %ld calls, free frames %ld, beyond their bounds %ld, bugs %ld\n", (long) (now_milliseconds() - start) / 1000,
               shared->done, number_at(frames, "free"), number_at(heap, "overruns"), counted);
        if (generations == 1)
            live = live_kilobytes();
    }
    tell_result();
    long grown = live_kilobytes() - live;
    printf("randomcalls: heap: %ld KB lived after the first generation, %ld KB more after the last\n", live, grown);
    if (grown > MOST_KEPT_KILOBYTES)
        printf("randomcalls: FAILED: dead processes leave something behind\n");
    return counted != 0 || grown > MOST_KEPT_KILOBYTES;
}

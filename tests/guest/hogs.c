/* Biscuit's experiment: a hog beside programs that behave.
 *
 *     hogs SECONDS KIND...
 *
 * For each kind (hogs/kinds.h, and "none") the good programs (hogs/good.h) run for so long beside a hog that takes all it can get, with
 * its limits raised as far as root may. A hog that is killed starts anew. It is process 1 of its machine, so that it can kill
 * everybody at the end. For each kind it prints
 *
 *     @@hog KIND made N killed N refused NAME=N...
 *     @@good KIND NAME operations N worst MICROSECONDS refused N error NAME
 *     @@end KIND frames FREE bugs N
 *
 * and exits with 1 if a good program has failed, or if processes do not die.
 */
#include "hogs/good.h"
#include "hogs/kinds.h"
#include "common/look.h"

enum { LATE_SECONDS = 120, DYING_SECONDS = 30, LOOK_MILLISECONDS = 20 };

static int failed;
static long kills[65], ends;

static void fresh_mount(const char *path)
{
    umount2(path, MNT_DETACH);
    mkdir(path, 0700);
    if (mount("none", path, "tmpfs", 0, 0) != 0) {
        printf("hogs: FAILED: %s: %s\n", path, strerror(errno));
        exit(2);
    }
}

static void be_normal(void)
{
    struct sched_param normal = {0};
    sched_setscheduler(0, SCHED_OTHER, &normal);
}

static pid_t start_hog(const struct kind *kind)
{
    pid_t hog = fork();
    if (hog == 0) {
        be_normal();
        setpgid(0, 0);
        if (chdir("/tmp/hog") == 0) {
            raise_limits();
            kind->run();
        }
        _exit(0);
    }
    return hog;
}

static void start_good(int which, int64_t until)
{
    pid_t child = fork();
    if (child == 0) {
        be_normal();
        behave(which, until);
    }
}

static int all_finished(void)
{
    for (int i = 0; i < GOOD; i++)
        if (!experiment->results[i].finished && !experiment->results[i].error)
            return 0;
    return 1;
}

/* The good programs are at work before the hog comes. */
static void await_good(void)
{
    for (int i = 0; i < GOOD; i++)
        while (!experiment->results[i].begun && !experiment->results[i].error)
            nap(LOOK_MILLISECONDS);
}

/* Lets hog and good programs run until the good ones have finished, or should have long ago. A dead hog is followed by another. */
static void watch(const struct kind *kind, int64_t until)
{
    pid_t hog = kind ? start_hog(kind) : 0;
    while (!all_finished() && now() < until + LATE_SECONDS * 1000000000ll) {
        nap(LOOK_MILLISECONDS);
        int status;
        for (pid_t child; (child = waitpid(-1, &status, WNOHANG)) > 0;) {
            if (WIFSIGNALED(status))
                kills[WTERMSIG(status)]++;
            if (child == hog) {
                ends++;
                kill(-hog, SIGKILL);
                hog = start_hog(kind);
            }
        }
        if (kind && hog < 0)
            hog = start_hog(kind);
    }
}

/* Kills everybody and waits until they are gone; whether they went, or stopped going. */
static int kill_all(void)
{
    long left = LONG_MAX;
    int64_t since = now(), killed = 0;
    for (;;) {
        if (now() - killed > 1000000000) {
            kill(-1, SIGKILL);
            killed = now();
        }
        pid_t child = waitpid(-1, 0, WNOHANG);
        if (child < 0 && errno == ECHILD)
            return 1;
        if (child > 0)
            continue;
        long processes = number_in("/proc/biscotti/processes", "");
        if (processes < left) {
            left = processes;
            since = now();
        } else if (now() - since > DYING_SECONDS * 1000000000ll) {
            return 0;
        }
        nap(LOOK_MILLISECONDS);
    }
}

static const char *name_of(int error)
{
    return error ? strerrorname_np(error) : "none";
}

static void tell(const char *kind)
{
    printf("@@hog %s made %ld killed %ld refused", kind, experiment->made, kills[SIGKILL]);
    for (int i = 1; i < ERRORS; i++)
        if (experiment->refused[i])
            printf(" %s=%ld", name_of(i), experiment->refused[i]);
    printf("\n");
    for (int i = 0; i < GOOD; i++) {
        struct result *result = &experiment->results[i];
        if (!result->finished && !result->error)
            result->error = ETIME;
        printf("@@good %s %s operations %ld worst %ld refused %ld error %s\n", kind, good[i].name, result->operations, result->worst / 1000,
               result->refused, name_of(result->error));
        failed |= result->error != 0;
    }
}

static void try_kind(const char *name, int seconds)
{
    const struct kind *kind = 0;
    for (int i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].name, name) == 0)
            kind = &kinds[i];
    memset(experiment, 0, sizeof *experiment);
    memset(kills, 0, sizeof kills);
    fresh_mount("/tmp/good");
    fresh_mount("/tmp/hog");
    int64_t until = now() + seconds * 1000000000ll;
    for (int i = 0; i < GOOD; i++)
        start_good(i, until);
    await_good();
    watch(kind, until);
    int gone = kill_all();
    tell(name);
    if (!gone)
        printf("hogs: FAILED: processes do not die\n");
    failed |= !gone;
    umount2("/tmp/hog", MNT_DETACH);
    umount2("/tmp/good", MNT_DETACH);
    printf("@@end %s frames %ld bugs %ld\n", name, number_in("/proc/biscotti/frames", "free"), number_in("/proc/biscotti/bugs", ""));
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sleep") == 0)
        for (;;)
            pause();
    setvbuf(stdout, 0, _IOLBF, 0);
    if (argc < 3 || getpid() != 1) {
        printf("hogs: needs SECONDS KIND... and to be process 1\n");
        return 2;
    }
    struct sched_param first = {50};
    sched_setscheduler(0, SCHED_FIFO, &first);
    mkdir("/tmp", 01777);
    experiment = mmap(0, sizeof *experiment, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 2; i < argc; i++)
        try_kind(argv[i], atoi(argv[1]));
    return failed;
}

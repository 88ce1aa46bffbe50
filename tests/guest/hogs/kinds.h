/* The hogs: each wants all there is of one thing. Where a process may have no more, it forks another that goes on. */
#ifndef HOGS_KINDS_H
#define HOGS_KINDS_H

#include "common.h"

static void got(void)
{
    __atomic_add_fetch(&experiment->made, 1, __ATOMIC_RELAXED);
}

static void refused(void)
{
    __atomic_add_fetch(&experiment->refused[errno > 0 && errno < ERRORS ? errno : 0], 1, __ATOMIC_RELAXED);
}

/* After a refusal: a child goes on where this process cannot, and this one keeps what it has; whether this is the child. If there can
 * be no child, or another process would fare no better, it is to try again. */
static int go_on(void)
{
    int elsewhere = errno == EMFILE || errno == ENOMEM || errno == EAGAIN || errno == EMLINK;
    refused();
    pid_t child = elsewhere ? fork() : -1;
    if (child == 0)
        return 1;
    if (child < 0) {
        if (elsewhere)
            refused();
        nap(5);
        return 0;
    }
    got();
    for (;;)
        pause();
}

/* A child that goes on with descriptors has those of its parent, who keeps them, too. */
static void go_on_with_descriptors(void)
{
    if (go_on())
        close_range(3, ~0u, 0);
}

/* A child that holds something; whether this is it. */
static int in_child(void)
{
    pid_t child = fork();
    if (child < 0) {
        refused();
        nap(5);
    }
    return child == 0;
}

static void raise_limits(void)
{
    static const int limits[] = {RLIMIT_NPROC, RLIMIT_SIGPENDING, RLIMIT_AS, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_MEMLOCK};
    struct rlimit most = {RLIM_INFINITY, RLIM_INFINITY}, files = {1 << 20, 1 << 20};
    for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
        setrlimit(limits[i], &most);
    setrlimit(RLIMIT_NOFILE, &files);
}

/* Every process forks. */
static void hog_forks(void)
{
    for (;;) {
        pid_t child = fork();
        if (child < 0) {
            refused();
            nap(1);
        } else if (child == 0) {
            got();
        }
    }
}

/* One process forks, and its children sleep. */
static void hog_children(void)
{
    for (;;) {
        if (in_child())
            for (;;)
                pause();
        got();
    }
}

static _Noreturn void *sleeping_thread(void *unused)
{
    (void) unused;
    for (;;)
        pause();
}

static void hog_threads(void)
{
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN);
    pthread_attr_setguardsize(&small, 0);
    for (pthread_t thread;;) {
        errno = pthread_create(&thread, &small, sleeping_thread, 0);
        if (errno == 0)
            got();
        else
            go_on();
    }
}

static void hog_files(void)
{
    for (;;)
        if (open("file", O_RDWR | O_CREAT, 0600) >= 0)
            got();
        else
            go_on_with_descriptors();
}

/* Pipes full of data. */
static void hog_pipes(void)
{
    static char data[65536];
    for (;;) {
        int ends[2];
        if (pipe2(ends, O_NONBLOCK) != 0) {
            go_on_with_descriptors();
            continue;
        }
        got();
        if (write(ends[1], data, sizeof data) < 0)
            refused();
    }
}

/* Sockets that only messages own: each goes, full of data, into a message to the next one. */
static void hog_sockets(void)
{
    static char data[32768];
    int held[2] = {-1, -1};
    for (;;) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) {
            go_on_with_descriptors();
            held[0] = held[1] = -1;
            continue;
        }
        char control[CMSG_SPACE(sizeof held)] = {0};
        struct iovec segment = {data, sizeof data};
        struct msghdr message = {.msg_iov = &segment, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
        *CMSG_FIRSTHDR(&message) = (struct cmsghdr) {.cmsg_len = CMSG_LEN(sizeof held), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), held, sizeof held);
        if (held[0] >= 0 && sendmsg(ends[0], &message, 0) < 0)
            refused();
        else
            got();
        close(held[0]);
        close(held[1]);
        memcpy(held, ends, sizeof held);
    }
}

/* Every other page: mappings that cannot be joined. */
static void hog_mappings(void)
{
    char *const first = (char *) (1l << 45);
    for (char *at = first;; at += 2 * PAGE) {
        if (mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
            got();
        } else if (go_on()) {
            munmap(first, at - first);
            at = first;
        }
    }
}

/* Signals that wait, in processes that block them. */
static void hog_signals(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, 0);
    for (;;) {
        union sigval value = {0};
        if (sigqueue(getpid(), SIGRTMIN + 3, value) == 0)
            got();
        else
            go_on();
    }
}

/* Files with long names, all in one directory. */
static void hog_names(void)
{
    char name[250];
    memset(name, 'n', sizeof name);
    for (long i = (long) getpid() << 32;; i++) {
        snprintf(name + 200, sizeof name - 200, "%ld", i);
        int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (file < 0) {
            go_on();
            i = (long) getpid() << 32;
            continue;
        }
        close(file);
        got();
    }
}

/* Symbolic links with long targets. */
static void hog_symlinks(void)
{
    static char target[4000];
    memset(target, 't', sizeof target - 1);
    for (long i = 0;; i++) {
        char name[64];
        snprintf(name, sizeof name, "%d-%ld", getpid(), i);
        if (symlink(target, name) == 0)
            got();
        else
            go_on();
    }
}

/* A directory in a directory in a directory. */
static void hog_depth(void)
{
    for (;;) {
        if (mkdir("d", 0700) == 0 && chdir("d") == 0)
            got();
        else
            go_on();
    }
}

/* Programs started with as many arguments as there may be, again and again, by as many processes as there may be. */
static void hog_arguments(void)
{
    enum { WORDS = 120000 };
    static char *words[WORDS + 1];
    static char word[] = "eight by";
    for (int i = 0; i < WORDS; i++)
        words[i] = word;
    words[0] = "hogs";
    words[1] = "sleep";
    for (;;) {
        if (in_child()) {
            execv("/proc/self/exe", words);
            refused();
            _exit(0);
        }
        got();
    }
}

/* Processes that wait for a thousand descriptors each. */
static void hog_polls(void)
{
    enum { DESCRIPTORS = 1000 };
    static struct pollfd polled[DESCRIPTORS];
    int ends[2];
    if (pipe(ends) != 0)
        return;
    for (int i = 0; i < DESCRIPTORS; i++)
        polled[i] = (struct pollfd) {dup(ends[0]), POLLIN, 0};
    for (;;) {
        if (in_child()) {
            while (poll(polled, DESCRIPTORS, -1) < 0)
                refused();
            _exit(0);
        }
        got();
    }
}

/* Sets of watched descriptors, each with all others in it. */
static void hog_epolls(void)
{
    enum { WATCHED = 1000 };
    static int watched[WATCHED];
    for (int i = 0; i < WATCHED; i++)
        watched[i] = eventfd(0, 0);
    for (;;) {
        int set = epoll_create1(0);
        if (set < 0) {
            if (go_on())
                close_range(watched[WATCHED - 1] + 1, ~0u, 0);
            continue;
        }
        got();
        for (int i = 0; i < WATCHED; i++) {
            struct epoll_event event = {.events = EPOLLIN};
            if (epoll_ctl(set, EPOLL_CTL_ADD, watched[i], &event) != 0)
                refused();
        }
    }
}

/* Processes with as many supplementary groups as there may be. */
static void hog_groups(void)
{
    enum { GROUPS = 65536 };
    static gid_t groups[GROUPS];
    for (;;) {
        if (in_child()) {
            for (int i = 0; i < GROUPS; i++)
                groups[i] = i ^ getpid() << 16;
            while (setgroups(GROUPS, groups) != 0) {
                refused();
                nap(5);
            }
            for (;;)
                pause();
        }
        got();
    }
}

/* Mounts on mounts. */
static void hog_mounts(void)
{
    mkdir("m", 0700);
    for (;;) {
        if (mount("none", "m", "tmpfs", 0, "size=4k") == 0)
            got();
        else
            go_on();
    }
}

/* Memory, page by page. */
static void hog_memory(void)
{
    enum { STEP = 1 << 20 };
    for (;;) {
        char *memory = mmap(0, STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            go_on();
            continue;
        }
        for (size_t i = 0; i < STEP; i += PAGE)
            memory[i] = 1;
        got();
    }
}

/* One page in each two megabytes: as many page tables as pages. */
static void hog_tables(void)
{
    long size = 1l << 40;
    volatile char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return;
    for (long i = 0; i < size; i += 2 << 20) {
        memory[i] = 1;
        got();
    }
}

/* What files hold. */
static void hog_data(void)
{
    static char data[65536];
    char name[64];
    snprintf(name, sizeof name, "data%d", getpid());
    int file = open(name, O_WRONLY | O_CREAT, 0600);
    for (;;)
        if (write(file, data, sizeof data) > 0)
            got();
        else
            go_on();
}

static const struct kind {
    const char *name;
    void (*run)(void);
} kinds[] = {
    {"forks", hog_forks},         {"children", hog_children}, {"threads", hog_threads},     {"files", hog_files},   {"pipes", hog_pipes},
    {"mappings", hog_mappings},   {"signals", hog_signals},   {"names", hog_names},         {"symlinks", hog_symlinks}, {"depth", hog_depth},
    {"arguments", hog_arguments}, {"polls", hog_polls},       {"epolls", hog_epolls}, {"groups", hog_groups},       {"mounts", hog_mounts}, {"memory", hog_memory},
    {"tables", hog_tables},       {"data", hog_data},       {"sockets", hog_sockets},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

#endif

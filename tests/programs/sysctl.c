/* Settings of /proc/sys that root may change, and what follows from them; personality(2)'s timeouts. */
#include "check.h"
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/utsname.h>

static void show_text(const char *path)
{
    char text[200];
    read_text(path, text, sizeof text);
    print("%s: %s", path, text);
}

static void set(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    need(file >= 0);
    errno = 0;
    int written = write(file, text, strlen(text));
    print("%s is set to %s: %s\n", path, text, written < 0 ? strerrorname_np(errno) : "done");
    close(file);
}

static void names(void)
{
    print("-- names\n");
    struct utsname before, after;
    need(uname(&before) == 0);
    set("/proc/sys/kernel/hostname", "first");
    uname(&after);
    print("%s\n", after.nodename);
    set("/proc/sys/kernel/domainname", "second.example");
    uname(&after);
    print("%s\n", after.domainname);
    show_text("/proc/sys/kernel/hostname");
    show_text("/proc/sys/kernel/domainname");
    need(sethostname(before.nodename, strlen(before.nodename)) == 0);
    need(setdomainname(before.domainname, strlen(before.domainname)) == 0);
}

static void numbers_of_objects(void)
{
    print("-- the number of the next object\n");
    show_text("/proc/sys/kernel/msg_next_id");
    set("/proc/sys/kernel/msg_next_id", "123450");
    int queue = show(msgget(IPC_PRIVATE, 0600));
    show_text("/proc/sys/kernel/msg_next_id");
    set("/proc/sys/kernel/msg_next_id", "123450");
    int other = show(msgget(IPC_PRIVATE, 0600));
    holds(other >= 0 && other != queue);
    set("/proc/sys/kernel/msg_next_id", "-2");
    set("/proc/sys/kernel/sem_next_id", "234560");
    int semaphores = show(semget(IPC_PRIVATE, 1, 0600));
    set("/proc/sys/kernel/shm_next_id", "345670");
    int segment = show(shmget(IPC_PRIVATE, 1, 0600));
    show(msgctl(queue, IPC_RMID, 0));
    show(msgctl(other, IPC_RMID, 0));
    show(semctl(semaphores, 0, IPC_RMID));
    show(shmctl(segment, IPC_RMID, 0));
    queue = msgget(IPC_PRIVATE, 0600);
    holds(queue >= 0);
    show(msgctl(queue, IPC_RMID, 0));
}

static void limits(void)
{
    print("-- how many there may be\n");
    char before[40];
    read_text("/proc/sys/kernel/pid_max", before, sizeof before);
    set("/proc/sys/kernel/pid_max", "300");
    set("/proc/sys/kernel/pid_max", "20000");
    show_text("/proc/sys/kernel/pid_max");
    set("/proc/sys/kernel/pid_max", "32768");
    before[strcspn(before, "\n")] = 0;
    int file = open("/proc/sys/kernel/pid_max", O_WRONLY);
    need(write(file, before, strlen(before)) > 0);
    close(file);
    set("/proc/sys/kernel/threads-max", "0");
    set("/proc/sys/vm/max_map_count", "200");
    enum { PAGES = 1000 };
    char *area = mmap(0, PAGES * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(area != MAP_FAILED);
    int result = 0;
    for (int i = 1; i < PAGES && result == 0; i += 2)
        result = mprotect(area + i * PAGE, PAGE, PROT_NONE);
    print("too many mappings: %s\n", result == 0 ? "never" : strerrorname_np(errno));
    need(munmap(area, PAGES * PAGE) == 0);
    set("/proc/sys/vm/max_map_count", "65530");
}

static void who_may(void)
{
    show_text("/proc/self/uid_map");
    show_text("/proc/self/gid_map");
    show_text("/proc/self/setgroups");
    need(setuid(1) == 0);
    show(open("/proc/sys/kernel/hostname", O_WRONLY));
    show(open("/proc/sys/kernel/pid_max", O_RDWR));
}

static void timeouts(void)
{
    print("-- STICKY_TIMEOUTS\n");
    struct timeval time = {0, 1000};
    show(personality(STICKY_TIMEOUTS));
    show(select(0, 0, 0, 0, &time));
    show(time.tv_usec);
    show(personality(0) == STICKY_TIMEOUTS);
    show(select(0, 0, 0, 0, &time));
    show(time.tv_usec);
}

static void validated(void)
{
    print("-- MAP_SHARED_VALIDATE refuses what it does not know\n");
    work_in_scratch_directory();
    int file = open("file", O_RDWR | O_CREAT, 0600);
    need(ftruncate(file, PAGE) == 0);
    enum { UNKNOWN = 1 << 9 };
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | UNKNOWN, file, 0));
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, file, 0));
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_POPULATE | MAP_NORESERVE, file, 0));
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_SHARED | UNKNOWN, file, 0));
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_PRIVATE | UNKNOWN, file, 0));
    show_success((long) mmap(0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
}

int main(void)
{
    names();
    numbers_of_objects();
    limits();
    in_child("who may", who_may);
    timeouts();
    validated();
    return 0;
}

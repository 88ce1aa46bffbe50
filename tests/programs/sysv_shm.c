/* System V shared memory: keys, attachments, what becomes of a segment that is removed, permissions, limits. */
#include "check.h"
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/shm.h>

static int id;

static struct shmid_ds about(int segment)
{
    struct shmid_ds s;
    memset(&s, 0, sizeof s);
    show(shmctl(segment, IPC_STAT, &s));
    print("size %lu attached %lu mode %o\n", (unsigned long) s.shm_segsz, (unsigned long) s.shm_nattch, s.shm_perm.mode);
    return s;
}

static void keys(void)
{
    print("-- keys\n");
    key_t key = getpid() | 0x40000000;
    show(shmget(key, 100, 0600));
    id = shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0640);
    need(id >= 0);
    show(shmget(key, 100, IPC_CREAT | IPC_EXCL));
    holds(shmget(key, 100, IPC_CREAT) == id);
    holds(shmget(key, 0, 0) == id);
    show(shmget(key, 10001, 0));
    show(shmget(IPC_PRIVATE, 0, 0600));
    show(shmget(IPC_PRIVATE, -1, 0600));
    show(shmget(IPC_PRIVATE, 1L << 62, 0600));
    struct shmid_ds s = about(id);
    holds(s.shm_perm.__key == key && s.shm_cpid == getpid() && s.shm_lpid == 0 && s.shm_ctime > 0);
    print("atime %ld dtime %ld uid %d cuid %d\n", (long) s.shm_atime, (long) s.shm_dtime, s.shm_perm.uid, s.shm_perm.cuid);
}

static void detaches(void)
{
    char *inherited = shmat(id, NULL, 0);
    strcpy(inherited, "child");
    show(shmdt(inherited));
    struct shmid_ds s = about(id);
    holds(s.shm_lpid == getpid());
}

static void attaching(void)
{
    print("-- attach and detach\n");
    char *first = shmat(id, NULL, 0);
    need(first != (void *) -1);
    char *second = shmat(id, NULL, SHM_RDONLY);
    need(second != (void *) -1);
    struct shmid_ds s = about(id);
    holds(s.shm_lpid == getpid() && s.shm_atime > 0);
    strcpy(first + 9990, "shared");
    print("%s\n", second + 9990);
    show(mprotect(second, PAGE, PROT_READ | PROT_WRITE));
    in_child("child", detaches);
    print("%s\n", second);
    show_success(shmat(id, first, 0));
    show_success(shmat(id, first + 1, 0));
    show_success(shmat(id, NULL, SHM_REMAP));
    holds(shmat(id, second + 100, SHM_RND | SHM_REMAP) == second);
    show_success(shmat(-1, NULL, 0));
    show_success(shmat(id + 1, NULL, 0));
    show(shmdt(first + 1));
    show(shmdt(first + PAGE));
    need(munmap(first + PAGE, PAGE) == 0);
    about(id);
    show(shmdt(first));
    about(id);
    show(shmdt(first));
    pid_t child = fork();
    if (child == 0) {
        about(id);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    about(id);
    print("%s\n", second);
    print("-- removed while in use\n");
    show(shmctl(id, IPC_RMID, NULL));
    struct shmid_ds t = about(id);
    print("key %d\n", t.shm_perm.__key);
    char *third = shmat(id, NULL, 0);
    need(third != (void *) -1);
    print("%s\n", third);
    show(shmctl(id, IPC_RMID, NULL));
    show(shmdt(third));
    show(shmdt(second));
    show(shmctl(id, IPC_STAT, &t));
    show_success(shmat(id, NULL, 0));
    show(shmctl(id, IPC_RMID, NULL));
}

static void others(void)
{
    struct shmid_ds s;
    need(setgid(1000) == 0 && setuid(1000) == 0);
    show_success(shmat(id, NULL, SHM_RDONLY));
    show_success(shmat(id, NULL, 0));
    show(shmctl(id, IPC_STAT, &s));
    show(shmctl(id, IPC_RMID, NULL));
    show(shmctl(id, IPC_SET, &s));
    show(shmctl(id, SHM_LOCK, NULL));
}

static void permissions(void)
{
    print("-- permissions\n");
    id = shmget(IPC_PRIVATE, 5000, 0600);
    in_child("nobody", others);
    struct shmid_ds s = about(id);
    s.shm_perm.mode = 01744;
    s.shm_perm.uid = 7;
    show(shmctl(id, IPC_SET, &s));
    s = about(id);
    print("uid %d cuid %d\n", s.shm_perm.uid, s.shm_perm.cuid);
    in_child("reader", others);
    s.shm_perm.uid = 1000;
    show(shmctl(id, IPC_SET, &s));
    in_child("owner", others);
    id = shmget(IPC_PRIVATE, 5000, 0600);
    show(shmctl(id, SHM_LOCK, NULL));
    about(id);
    show(shmctl(id, SHM_UNLOCK, NULL));
    about(id);
    show(shmctl(id, 99, NULL));
    show(shmctl(id, IPC_STAT, wild));
    show(shmctl(id, IPC_SET, wild));
    show(shmctl(-1, IPC_RMID, NULL));
    show(shmctl(id, IPC_RMID, NULL));
}

static void limits(void)
{
    print("-- limits\n");
    struct shminfo i;
    struct shm_info u;
    need(shmctl(0, IPC_INFO, (void *) &i) >= 0 && shmctl(0, SHM_INFO, (void *) &u) >= 0);
    print("max %lu min %lu mni %lu seg %lu all %lu used %d\n", i.shmmax, i.shmmin, i.shmmni, i.shmseg, i.shmall, u.used_ids);
    id = shmget(IPC_PRIVATE, PAGE, 0600);
    int top = shmctl(0, SHM_INFO, (void *) &u), found = 0;
    struct shmid_ds s;
    for (int at = 0; at <= top; at++)
        found += shmctl(at, SHM_STAT, &s) == id;
    print("used %d pages %lu found %d\n", u.used_ids, u.shm_tot, found);
    show(shmctl(60000, SHM_STAT, &s));
    need(shmctl(id, IPC_RMID, NULL) == 0);
    char text[300] = "";
    int file = open("/proc/sysvipc/shm", O_RDONLY);
    show(read(file, text, 299));
    print("%s", text);
    const char *names[] = {"shmmax", "shmall", "shmmni", "sem", "msgmax", "msgmnb", "msgmni"};
    for (int n = 0; n < 7; n++) {
        char path[100] = "/proc/sys/kernel/";
        strcat(path, names[n]);
        int setting = open(path, O_RDONLY);
        ssize_t length = read(setting, text, 299);
        print("%s: %.*s", names[n], (int) length, text);
        close(setting);
    }
}

int main(void)
{
    keys();
    attaching();
    permissions();
    limits();
    return 0;
}

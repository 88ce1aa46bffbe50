/* The corners of memory and System V calls: which error comes first (mmap(2), mremap(2), madvise(2), msync(2), mlock(2), memfd_create(2), shmget(2), semop(2), msgsnd(2)). */
#include "check.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static long map(void *at, size_t length, int protection, int flags, int file, off_t offset)
{
    errno = 0;
    void *p = (void *) syscall(SYS_mmap, at, length, protection, flags, file, offset);
    return p == MAP_FAILED ? -1 : 1;
}

static void maps(void)
{
    int zero = open("/dev/zero", O_RDWR), reading = open("/proc/self/exe", O_RDONLY), directory = open("/tmp", O_RDONLY), ends[2];
    int file = memfd_create("x", 0), path = open("/proc/self/exe", O_PATH), writing = open("/tmp", O_TMPFILE | O_WRONLY, 0600);
    need(pipe(ends) == 0);
    show(map(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show(map(NULL, -1UL, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show(map(NULL, 1UL << 47, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_ANONYMOUS | 3, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, 77, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, reading, 5));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, path, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, directory, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, ends[0], 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE, writing, 0));
    show(map(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, reading, 0));
    show(map(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, reading, 0));
    show(map(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, file, ~0UL << 12));
    show(map(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | 0x800000, file, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, file, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_SHARED | 0x800000, file, 0));
    show(map((void *) 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show(map((void *) (1UL << 47), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    show(map(maps, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    show(map((void *) ((uintptr_t) maps & -PAGE), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
    show(map(NULL, PAGE, 0x100, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show(map(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0));
    show(map(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, 77, 0));
}

static void changes(void)
{
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(p + 2 * PAGE, PAGE);
    show(munmap(p + 1, PAGE));
    show(munmap(p, 0));
    show(munmap(p, -1UL));
    show(munmap((void *) (1UL << 47), PAGE));
    show(mprotect(p + 1, PAGE, PROT_READ));
    show(mprotect(p, 0, PROT_READ));
    show(mprotect(p + 2 * PAGE, PAGE, PROT_READ));
    show(mprotect(p, 3 * PAGE, PROT_READ));
    show(mprotect(p, PAGE, 0x100));
    show(mprotect(p, PAGE, PROT_READ | PROT_GROWSDOWN));
    show(mprotect(p, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP));
    show(mprotect(p, -1UL, PROT_READ));
    show(mprotect(p, PAGE, PROT_READ | PROT_WRITE));
    int reading = open("/proc/self/exe", O_RDONLY);
    void *shared = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reading, 0);
    show(mprotect(shared, PAGE, PROT_READ | PROT_WRITE));
    show((long) mremap(p + 1, PAGE, PAGE, 0));
    show((long) mremap(p, PAGE, 0, 0));
    show((long) mremap(p, 0, PAGE, 0));
    show((long) mremap(p, PAGE, PAGE, 0x100));
    show((long) mremap(p, PAGE, PAGE, MREMAP_FIXED, p + PAGE));
    show((long) mremap(p, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, p + 1));
    show((long) mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, p + PAGE));
    show_success((long) mremap(p + 2 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
    show((long) mremap(p, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
    show((long) mremap(p, PAGE, 1UL << 48, MREMAP_MAYMOVE));
    show((long) mremap(p, PAGE, 2 * PAGE, MREMAP_DONTUNMAP | MREMAP_MAYMOVE));
    show((long) mremap(p, PAGE, PAGE, MREMAP_DONTUNMAP));
    show((long) mremap(p + PAGE, PAGE, 2 * PAGE, 0) != -1);
    show(msync(p + 1, PAGE, MS_SYNC));
    show(msync(p, PAGE, MS_SYNC | MS_ASYNC));
    show(msync(p, PAGE, 8));
    show(msync(p, 3 * PAGE, MS_ASYNC));
    show(msync(p, PAGE, 0));
    show(msync(p, 0, MS_SYNC));
    show(madvise(p + 1, PAGE, MADV_NORMAL));
    show(madvise(p, PAGE, 99));
    show(madvise(p, -1UL, MADV_NORMAL));
    show(madvise(p, 0, MADV_DONTNEED));
    show(madvise(p, 8 * PAGE, MADV_DONTNEED));
    show(madvise(shared, PAGE, MADV_REMOVE));
    show(madvise(p, PAGE, MADV_REMOVE));
    show(madvise(shared, PAGE, MADV_FREE));
    show(madvise(p, PAGE, MADV_HWPOISON));
    show(madvise(p, PAGE, 101));
    show(madvise(p, PAGE, MADV_POPULATE_READ));
    show(madvise(p + 2 * PAGE, PAGE, MADV_POPULATE_READ));
    show(madvise(shared, PAGE, MADV_POPULATE_WRITE));
    show(madvise(p, PAGE, MADV_COLD));
    show(madvise(p, PAGE, MADV_PAGEOUT));
    show(madvise(shared, PAGE, MADV_WIPEONFORK));
    show(madvise(p, PAGE, MADV_MERGEABLE));
    show(madvise(p, PAGE, 25));
    show(mlock(p + 2 * PAGE, PAGE));
    show(mlock(p, -1UL));
    show(mlock2(p, PAGE, 2));
    show(mlock(p, 0));
    show(munlock(p + 2 * PAGE, PAGE));
    show(mlockall(0));
    show(mlockall(8));
    show(mlockall(MCL_ONFAULT));
    unsigned char vector[8];
    show(mincore(p + 1, PAGE, vector));
    show(mincore(p + 2 * PAGE, PAGE, vector));
    show(mincore(p, PAGE, wild));
    show(mincore(p, 0, wild));
    show(mincore(p, -1UL, vector));
    show(memfd_create("x", 0x100));
    show(memfd_create(wild, 0));
    char name[260];
    memset(name, 'n', sizeof name);
    name[249] = 0;
    show(memfd_create(name, 0) > 0);
    name[249] = 'n';
    name[250] = 0;
    show(memfd_create(name, 0));
    int file = memfd_create("sealed", MFD_ALLOW_SEALING), other = memfd_create("x", 0);
    show(fcntl(file, F_ADD_SEALS, 0x100));
    show(fcntl(other, F_GET_SEALS));
    show(fcntl(other, F_ADD_SEALS, F_SEAL_GROW));
    show(fcntl(reading, F_GET_SEALS));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_SEAL));
    show(fcntl(file, F_ADD_SEALS, F_SEAL_GROW));
    show(syscall(SYS_remap_file_pages, p, PAGE, 1, 0, 0));
    show(syscall(SYS_membarrier, 0x1000, 0, 0));
    show(syscall(SYS_membarrier, 0, 1, 0));
    show(syscall(SYS_membarrier, 8, 0, 0));
    show(syscall(SYS_process_madvise, -1, NULL, 0, MADV_COLD, 0));
    show(syscall(SYS_process_madvise, 0, NULL, 0, MADV_COLD, 1));
    show(syscall(SYS_process_mrelease, -1, 0));
    show(syscall(SYS_process_mrelease, 0, 1));
    show(syscall(SYS_pkey_alloc, 1, 0));
    show(syscall(SYS_pkey_alloc, 0, 4));
    show(syscall(SYS_pkey_free, 77));
    show(syscall(SYS_pkey_mprotect, p, PAGE, PROT_READ, 77));
    show(syscall(SYS_brk, 0) > 0);
}

static void segments(void)
{
    struct shmid_ds status;
    show(shmget(IPC_PRIVATE, 0, 0600));
    show(shmget(IPC_PRIVATE, -1UL, 0600));
    show(shmget(12345, 10, 0600));
    int id = shmget(12345, 5000, IPC_CREAT | 0600);
    show(shmget(12345, 10, IPC_CREAT | IPC_EXCL | 0600));
    show(shmget(12345, 9000, 0600));
    show(shmget(12345, 0, 0) == id);
    show((long) shmat(id + 1, NULL, 0));
    show((long) shmat(-1, NULL, 0));
    show((long) shmat(id, (void *) 1, 0));
    show((long) shmat(id, NULL, SHM_REMAP));
    show((long) shmat(id, (void *) ((uintptr_t) maps & -PAGE), 0));
    show(shmdt(maps));
    show(shmdt((void *) 1));
    show(shmctl(id, 77, &status));
    show(shmctl(-1, IPC_STAT, &status));
    show(shmctl(id, IPC_STAT, wild));
    show(shmctl(id, IPC_SET, wild));
    show(shmctl(id, IPC_STAT, &status));
    print("size %ld attached %ld mode %o\n", (long) status.shm_segsz, (long) status.shm_nattch, status.shm_perm.mode);
    void *p = shmat(id, NULL, SHM_RDONLY);
    show(mprotect(p, PAGE, PROT_READ | PROT_WRITE));
    show(shmctl(id, IPC_RMID, NULL));
    show(shmctl(id, IPC_STAT, &status));
    print("destroyed %d key %d\n", (status.shm_perm.mode & SHM_DEST) != 0, status.shm_perm.__key);
    show(shmdt(p));
    show(shmctl(id, IPC_STAT, &status));
    int own = shmget(IPC_PRIVATE, 10, 0600);
    if (fork() == 0) {
        need(setresuid(1000, 1000, 1000) == 0);
        show((long) shmat(own, NULL, 0));
        show(shmctl(own, IPC_STAT, &status));
        show(shmctl(own, IPC_RMID, NULL));
        show(shmctl(own, SHM_LOCK, NULL));
        _exit(0);
    }
    wait(NULL);
    shmctl(own, IPC_RMID, NULL);
}

static void semaphores(void)
{
    show(semget(IPC_PRIVATE, 0, 0600));
    show(semget(IPC_PRIVATE, -1, 0600));
    show(semget(IPC_PRIVATE, 100000, 0600));
    int id = semget(12346, 2, IPC_CREAT | 0600);
    show(semget(12346, 3, 0600));
    show(semget(12346, 2, IPC_CREAT | IPC_EXCL | 0600));
    struct sembuf up = {0, 1, 0}, far = {2, 1, 0}, down = {1, -1, IPC_NOWAIT}, much = {0, 32767, 0}, nothing = {0, 0, IPC_NOWAIT};
    show(semop(id, &up, 0));
    show(semop(id, wild, 1));
    show(semop(id, &up, 501));
    show(semop(-1, &up, 1));
    show(semop(id, &far, 1));
    show(semop(id, &down, 1));
    show(semop(id, &up, 1));
    show(semop(id, &much, 1));
    show(semop(id, &nothing, 1));
    struct timespec bad = {0, 1000000000}, none = {0, 0};
    down.sem_flg = 0;
    show(semtimedop(id, &down, 1, &bad));
    show(semtimedop(id, &down, 1, &none));
    show(semtimedop(id, &down, 1, wild));
    show(semctl(id, 0, SETVAL, 32768));
    show(semctl(id, 0, SETVAL, -1));
    show(semctl(id, 2, SETVAL, 1));
    show(semctl(id, 2, GETVAL));
    show(semctl(id, -1, GETVAL));
    show(semctl(id, 0, 77));
    show(semctl(id, 0, GETALL, wild));
    show(semctl(id, 0, SETALL, wild));
    show(semctl(id, 0, IPC_STAT, wild));
    show(semctl(id, 0, GETNCNT));
    show(semctl(id, 0, GETZCNT));
    show(semctl(id, 0, GETPID) == getpid());
    show(semctl(id, 0, IPC_RMID));
    show(semctl(id, 0, IPC_RMID));
}

static void messages(void)
{
    struct { long type; char text[10]; } message = {1, "hello"};
    int id = msgget(12347, IPC_CREAT | 0600);
    show(msgget(12347, IPC_CREAT | IPC_EXCL | 0600));
    show(msgget(12348, 0600));
    show(msgsnd(id, &message, -1UL, 0));
    show(msgsnd(id, &message, 8193, 0));
    show(msgsnd(-1, &message, 5, 0));
    show(msgsnd(id, wild, 5, 0));
    message.type = 0;
    show(msgsnd(id, &message, 5, 0));
    message.type = 2;
    show(msgsnd(id, &message, 5, 0));
    show(msgrcv(id, &message, -1UL, 0, 0));
    show(msgrcv(id, &message, 3, 0, 0));
    show(msgrcv(id, &message, 10, 1, IPC_NOWAIT));
    show(msgrcv(id, &message, 10, -1, IPC_NOWAIT));
    show(msgrcv(id, &message, 10, 2, MSG_EXCEPT | IPC_NOWAIT));
    show(msgrcv(id, &message, 10, 1, MSG_COPY | IPC_NOWAIT));
    show(msgrcv(id, &message, 10, 0, MSG_COPY));
    show(msgrcv(id, &message, 10, 0, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT));
    show(msgrcv(id, &message, 3, 0, MSG_COPY | IPC_NOWAIT));
    show(msgrcv(id, &message, 3, 0, MSG_NOERROR));
    show(msgrcv(id, wild, 10, 0, IPC_NOWAIT));
    show(msgrcv(-1, &message, 10, 0, IPC_NOWAIT));
    struct msqid_ds status;
    show(msgctl(id, IPC_STAT, wild));
    show(msgctl(id, 77, &status));
    show(msgctl(-1, IPC_STAT, &status));
    show(msgctl(id, IPC_STAT, &status));
    status.msg_qbytes = 1 << 20;
    show(msgctl(id, IPC_SET, &status));
    show(msgctl(id, IPC_RMID, NULL));
    show(msgsnd(id, &message, 5, 0));
}

int main(void)
{
    in_child("maps", maps);
    in_child("changes", changes);
    in_child("segments", segments);
    in_child("semaphores", semaphores);
    in_child("messages", messages);
    return 0;
}

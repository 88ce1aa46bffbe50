package biscotti.abi;

/** Numbers of System V IPC ({@code linux/ipc.h}, {@code linux/shm.h}, {@code linux/sem.h}, {@code linux/msg.h}). */
public final class Ipc {
    /** A key that no other object has. */
    public static final int IPC_PRIVATE = 0;

    /** Make it if it is not there. */
    public static final int IPC_CREAT = 01000;

    /** Fail if it is there. */
    public static final int IPC_EXCL = 02000;

    /** Fail rather than wait. */
    public static final int IPC_NOWAIT = 04000;

    /** Command: remove. */
    public static final int IPC_RMID = 0;

    /** Command: set owner and permissions. */
    public static final int IPC_SET = 1;

    /** Command: tell about it. */
    public static final int IPC_STAT = 2;

    /** Command: tell the limits. */
    public static final int IPC_INFO = 3;

    /** Bytes of {@code struct ipc64_perm}, with which each structure of an object begins. */
    public static final int PERMISSIONS_BYTES = 48;

    /** Permission to read, of whomever it is asked for. */
    public static final int READ = 0444;

    /** Permission to write. */
    public static final int WRITE = 0222;

    /** Permission to execute what is in a segment. */
    public static final int EXECUTE = 0111;

    /** shmget(2): in huge pages. */
    public static final int SHM_HUGETLB = 04000;

    /** shmget(2): no memory is promised. */
    public static final int SHM_NORESERVE = 010000;

    /** shmat(2): cannot be written. */
    public static final int SHM_RDONLY = 010000;

    /** shmat(2): round the address down. */
    public static final int SHM_RND = 020000;

    /** shmat(2): in the place of what is mapped there. */
    public static final int SHM_REMAP = 040000;

    /** shmat(2): can be executed. */
    public static final int SHM_EXEC = 0100000;

    /** In a segment's mode: it goes with its last user. */
    public static final int SHM_DEST = 01000;

    /** In a segment's mode: it is locked in memory. */
    public static final int SHM_LOCKED = 02000;

    /** shmctl(2): lock in memory. */
    public static final int SHM_LOCK = 11;

    /** shmctl(2): unlock. */
    public static final int SHM_UNLOCK = 12;

    /** shmctl(2): IPC_STAT by index. */
    public static final int SHM_STAT = 13;

    /** shmctl(2): what all segments take. */
    public static final int SHM_INFO = 14;

    /** shmctl(2): SHM_STAT without a look at permissions. */
    public static final int SHM_STAT_ANY = 15;

    /** semop(2): undone when the process ends. */
    public static final int SEM_UNDO = 010000;

    /** semctl(2): who changed it last. */
    public static final int GETPID = 11;

    /** semctl(2): its value. */
    public static final int GETVAL = 12;

    /** semctl(2): all values. */
    public static final int GETALL = 13;

    /** semctl(2): how many wait for it to grow. */
    public static final int GETNCNT = 14;

    /** semctl(2): how many wait for it to be zero. */
    public static final int GETZCNT = 15;

    /** semctl(2): set its value. */
    public static final int SETVAL = 16;

    /** semctl(2): set all values. */
    public static final int SETALL = 17;

    /** semctl(2): IPC_STAT by index. */
    public static final int SEM_STAT = 18;

    /** semctl(2): what all sets take. */
    public static final int SEM_INFO = 19;

    /** semctl(2): SEM_STAT without a look at permissions. */
    public static final int SEM_STAT_ANY = 20;

    /** The greatest value of a semaphore, and of what is undone. */
    public static final int SEMVMX = 32767;

    /** msgctl(2): IPC_STAT by index. */
    public static final int MSG_STAT = 11;

    /** msgctl(2): what all queues hold. */
    public static final int MSG_INFO = 12;

    /** msgctl(2): MSG_STAT without a look at permissions. */
    public static final int MSG_STAT_ANY = 13;

    /** msgrcv(2): cut a message that is too long. */
    public static final int MSG_NOERROR = 010000;

    /** msgrcv(2): any type but one. */
    public static final int MSG_EXCEPT = 020000;

    /** msgrcv(2): a copy of the message with a number. */
    public static final int MSG_COPY = 040000;

    private Ipc() {}
}

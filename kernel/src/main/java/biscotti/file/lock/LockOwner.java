package biscotti.file.lock;

/**
 * One who holds locks. Of the record locks of fcntl(2) that is a process, as its table of descriptors; of its open file
 * description locks and of the locks of flock(2), an open file description.
 */
public abstract class LockOwner {
    /** What its threads wait for; guarded by {@link LockWait}. */
    LockWait firstWait;

    /** One who holds no lock yet. */
    protected LockOwner() {}
}

package biscotti.file.lock;

/** All locks on one file. The two kinds know nothing of each other, as on Linux. */
public final class FileLocks {
    private final RangeLocks records = new RangeLocks();
    private final RangeLocks wholes = new RangeLocks();
    private final Leases leases = new Leases();

    /** No lock yet. */
    public FileLocks() {}

    /** The locks of fcntl(2). */
    public RangeLocks records() {
        return records;
    }

    /** The locks of flock(2): each is on the range of all bytes. */
    public RangeLocks wholes() {
        return wholes;
    }

    /** The leases of fcntl(2). */
    public Leases leases() {
        return leases;
    }

    /** Takes all locks of an owner. */
    public void unlock(LockOwner owner) {
        records.unlock(owner);
        wholes.unlock(owner);
    }
}

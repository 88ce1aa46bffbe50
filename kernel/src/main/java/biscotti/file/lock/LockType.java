package biscotti.file.lock;

/** What a lock allows others. */
public enum LockType {
    /** Others may hold shared locks, too: F_RDLCK, LOCK_SH. */
    SHARED,
    /** Others may hold none: F_WRLCK, LOCK_EX. */
    EXCLUSIVE
}

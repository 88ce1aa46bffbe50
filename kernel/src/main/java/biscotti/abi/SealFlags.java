package biscotti.abi;

/** Flags of memfd_create(2) and the seals of fcntl(2) ({@code linux/memfd.h}, {@code linux/fcntl.h}). */
public final class SealFlags {
    /** memfd_create(2): the descriptor is closed by execve(2). */
    public static final int MFD_CLOEXEC = 1;

    /** memfd_create(2): seals can be added. */
    public static final int MFD_ALLOW_SEALING = 2;

    /** memfd_create(2): in huge pages. */
    public static final int MFD_HUGETLB = 4;

    /** memfd_create(2): not executable, and sealed so. */
    public static final int MFD_NOEXEC_SEAL = 8;

    /** memfd_create(2): executable. */
    public static final int MFD_EXEC = 0x10;

    /** No more seals. */
    public static final int F_SEAL_SEAL = 1;

    /** Cannot become shorter. */
    public static final int F_SEAL_SHRINK = 2;

    /** Cannot become longer. */
    public static final int F_SEAL_GROW = 4;

    /** Cannot be written. */
    public static final int F_SEAL_WRITE = 8;

    /** Cannot be written but through mappings that are there already. */
    public static final int F_SEAL_FUTURE_WRITE = 0x10;

    /** The permission to execute cannot change. */
    public static final int F_SEAL_EXEC = 0x20;

    /** All seals. */
    public static final int ALL = 0x3f;

    private SealFlags() {}
}

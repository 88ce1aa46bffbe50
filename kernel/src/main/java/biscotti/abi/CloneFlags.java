package biscotti.abi;

/** Flags of clone(2) and unshare(2) ({@code linux/sched.h}). */
public final class CloneFlags {
    /** The signal sent to the parent at the end. */
    public static final long CSIGNAL = 0xff;

    /** Share memory. */
    public static final long CLONE_VM = 0x100;

    /** Share root, current directory and umask. */
    public static final long CLONE_FS = 0x200;

    /** Share descriptors. */
    public static final long CLONE_FILES = 0x400;

    /** Share signal actions. */
    public static final long CLONE_SIGHAND = 0x800;

    /** Return a process descriptor. */
    public static final long CLONE_PIDFD = 0x1000;

    /** Go on being traced. */
    public static final long CLONE_PTRACE = 0x2000;

    /** The parent waits until the child execs or exits. */
    public static final long CLONE_VFORK = 0x4000;

    /** The child gets the caller's parent. */
    public static final long CLONE_PARENT = 0x8000;

    /** A thread of the same process. */
    public static final long CLONE_THREAD = 0x10000;

    /** A new mount namespace. */
    public static final long CLONE_NEWNS = 0x20000;

    /** Share System V semaphore adjustments. */
    public static final long CLONE_SYSVSEM = 0x40000;

    /** Set the child's thread pointer. */
    public static final long CLONE_SETTLS = 0x80000;

    /** Store the child's thread id in the parent's memory. */
    public static final long CLONE_PARENT_SETTID = 0x100000;

    /** Clear the thread id in the child's memory when it ends, and wake a futex there. */
    public static final long CLONE_CHILD_CLEARTID = 0x200000;

    /** Ignored. */
    public static final long CLONE_DETACHED = 0x400000;

    /** Not traced. */
    public static final long CLONE_UNTRACED = 0x800000;

    /** Store the child's thread id in the child's memory. */
    public static final long CLONE_CHILD_SETTID = 0x1000000;

    /** A new namespace of clocks; it lies among the bits of the signal. */
    public static final long CLONE_NEWTIME = 0x80;

    /** New namespaces of other kinds, and I/O contexts. */
    public static final long CLONE_NEW_OTHERS = 0x7e000000L | CLONE_NEWTIME;

    /** Share an I/O context. */
    public static final long CLONE_IO = 0x80000000L;

    /** clone3: signal actions back to their defaults. */
    public static final long CLONE_CLEAR_SIGHAND = 0x1_0000_0000L;

    /** clone3: into a control group. */
    public static final long CLONE_INTO_CGROUP = 0x2_0000_0000L;

    /** All that clone3 knows but the signal's byte, which only clone has. */
    public static final long ALL = 0xffff_ffffL & ~CSIGNAL | CLONE_NEWTIME | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP;

    private CloneFlags() {}
}

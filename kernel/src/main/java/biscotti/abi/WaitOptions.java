package biscotti.abi;

/** Options of wait4(2) and waitid(2) ({@code linux/wait.h}), and the encoding of statuses. */
public final class WaitOptions {
    /** Do not wait. */
    public static final int WNOHANG = 1;

    /** Also children that stopped (wait4); the same bit as WSTOPPED. */
    public static final int WUNTRACED = 2;

    /** Children that stopped (waitid). */
    public static final int WSTOPPED = 2;

    /** Children that ended (waitid). */
    public static final int WEXITED = 4;

    /** Children that went on. */
    public static final int WCONTINUED = 8;

    /** Leave the child as it is: it can be waited for again. */
    public static final int WNOWAIT = 0x01000000;

    /** Only children of this thread. */
    public static final int WNOTHREAD = 0x20000000;

    /** All children, of clone too. */
    public static final int WALL = 0x40000000;

    /** Only children of clone. */
    public static final int WCLONE = 0x80000000;

    /** waitid: any child. */
    public static final int P_ALL = 0;

    /** waitid: one process. */
    public static final int P_PID = 1;

    /** waitid: a process group. */
    public static final int P_PGID = 2;

    /** waitid: the process that a descriptor stands for. */
    public static final int P_PIDFD = 3;

    private static final int CORE = 0x80;
    private static final int STOPPED = 0x7f;

    /** The status of a child that went on. */
    public static final int CONTINUED = 0xffff;

    private WaitOptions() {}

    /** The status of a process that called exit. */
    public static int exited(int code) {
        return (code & 0xff) << 8;
    }

    /** The status of a process that a signal killed. */
    public static int killed(int signal, boolean core) {
        return signal | (core ? CORE : 0);
    }

    /** The status of a process that a signal stopped. */
    public static int stopped(int signal) {
        return signal << 8 | STOPPED;
    }
}

package biscotti.abi;

/** Flags of pidfd_open(2) and pidfd_send_signal(2) ({@code linux/pidfd.h}). */
public final class PidFlags {
    /** pidfd_open: waitid(2) does not wait. */
    public static final int NONBLOCK = OpenFlags.O_NONBLOCK;

    /** pidfd_open: one thread is meant. */
    public static final int THREAD = OpenFlags.O_EXCL;

    /** pidfd_send_signal: to the thread. */
    public static final int SIGNAL_THREAD = 1;

    /** pidfd_send_signal: to the thread's process. */
    public static final int SIGNAL_THREAD_GROUP = 2;

    /** pidfd_send_signal: to the process's group. */
    public static final int SIGNAL_PROCESS_GROUP = 4;

    private PidFlags() {}
}

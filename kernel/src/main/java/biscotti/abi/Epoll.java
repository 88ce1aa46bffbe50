package biscotti.abi;

/** Operations and flags of epoll(7) ({@code linux/eventpoll.h}); the events proper are those of {@link Poll}. */
public final class Epoll {
    /** epoll_create1(2): the descriptor is closed by execve(2). */
    public static final int EPOLL_CLOEXEC = OpenFlags.O_CLOEXEC;

    /** epoll_ctl(2): add a descriptor. */
    public static final int EPOLL_CTL_ADD = 1;

    /** epoll_ctl(2): remove a descriptor. */
    public static final int EPOLL_CTL_DEL = 2;

    /** epoll_ctl(2): change what is wanted of a descriptor. */
    public static final int EPOLL_CTL_MOD = 3;

    /** Of several epolls that watch a file, one is enough to be told. */
    public static final int EPOLLEXCLUSIVE = 1 << 28;

    /** The system is not to be suspended meanwhile; there is nothing to do for it here. */
    public static final int EPOLLWAKEUP = 1 << 29;

    /** One event, then nothing until the interest is renewed. */
    public static final int EPOLLONESHOT = 1 << 30;

    /** An event for each change, not for each state. */
    public static final int EPOLLET = 1 << 31;

    /** {@code struct epoll_event}, which is packed on x86-64. */
    public static final int EVENT_SIZE = 12;

    /** Where the caller's data are in it; the events come first. */
    public static final int EVENT_DATA = 4;

    private Epoll() {}
}

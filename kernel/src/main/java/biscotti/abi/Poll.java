package biscotti.abi;

/** Readiness events of poll(2) ({@code asm-generic/poll.h}); epoll(7) uses the same values. */
public final class Poll {
    /** There is data to read. */
    public static final int POLLIN = 1;

    /** There is something exceptional. */
    public static final int POLLPRI = 2;

    /** Writing will not block. */
    public static final int POLLOUT = 4;

    /** Error: always reported. */
    public static final int POLLERR = 8;

    /** The other end is gone: always reported. */
    public static final int POLLHUP = 0x10;

    /** The descriptor is not open: always reported. */
    public static final int POLLNVAL = 0x20;

    /** As {@link #POLLIN}. */
    public static final int POLLRDNORM = 0x40;

    /** Priority data to read. */
    public static final int POLLRDBAND = 0x80;

    /** As {@link #POLLOUT}. */
    public static final int POLLWRNORM = 0x100;

    /** Priority data may be written. */
    public static final int POLLWRBAND = 0x200;

    /** A message, in what a signal tells. */
    public static final int POLLMSG = 0x400;

    /** The peer shut down its sending side. */
    public static final int POLLRDHUP = 0x2000;

    /** Everything that reads as "readable". */
    public static final int READABLE = POLLIN | POLLRDNORM;

    /** Everything that reads as "writable". */
    public static final int WRITABLE = POLLOUT | POLLWRNORM;

    private Poll() {}
}

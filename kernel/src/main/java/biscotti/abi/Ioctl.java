package biscotti.abi;

/** Requests of ioctl(2) ({@code asm-generic/ioctls.h}). */
public final class Ioctl {
    /** Get the settings of a terminal. */
    public static final int TCGETS = 0x5401;

    /** Set them at once. */
    public static final int TCSETS = 0x5402;

    /** Set them after all output is done. */
    public static final int TCSETSW = 0x5403;

    /** Set them after all output is done, and discard input. */
    public static final int TCSETSF = 0x5404;

    /** Send a break; with an argument other than 0, wait for output only. */
    public static final int TCSBRK = 0x5409;

    /** Suspend or restart output or input. */
    public static final int TCXONC = 0x540a;

    /** Discard input, output or both. */
    public static final int TCFLSH = 0x540b;

    /** Refuse further opens. */
    public static final int TIOCEXCL = 0x540c;

    /** Allow further opens. */
    public static final int TIOCNXCL = 0x540d;

    /** Make it the controlling terminal. */
    public static final int TIOCSCTTY = 0x540e;

    /** Get the foreground process group. */
    public static final int TIOCGPGRP = 0x540f;

    /** Set the foreground process group. */
    public static final int TIOCSPGRP = 0x5410;

    /** How many bytes of output are not sent yet; for sockets, too: SIOCOUTQ. */
    public static final int TIOCOUTQ = 0x5411;

    /** Put a byte into the input. */
    public static final int TIOCSTI = 0x5412;

    /** Get the window size. */
    public static final int TIOCGWINSZ = 0x5413;

    /** Set the window size. */
    public static final int TIOCSWINSZ = 0x5414;

    /** How many bytes can be read; for sockets, too: SIOCINQ. */
    public static final int FIONREAD = 0x541b;

    /** Set or clear O_NONBLOCK. */
    public static final int FIONBIO = 0x5421;

    /** Give up the controlling terminal. */
    public static final int TIOCNOTTY = 0x5422;

    /** Get the session of the terminal. */
    public static final int TIOCGSID = 0x5429;

    /** As {@link #TCSBRK} with an argument: POSIX's tcdrain. */
    public static final int TCSBRKP = 0x5425;

    /** Clear FD_CLOEXEC. */
    public static final int FIONCLEX = 0x5450;

    /** Set FD_CLOEXEC. */
    public static final int FIOCLEX = 0x5451;

    /** Set or clear O_ASYNC. */
    public static final int FIOASYNC = 0x5452;

    private Ioctl() {}
}

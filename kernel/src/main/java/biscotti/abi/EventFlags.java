package biscotti.abi;

/** Flags of eventfd(2) and timerfd_create(2) ({@code linux/eventfd.h}, {@code linux/timerfd.h}). */
public final class EventFlags {
    /** eventfd(2): each read takes one from the counter. */
    public static final int EFD_SEMAPHORE = 1;

    /** timerfd_settime(2): the time is one of the clock, not from now. */
    public static final int TFD_TIMER_ABSTIME = 1;

    /** timerfd_settime(2): reads fail with ECANCELED once the clock has been set. */
    public static final int TFD_TIMER_CANCEL_ON_SET = 2;

    /** ioctl(2) of a timer file: says how often it has expired that nobody has read. */
    public static final int TFD_IOC_SET_TICKS = 0x40085400;

    private EventFlags() {}
}

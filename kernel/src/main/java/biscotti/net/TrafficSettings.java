package biscotti.net;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOPROTOOPT;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.SocketOptions;

/**
 * The options of socket(7) about packets and the devices that they come and go through. A socket of any family keeps them, as on Linux;
 * where there are no packets, they change nothing. Each is a field of its own, so no lock is needed.
 */
public final class TrafficSettings {
    /** No limit to how fast is sent. */
    private static final long UNLIMITED = -1;

    private static final int CAP_NET_RAW = 13;
    private static final int LARGEST_BUDGET = 0xffff;

    /** SO_TXTIME: SOF_TXTIME_DEADLINE_MODE and SOF_TXTIME_REPORT_ERRORS. */
    private static final int TIME_FLAGS = 3;

    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_MASK = 0xff;

    private volatile int mark;
    private volatile int busyPoll;
    private volatile int busyPollBudget;
    private volatile int incomingCpu = -1;
    private volatile int device;
    private volatile int rehash;
    private volatile int transmitClock;
    private volatile int transmitFlags;
    private volatile long pacingRate = UNLIMITED;

    TrafficSettings() {}

    /** SO_BINDTOIFINDEX: the device that it is bound to; 0 for none. */
    public int device() {
        return device;
    }

    /**
     * Binds it to a device.
     *
     * @param index 0 for none
     * @return 0; -EPERM, -EINVAL
     */
    public int setDevice(Requester who, int index) {
        if (device != 0 && !who.hasCapability(CAP_NET_RAW)) {
            return -EPERM;
        }
        if (index < 0) {
            return -EINVAL;
        }
        device = index;
        return 0;
    }

    /** SO_MAX_PACING_RATE in bytes per second, unsigned; all ones for no limit. */
    public long pacingRate() {
        return pacingRate;
    }

    /** Sets SO_MAX_PACING_RATE. */
    public void setPacingRate(long rate) {
        pacingRate = rate;
    }

    /** SO_TXTIME: the clock. */
    public int transmitClock() {
        return transmitClock;
    }

    /** SO_TXTIME: its flags. */
    public int transmitFlags() {
        return transmitFlags;
    }

    /**
     * Sets SO_TXTIME.
     *
     * @return 0; -EINVAL for flags that there are not, -EPERM for another clock than the monotonic one
     */
    public int setTransmitTime(Requester who, int clock, int flags) {
        if ((flags & ~TIME_FLAGS) != 0) {
            return -EINVAL;
        }
        if (clock != CLOCK_MONOTONIC && !who.hasCapability(Requester.CAP_NET_ADMIN)) {
            return -EPERM;
        }
        transmitClock = clock & CLOCK_MASK;
        transmitFlags = flags;
        return 0;
    }

    /** As {@link SocketSettings#get}. */
    long get(int option) {
        return switch (option) {
            case SocketOptions.SO_MARK -> mark;
            case SocketOptions.SO_BUSY_POLL -> busyPoll;
            case SocketOptions.SO_INCOMING_CPU -> incomingCpu;
            case SocketOptions.SO_BINDTOIFINDEX -> device;
            case SocketOptions.SO_TXREHASH -> rehash;
            default -> SocketSettings.UNKNOWN;
        };
    }

    /** As {@link SocketSettings#set}. */
    int set(Requester who, int option, int value) {
        boolean administers = who.hasCapability(Requester.CAP_NET_ADMIN);
        switch (option) {
            case SocketOptions.SO_MARK -> {
                if (!administers && !who.hasCapability(CAP_NET_RAW)) {
                    return -EPERM;
                }
                mark = value;
            }
            case SocketOptions.SO_BUSY_POLL -> {
                if (value > busyPoll && !administers || value < 0) {
                    return value < 0 ? -EINVAL : -EPERM;
                }
                busyPoll = value;
            }
            case SocketOptions.SO_BUSY_POLL_BUDGET -> {
                if (value > busyPollBudget && !administers) {
                    return -EPERM;
                }
                if (value < 0 || value > LARGEST_BUDGET) {
                    return -EINVAL;
                }
                busyPollBudget = value;
            }
            case SocketOptions.SO_INCOMING_CPU -> incomingCpu = value;
            case SocketOptions.SO_BINDTOIFINDEX -> {
                return setDevice(who, value);
            }
            case SocketOptions.SO_TXREHASH -> {
                if (value < -1 || value > 1) {
                    return -EINVAL;
                }
                rehash = value == 0 ? 0 : 1;
            }
            case SocketOptions.SO_CNX_ADVICE -> {
                return 0;
            }
            default -> {
                return -ENOPROTOOPT;
            }
        }
        return 0;
    }
}

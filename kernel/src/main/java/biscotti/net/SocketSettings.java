package biscotti.net;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOPROTOOPT;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.SocketOptions;

/**
 * The options of socket(7) that are only kept, or asked for by protocols and system calls: each is a field of its own, so no lock
 * is needed. Those that have structures (SO_LINGER, SO_RCVTIMEO, SO_SNDTIMEO) have methods of their own.
 */
public final class SocketSettings {
    /** Linux's net.core.wmem_default, wmem_max, rmem_default and rmem_max. */
    public static final int BUFFER = 212992;

    /** The least send buffer: Linux's SOCK_MIN_SNDBUF. */
    private static final int LEAST_SEND = 4608;

    /** The least receive buffer: Linux's SOCK_MIN_RCVBUF. */
    private static final int LEAST_RECEIVE = 2304;

    /** Priorities up to this are for everybody. */
    private static final int FREE_PRIORITY = 6;

    private static final int BITS = Integer.SIZE;

    private volatile int sendBuffer = BUFFER;
    private volatile int receiveBuffer = BUFFER;
    private volatile int lowWater = 1;
    private volatile int priority;
    private volatile int lingers;
    private volatile int lingerSeconds;
    private volatile int peekOffset = -1;
    private volatile long receiveTimeout;
    private volatile long sendTimeout;
    /** A bit for each option that is on or off, by its number. */
    private volatile int switches;

    private final boolean sharesPorts;

    /**
     * Linux's defaults.
     *
     * @param sharesPorts whether SO_REUSEPORT means something
     */
    SocketSettings(boolean sharesPorts) {
        this.sharesPorts = sharesPorts;
    }

    /** SO_SNDBUF: how much may be on its way. */
    public int sendBuffer() {
        return sendBuffer;
    }

    /** SO_RCVLOWAT: how many bytes make a receiver go on; at least 1. */
    public int lowWater() {
        return lowWater;
    }

    /** SO_PASSCRED: whether messages come with their sender's credentials. */
    public boolean passesCredentials() {
        return isOn(SocketOptions.SO_PASSCRED);
    }

    /** SO_PEEK_OFF: where MSG_PEEK looks; -1 for always at the front. */
    public int peekOffset() {
        return peekOffset;
    }

    /** MSG_PEEK has seen so many bytes, or so many were taken if negative: moves SO_PEEK_OFF. */
    public void peeked(int count) {
        int before = peekOffset;
        if (before >= 0) {
            peekOffset = Math.max(0, before + count);
        }
    }

    /** SO_RCVTIMEO in nanoseconds; 0 for none. */
    public long receiveTimeout() {
        return receiveTimeout;
    }

    /** Sets SO_RCVTIMEO. */
    public void setReceiveTimeout(long nanos) {
        receiveTimeout = nanos;
    }

    /** SO_SNDTIMEO in nanoseconds; 0 for none. */
    public long sendTimeout() {
        return sendTimeout;
    }

    /** Sets SO_SNDTIMEO. */
    public void setSendTimeout(long nanos) {
        sendTimeout = nanos;
    }

    /** SO_LINGER, {@code l_onoff}: 0 or 1. */
    public int lingers() {
        return lingers;
    }

    /** SO_LINGER, {@code l_linger}. */
    public int lingerSeconds() {
        return lingerSeconds;
    }

    /** Sets SO_LINGER; when it is off, the seconds stay. */
    public void setLinger(int on, int seconds) {
        lingers = on == 0 ? 0 : 1;
        if (on != 0) {
            lingerSeconds = seconds;
        }
    }

    /** What an accepted connection has from the socket that listened. */
    public void inherit(SocketSettings listening) {
        set(SocketOptions.SO_PASSCRED, listening.passesCredentials());
    }

    private boolean isOn(int option) {
        return (switches >>> option & 1) != 0;
    }

    private synchronized void set(int option, boolean on) {
        int others = switches & ~(1 << option);
        switches = on ? others | 1 << option : others;
    }

    private static boolean isSwitch(int option) {
        return switch (option) {
            case SocketOptions.SO_DEBUG,
                    SocketOptions.SO_REUSEADDR,
                    SocketOptions.SO_DONTROUTE,
                    SocketOptions.SO_BROADCAST,
                    SocketOptions.SO_KEEPALIVE,
                    SocketOptions.SO_OOBINLINE,
                    SocketOptions.SO_NO_CHECK,
                    SocketOptions.SO_REUSEPORT,
                    SocketOptions.SO_PASSCRED -> true;
            default -> false;
        };
    }

    /**
     * getsockopt(2) of an option that is a number.
     *
     * @return its value; {@link #UNKNOWN}
     */
    public long get(int option) {
        if (isSwitch(option)) {
            return isOn(option) ? 1 : 0;
        }
        return switch (option) {
            case SocketOptions.SO_SNDBUF -> sendBuffer;
            case SocketOptions.SO_RCVBUF -> receiveBuffer;
            case SocketOptions.SO_RCVLOWAT -> lowWater;
            case SocketOptions.SO_SNDLOWAT -> 1;
            case SocketOptions.SO_PRIORITY -> priority;
            case SocketOptions.SO_PEEK_OFF -> peekOffset;
            default -> UNKNOWN;
        };
    }

    /** What {@link #get} answers for an option that is not here. */
    public static final long UNKNOWN = 1L << BITS;

    /**
     * setsockopt(2) of an option that is a number.
     *
     * @return 0; -ENOPROTOOPT for one that is not here; -EPERM, -EACCES, -EINVAL, -EOPNOTSUPP
     */
    public int set(Requester who, int option, int value) {
        boolean administers = who.hasCapability(Requester.CAP_NET_ADMIN);
        if (option == SocketOptions.SO_DEBUG && value != 0 && !administers) {
            return -EACCES;
        }
        if (option == SocketOptions.SO_REUSEPORT && value != 0 && !sharesPorts) {
            return -EOPNOTSUPP;
        }
        if (isSwitch(option)) {
            set(option, value != 0);
            return 0;
        }
        switch (option) {
            case SocketOptions.SO_SNDBUF -> sendBuffer = doubled(value, BUFFER, LEAST_SEND);
            case SocketOptions.SO_RCVBUF -> receiveBuffer = doubled(value, BUFFER, LEAST_RECEIVE);
            case SocketOptions.SO_SNDBUFFORCE -> {
                if (!administers) {
                    return -EPERM;
                }
                sendBuffer = doubled(Math.max(0, value), Integer.MAX_VALUE, LEAST_SEND);
            }
            case SocketOptions.SO_RCVBUFFORCE -> {
                if (!administers) {
                    return -EPERM;
                }
                receiveBuffer = doubled(Math.max(0, value), Integer.MAX_VALUE, LEAST_RECEIVE);
            }
            case SocketOptions.SO_RCVLOWAT -> lowWater = value < 0 ? Integer.MAX_VALUE : Math.max(1, value);
            case SocketOptions.SO_PRIORITY -> {
                if (!administers && (value < 0 || value > FREE_PRIORITY)) {
                    return -EPERM;
                }
                priority = value;
            }
            case SocketOptions.SO_PEEK_OFF -> {
                if (value < -1) {
                    return -EINVAL;
                }
                peekOffset = value;
            }
            default -> {
                return -ENOPROTOOPT;
            }
        }
        return 0;
    }

    /** A buffer's size: twice what was asked for, for what is charged beside the bytes; a negative number is a large one. */
    private static int doubled(int value, int most, int least) {
        long wanted = Integer.compareUnsigned(value, most) > 0 ? most : value;
        return (int) Math.max(Math.min(2 * wanted, Integer.MAX_VALUE & -2), least);
    }
}

package biscotti.net;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
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

    /** SO_BUF_LOCK: the send buffer. */
    private static final int SEND_BUFFER = 1;

    /** SO_BUF_LOCK: the receive buffer. */
    private static final int RECEIVE_BUFFER = 2;

    private static final int BOTH_BUFFERS = SEND_BUFFER | RECEIVE_BUFFER;

    private volatile int sendBuffer = BUFFER;
    private volatile int receiveBuffer = BUFFER;
    private volatile int lowWater = 1;
    private volatile int priority;
    private volatile int lingers;
    private volatile int lingerSeconds;
    private volatile int peekOffset = -1;
    private volatile long receiveTimeout;
    private volatile long sendTimeout;
    /** A bit for each option that is on or off. */
    private volatile int switches;

    /** Which of SO_TIMESTAMP and its kin is on; 0 for none. */
    private volatile int timestamps;

    private volatile int lockedBuffers;
    private final boolean sharesPorts;
    private final TrafficSettings traffic = new TrafficSettings();

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

    /** SO_RCVBUF: how much may wait to be received. */
    public int receiveBuffer() {
        return receiveBuffer;
    }

    /** SO_RCVLOWAT: how many bytes make a receiver go on; at least 1. */
    public int lowWater() {
        return lowWater;
    }

    /** SO_PASSCRED: whether messages come with their sender's credentials. */
    public boolean passesCredentials() {
        return isOn(SocketOptions.SO_PASSCRED);
    }

    /** What concerns packets and devices. */
    public TrafficSettings traffic() {
        return traffic;
    }

    /** Which of SO_TIMESTAMP, SO_TIMESTAMPNS and their kin with 64-bit times is on: messages come with their time; 0 for none. */
    public int timestamps() {
        return timestamps;
    }

    /** SO_OOBINLINE: whether the urgent byte is received among the others. */
    public boolean keepsUrgentInLine() {
        return isOn(SocketOptions.SO_OOBINLINE);
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
        return (switches >>> bitOf(option) & 1) != 0;
    }

    private synchronized void set(int option, boolean on) {
        int bit = 1 << bitOf(option);
        switches = on ? switches | bit : switches & ~bit;
    }

    /** Where an option that is on or off has its bit; -1 for another one. */
    private static int bitOf(int option) {
        return switch (option) {
            case SocketOptions.SO_DEBUG -> 0;
            case SocketOptions.SO_REUSEADDR -> 1;
            case SocketOptions.SO_DONTROUTE -> 2;
            case SocketOptions.SO_BROADCAST -> 3;
            case SocketOptions.SO_KEEPALIVE -> 4;
            case SocketOptions.SO_OOBINLINE -> 5;
            case SocketOptions.SO_NO_CHECK -> 6;
            case SocketOptions.SO_REUSEPORT -> 7;
            case SocketOptions.SO_PASSCRED -> 8;
            case SocketOptions.SO_PASSSEC -> 9;
            case SocketOptions.SO_RXQ_OVFL -> 10;
            case SocketOptions.SO_WIFI_STATUS -> 11;
            case SocketOptions.SO_NOFCS -> 12;
            case SocketOptions.SO_LOCK_FILTER -> 13;
            case SocketOptions.SO_SELECT_ERR_QUEUE -> 14;
            case SocketOptions.SO_PREFER_BUSY_POLL -> 15;
            case SocketOptions.SO_RCVMARK -> 16;
            default -> -1;
        };
    }

    /** Why an option that is on or off may not be set so: an errno; 0 if it may. */
    private int refusal(boolean administers, int option, boolean on) {
        return switch (option) {
            case SocketOptions.SO_DEBUG -> on && !administers ? -EACCES : 0;
            case SocketOptions.SO_REUSEPORT -> on && !sharesPorts ? -EOPNOTSUPP : 0;
            case SocketOptions.SO_LOCK_FILTER -> !on && isOn(option) ? -EPERM : 0;
            case SocketOptions.SO_PREFER_BUSY_POLL -> on && !administers ? -EPERM : 0;
            default -> 0;
        };
    }

    /**
     * getsockopt(2) of an option that is a number.
     *
     * @return its value; {@link #UNKNOWN}
     */
    public long get(int option) {
        if (bitOf(option) >= 0) {
            return isOn(option) ? 1 : 0;
        }
        return switch (option) {
            case SocketOptions.SO_TIMESTAMP, SocketOptions.SO_TIMESTAMPNS, SocketOptions.SO_TIMESTAMPNS_NEW ->
                timestamps == option ? 1 : 0;
            // Linux answers for both options with 64-bit times.
            case SocketOptions.SO_TIMESTAMP_NEW ->
                timestamps == option || timestamps == SocketOptions.SO_TIMESTAMPNS_NEW ? 1 : 0;
            case SocketOptions.SO_BSDCOMPAT, SocketOptions.SO_ZEROCOPY, SocketOptions.SO_RESERVE_MEM -> 0;
            case SocketOptions.SO_BUF_LOCK -> lockedBuffers;
            case SocketOptions.SO_SNDBUF -> sendBuffer;
            case SocketOptions.SO_RCVBUF -> receiveBuffer;
            case SocketOptions.SO_RCVLOWAT -> lowWater;
            case SocketOptions.SO_SNDLOWAT -> 1;
            case SocketOptions.SO_PRIORITY -> priority;
            case SocketOptions.SO_PEEK_OFF -> peekOffset;
            default -> traffic.get(option);
        };
    }

    /** What {@link #get} answers for an option that is not here. */
    public static final long UNKNOWN = 1L << Integer.SIZE;

    /**
     * setsockopt(2) of an option that is a number.
     *
     * @return 0; -ENOPROTOOPT for one that is not here; -EPERM, -EACCES, -EINVAL, -EOPNOTSUPP; -ENOENT for a filter to detach
     */
    public int set(Requester who, int option, int value) {
        boolean administers = who.hasCapability(Requester.CAP_NET_ADMIN);
        if (bitOf(option) >= 0) {
            int error = refusal(administers, option, value != 0);
            if (error == 0) {
                set(option, value != 0);
            }
            return error;
        }
        switch (option) {
            case SocketOptions.SO_SNDBUF -> setSendBuffer(value, BUFFER);
            case SocketOptions.SO_RCVBUF -> setReceiveBuffer(value, BUFFER);
            case SocketOptions.SO_SNDBUFFORCE -> {
                if (!administers) {
                    return -EPERM;
                }
                setSendBuffer(Math.max(0, value), Integer.MAX_VALUE);
            }
            case SocketOptions.SO_RCVBUFFORCE -> {
                if (!administers) {
                    return -EPERM;
                }
                setReceiveBuffer(Math.max(0, value), Integer.MAX_VALUE);
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
            case SocketOptions.SO_TIMESTAMP,
                    SocketOptions.SO_TIMESTAMPNS,
                    SocketOptions.SO_TIMESTAMP_NEW,
                    SocketOptions.SO_TIMESTAMPNS_NEW -> timestamps = value == 0 ? 0 : option;
            case SocketOptions.SO_BUF_LOCK -> {
                if ((value & ~BOTH_BUFFERS) != 0) {
                    return -EINVAL;
                }
                lockedBuffers = value;
            }
            case SocketOptions.SO_DETACH_FILTER -> {
                return isOn(SocketOptions.SO_LOCK_FILTER) ? -EPERM : -ENOENT;
            }
            case SocketOptions.SO_RESERVE_MEM -> {
                return value < 0 ? -EINVAL : -EOPNOTSUPP;
            }
            case SocketOptions.SO_ZEROCOPY -> {
                return -EOPNOTSUPP;
            }
            case SocketOptions.SO_BSDCOMPAT -> {
                return 0;
            }
            default -> {
                return traffic.set(who, option, value);
            }
        }
        return 0;
    }

    private void setSendBuffer(int value, int most) {
        sendBuffer = doubled(value, most, LEAST_SEND);
        lockedBuffers = lockedBuffers | SEND_BUFFER;
    }

    private void setReceiveBuffer(int value, int most) {
        receiveBuffer = doubled(value, most, LEAST_RECEIVE);
        lockedBuffers = lockedBuffers | RECEIVE_BUFFER;
    }

    /** A buffer's size: twice what was asked for, for what is charged beside the bytes; a negative number is a large one. */
    private static int doubled(int value, int most, int least) {
        long wanted = Integer.compareUnsigned(value, most) > 0 ? most : value;
        return (int) Math.max(Math.min(2 * wanted, Integer.MAX_VALUE & -2), least);
    }
}

package biscotti.net.ip;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOPROTOOPT;

/** The options of ip(7) that say how a socket's packets are sent. Each is a field of its own, so no lock is needed. */
public final class IpSettings {
    /** The level of these options: IPPROTO_IP. */
    public static final int LEVEL = 0;

    /** The type of service. */
    public static final int IP_TOS = 1;

    /** The time to live. */
    public static final int IP_TTL = 2;

    /** Whether packets may be fragmented. */
    public static final int IP_MTU_DISCOVER = 10;

    /** {@link #IP_MTU_DISCOVER}: here and on the way. */
    public static final int IP_PMTUDISC_DONT = 0;

    /** {@link #IP_MTU_DISCOVER}: here, but not on the way; so at first. */
    public static final int IP_PMTUDISC_WANT = 1;

    /** {@link #IP_MTU_DISCOVER}: nowhere. */
    public static final int IP_PMTUDISC_DO = 2;

    private static final int MOST_DISCOVER = 5;
    private static final int MOST_BYTE = 255;

    /** What {@link #get} answers for an option that is not here. */
    public static final int UNKNOWN = -ENOPROTOOPT;

    private volatile int service;
    private volatile int timeToLive = IpOutput.USUAL_TIME_TO_LIVE;
    private volatile int discover = IP_PMTUDISC_WANT;

    /** The settings of a new socket. */
    public IpSettings() {}

    /** IP_TOS. */
    public int service() {
        return service;
    }

    /** IP_TTL. */
    public int timeToLive() {
        return timeToLive;
    }

    /** Whether this machine may send packets in fragments. */
    public boolean mayFragment() {
        return discover < IP_PMTUDISC_DO;
    }

    /** Flags of {@link IpOutput#send} for a packet: Linux lets nobody on the way fragment what goes in one piece from here. */
    public int flagsFor(int bytes, int mtu) {
        boolean whole = !mayFragment() || discover == IP_PMTUDISC_WANT && bytes <= mtu;
        return whole ? IpOutput.DO_NOT_FRAGMENT : 0;
    }

    /** getsockopt(2): the value; {@link #UNKNOWN}. */
    public int get(int option) {
        return switch (option) {
            case IP_TOS -> service;
            case IP_TTL -> timeToLive;
            case IP_MTU_DISCOVER -> discover;
            default -> UNKNOWN;
        };
    }

    /**
     * setsockopt(2).
     *
     * @return 0; -EINVAL for a value that there is not, -ENOPROTOOPT for an option that is not here
     */
    public int set(int option, int value) {
        switch (option) {
            case IP_TOS -> service = value & MOST_BYTE;
            case IP_TTL -> {
                if (value != -1 && (value < 1 || value > MOST_BYTE)) {
                    return -EINVAL;
                }
                timeToLive = value == -1 ? IpOutput.USUAL_TIME_TO_LIVE : value;
            }
            case IP_MTU_DISCOVER -> {
                if (value < 0 || value > MOST_DISCOVER) {
                    return -EINVAL;
                }
                discover = value;
            }
            default -> {
                return -ENOPROTOOPT;
            }
        }
        return 0;
    }
}

package biscotti.net.ip;

/**
 * Where packets go whose destinations begin with the same bits. Immutable.
 *
 * @param destination whose first bits count
 * @param prefixLength how many
 * @param gateway who passes them on; {@link InternetAddress#ANY} if they are on the link
 * @param device by which they are sent
 * @param metric of routes that are else the same, the one with the least is taken
 */
public record Route(int destination, int prefixLength, int gateway, NetworkInterface device, int metric) {
    boolean matches(int address) {
        return ((address ^ destination) & NetworkInterface.mask(prefixLength)) == 0;
    }

    boolean isBefore(Route other) {
        return prefixLength != other.prefixLength ? prefixLength > other.prefixLength : metric < other.metric;
    }

    boolean isSame(Route other) {
        return destination == other.destination && prefixLength == other.prefixLength && metric == other.metric;
    }

    /** Where on the link a packet to a destination goes. */
    int nextHop(int address) {
        return gateway == InternetAddress.ANY ? address : gateway;
    }
}

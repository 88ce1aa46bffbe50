package biscotti.net.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.driver.network.Packet;
import org.junit.jupiter.api.Test;

/** The longest prefix wins, then the least metric; errors that are not all reported at once. */
class RouteTableTest {
    private static final int GATEWAY = 0x0a00_0001;

    private final RouteTable routes = new RouteTable();
    private final NetworkInterface device = new NetworkInterface(1, "test", 1500) {
        @Override
        public int flags() {
            return 0;
        }

        @Override
        public int hardwareType() {
            return 0;
        }

        @Override
        public long hardwareAddress() {
            return 0;
        }

        @Override
        int send(Packet packet, int nextHop) {
            throw new AssertionError("nothing is sent");
        }
    };

    private Route route(int destination, int prefix, int gateway, int metric) {
        return new Route(destination, prefix, gateway, device, metric);
    }

    @Test
    void theMostSpecialRouteIsTaken() {
        assertNull(routes.find(GATEWAY));
        assertEquals(0, routes.add(route(0, 0, GATEWAY, 5)));
        assertEquals(0, routes.add(route(0, 0, GATEWAY + 1, 3)));
        assertEquals(0, routes.add(route(0x0a00_0000, 24, 0, 0)));
        assertEquals(0, routes.add(route(0x0a00_0005, 32, GATEWAY, 0)));
        assertEquals(-Errno.EEXIST, routes.add(route(0x0a00_0005, 32, 0, 0)));
        assertEquals(GATEWAY, routes.find(0x0a00_0005).nextHop(0x0a00_0005));
        assertEquals(0x0a00_0006, routes.find(0x0a00_0006).nextHop(0x0a00_0006));
        assertEquals(GATEWAY + 1, routes.find(0x0808_0808).nextHop(0x0808_0808));
        assertEquals(0, routes.remove(route(0, 0, 0, 3)));
        assertEquals(GATEWAY, routes.find(0x0808_0808).nextHop(0x0808_0808));
        assertEquals(-Errno.ESRCH, routes.remove(route(0, 0, 0, 3)));
        assertEquals(3, routes.count());
    }

    @Test
    void aTableIsBounded() {
        for (int i = 0; i < RouteTable.MOST; i++) {
            assertEquals(0, routes.add(route(i, 32, 0, 0)));
        }
        assertEquals(-Errno.ENOSPC, routes.add(route(-1, 32, 0, 0)));
        assertTrue(routes.get(RouteTable.MOST - 1).isPresent());
        assertFalse(routes.get(RouteTable.MOST).isPresent());
    }

    @Test
    void aLimitAllowsABurstAndThenARate() {
        RateLimit limit = new RateLimit(10, 3);
        assertTrue(limit.allows(1000));
        assertTrue(limit.allows(1000));
        assertTrue(limit.allows(1000));
        assertFalse(limit.allows(1000));
        assertFalse(limit.allows(1009));
        assertTrue(limit.allows(1010));
        assertFalse(limit.allows(1010));
    }
}

package biscotti.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.MachineOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The options for network cards become QEMU's. */
class NetworkOptionsTest {
    private static List<String> options(String network, String card, String... published) {
        return NetworkOptions.qemuOptions(network, card, List.of(published), MachineOptions.Type.Q35);
    }

    private static void refused(String expected, String network, String card, String... published) {
        ToolFailure failure = assertThrows(ToolFailure.class, () -> options(network, card, published));
        assertEquals(expected, failure.getMessage());
    }

    @Test
    void withoutAnOptionThereIsNoCard() {
        assertEquals(List.of(), options("", ""));
        assertEquals(List.of(), options("none", ""));
    }

    @Test
    void aCardIsConnectedToQemusNetwork() {
        assertEquals(List.of("-netdev", "user,id=net0", "-device", "e1000e,netdev=net0"), options("user", ""));
        assertEquals(
                List.of("-netdev", "user,id=net0", "-device", "virtio-net-pci,netdev=net0"), options("", "virtio"));
        assertEquals("igb,netdev=net0", options("user", "igb").getLast());
        assertEquals("e1000,netdev=net0", options("user", "e1000").getLast());
    }

    @Test
    void portsAreForwardedFromTheLoopbackAddressOnly() {
        assertEquals(
                "user,id=net0,hostfwd=tcp:127.0.0.1:8080-:80,hostfwd=tcp:127.0.0.1:2222-:22",
                options("", "", "8080:80", "2222:22").get(1));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        refused("--net bridge: not known", "bridge", "");
        refused("--nic ne2000: not known", "", "ne2000");
        refused("--net none: there is no card for --nic and --publish", "none", "igb");
        refused("--publish 80: is not HOST:GUEST", "", "", "80");
        refused("--publish 80:http: http is not a port", "", "", "80:http");
        refused("--publish 0:80: 0 is not a port", "", "", "0:80");
        refused("--publish 1:70000: 70000 is not a port", "", "", "1:70000");
        assertThrows(
                ToolFailure.class,
                () -> NetworkOptions.qemuOptions("user", "", List.of(), MachineOptions.Type.MICROVM));
    }
}

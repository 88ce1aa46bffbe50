package biscotti.tools.run;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.MachineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The options that give a machine a network card, and what that is connected to. */
public final class NetworkOptions {
    private static final int MOST_PORT = 65535;

    /** What the card is connected to. */
    enum Network {
        /** A network of QEMU's own, which reaches the host's (DHCP gives the guest 10.0.2.15). */
        USER,
        /** There is no card. */
        NONE
    }

    /** A kind of card, named as QEMU has it. */
    enum Card {
        E1000E("e1000e"),
        VIRTIO("virtio-net-pci"),
        E1000("e1000"),
        IGB("igb");

        private final String device;

        Card(String device) {
            this.device = device;
        }
    }

    @Option(
            names = "--net",
            paramLabel = "user|none",
            description = "what the network card is connected to: a network of QEMU's own, or there is none"
                    + " (default: none, with --publish or --nic user)")
    private String network = "";

    @Option(
            names = "--nic",
            paramLabel = "e1000e|virtio|e1000|igb",
            description = "the kind of network card (default: e1000e)")
    private String card = "";

    @Option(
            names = "--publish",
            paramLabel = "HOST:GUEST",
            description = "forward a TCP port of the host's loopback address to one of the machine; repeatable")
    private List<String> published = List.of();

    /** The options of QEMU's for them. */
    List<String> qemuOptions(MachineOptions.Type type) {
        return qemuOptions(network, card, published, type);
    }

    /** The options of QEMU's for what the user has said; "" stands for nothing. */
    static List<String> qemuOptions(String network, String card, List<String> published, MachineOptions.Type type) {
        boolean wanted = !card.isEmpty() || !published.isEmpty();
        Network chosen = network.isEmpty() && wanted
                ? Network.USER
                : parse(Network.class, "--net", network.isEmpty() ? "none" : network);
        Card kind = parse(Card.class, "--nic", card.isEmpty() ? "e1000e" : card);
        if (chosen == Network.NONE) {
            if (wanted) {
                throw new ToolFailure("--net none: there is no card for --nic and --publish");
            }
            return List.of();
        }
        if (type == MachineOptions.Type.MICROVM) {
            throw new ToolFailure("--net " + network + ": a microvm has no network cards");
        }
        StringBuilder user = new StringBuilder("user,id=net0");
        for (String ports : published) {
            user.append(",hostfwd=").append(forward(ports));
        }
        List<String> options = new ArrayList<>(List.of("-netdev", user.toString()));
        options.addAll(List.of("-device", kind.device + ",netdev=net0"));
        return options;
    }

    private static <T extends Enum<T>> T parse(Class<T> type, String option, String text) {
        for (T each : type.getEnumConstants()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new ToolFailure(option + " " + text + ": not known");
    }

    private static String forward(String ports) {
        String[] parts = ports.split(":", -1);
        if (parts.length != 2) {
            throw new ToolFailure("--publish " + ports + ": is not HOST:GUEST");
        }
        return "tcp:127.0.0.1:" + port(ports, parts[0]) + "-:" + port(ports, parts[1]);
    }

    private static int port(String ports, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MOST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // as a number that is no port
        }
        throw new ToolFailure("--publish " + ports + ": " + text + " is not a port");
    }
}

package biscotti.driver.pci;

import biscotti.machine.Machine;
import biscotti.machine.Ports;
import biscotti.sched.KernelLog;

/**
 * All functions on the machine's PCI buses, as its firmware has numbered them. Configuration space is reached through the two ports
 * of configuration mechanism #1 (PCI, 3.2.2.3.2). To be used on one thread at a time.
 */
public final class PciBus {
    /** The most functions that are looked at. */
    static final int MOST_FUNCTIONS = 256;

    private static final int BUSES = 256;
    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;

    private static final int ADDRESS_PORT = 0xcf8;
    private static final int DATA_PORT = 0xcfc;
    private static final int ENABLE = 1 << 31;
    private static final int NO_VENDOR = 0xffff;

    // Configuration space: PCI, 6.1, and for bridges the PCI-to-PCI Bridge Architecture Specification, 3.2.
    private static final int HEADER_TYPE = 0x0e;
    private static final int MANY_FUNCTIONS = 0x80;
    private static final int TYPE_BRIDGE = 1;
    private static final int SECONDARY_BUS = 0x19;

    private final Ports ports;
    private final PciFunction[] functions = new PciFunction[MOST_FUNCTIONS];
    private final boolean[] behindBridge = new boolean[BUSES];
    private int count;

    private PciBus(Ports ports) {
        this.ports = ports;
    }

    /** Finds all functions; none on a machine without PCI. */
    public static PciBus scan(Machine machine, KernelLog log) {
        PciBus bus = new PciBus(machine.ports());
        if (bus.isPresent()) {
            bus.behindBridge[0] = true;
            for (int number = 0;
                    number < BUSES;
                    number++) { // a bus behind a bridge has a greater number than that before it
                if (bus.behindBridge[number]) {
                    bus.scanBus(number);
                }
            }
            if (bus.count == MOST_FUNCTIONS) {
                log.warning("PCI functions beyond the first " + MOST_FUNCTIONS + " are not looked at");
            }
        }
        return bus;
    }

    /** The address port keeps what is written to it only where it is one. */
    private boolean isPresent() {
        ports.writeInt(ADDRESS_PORT, ENABLE);
        return ports.readInt(ADDRESS_PORT) == ENABLE;
    }

    /** How many functions there are. */
    public int count() {
        return count;
    }

    /** One of them. */
    public PciFunction function(int index) {
        return functions[index];
    }

    private void scanBus(int bus) {
        for (int device = 0; device < DEVICES; device++) {
            PciFunction first = new PciFunction(this, bus, device, 0);
            if (first.vendor() != NO_VENDOR) {
                add(first);
                boolean many = (first.readByte(HEADER_TYPE) & MANY_FUNCTIONS) != 0;
                for (int i = 1; many && i < FUNCTIONS; i++) {
                    PciFunction next = new PciFunction(this, bus, device, i);
                    if (next.vendor() != NO_VENDOR) {
                        add(next);
                    }
                }
            }
        }
    }

    private void add(PciFunction function) {
        if (count < MOST_FUNCTIONS) {
            functions[count++] = function;
        }
        if ((function.readByte(HEADER_TYPE) & ~MANY_FUNCTIONS) == TYPE_BRIDGE) {
            int secondary = function.readByte(SECONDARY_BUS);
            if (secondary > function.bus()) {
                behindBridge[secondary] = true;
            }
        }
    }

    // Configuration space, for PciFunction.

    private int select(int function, int offset) {
        ports.writeInt(ADDRESS_PORT, ENABLE | function << 8 | offset & 0xfc);
        return DATA_PORT + (offset & 3);
    }

    int readByte(int function, int offset) {
        return ports.readByte(select(function, offset));
    }

    int readShort(int function, int offset) {
        return ports.readShort(select(function, offset));
    }

    int readInt(int function, int offset) {
        return ports.readInt(select(function, offset));
    }

    void writeShort(int function, int offset, int value) {
        ports.writeShort(select(function, offset), value);
    }

    void writeInt(int function, int offset, int value) {
        ports.writeInt(select(function, offset), value);
    }
}

package biscotti.driver.pci;

import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** PCI buses with simulated functions, behind the ports of configuration mechanism #1. */
public final class SimulatedPci implements SimulatedPorts.Device {
    private static final int ADDRESS_PORT = 0xcf8;
    private static final int PORTS = 8;
    private static final int DATA = 4;

    private final Map<Integer, SimulatedFunction> functions = new ConcurrentHashMap<>();
    private int address;

    /** Gives a machine the ports. */
    public SimulatedPci(SimulatedMachine machine) {
        machine.ports().attach(ADDRESS_PORT, PORTS, this);
    }

    /** Puts a function on a bus. */
    public void add(int bus, int device, int function, SimulatedFunction added) {
        functions.put(bus << 8 | device << 3 | function, added);
    }

    @Override
    public synchronized int read(int offset, int bytes) {
        if (offset < DATA) {
            return address;
        }
        SimulatedFunction function = functions.get(address >>> 8 & 0xffff);
        return address >= 0 || function == null ? -1 : function.read((address & 0xfc) + offset - DATA, bytes);
    }

    @Override
    public synchronized void write(int offset, int bytes, int value) {
        if (offset < DATA) {
            address = value;
            return;
        }
        SimulatedFunction function = functions.get(address >>> 8 & 0xffff);
        if (address < 0 && function != null) {
            function.write((address & 0xfc) + offset - DATA, bytes, value);
        }
    }
}

package biscotti.machine.simulated;

import biscotti.machine.Ports;
import java.util.concurrent.ConcurrentSkipListMap;

/** The port space: simulated devices at the ports that they were attached to; elsewhere all bits read as one. */
public final class SimulatedPorts extends Ports {
    /** A device's registers. */
    public interface Device {
        /** Reads {@code bytes} (1, 2 or 4) at an offset from the device's first port. */
        int read(int offset, int bytes);

        /** Writes {@code bytes} (1, 2 or 4). */
        void write(int offset, int bytes, int value);
    }

    private record Range(int end, Device device) {}

    private final ConcurrentSkipListMap<Integer, Range> devices = new ConcurrentSkipListMap<>();

    /** Attaches a device to {@code count} ports from {@code first}. */
    public void attach(int first, int count, Device device) {
        devices.put(first, new Range(first + count, device));
    }

    private int read(int port, int bytes) {
        var entry = devices.floorEntry(port);
        if (entry == null || port >= entry.getValue().end) {
            return -1 >>> (32 - 8 * bytes);
        }
        return entry.getValue().device.read(port - entry.getKey(), bytes) & (-1 >>> (32 - 8 * bytes));
    }

    private void write(int port, int bytes, int value) {
        var entry = devices.floorEntry(port);
        if (entry != null && port < entry.getValue().end) {
            entry.getValue().device.write(port - entry.getKey(), bytes, value);
        }
    }

    @Override
    public int readByte(int port) {
        return read(port, 1);
    }

    @Override
    public int readShort(int port) {
        return read(port, 2);
    }

    @Override
    public int readInt(int port) {
        return read(port, 4);
    }

    @Override
    public void writeByte(int port, int value) {
        write(port, 1, value & 0xff);
    }

    @Override
    public void writeShort(int port, int value) {
        write(port, 2, value & 0xffff);
    }

    @Override
    public void writeInt(int port, int value) {
        write(port, 4, value);
    }
}

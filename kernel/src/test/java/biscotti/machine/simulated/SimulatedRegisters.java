package biscotti.machine.simulated;

import biscotti.machine.DeviceRegisters;
import java.util.concurrent.ConcurrentSkipListMap;

/** Registers of simulated devices among the physical addresses; where no device is, all bits read as one. */
final class SimulatedRegisters {
    private record Range(long end, SimulatedPorts.Device device) {}

    private final ConcurrentSkipListMap<Long, Range> devices = new ConcurrentSkipListMap<>();

    void attach(long first, long length, SimulatedPorts.Device device) {
        devices.put(first, new Range(first + length, device));
    }

    private int read(long address, int bytes) {
        var entry = devices.floorEntry(address);
        if (entry == null || address >= entry.getValue().end) {
            return -1 >>> (32 - 8 * bytes);
        }
        return entry.getValue().device.read((int) (address - entry.getKey()), bytes) & (-1 >>> (32 - 8 * bytes));
    }

    private void write(long address, int bytes, int value) {
        var entry = devices.floorEntry(address);
        if (entry != null && address < entry.getValue().end) {
            entry.getValue().device.write((int) (address - entry.getKey()), bytes, value);
        }
    }

    /** A window on them. */
    DeviceRegisters at(long address, long length) {
        return new DeviceRegisters() {
            private long check(long offset, int bytes) {
                if (offset < 0 || offset + bytes > length || offset % bytes != 0) {
                    throw new AssertionError("register at " + offset + " of " + length + ", " + bytes + " bytes");
                }
                return address + offset;
            }

            @Override
            public int readByte(long offset) {
                return read(check(offset, 1), 1);
            }

            @Override
            public int readShort(long offset) {
                return read(check(offset, 2), 2);
            }

            @Override
            public int readInt(long offset) {
                return read(check(offset, 4), 4);
            }

            @Override
            public void writeByte(long offset, int value) {
                write(check(offset, 1), 1, value & 0xff);
            }

            @Override
            public void writeShort(long offset, int value) {
                write(check(offset, 2), 2, value & 0xffff);
            }

            @Override
            public void writeInt(long offset, int value) {
                write(check(offset, 4), 4, value);
            }
        };
    }
}

package biscotti.driver.pci;

import biscotti.machine.simulated.SimulatedMachine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A function of a simulated PCI device: a header, registers, and MSI or MSI-X. */
public final class SimulatedFunction {
    private static final int BYTES = 256;
    private static final int COMMAND = 4;
    private static final int STATUS = 6;
    private static final int BAR = 0x10;
    private static final int CAPABILITIES = 0x34;
    private static final int FIRST_CAPABILITY = 0x40;
    private static final int BUS_MASTER = 4;
    private static final int MSI = 5;
    private static final int MSIX = 0x11;
    private static final int ENTRY_BYTES = 16;

    private final SimulatedMachine machine;
    private final ByteBuffer configuration = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer table = entries(1);
    private int next = FIRST_CAPABILITY;
    private int last = CAPABILITIES - 1;
    private int msi;
    private int msix;

    /** A function with the numbers of its vendor and a class code. */
    public SimulatedFunction(SimulatedMachine machine, int vendor, int device, int classCode) {
        this.machine = machine;
        configuration.putShort(0, (short) vendor);
        configuration.putShort(2, (short) device);
        configuration.putInt(8, classCode << 8);
    }

    private static ByteBuffer entries(int count) {
        ByteBuffer entries = ByteBuffer.allocate(ENTRY_BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int entry = 0; entry < count; entry++) {
            entries.putInt(entry * ENTRY_BYTES + 12, 1); // masked
        }
        return entries;
    }

    /** Says where registers are: in a 64-bit BAR. */
    public void bar(int index, long address) {
        configuration.putLong(BAR + 4 * index, address | 4);
    }

    /** Makes it a bridge to another bus. */
    public void bridgeTo(int bus) {
        configuration.put(0x0e, (byte) 1);
        configuration.put(0x19, (byte) bus);
    }

    /** Says that it is one of several of its device. */
    public void oneOfSeveral() {
        configuration.put(0x0e, (byte) (configuration.get(0x0e) | 0x80));
    }

    /** Adds a capability; where it is. */
    public int capability(int id, byte... content) {
        configuration.putShort(STATUS, (short) 0x10);
        int at = next;
        configuration.put(last + 1, (byte) at);
        configuration.put(at, (byte) id);
        for (int i = 0; i < content.length; i++) {
            configuration.put(at + 2 + i, content[i]);
        }
        last = at;
        next = at + 2 + content.length + 3 & ~3;
        return at;
    }

    /** Gives it four messages, whose table is at an address. */
    public void messages(int bar, long address) {
        messages(bar, address, 4);
    }

    /** Gives it so many messages, whose table is at an address. */
    public void messages(int bar, long address, int count) {
        bar(bar, address);
        table = entries(count);
        msix = capability(MSIX, (byte) (count - 1), (byte) 0, (byte) bar, (byte) 0, (byte) 0, (byte) 0);
        machine.attach(address, table.capacity(), new biscotti.machine.simulated.SimulatedPorts.Device() {
            @Override
            public int read(int offset, int bytes) {
                synchronized (table) {
                    return table.getInt(offset);
                }
            }

            @Override
            public void write(int offset, int bytes, int value) {
                synchronized (table) {
                    table.putInt(offset, value);
                }
            }
        });
    }

    /** Gives it one message by MSI. */
    public void message() {
        msi = capability(
                MSI,
                (byte) 0x80,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0);
    }

    /** Sends a message, if it is enabled; whether it was. */
    public synchronized boolean interrupt(int entry) {
        checkMaster();
        if (msix != 0) {
            synchronized (table) {
                boolean enabled = (configuration.getShort(msix + 2) & 0xc000) == 0x8000
                        && (table.getInt(entry * ENTRY_BYTES + 12) & 1) == 0;
                if (enabled) {
                    machine.interrupt(table.getInt(entry * ENTRY_BYTES), table.getInt(entry * ENTRY_BYTES + 8));
                }
                return enabled;
            }
        }
        boolean enabled = msi != 0 && (configuration.getShort(msi + 2) & 1) != 0;
        if (enabled) {
            machine.interrupt(configuration.getInt(msi + 4), configuration.getShort(msi + 12) & 0xffff);
        }
        return enabled;
    }

    /** Fails unless it may reach memory. */
    public synchronized void checkMaster() {
        if ((configuration.getShort(COMMAND) & BUS_MASTER) == 0) {
            throw new AssertionError("the function is not enabled as a bus master");
        }
    }

    synchronized int read(int offset, int bytes) {
        return switch (bytes) {
            case 1 -> configuration.get(offset);
            case 2 -> configuration.getShort(offset);
            default -> configuration.getInt(offset);
        };
    }

    synchronized void write(int offset, int bytes, int value) {
        boolean writable = offset == COMMAND && bytes == 2
                || msix != 0 && offset == msix + 2
                || msi != 0 && offset >= msi + 2 && offset < msi + 14;
        if (!writable) {
            throw new AssertionError("write of " + bytes + " bytes of configuration at " + offset);
        }
        if (bytes == 2) {
            configuration.putShort(offset, (short) value);
        } else {
            configuration.putInt(offset, value);
        }
    }
}

package biscotti.driver.pci;

import biscotti.machine.DeviceRegisters;
import biscotti.machine.InterruptMessage;
import biscotti.machine.Machine;
import java.util.Optional;

/** The interrupts of a function by messages: MSI-X (PCI, 6.8.2), or where it has not that, one by MSI (6.8.1). */
public final class PciMessages {
    private static final int MSI = 0x05;
    private static final int MSIX = 0x11;
    private static final int CONTROL = 2;

    private static final int MSI_ADDRESS = 4;
    private static final int MSI_DATA = 8;
    private static final int MSI_UPPER_ADDRESS = 8;
    private static final int MSI_DATA_64 = 12;
    private static final int MSI_ENABLE = 1;
    private static final int MSI_SEVERAL = 7 << 4;
    private static final int MSI_64_BITS = 1 << 7;

    private static final int MSIX_TABLE = 4;
    private static final int MSIX_BAR = 7;
    private static final int MSIX_SIZE = 0x7ff;
    private static final int MSIX_MASK_ALL = 1 << 14;
    private static final int MSIX_ENABLE = 1 << 15;
    private static final int ENTRY_BYTES = 16;
    private static final int ENTRY_UPPER_ADDRESS = 4;
    private static final int ENTRY_DATA = 8;
    private static final int ENTRY_CONTROL = 12;
    private static final int ENTRY_MASKED = 1;

    private final Machine machine;
    private final PciFunction function;
    private final int msi;
    private final int msix;
    private final int entries;

    /** The messages of a function that is enabled. None is sent before it is routed. */
    public PciMessages(Machine machine, PciFunction function) {
        this.machine = machine;
        this.function = function;
        msi = function.capability(MSI, 0);
        msix = function.capability(MSIX, 0);
        entries = msix != 0 ? (function.readShort(msix + CONTROL) & MSIX_SIZE) + 1 : msi != 0 ? 1 : 0;
    }

    /** How many there are. */
    public int count() {
        return entries;
    }

    /** Has one of them set a pending bit of a CPU from now on; false if there is no such, or no message left. */
    public boolean route(int entry, int cpu, int bit) {
        if (entry >= entries) {
            return false;
        }
        Optional<InterruptMessage> message = machine.interruptLines().message(cpu, bit);
        if (message.isEmpty()) {
            return false;
        }
        return msix != 0 ? writeEntry(entry, message.get()) : writeSingle(message.get());
    }

    private boolean writeEntry(int entry, InterruptMessage message) {
        int table = function.readInt(msix + MSIX_TABLE);
        long base = function.registers(table & MSIX_BAR);
        if (base == 0) {
            return false;
        }
        DeviceRegisters registers = machine.deviceRegisters(
                base + (table & ~MSIX_BAR & 0xffff_ffffL) + (long) entry * ENTRY_BYTES, ENTRY_BYTES);
        // A table can be written only while messages are enabled, at some devices: all are masked meanwhile.
        int control = function.readShort(msix + CONTROL);
        function.writeShort(msix + CONTROL, control | MSIX_ENABLE | MSIX_MASK_ALL);
        registers.writeInt(0, message.address());
        registers.writeInt(ENTRY_UPPER_ADDRESS, 0);
        registers.writeInt(ENTRY_DATA, message.data());
        registers.writeInt(ENTRY_CONTROL, registers.readInt(ENTRY_CONTROL) & ~ENTRY_MASKED);
        function.writeShort(msix + CONTROL, (control | MSIX_ENABLE) & ~MSIX_MASK_ALL);
        return true;
    }

    private boolean writeSingle(InterruptMessage message) {
        int control = function.readShort(msi + CONTROL);
        boolean wide = (control & MSI_64_BITS) != 0;
        function.writeInt(msi + MSI_ADDRESS, message.address());
        if (wide) {
            function.writeInt(msi + MSI_UPPER_ADDRESS, 0);
        }
        function.writeShort(msi + (wide ? MSI_DATA_64 : MSI_DATA), message.data());
        function.writeShort(msi + CONTROL, control & ~MSI_SEVERAL | MSI_ENABLE);
        return true;
    }
}

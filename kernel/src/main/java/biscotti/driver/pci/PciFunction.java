package biscotti.driver.pci;

/** A function of a device on a PCI bus: its configuration space (PCI, chapter 6). */
public final class PciFunction {
    private static final int VENDOR = 0x00;
    private static final int DEVICE = 0x02;
    private static final int COMMAND = 0x04;
    private static final int STATUS = 0x06;
    private static final int REVISION_AND_CLASS = 0x08;
    private static final int FIRST_BAR = 0x10;
    private static final int CAPABILITIES = 0x34;
    private static final int INTERRUPT_LINE = 0x3c;

    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_BUS_MASTER = 1 << 2;
    private static final int COMMAND_NO_INTERRUPT_LINE = 1 << 10;
    private static final int STATUS_CAPABILITIES = 1 << 4;

    private static final int BARS = 6;
    private static final int BAR_IO = 1;
    private static final int BAR_64_BITS = 1 << 2;
    private static final int BAR_FLAGS = 0xf;

    /** The lines that firmware gives to functions: those of ISA. */
    private static final int MOST_LINE = 15;

    /** As many as fit behind the header: a list that is longer goes in a circle. */
    private static final int MOST_CAPABILITIES = 48;

    private final PciBus configuration;
    private final int address;

    PciFunction(PciBus configuration, int bus, int device, int function) {
        this.configuration = configuration;
        this.address = bus << 8 | device << 3 | function;
    }

    int bus() {
        return address >> 8;
    }

    /** Its vendor's number. */
    public int vendor() {
        return readShort(VENDOR);
    }

    /** The vendor's number of it. */
    public int device() {
        return readShort(DEVICE);
    }

    /** What it is: base class, sub-class and programming interface, a byte each (PCI, appendix D). */
    public int classCode() {
        return readInt(REVISION_AND_CLASS) >>> 8;
    }

    /** Reads a byte of its configuration. */
    public int readByte(int offset) {
        return configuration.readByte(address, offset);
    }

    /** Reads two bytes of its configuration. */
    public int readShort(int offset) {
        return configuration.readShort(address, offset);
    }

    /** Reads four bytes of its configuration. */
    public int readInt(int offset) {
        return configuration.readInt(address, offset);
    }

    void writeShort(int offset, int value) {
        configuration.writeShort(address, offset, value);
    }

    void writeInt(int offset, int value) {
        configuration.writeInt(address, offset, value);
    }

    /** Lets it answer at its addresses and reach memory; it no longer interrupts by a line. */
    public void enable() {
        writeShort(COMMAND, readShort(COMMAND) | COMMAND_MEMORY | COMMAND_BUS_MASTER | COMMAND_NO_INTERRUPT_LINE);
    }

    /**
     * Lets it interrupt by its line, which it may share with others.
     *
     * @return its number, see {@link #interruptLine}
     */
    public int enableInterruptLine() {
        writeShort(COMMAND, readShort(COMMAND) & ~COMMAND_NO_INTERRUPT_LINE);
        return interruptLine();
    }

    /** The line that firmware has connected it to (PCI, 6.2.4): a global system interrupt of ISA's; 0 if to none. */
    public int interruptLine() {
        int line = readByte(INTERRUPT_LINE);
        return line <= MOST_LINE ? line : 0;
    }

    /** It reaches no memory any more, and sends no messages. */
    public void disable() {
        writeShort(COMMAND, readShort(COMMAND) & ~COMMAND_BUS_MASTER);
    }

    /** Where a range of its registers begins among the physical addresses (PCI, 6.2.5.1); 0 if it is not there. */
    public long registers(int bar) {
        if (bar < 0 || bar >= BARS) {
            return 0;
        }
        int low = readInt(FIRST_BAR + Integer.BYTES * bar);
        if ((low & BAR_IO) != 0) {
            return 0;
        }
        boolean wide = (low & BAR_64_BITS) != 0 && bar + 1 < BARS;
        long high = wide ? readInt(FIRST_BAR + Integer.BYTES * (bar + 1)) : 0;
        return high << Integer.SIZE | low & ~BAR_FLAGS & 0xffff_ffffL;
    }

    /**
     * Finds a capability (PCI, 6.7).
     *
     * @param id what is looked for
     * @param after where the last one of that kind was found, 0 to look from the start
     * @return where it is in its configuration; 0 if there is none
     */
    public int capability(int id, int after) {
        if ((readShort(STATUS) & STATUS_CAPABILITIES) == 0) {
            return 0;
        }
        boolean behind = after == 0;
        int at = readByte(CAPABILITIES) & 0xfc;
        for (int i = 0; i < MOST_CAPABILITIES && at != 0; i++) {
            if (behind && readByte(at) == id) {
                return at;
            }
            behind |= at == after;
            at = readByte(at + 1) & 0xfc;
        }
        return 0;
    }

    /** As lspci(8) names it: {@code 00:1f.2}. */
    @Override
    public String toString() {
        return hex(address >> 8) + ":" + hex(address >> 3 & 0x1f) + "." + (address & 7);
    }

    private static String hex(int value) {
        return Integer.toHexString(0x100 | value & 0xff).substring(1);
    }
}

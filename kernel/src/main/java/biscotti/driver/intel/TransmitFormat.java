package biscotti.driver.intel;

import biscotti.machine.PhysicalMemory;

/** How a family's transmit descriptors are written. */
abstract class TransmitFormat {
    // The upper half of a descriptor: bits that all formats have at the same places (8254x, 3.3.7; 82599, 7.2.3.2.4).
    /** The last descriptor of a packet. */
    static final int EOP = 1 << 24;

    /** The card adds the check sequence of Ethernet. */
    static final int IFCS = 1 << 25;

    /** The card says when it is done. */
    static final int RS = 1 << 27;

    /** It is no legacy descriptor. */
    static final int DEXT = 1 << 29;

    /** Where the kind of descriptor is. */
    static final int DTYP_SHIFT = 20;

    /** Where the two words of control are. */
    static final int COMMAND_AT = 8;

    static final int STATUS_AT = 12;

    /** Descriptor done, in the status. */
    static final int DD = 1;

    /** Options of a packet: the card fills in the checksum of IP, or of its transport. */
    static final int POPTS_IXSM = 1 << 8;

    static final int POPTS_TXSM = 1 << 9;

    /** For subclasses. */
    TransmitFormat() {}

    /** Writes a context descriptor, which says what is left to the card of the packet behind it. */
    abstract void writeContext(PhysicalMemory memory, long at, Offload offload);

    /** Writes the descriptor of a piece of a packet. */
    abstract void writeData(PhysicalMemory memory, long at, long address, int length, Offload offload, boolean last);
}

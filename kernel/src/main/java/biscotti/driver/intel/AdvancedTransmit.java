package biscotti.driver.intel;

import biscotti.driver.network.NetworkCard;
import biscotti.machine.PhysicalMemory;

/** Advanced context and data descriptors of the 82576 and 82599 (82576, 7.2.2.3 and 7.2.2.4; 82599, 7.2.3.2.3 and 7.2.3.2.4). */
final class AdvancedTransmit extends TransmitFormat {
    private static final int DTYP_CONTEXT = 2 << DTYP_SHIFT;
    private static final int DTYP_DATA = 3 << DTYP_SHIFT;

    // Context.
    private static final int MACLEN_SHIFT = 9;
    private static final int TUCMD_IPV4 = 1 << 10;
    private static final int TUCMD_L4T_TCP = 1 << 11;
    private static final int L4LEN_SHIFT = 8;
    private static final int MSS_SHIFT = 16;

    // Data.
    private static final int TSE = 1 << 31;
    private static final int PAYLEN_SHIFT = 14;

    @Override
    void writeContext(PhysicalMemory memory, long at, Offload offload) {
        memory.writeLong(at, NetworkCard.ETHERNET_HEADER << MACLEN_SHIFT | offload.networkLength());
        memory.writeInt(
                at + COMMAND_AT,
                DTYP_CONTEXT | DEXT | (offload.isIpv4() ? TUCMD_IPV4 : 0) | (offload.isTcp() ? TUCMD_L4T_TCP : 0));
        memory.writeInt(
                at + STATUS_AT,
                offload.segments() ? offload.segmentSize() << MSS_SHIFT | offload.transportLength() << L4LEN_SHIFT : 0);
    }

    @Override
    void writeData(PhysicalMemory memory, long at, long address, int length, Offload offload, boolean last) {
        int command = DTYP_DATA | DEXT | IFCS | length | (last ? EOP | RS : 0);
        int options = offload.length() << PAYLEN_SHIFT;
        if (offload.isAny()) {
            options |= POPTS_TXSM;
            if (offload.segments()) {
                command |= TSE;
                options = offload.payload() << PAYLEN_SHIFT | POPTS_TXSM | (offload.isIpv4() ? POPTS_IXSM : 0);
            }
        }
        memory.writeLong(at, address);
        memory.writeInt(at + COMMAND_AT, command);
        memory.writeInt(at + STATUS_AT, options);
    }
}

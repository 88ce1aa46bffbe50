package biscotti.driver.intel;

import biscotti.driver.network.NetworkCard;
import biscotti.machine.PhysicalMemory;

/** TCP/IP context and data descriptors of the 82540EM and 82574L (8254x, 3.3.6 and 3.3.7; 82574, 7.2.10 and 7.2.11). */
final class ExtendedTransmit extends TransmitFormat {
    private static final int DTYP_DATA = 1 << DTYP_SHIFT;

    // Context: what is to be summed up, and where the checksum goes.
    private static final int IPCSS = 0;
    private static final int IPCSO = 1;
    private static final int IPCSE = 2;
    private static final int TUCSS = 4;
    private static final int TUCSO = 5;
    private static final int TUCSE = 6;
    private static final int TO_THE_END = 0;
    private static final int IP_CHECKSUM = 10;

    // TUCMD, in the upper byte of the first word of control.
    private static final int TUCMD_TCP = 1 << 24;
    private static final int TUCMD_IPV4 = 1 << 25;
    private static final int TSE = 1 << 26; // of TUCMD, and of a data descriptor's DCMD

    private static final int HDRLEN_SHIFT = 8;
    private static final int MSS_SHIFT = 16;

    @Override
    void writeContext(PhysicalMemory memory, long at, Offload offload) {
        int ip = NetworkCard.ETHERNET_HEADER;
        memory.writeByte(at + IPCSS, (byte) ip);
        memory.writeByte(at + IPCSO, (byte) (ip + IP_CHECKSUM));
        memory.writeShort(at + IPCSE, (short) (offload.transport() - 1));
        memory.writeByte(at + TUCSS, (byte) offload.transport());
        memory.writeByte(at + TUCSO, (byte) offload.field());
        memory.writeShort(at + TUCSE, (short) TO_THE_END);
        int command = DEXT | (offload.isTcp() ? TUCMD_TCP : 0) | (offload.isIpv4() ? TUCMD_IPV4 : 0);
        int sizes = 0;
        if (offload.segments()) {
            command |= TSE | offload.payload();
            sizes = offload.segmentSize() << MSS_SHIFT
                    | offload.transport() + offload.transportLength() << HDRLEN_SHIFT;
        }
        memory.writeInt(at + COMMAND_AT, command);
        memory.writeInt(at + STATUS_AT, sizes);
    }

    @Override
    void writeData(PhysicalMemory memory, long at, long address, int length, Offload offload, boolean last) {
        int command = DTYP_DATA | DEXT | IFCS | length | (last ? EOP | RS : 0);
        int options = 0;
        if (offload.isAny()) {
            boolean header = offload.segments() && offload.isIpv4();
            command |= offload.segments() ? TSE : 0;
            options = POPTS_TXSM | (header ? POPTS_IXSM : 0);
        }
        memory.writeLong(at, address);
        memory.writeInt(at + COMMAND_AT, command);
        memory.writeInt(at + STATUS_AT, options);
    }
}

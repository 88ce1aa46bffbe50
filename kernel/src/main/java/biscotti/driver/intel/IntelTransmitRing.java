package biscotti.driver.intel;

import biscotti.driver.network.Packet;
import biscotti.driver.network.TransmitRing;
import biscotti.machine.PhysicalMemory;

/**
 * A ring of transmit descriptors (8254x, 3.4; 82599, 7.2.3.3). The card has those from its head up to, but not including, the tail; it writes back the last
 * descriptor of each packet.
 */
final class IntelTransmitRing extends TransmitRing {
    /** The most pieces of a packet: the 82599 takes 40 descriptors (7.2.1.1). */
    static final int MOST_PIECES = 36;

    private final PhysicalMemory memory;
    private final DescriptorRing ring;
    private final TransmitFormat format;
    private final Offload offload = new Offload();

    /** The packets that the card has, each with its last descriptor. */
    private final Packet[] given = new Packet[DescriptorRing.COUNT];

    /** The first descriptor that is not the card's, and the first that was not seen to be done. */
    private int next;

    private int oldest;

    /** A ring whose descriptors are in a frame. */
    IntelTransmitRing(PhysicalMemory memory, RingRegisters registers, TransmitFormat format, long frame) {
        super(MOST_PIECES);
        this.memory = memory;
        this.ring = new DescriptorRing(registers, frame);
        this.format = format;
    }

    RingRegisters registers() {
        return ring.registers();
    }

    /** Says where the ring is; the card is not to look at it yet. */
    void place() {
        ring.place();
    }

    /** With one more for a context; one always stays free, else a full ring would look empty. */
    @Override
    protected boolean fits(Packet packet) {
        int used = next - oldest & DescriptorRing.LAST;
        return used + packet.pieces() + 1 < DescriptorRing.COUNT;
    }

    @Override
    protected void put(Packet packet) {
        offload.read(packet);
        if (offload.isAny()) {
            format.writeContext(memory, ring.at(next), offload);
            next = DescriptorRing.after(next);
        }
        int pieces = packet.pieces();
        for (int i = 0; i < pieces; i++) {
            boolean last = i == pieces - 1;
            if (last) {
                given[next] = packet;
            }
            format.writeData(memory, ring.at(next), packet.pieceAddress(i), packet.pieceLength(i), offload, last);
            next = DescriptorRing.after(next);
        }
    }

    @Override
    protected void tell() {
        ring.registers().setTail(next);
    }

    @Override
    protected Packet takeSent() {
        int end = oldest;
        while (end != next && given[end] == null) {
            end = DescriptorRing.after(end);
        }
        boolean done = end != next
                && (memory.readIntVolatile(ring.at(end) + TransmitFormat.STATUS_AT) & TransmitFormat.DD) != 0;
        if (!done) {
            return Packet.NONE;
        }
        Packet sent = given[end];
        given[end] = null;
        oldest = DescriptorRing.after(end);
        return sent;
    }
}

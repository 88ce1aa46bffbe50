package biscotti.driver.virtio;

import biscotti.driver.DeviceFrames;
import biscotti.driver.network.Packet;
import biscotti.driver.network.TransmitRing;
import biscotti.machine.PhysicalMemory;

/**
 * The packets that a virtio network card sends (VIRTIO, 5.1.6.2). Each has a slot: a descriptor that names it, or for one of several pieces a table of
 * its own; to a device without such tables, a slot is a stretch of the queue's own table.
 */
final class VirtioTransmitRing extends TransmitRing {
    /** The most slots that have tables. */
    private static final int MOST_TABLES = 128;

    /** Bytes of a table: for the head and all fragments. */
    private static final int TABLE_BYTES = 1024;

    /** Descriptors of a stretch. */
    private static final int STRETCH = 4;

    private final PhysicalMemory memory;
    private final VirtioTransport transport;
    private final int number;
    private final SplitQueue queue;
    private final DeviceFrames tables;
    private final int stretch;
    private final Packet[] given;

    /** Slots that are free: a stack. */
    private final short[] free;

    private int freeCount;
    private boolean bell;

    private VirtioTransmitRing(
            PhysicalMemory memory,
            VirtioTransport transport,
            int number,
            SplitQueue queue,
            DeviceFrames tables,
            int slots,
            int stretch) {
        super(stretch == 1 ? 1 + Packet.MOST_FRAGMENTS : stretch);
        this.memory = memory;
        this.transport = transport;
        this.number = number;
        this.queue = queue;
        this.tables = tables;
        this.stretch = stretch;
        given = new Packet[slots];
        free = new short[slots];
        for (int slot = slots - 1; slot >= 0; slot--) {
            free[freeCount] = (short) slot;
            freeCount++;
        }
    }

    /** The most pieces of a packet. */
    static int mostPieces(boolean hasTables) {
        return hasTables ? 1 + Packet.MOST_FRAGMENTS : STRETCH;
    }

    /** How many frames a queue of a size needs for tables. */
    static int frames(int size) {
        return Math.min(size, MOST_TABLES) * TABLE_BYTES / PhysicalMemory.FRAME_SIZE + 1;
    }

    /** A ring by a queue of a device that takes tables, which have frames of their own. */
    static VirtioTransmitRing withTables(
            PhysicalMemory memory, VirtioTransport transport, int number, SplitQueue queue, DeviceFrames tables) {
        return new VirtioTransmitRing(memory, transport, number, queue, tables, Math.min(queue.size(), MOST_TABLES), 1);
    }

    /** A ring by a queue of a device that takes none. */
    static VirtioTransmitRing plain(
            PhysicalMemory memory, VirtioTransport transport, int number, SplitQueue queue, DeviceFrames none) {
        return new VirtioTransmitRing(memory, transport, number, queue, none, queue.size() / STRETCH, STRETCH);
    }

    SplitQueue queue() {
        return queue;
    }

    @Override
    protected boolean fits(Packet packet) {
        return freeCount > 0;
    }

    @Override
    protected void put(Packet packet) {
        VirtioPacketHeader.push(memory, packet);
        freeCount--;
        int slot = free[freeCount];
        given[slot] = packet;
        int pieces = packet.pieces();
        boolean table = stretch == 1 && pieces > 1;
        long at = table ? tables.piece(0, slot, TABLE_BYTES) : queue.descriptors();
        int first = table ? 0 : slot * stretch;
        for (int i = 0; i < pieces; i++) {
            queue.describe(at, first + i, packet.pieceAddress(i), packet.pieceLength(i), false, i == pieces - 1);
        }
        if (table) {
            queue.describeTable(slot, at, pieces);
        }
        bell |= queue.offer(slot * stretch);
    }

    @Override
    protected void tell() {
        if (bell) {
            bell = false;
            transport.notifyDevice(number);
        }
    }

    @Override
    protected Packet takeSent() {
        int head = queue.take();
        int slot = head / stretch;
        if (head < 0 || slot >= given.length || given[slot] == null) {
            return Packet.NONE;
        }
        Packet sent = given[slot];
        given[slot] = null;
        free[freeCount] = (short) slot;
        freeCount++;
        return sent;
    }
}

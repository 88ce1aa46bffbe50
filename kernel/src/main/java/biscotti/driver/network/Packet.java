package biscotti.driver.network;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/**
 * A packet: bytes in physical memory that devices reach. It has a <i>head</i>, in a buffer of its own with room for headers before it, and
 * behind the head up to {@link #MOST_FRAGMENTS} <i>fragments</i>: pieces of other frames, so that what a program sends is not copied again,
 * and pieces of packets that this one has absorbed.
 *
 * <p>A packet has one owner at any time, who alone may use it, and who hands it on or {@linkplain #release releases} it. It is made once, at boot;
 * who takes it from the {@link PacketPool} finds it empty.
 *
 * <p>Offsets are relative to the first byte. Headers that have been {@linkplain #pull pulled} can still be read, at negative offsets. Fields of
 * headers are read and written in the head only (see {@link #gather}), in the order of the network. An offset outside is a bug and throws
 * {@link IndexOutOfBoundsException}.
 */
public final class Packet extends PacketHead {
    private static final int NOWHERE = -1;

    /** Stands for no packet. */
    public static final Packet NONE = new Packet();

    private final PacketPool pool;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final Fragments fragments;

    /** Links packets in a queue, in the pool, or in another one that has absorbed them. */
    Packet next;

    private Packet absorbed;

    // What is noted with it. Headers are noted by their positions in the buffer.
    private int interfaceIndex;
    private long time;
    private long tag;
    private int linkHeader = NOWHERE;
    private int networkHeader = NOWHERE;
    private boolean verified;
    private int checksumStart = NOWHERE;
    private int checksumField;
    private int segmentSize;

    /** A packet of a pool, whose buffer is at an address. */
    Packet(PacketPool pool, PhysicalMemory memory, FrameAllocator frames, long buffer) {
        super(memory, buffer);
        this.pool = pool;
        this.memory = memory;
        this.frames = frames;
        this.fragments = new Fragments(memory, frames, buffer + HEAD_BYTES, MOST_FRAGMENTS);
    }

    /** {@link #NONE}: nobody asks for what it has not. */
    private Packet() {
        super(null, NOWHERE);
        pool = null;
        memory = null;
        frames = null;
        fragments = null;
    }

    /** Whether this is {@link #NONE}. */
    public boolean isNone() {
        return this == NONE;
    }

    /** Gives it back to its pool, with all that it has. */
    public void release() {
        Packet each = absorbed;
        while (each != null) {
            Packet following = each.next;
            each.giveBack();
            each = following;
        }
        giveBack();
    }

    private void giveBack() {
        fragments.clear();
        absorbed = null;
        clearHead();
        interfaceIndex = 0;
        time = 0;
        tag = 0;
        linkHeader = NOWHERE;
        networkHeader = NOWHERE;
        verified = false;
        checksumStart = NOWHERE;
        segmentSize = 0;
        pool.giveBack(this);
    }

    // Where its bytes are.

    /** How many bytes it has. */
    public int length() {
        return headLength() + fragments.bytes();
    }

    /** How many pieces of memory it has: the head, which is the first, even if it is empty, and the fragments. */
    public int pieces() {
        return 1 + fragments.count();
    }

    /** Where a piece lies in physical memory. */
    public long pieceAddress(int piece) {
        return piece == 0 ? headAddress() : fragments.address(piece - 1);
    }

    /** How many bytes a piece has. */
    public int pieceLength(int piece) {
        return piece == 0 ? headLength() : fragments.length(piece - 1);
    }

    /** Where the byte at an offset lies in physical memory; {@link #runAt} says how many lie there in a row. */
    public long addressAt(int offset) {
        check(offset >= -headRoom() && offset < length());
        if (offset < headLength()) {
            return headAddress() + offset;
        }
        int left = offset - headLength();
        int piece = 0;
        while (left >= fragments.length(piece)) {
            left -= fragments.length(piece);
            piece++;
        }
        return fragments.address(piece) + left;
    }

    /** How many bytes lie in a row in physical memory from an offset on; 0 at the end. */
    public int runAt(int offset) {
        check(offset >= -headRoom() && offset <= length());
        if (offset < headLength()) {
            return headLength() - offset;
        }
        int left = offset - headLength();
        for (int piece = 0; piece < fragments.count(); piece++) {
            if (left < fragments.length(piece)) {
                return fragments.length(piece) - left;
            }
            left -= fragments.length(piece);
        }
        return 0;
    }

    /** Copies bytes from an array over some that it has. */
    public void copyIn(int offset, byte[] from, int fromOffset, int count) {
        check(count <= length() - offset);
        int done = 0;
        while (done < count) {
            int run = Math.min(runAt(offset + done), count - done);
            memory.copyIn(addressAt(offset + done), from, fromOffset + done, run);
            done += run;
        }
    }

    /** Copies some of its bytes into an array. */
    public void copyOut(int offset, byte[] to, int toOffset, int count) {
        check(count <= length() - offset);
        int done = 0;
        while (done < count) {
            int run = Math.min(runAt(offset + done), count - done);
            memory.copyOut(addressAt(offset + done), to, toOffset + done, run);
            done += run;
        }
    }

    /** Copies some of its bytes over some that another packet has. */
    public void copyTo(int offset, Packet to, int toOffset, int count) {
        check(count <= length() - offset && count <= to.length() - toOffset);
        int done = 0;
        while (done < count) {
            int run = Math.min(Math.min(runAt(offset + done), to.runAt(toOffset + done)), count - done);
            memory.copy(addressAt(offset + done), to.addressAt(toOffset + done), run);
            done += run;
        }
    }

    // Changing how long it is.

    /** Drops bytes of its front, which it has: a header that has been read. */
    public void pull(int bytes) {
        check(bytes >= 0 && bytes <= length());
        int fromHead = Math.min(bytes, headLength());
        pullHead(fromHead);
        fragments.pull(bytes - fromHead);
    }

    /** Drops bytes of its end, so that {@code newLength} are left; none if it is not longer. */
    public void trim(int newLength) {
        check(newLength >= 0);
        fragments.trim(Math.clamp((long) length() - newLength, 0, fragments.bytes()));
        trimHead(newLength);
    }

    /** Puts bytes, whose content is whatever it was, at the end of a packet without fragments. Not more than {@link #tailRoom}. */
    public void extend(int bytes) {
        check(fragments.count() == 0);
        extendHead(bytes);
    }

    /**
     * Adds a fragment at the end, and a reference to its frame.
     *
     * @param address where it is in physical memory
     * @param length at least 1, and no more than what is left of the frame
     * @return false if there are too many fragments
     */
    public boolean add(long address, int length) {
        check(length > 0 && (address & PhysicalMemory.FRAME_MASK) + length <= PhysicalMemory.FRAME_SIZE);
        if (fragments.room() == 0) {
            return false;
        }
        frames.retain(address & ~PhysicalMemory.FRAME_MASK);
        fragments.add(address, length, true);
        return true;
    }

    /**
     * Adds the bytes of another packet at the end. On success that is part of this one, and nobody else's any more.
     *
     * @return false if there would be too many fragments, and nothing has changed
     */
    public boolean absorb(Packet other) {
        int first = other.headLength() > 0 ? 0 : 1;
        if (fragments.room() < other.pieces() - first) {
            return false;
        }
        for (int piece = first; piece < other.pieces(); piece++) {
            fragments.add(other.pieceAddress(piece), other.pieceLength(piece), false);
        }
        other.next = other.absorbed;
        other.absorbed = null;
        Packet last = other;
        while (last.next != null) {
            last = last.next;
        }
        last.next = absorbed;
        absorbed = other;
        return true;
    }

    /** Has at least the first {@code bytes} bytes in the head, by copying those that are not; false if it is shorter, or they do not fit there. */
    public boolean gather(int bytes) {
        if (bytes <= headLength()) {
            return true;
        }
        if (bytes > length() || bytes - headLength() > tailRoom()) {
            return false;
        }
        while (headLength() < bytes) {
            int part = Math.min(fragments.length(0), bytes - headLength());
            memory.copy(fragments.address(0), headAddress() + headLength(), part);
            fragments.pull(part);
            extendHead(part);
        }
        return true;
    }

    // What is noted with it.

    /** The index of the interface that it came in by; 0 if by none. */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /** Notes the interface that it came in by. */
    public void setInterfaceIndex(int index) {
        interfaceIndex = index;
    }

    /** When it came in, by the monotonic clock in nanoseconds; 0 if that was not noted. */
    public long time() {
        return time;
    }

    /** Notes when it came in. */
    public void setTime(long nanos) {
        time = nanos;
    }

    /** What the packet is to its owner; 0 at first. */
    public long tag() {
        return tag;
    }

    /** Notes what the packet is to its owner. */
    public void setTag(long newTag) {
        tag = newTag;
    }

    /** The offset of the link's header, which is negative when that was pulled. */
    public int linkHeader() {
        return linkHeader - start();
    }

    /** Notes that the link's header is the first byte now. */
    public void setLinkHeader() {
        linkHeader = start();
    }

    /** Whether a link's header was noted. */
    public boolean hasLinkHeader() {
        return linkHeader != NOWHERE;
    }

    /** The offset of the header of IP, which is negative when that was pulled. */
    public int networkHeader() {
        return networkHeader - start();
    }

    /** Notes that the header of IP is the first byte now. */
    public void setNetworkHeader() {
        networkHeader = start();
    }

    // The checksum of a transport's header, and segments.

    /** Whether nobody need look at the checksum of its transport: the card has, or the packet never left the machine. */
    public boolean isVerified() {
        return verified || checksumStart != NOWHERE;
    }

    /** Notes that the card has found the checksum right. */
    public void setVerified() {
        verified = true;
    }

    /**
     * Leaves the checksum to the card: of all from an offset on, to a field that has the sum of the pseudo header now, not its complement.
     *
     * @param from the offset of the transport's header
     * @param field the offset of the checksum
     */
    public void leaveChecksum(int from, int field) {
        checksumStart = start() + from;
        checksumField = start() + field;
    }

    /** Whether the checksum is left to the card. */
    public boolean needsChecksum() {
        return checksumStart != NOWHERE;
    }

    /** The offset where the checksum begins that is left to the card. */
    public int checksumStart() {
        return checksumStart - start();
    }

    /** The offset of the field of the checksum that is left to the card. */
    public int checksumField() {
        return checksumField - start();
    }

    /** Fills in the checksum that was left to the card, if one was. */
    public void fillChecksum() {
        if (needsChecksum()) {
            int sum = InternetChecksum.sum(memory, this, checksumStart(), length() - checksumStart());
            int checksum = InternetChecksum.finish(sum);
            writeShort(
                    checksumField(),
                    checksum == 0 ? 0xffff : checksum); // RFC 768: for UDP 0 is none; to TCP both are 0
            checksumStart = NOWHERE;
            verified = true;
        }
    }

    /** The most bytes of payload in a segment that the card makes of it; 0 if it is sent as it is. */
    public int segmentSize() {
        return segmentSize;
    }

    /** Has the card make segments of TCP of it, whose checksum is left to the card, too (TSO). */
    public void setSegmentSize(int bytes) {
        segmentSize = bytes;
    }
}

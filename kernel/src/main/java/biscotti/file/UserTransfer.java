package biscotti.file;

import biscotti.machine.PhysicalMemory;
import biscotti.memory.UserMemory;

/** A transfer from or to user memory: one buffer, or the segments of readv(2) and writev(2) one after the other. */
public final class UserTransfer extends Transfer {
    private static final long[] NO_MORE = {};

    private final UserMemory memory;
    /** Address and length of each segment. */
    private final long[] segments;

    private final int end;

    private int next;
    private long address;
    private long inSegment;
    private long remaining;

    /** A transfer of one buffer. */
    public UserTransfer(UserMemory memory, long address, long length) {
        this.memory = memory;
        this.segments = NO_MORE;
        this.end = 0;
        this.address = address;
        this.inSegment = length;
        this.remaining = length;
    }

    /**
     * A transfer of several buffers.
     *
     * @param segments address and length of each, in turn; not changed by anyone from now on
     * @param total the sum of the lengths that may move, if that is less than what the segments have
     */
    public UserTransfer(UserMemory memory, long[] segments, long total) {
        this.memory = memory;
        this.segments = segments;
        this.end = segments.length;
        this.remaining = total;
    }

    @Override
    public long remaining() {
        return remaining;
    }

    @Override
    public void limit(long most) {
        remaining = Math.min(remaining, most);
    }

    @Override
    public int toPhysical(long physical, int length) {
        if (length <= inSegment) {
            return advance(memory.readToPhysical(address, physical, length), length);
        }
        return inParts(length, (done, part) -> memory.readToPhysical(address, physical + done, part));
    }

    @Override
    public int fromPhysical(long physical, int length) {
        if (length <= inSegment) {
            return advance(memory.writeFromPhysical(address, physical, length), length);
        }
        return inParts(length, (done, part) -> memory.writeFromPhysical(address, physical + done, part));
    }

    @Override
    public int take(byte[] to, int offset, int length) {
        if (length <= inSegment) {
            return advance(memory.read(address, to, offset, length), length);
        }
        return inParts(length, (done, part) -> memory.read(address, to, offset + done, part));
    }

    @Override
    public int put(byte[] from, int offset, int length) {
        if (length <= inSegment) {
            return advance(memory.write(address, from, offset, length), length);
        }
        return inParts(length, (done, part) -> memory.write(address, from, offset + done, part));
    }

    @Override
    public int putZeros(int length) {
        if (length <= inSegment) {
            return advance(memory.zero(address, length), length);
        }
        return inParts(length, (done, part) -> memory.zero(address, part));
    }

    @Override
    public void skip(long length) {
        long left = length;
        while (left > 0) {
            nextSegment();
            long part = Math.min(left, inSegment);
            move(part);
            left -= part;
        }
    }

    @Override
    public void stepBack(int length) {
        long left = length;
        while (next > 0 && left > address - segments[next - 2]) {
            left -= address - segments[next - 2];
            remaining += address - segments[next - 2];
            next -= 2;
            inSegment = 0;
            address = next > 0 ? segments[next - 2] + segments[next - 1] : address;
        }
        move(-left);
    }

    @Override
    protected int wholePiece(int length) {
        nextSegment();
        long inPage = PhysicalMemory.FRAME_SIZE - (address & PhysicalMemory.FRAME_MASK);
        return (int) Math.min(length, Math.min(inPage, inSegment));
    }

    /** Moves one part of a transfer that spans segments; the address is where the transfer stands. */
    private interface Part {
        int move(int done, int length);
    }

    /** Moves bytes that lie in more than one segment; after a failure the transfer stands where it stood before. */
    private int inParts(int length, Part each) {
        int oldNext = next;
        long oldAddress = address;
        long oldInSegment = inSegment;
        long oldRemaining = remaining;
        int done = 0;
        while (done < length) {
            nextSegment();
            int part = (int) Math.min(length - done, inSegment);
            int error = each.move(done, part);
            if (error < 0) {
                next = oldNext;
                address = oldAddress;
                inSegment = oldInSegment;
                remaining = oldRemaining;
                return error;
            }
            move(part);
            done += part;
        }
        return 0;
    }

    private void nextSegment() {
        while (inSegment == 0 && next < end) {
            address = segments[next];
            inSegment = segments[next + 1];
            next += 2;
        }
    }

    private int advance(int error, int length) {
        if (error == 0) {
            move(length);
        }
        return error;
    }

    private void move(long length) {
        address += length;
        inSegment -= length;
        remaining -= length;
    }
}

package biscotti.ext4;

import biscotti.ext4.journal.Transactions;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/**
 * Blocks of some groups that were freed by transactions which are not on the disk yet: the disk still has files that consist of them, so they
 * are not given out. There is one entry for a group and a transaction: its blocks as a bitmap in a frame, or all of the group if there
 * was no frame. If entries do not suffice, none of these groups' blocks is given out until the transaction is on the disk. The groups' lock guards it.
 */
final class FreedBlocks {
    private static final int MOST = 16;

    private final Transactions transactions;
    private final FrameAllocator frames;
    private final PhysicalMemory memory;

    // One place in each for an entry.

    private final int[] groups = new int[MOST];
    private final long[] tids = new long[MOST];

    /** The bitmaps' frames; 0 for all of the group. */
    private final long[] bitmaps = new long[MOST];

    private int count;

    /** Whether more was freed than there are entries for, and the last transaction that did so. */
    private boolean overflowed;

    private long lastOverflow;

    FreedBlocks(Transactions transactions, FrameAllocator frames, PhysicalMemory memory) {
        this.transactions = transactions;
        this.frames = frames;
        this.memory = memory;
    }

    /** A transaction frees blocks of a group. */
    void add(long tid, int group, int bit, int length) {
        if (transactions.isCommitted(tid)) {
            return;
        }
        dropCommitted();
        int entry = find(tid, group);
        if (entry == count && count == MOST) {
            overflowed = true;
            lastOverflow = tid;
            return;
        }
        if (entry == count) {
            add(tid, group);
        }
        if (bitmaps[entry] > 0) {
            for (int i = bit; i < bit + length; i++) {
                long at = bitmaps[entry] + (i >> 3);
                memory.writeByte(at, (byte) (memory.readByte(at) | 1 << (i & 7)));
            }
        }
    }

    private int find(long tid, int group) {
        int entry = 0;
        while (entry < count && (groups[entry] != group || tids[entry] != tid)) {
            entry++;
        }
        return entry;
    }

    private void add(long tid, int group) {
        long frame = Math.max(0, frames.allocate());
        if (frame > 0) {
            memory.zero(frame, PhysicalMemory.FRAME_SIZE);
        }
        groups[count] = group;
        tids[count] = tid;
        bitmaps[count] = frame;
        count++;
    }

    private void dropCommitted() {
        for (int entry = count - 1; entry >= 0; entry--) {
            if (transactions.isCommitted(tids[entry])) {
                drop(entry);
            }
        }
        overflowed = overflowed && !transactions.isCommitted(lastOverflow);
    }

    /** The last one takes its place. */
    private void drop(int entry) {
        if (bitmaps[entry] > 0) {
            frames.release(bitmaps[entry]);
        }
        count--;
        groups[entry] = groups[count];
        tids[entry] = tids[count];
        bitmaps[entry] = bitmaps[count];
    }

    /** The first block of a group from one on that may be given out, as far as this knows, or the end. */
    int nextAllowed(int group, int from, int end) {
        int at = from;
        while (at < end && isFreed(group, at)) {
            at++;
        }
        return at;
    }

    /** The first block of a group from one on that may not be given out, or the end. */
    int nextFreed(int group, int from, int end) {
        if (!hasEntry(group)) {
            return end;
        }
        int at = from;
        while (at < end && !isFreed(group, at)) {
            at++;
        }
        return at;
    }

    /** Whether some blocks of a group may not be given out; those of transactions that are on the disk by now may. */
    boolean hasEntry(int group) {
        if (!isWaiting()) {
            return false;
        }
        int entry = 0;
        while (entry < count && groups[entry] != group) {
            entry++;
        }
        return entry < count || overflowed;
    }

    /** Whether there are any that wait for a commit. */
    boolean isWaiting() {
        if (count > 0 || overflowed) {
            dropCommitted();
        }
        return count > 0 || overflowed;
    }

    private boolean isFreed(int group, int bit) {
        for (int entry = 0; entry < count; entry++) {
            if (groups[entry] == group
                    && (bitmaps[entry] == 0 || (memory.readByte(bitmaps[entry] + (bit >> 3)) & 1 << (bit & 7)) != 0)) {
                return true;
            }
        }
        return overflowed;
    }

    /** Nothing is given out any more. */
    void close() {
        for (int entry = count - 1; entry >= 0; entry--) {
            drop(entry);
        }
    }
}

package biscotti.ext4;

import biscotti.ext4.journal.Transactions;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;

/**
 * Blocks of some groups that were freed by transactions which are not on the disk yet: the disk still has files that consist of them, so they
 * are not given out. There is one entry for a group and a transaction, so no more than such a transaction has credits. The groups' lock guards it.
 */
final class FreedBlocks {
    private final Transactions transactions;
    private final FrameAllocator frames;
    private final PhysicalMemory memory;
    private Entry first;

    /** The blocks that a transaction has freed in a group: a bitmap in a frame; or all of the group, if there was no frame. */
    private static final class Entry {
        final int group;
        final long tid;
        final long frame;
        Entry next;

        Entry(int group, long tid, long frame, Entry next) {
            this.group = group;
            this.tid = tid;
            this.frame = frame;
            this.next = next;
        }
    }

    FreedBlocks(Transactions transactions, FrameAllocator frames, PhysicalMemory memory) {
        this.transactions = transactions;
        this.frames = frames;
        this.memory = memory;
    }

    /** A transaction frees blocks of a group. */
    void add(long tid, int group, int bit, int count) {
        if (transactions.isCommitted(tid)) {
            return;
        }
        dropCommitted();
        Entry entry = first;
        while (entry != null && (entry.group != group || entry.tid != tid)) {
            entry = entry.next;
        }
        if (entry == null) {
            long frame = Math.max(0, frames.allocate());
            if (frame > 0) {
                memory.zero(frame, PhysicalMemory.FRAME_SIZE);
            }
            entry = new Entry(group, tid, frame, first);
            first = entry;
        }
        if (entry.frame > 0) {
            for (int i = bit; i < bit + count; i++) {
                long at = entry.frame + (i >> 3);
                memory.writeByte(at, (byte) (memory.readByte(at) | 1 << (i & 7)));
            }
        }
    }

    private void dropCommitted() {
        Entry before = null;
        for (Entry entry = first; entry != null; entry = entry.next) {
            if (!transactions.isCommitted(entry.tid)) {
                before = entry;
                continue;
            }
            release(entry);
            if (before == null) {
                first = entry.next;
            } else {
                before.next = entry.next;
            }
        }
    }

    private void release(Entry entry) {
        if (entry.frame > 0) {
            frames.release(entry.frame);
        }
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
        if (first == null) {
            return false;
        }
        dropCommitted();
        Entry entry = first;
        while (entry != null && entry.group != group) {
            entry = entry.next;
        }
        return entry != null;
    }

    /** Whether there are any that wait for a commit. */
    boolean isWaiting() {
        dropCommitted();
        return first != null;
    }

    private boolean isFreed(int group, int bit) {
        for (Entry entry = first; entry != null; entry = entry.next) {
            if (entry.group == group
                    && (entry.frame == 0 || (memory.readByte(entry.frame + (bit >> 3)) & 1 << (bit & 7)) != 0)) {
                return true;
            }
        }
        return false;
    }

    /** Nothing is given out any more. */
    void close() {
        for (Entry entry = first; entry != null; entry = entry.next) {
            release(entry);
        }
        first = null;
    }
}

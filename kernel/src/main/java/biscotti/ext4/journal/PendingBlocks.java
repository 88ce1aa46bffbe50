package biscotti.ext4.journal;

/**
 * The blocks that are in the log and not in their places, those of the oldest transaction first: where the first one's transaction
 * begins is where the log has to be replayed from. Used by the committing thread.
 */
final class PendingBlocks {
    private JournalBlock first;
    private JournalBlock last;
    private int count;

    /** The oldest, or null. */
    JournalBlock first() {
        return first;
    }

    int count() {
        return count;
    }

    void add(JournalBlock block, long tid, int start) {
        block.pending = true;
        block.written = false;
        block.pendingTid = tid;
        block.pendingStart = start;
        block.previous = last;
        block.next = null;
        if (last == null) {
            first = block;
        } else {
            last.next = block;
        }
        last = block;
        count++;
    }

    void remove(JournalBlock block) {
        if (block.previous == null) {
            first = block.next;
        } else {
            block.previous.next = block.next;
        }
        if (block.next == null) {
            last = block.previous;
        } else {
            block.next.previous = block.previous;
        }
        block.previous = null;
        block.next = null;
        block.pending = false;
        block.written = false;
        count--;
    }
}

package biscotti.ext4.journal;

/** Changes that become lasting together. Two take turns: one runs, the other is committed. Guarded by the journal's lock. */
final class Transaction {
    private final JournalBlock[] blocks;
    private final BlockSet revoked;
    private OrderedData ordered;
    private int count;

    long tid;

    /** Handles that have not ended. */
    int handles;

    /** Credits of those. */
    int reserved;

    /** Credits that were used. */
    int used;

    /** When its first handle began, in nanoseconds of the monotonic clock. */
    long began;

    Transaction(int capacity) {
        blocks = new JournalBlock[capacity];
        revoked = new BlockSet(capacity);
    }

    void begin(long newTid) {
        tid = newTid;
        for (int i = 0; i < count; i++) {
            blocks[i] = null;
        }
        count = 0;
        revoked.clear();
        ordered = null;
        reserved = 0;
        used = 0;
    }

    /** Whether there is nothing to commit, and nobody who may still change something. */
    boolean isEmpty() {
        return handles == 0 && used == 0 && ordered == null;
    }

    int count() {
        return count;
    }

    JournalBlock block(int index) {
        return blocks[index];
    }

    /** Takes a block that this transaction, which runs, does not have yet. */
    void add(JournalBlock block) {
        block.inRunning = true;
        block.changed = false;
        block.freed = false;
        blocks[count] = block;
        count++;
    }

    /** It runs no more: what its blocks are now is what commits. */
    void beginCommit() {
        for (int i = 0; i < count; i++) {
            JournalBlock block = blocks[i];
            block.inRunning = false;
            block.inCommitting = true;
            block.commits = block.changed && !block.freed;
            block.freedByCommitting = block.freed;
            block.taken = false;
        }
    }

    BlockSet revoked() {
        return revoked;
    }

    void order(OrderedData data) {
        if ((tid & 1) == 0) {
            if (data.even != tid) {
                data.even = tid;
                data.nextOfEven = ordered;
                ordered = data;
            }
        } else if (data.odd != tid) {
            data.odd = tid;
            data.nextOfOdd = ordered;
            ordered = data;
        }
    }

    /** Writes the ordered data; no handle of it is open, and nobody changes the list. */
    void writeOrdered() {
        OrderedData data = ordered;
        while (data != null) {
            OrderedData next = (tid & 1) == 0 ? data.nextOfEven : data.nextOfOdd;
            if ((tid & 1) == 0) {
                data.nextOfEven = null;
            } else {
                data.nextOfOdd = null;
            }
            data.writeBack();
            data = next;
        }
        ordered = null;
    }
}

package biscotti.block;

/** A list of blocks, linked through them; guarded by the lock of their cache. */
final class BlockList {
    private Block first;
    private Block last;

    /** The one that has been in it longest, or null. */
    Block first() {
        return first;
    }

    void add(Block block) {
        block.list = this;
        block.previous = last;
        block.next = null;
        if (last == null) {
            first = block;
        } else {
            last.next = block;
        }
        last = block;
    }

    void remove(Block block) {
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
        block.list = null;
    }
}

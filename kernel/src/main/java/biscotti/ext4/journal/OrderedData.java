package biscotti.ext4.journal;

/**
 * Data of a file that are written before the transaction commits that gave them their blocks ("data=ordered"): nobody finds what
 * the blocks held before. It may be in the list of the running transaction and in that of the committing one.
 */
public abstract class OrderedData {
    // Guarded by the journal's lock; one for transactions of even numbers, one for odd ones.

    OrderedData nextOfEven;
    OrderedData nextOfOdd;
    long even = -1;
    long odd = -1;

    /** Nothing is to be written yet. */
    protected OrderedData() {}

    /**
     * Writes the data that have blocks, and waits for it; flushing is the journal's. Called by the committing thread, without a
     * lock; must not begin a handle, nor wait for somebody who does. The file tells its users of errors itself.
     */
    protected abstract void writeBack();
}

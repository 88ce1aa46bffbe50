package biscotti.machine;

/**
 * What the Java machine tells about its heap: the kernel's own memory. Sizes are in bytes.
 *
 * <p>Reading allocates nothing and takes no lock of the kernel's.
 */
public abstract class HeapCounter {
    /** For subclasses. */
    protected HeapCounter() {}

    /**
     * How much the platform thread that the caller runs on has allocated since it started. On a kernel thread that is its
     * CPU's carrier: the number is that of the CPU, not of the kernel thread.
     *
     * <p>Meant for where each instruction counts: code that is not compiled yet may meet a collection between two of the numbers
     * that it adds up, and then answers with nonsense. Who remembers the number asks {@link #allocatedExactly}.
     */
    public abstract long allocated();

    /** The same, never wrong. */
    public final long allocatedExactly() {
        long bytes = allocated();
        for (long again = allocated(); again != bytes; again = allocated()) {
            bytes = again;
        }
        return bytes;
    }

    /** How much of the heap is in use now: what lives, and the garbage that no collection has found yet. */
    public abstract long used();

    /** How large the heap is. */
    public abstract long size();

    /** How many collections have begun since the machine started. */
    public abstract int collections();

    /** Collects all garbage; returns after. Blocks the calling CPU as long as the collector chooses. */
    public abstract void collect();
}

package biscotti.machine.simulated;

import biscotti.machine.HeapCounter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** A heap of which only the numbers exist: tests say what is allocated, what lives, and when garbage is found. */
public final class SimulatedHeap extends HeapCounter {
    private final SimulatedProcessors processors;
    private final AtomicLongArray allocated;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong live = new AtomicLong();
    private final AtomicInteger collections = new AtomicInteger();
    private volatile long size = 1 << 30;

    SimulatedHeap(SimulatedProcessors processors) {
        this.processors = processors;
        this.allocated = new AtomicLongArray(processors.count());
    }

    /** Sets how large it is. */
    public void setSize(long bytes) {
        size = bytes;
    }

    /** Allocates garbage, on the CPU that the caller runs on. */
    public void allocateGarbage(long bytes) {
        allocated.addAndGet(processors.current(), bytes);
        used.addAndGet(bytes);
        checkUse();
    }

    /** Allocates what lives until {@link #drop}, on the CPU that the caller runs on. */
    public void allocate(long bytes) {
        live.addAndGet(bytes);
        allocateGarbage(bytes);
    }

    /** Something that lived is garbage now. */
    public void drop(long bytes) {
        live.addAndGet(-bytes);
    }

    /** How much lives. */
    public long live() {
        return live.get();
    }

    /** A real heap that is full is collected; one full of what lives is out of memory. */
    private void checkUse() {
        if (used.get() > size) {
            collect();
        }
        if (used.get() > size) {
            throw new OutOfMemoryError("simulated heap: " + used + " of " + size);
        }
    }

    @Override
    public long allocated() {
        return allocated.get(processors.current());
    }

    @Override
    public long used() {
        return used.get();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int collections() {
        return collections.get();
    }

    @Override
    public void collect() {
        long before = used.get();
        long after = live.get();
        used.addAndGet(after - before);
        collections.incrementAndGet();
    }
}

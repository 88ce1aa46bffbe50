package biscotti.sched;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Which thread waits for which pending bit. */
public final class Interrupts {
    private static final int BITS = 64;

    private final AtomicReferenceArray<InterruptThread> threads = new AtomicReferenceArray<>(BITS);
    private final AtomicInteger next = new AtomicInteger();

    Interrupts() {}

    /** Gives a thread a pending bit of its own. */
    int assign(InterruptThread thread) {
        int bit = next.getAndIncrement();
        if (bit >= BITS) {
            throw new IllegalStateException("all " + BITS + " pending bits are taken");
        }
        threads.set(bit, thread);
        return bit;
    }

    /** Wakes the threads of bits that were pending; for carriers. */
    void deliver(long bits) {
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            InterruptThread thread = threads.get(Long.numberOfTrailingZeros(rest));
            if (thread != null) {
                thread.raise();
            }
        }
    }
}

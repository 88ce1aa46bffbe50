package biscotti.sched;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Which thread waits for which pending bit, and how often each CPU has found it pending. */
public final class Interrupts {
    private static final int BITS = 64;

    private final AtomicReferenceArray<InterruptThread> threads = new AtomicReferenceArray<>(BITS);
    private final AtomicInteger next = new AtomicInteger();
    /** By CPU, then by bit. */
    private final AtomicLongArray counts;

    Interrupts(int cpus) {
        counts = new AtomicLongArray(cpus * BITS);
    }

    /** The name of the thread that serves a bit; none if nobody has it. */
    public Optional<String> handler(int bit) {
        InterruptThread thread = bit < BITS ? threads.get(bit) : null;
        return thread == null ? Optional.empty() : Optional.of(thread.name());
    }

    /** How often a CPU has found a bit pending: several interrupts that come before it looks are one. */
    public long count(int cpu, int bit) {
        return counts.get(cpu * BITS + bit);
    }

    /** How often all CPUs have found any bit pending. */
    public long count() {
        long sum = 0;
        for (int i = 0; i < counts.length(); i++) {
            sum += counts.get(i);
        }
        return sum;
    }

    /** Gives a thread a pending bit of its own. */
    int assign(InterruptThread thread) {
        int bit = next.getAndIncrement();
        if (bit >= BITS) {
            throw new IllegalStateException("all " + BITS + " pending bits are taken");
        }
        threads.set(bit, thread);
        return bit;
    }

    /** Wakes the threads of bits that a CPU found pending; for carriers. */
    void deliver(int cpu, long bits) {
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            int bit = Long.numberOfTrailingZeros(rest);
            counts.incrementAndGet(cpu * BITS + bit);
            InterruptThread thread = threads.get(bit);
            if (thread != null) {
                thread.raise();
            }
        }
    }
}

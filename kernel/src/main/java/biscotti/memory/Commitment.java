package biscotti.memory;

import biscotti.machine.PhysicalMemory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory programs have been promised, and whether they are promised more than there is (Linux,
 * Documentation/mm/overcommit-accounting): private memory that may be written, shared memory without a file, files of a tmpfs.
 */
public final class Commitment {
    /** Whether more is promised than there is: {@code /proc/sys/vm/overcommit_memory}. */
    public enum Policy {
        /** 0: all that is not obviously too much: no more at once than there is memory. */
        HEURISTIC,
        /** 1: always. */
        ALWAYS,
        /** 2: never more than {@link #limit}. */
        NEVER
    }

    private static final int DEFAULT_RATIO = 50;
    private static final long HUNDRED = 100;

    /** A program cannot take the last part of what is left: as much as this part of its own size, up to a most. */
    private static final int USER_RESERVE_SHARE = 32;

    private static final long USER_RESERVE = 128L << 20 >>> PhysicalMemory.FRAME_SHIFT;

    private final FrameAllocator frames;
    private final AtomicLong pages = new AtomicLong();
    private volatile Policy policy = Policy.HEURISTIC;
    private volatile int ratio = DEFAULT_RATIO;

    Commitment(FrameAllocator frames) {
        this.frames = frames;
    }

    /** The policy. */
    public Policy policy() {
        return policy;
    }

    /** Sets the policy. */
    public void setPolicy(Policy newPolicy) {
        policy = newPolicy;
    }

    /** How many percent of all memory make the limit: {@code /proc/sys/vm/overcommit_ratio}. */
    public int ratio() {
        return ratio;
    }

    /** Sets {@link #ratio}. */
    public void setRatio(int percent) {
        ratio = percent;
    }

    /** CommitLimit of proc(5), in pages. */
    public long limit() {
        return frames.totalFrames() * ratio / HUNDRED;
    }

    /** Committed_AS of proc(5), in pages. */
    public long pages() {
        return Math.max(0, pages.get());
    }

    /** Whether so many bytes more may be promised to somebody who does not count for them himself. */
    public boolean admits(long bytes) {
        return admits(bytes, 0);
    }

    /**
     * Whether more may be promised. As on Linux, two who ask at the same time may both be told yes.
     *
     * @param bytes how much
     * @param owned bytes that the asking address space has mapped already
     */
    boolean admits(long bytes, long owned) {
        long wanted = pagesOf(bytes);
        return switch (policy) {
            case HEURISTIC -> wanted <= frames.totalFrames();
            case ALWAYS -> true;
            case NEVER -> pages.get() + wanted < limit() - Math.min(pagesOf(owned) / USER_RESERVE_SHARE, USER_RESERVE);
        };
    }

    /** Counts what was promised, or with a negative number what is no longer. */
    public void add(long bytes) {
        pages.addAndGet(pagesOf(bytes));
    }

    private static long pagesOf(long bytes) {
        return bytes >> PhysicalMemory.FRAME_SHIFT;
    }
}

package biscotti.ipc;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.file.Identity;
import biscotti.heap.HeapShare;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** All System V IPC of the machine: three tables, and the limits of {@code /proc/sys/kernel}. */
public final class IpcSpace {
    /** SHMMAX and SHMALL: as good as no limit. */
    private static final long UNLIMITED = -1L - (1 << 24);

    private static final int SEGMENTS = 4096;
    private static final int SETS = 32000;
    private static final int QUEUES = 32000;
    private static final int MOST_BYTES = 1 << 20;

    /** The most that SEMMSL can be set to, and at first is. */
    public static final int SEMAPHORES_OF_SET = 32000;

    /** The most that SEMMNS can be set to, and at first is. */
    public static final int SEMAPHORES = 1_024_000_000;

    /** The most that SEMOPM can be set to, and at first is. */
    public static final int OPERATIONS = 500;

    /** How much of physical memory semaphores and messages may take. */
    private static final int SHARE = 4;

    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final LongSupplier wallClock;
    private final IpcTable<Segment> segments;
    private final IpcTable<SemaphoreSet> sets;
    private final IpcTable<MessageQueue> queues;
    private final AtomicLong usedFrames = new AtomicLong();
    private final AtomicLong segmentPages = new AtomicLong();
    private final AtomicLong semaphores = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong messageBytes = new AtomicLong();
    private volatile long largestSegment = UNLIMITED;
    private volatile long allSegments = UNLIMITED;
    private volatile int semaphoresOfSet = SEMAPHORES_OF_SET;
    private volatile int allSemaphores = SEMAPHORES;
    private volatile int operations = OPERATIONS;
    private volatile int longestMessage = 8192;
    private volatile int queueBytes = 16384;

    /**
     * Nothing yet.
     *
     * @param wallClock nanoseconds since 1970
     * @param heap of which objects take a part, for they stay when those who made them have ended
     */
    public IpcSpace(PhysicalMemory memory, FrameAllocator frames, LongSupplier wallClock, HeapShare heap) {
        this.memory = memory;
        this.frames = frames;
        this.wallClock = wallClock;
        HeapShare part = heap.part();
        segments = new IpcTable<>(SEGMENTS, new Segment(this, Identity.KERNEL, 0, 0, 0, false), part);
        sets = new IpcTable<>(SETS, new SemaphoreSet(this, Identity.KERNEL, 0, 0, 0), part);
        queues = new IpcTable<>(QUEUES, new MessageQueue(this, Identity.KERNEL, 0, 0), part);
    }

    /** Shared memory. */
    public IpcTable<Segment> segments() {
        return segments;
    }

    /** Semaphores. */
    public IpcTable<SemaphoreSet> sets() {
        return sets;
    }

    /** Message queues. */
    public IpcTable<MessageQueue> queues() {
        return queues;
    }

    PhysicalMemory memory() {
        return memory;
    }

    FrameAllocator frames() {
        return frames;
    }

    long now() {
        return wallClock.getAsLong();
    }

    /** A frame of zeros for semaphores or messages; negative if they have their share of memory already. */
    long takeFrame() {
        if (usedFrames.incrementAndGet() > frames.totalFrames() / SHARE) {
            usedFrames.decrementAndGet();
            return -ENOMEM;
        }
        long frame = frames.allocateZeroed();
        if (frame < 0) {
            usedFrames.decrementAndGet();
        }
        return frame;
    }

    void giveFrame(long frame) {
        frames.release(frame);
        usedFrames.decrementAndGet();
    }

    /** SHMMAX: the most bytes of a segment, an unsigned number. */
    public long largestSegment() {
        return largestSegment;
    }

    /** Sets {@link #largestSegment}. */
    public int setLargestSegment(long bytes) {
        largestSegment = bytes;
        return 0;
    }

    /** SHMALL: the most pages of all segments, an unsigned number. */
    public long allSegments() {
        return allSegments;
    }

    /** Sets {@link #allSegments}. */
    public int setAllSegments(long pages) {
        allSegments = pages;
        return 0;
    }

    /** How many pages all segments have. */
    public long segmentPages() {
        return segmentPages.get();
    }

    /** Whether segments may have so many pages more; they are counted then. */
    boolean takePages(long pages) {
        long all = segmentPages.addAndGet(pages);
        if (Long.compareUnsigned(all, allSegments) <= 0) {
            return true;
        }
        segmentPages.addAndGet(-pages);
        return false;
    }

    void givePages(long pages) {
        segmentPages.addAndGet(-pages);
    }

    /** How many semaphores all sets have. */
    public long semaphores() {
        return semaphores.get();
    }

    /** Whether there may be so many semaphores more; they are counted then. */
    boolean takeSemaphores(int count) {
        if (semaphores.addAndGet(count) <= allSemaphores) {
            return true;
        }
        semaphores.addAndGet(-count);
        return false;
    }

    void giveSemaphores(int count) {
        semaphores.addAndGet(-count);
    }

    /** SEMMSL: the most semaphores of a new set. */
    public int semaphoresOfSet() {
        return semaphoresOfSet;
    }

    /** SEMMNS: the most semaphores of all sets. */
    public int allSemaphores() {
        return allSemaphores;
    }

    /** SEMOPM: the most operations of one call. */
    public int operations() {
        return operations;
    }

    /** Sets SEMMSL, SEMMNS and SEMOPM: 0, or -EINVAL if one is negative or more than can be. */
    public int setSemaphores(long ofSet, long all, long ofCall) {
        boolean negative = ofSet < 0 || all < 0 || ofCall < 0;
        if (negative || ofSet > SEMAPHORES_OF_SET || all > SEMAPHORES || ofCall > OPERATIONS) {
            return -EINVAL;
        }
        semaphoresOfSet = (int) ofSet;
        allSemaphores = (int) all;
        operations = (int) ofCall;
        return 0;
    }

    /** How many messages all queues hold. */
    public long messages() {
        return messages.get();
    }

    /** How many bytes all messages have. */
    public long messageBytes() {
        return messageBytes.get();
    }

    void countMessages(int more, long bytes) {
        messages.addAndGet(more);
        messageBytes.addAndGet(bytes);
    }

    /** MSGMAX: the most bytes of a message. */
    public int longestMessage() {
        return longestMessage;
    }

    /** Sets {@link #longestMessage}: 0 or -EINVAL. */
    public int setLongestMessage(long bytes) {
        if (bytes < 0 || bytes > MOST_BYTES) {
            return -EINVAL;
        }
        longestMessage = (int) bytes;
        return 0;
    }

    /** MSGMNB: the most bytes of a new queue. */
    public int queueBytes() {
        return queueBytes;
    }

    /** Sets {@link #queueBytes}: 0 or -EINVAL. */
    public int setQueueBytes(long bytes) {
        if (bytes < 0 || bytes > MOST_BYTES) {
            return -EINVAL;
        }
        queueBytes = (int) bytes;
        return 0;
    }
}

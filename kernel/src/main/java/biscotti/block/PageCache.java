package biscotti.block;

import biscotti.bounded.Unit;
import biscotti.heap.Bounds;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.memory.FrameHolder;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pages of all files that are kept on disks. A kernel thread writes back what has been dirty for a while, or all when much is;
 * who makes even more dirty writes it back himself. When frames are short, clean pages that were not used lately go.
 */
public final class PageCache implements FrameHolder {
    // As Linux's vm.dirty_writeback_centisecs, dirty_expire_centisecs, dirty_background_ratio and dirty_ratio.
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(5);
    private static final long AGE = TimeUnit.SECONDS.toNanos(30);
    private static final int MUCH_PERCENT = 10;
    private static final int TOO_MUCH_PERCENT = 20;

    /** Pages that go at once when frames are few. */
    private static final int RECLAIM = 64;

    /** Pages that are looked at while a file's map is locked. */
    private static final int LOOK = 256;

    private final Scheduler scheduler;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final AtomicLong dirty = new AtomicLong();
    private final KernelThread writer;

    /** Guards the ring of files. */
    private final RankedLock lock = new RankedLock(LockRank.STORAGE);

    private CachedPages first;
    private volatile int files;

    /** An empty cache, and its thread. */
    public PageCache(Scheduler scheduler, FrameAllocator frames) {
        this.scheduler = scheduler;
        this.memory = scheduler.machine().memory();
        this.frames = frames;
        writer = scheduler.newThread("write-back", this::run);
        frames.add(this);
    }

    /** Starts its thread. */
    public void start() {
        writer.start();
    }

    /** What its thread runs on. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Where the pages are. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Gives frames for them. */
    public FrameAllocator frames() {
        return frames;
    }

    long now() {
        return scheduler.now();
    }

    /** How many pages are dirty. */
    public long dirtyPages() {
        return dirty.get();
    }

    void dirtied(long pages) {
        long before = dirty.getAndAdd(pages);
        long much = percent(MUCH_PERCENT);
        if (before <= much && before + pages > much) {
            writer.wake();
        }
    }

    boolean hasTooMuchDirty() {
        return dirty.get() > percent(TOO_MUCH_PERCENT);
    }

    private long percent(int part) {
        return frames.totalFrames() * part / 100;
    }

    /** A file joins the ring, behind all others. */
    void add(CachedPages file) {
        lock.lock();
        if (first == null) {
            file.next = file;
            file.previous = file;
            first = file;
        } else {
            file.next = first;
            file.previous = first.previous;
            first.previous.next = file;
            first.previous = file;
        }
        files++;
        lock.unlock();
    }

    void remove(CachedPages file) {
        lock.lock();
        files--;
        if (files == 0) {
            first = null;
        } else {
            file.previous.next = file.next;
            file.next.previous = file.previous;
            if (first == file) {
                first = file.next;
            }
        }
        lock.unlock();
    }

    private void run() {
        while (true) {
            writeBack();
            KernelThread.current().sleepUntil(scheduler.now() + PERIOD);
        }
    }

    @Unit(Bounds.WRITE_BACK)
    private void writeBack() {
        long old = now() - AGE;
        for (int i = files; i > 0; i--) {
            CachedPages file = nextFile();
            boolean much = dirty.get() > percent(MUCH_PERCENT);
            if (file != null && file.dirtyPages() > 0 && (much || file.dirtySince() < old)) {
                file.writeBack(0, Long.MAX_VALUE >>> PhysicalMemory.FRAME_SHIFT);
            }
        }
    }

    /** Begins to write all that is dirty, and waits for it. */
    public void sync() {
        for (int i = files; i > 0; i--) {
            CachedPages file = nextFile();
            if (file != null) {
                file.sync();
            }
        }
    }

    /** The file whose turn it is; null if there is none. It may be closed at any time, and then has no pages. */
    private CachedPages nextFile() {
        lock.lock();
        CachedPages file = first;
        if (file != null) {
            first = file.next;
        }
        lock.unlock();
        return file;
    }

    /** How many pages are in memory. */
    public long pages() {
        lock.lock();
        try {
            long sum = 0;
            CachedPages file = first;
            for (int i = files; i > 0; i--) {
                sum += file.pages();
                file = file.next;
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A frame for a page: if few are left, pages that are not used go first.
     *
     * @return its physical address, with one reference; or -ENOMEM
     */
    long allocate() {
        if (frames.isLow()) {
            evict(RECLAIM);
        }
        return frames.allocate();
    }

    /** {@inheritDoc} Clean pages go; if there are none, dirty ones are written first. */
    @Override
    public long reclaim(long wanted) {
        long freed = evict(wanted);
        if (freed == 0 && dirty.get() > 0) {
            sync();
            freed = evict(wanted);
        }
        return freed;
    }

    /**
     * Gives up clean pages that are not mapped, those first that were not used since it came by the last time.
     *
     * @param wanted how many frames
     * @return how many were freed
     */
    private long evict(long wanted) {
        long[] freed = new long[1];
        for (int i = 2 * files; i > 0 && freed[0] < wanted; i--) {
            CachedPages file = nextFile();
            boolean round = file == null;
            while (!round && freed[0] < wanted) {
                round = file.evict(LOOK, freed);
            }
        }
        return freed[0];
    }
}

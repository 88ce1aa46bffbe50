package biscotti.block;

import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;
import biscotti.memory.FrameAllocator;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * Blocks that are written together, from copies: who owns them may change them as soon as they are copied. Blocks that are
 * neighbours on the device go in one request. Used by one thread at a time, but for the ends of its requests.
 */
public final class BlockBatch implements BlockRequest.Completion {
    /** The most blocks of a batch. */
    public static final int MOST = 64;

    private final BlockDevice device;
    private final FrameAllocator frames;
    private final int blockShift;
    private final long[] copies = new long[MOST];
    private final long[] numbers = new long[MOST];
    private final WaitQueue ended = new WaitQueue();
    private int count;

    /** Guards what follows. */
    private final RankedLock lock = new RankedLock(LockRank.LEAF);

    private int underWay;
    private int error;

    /** An empty batch without memory: see {@link #prepare}. */
    public BlockBatch(BlockDevice device, FrameAllocator frames, int blockShift) {
        this.device = device;
        this.frames = frames;
        this.blockShift = blockShift;
    }

    /** Takes its frames; false if there are not enough. */
    public boolean prepare() {
        for (int i = 0; i < MOST; i++) {
            if (copies[i] == 0) {
                long frame = frames.allocate();
                if (frame < 0) {
                    return false;
                }
                copies[i] = frame;
            }
        }
        return true;
    }

    /** Gives its frames back. */
    public void close() {
        for (int i = 0; i < MOST; i++) {
            if (copies[i] != 0) {
                frames.release(copies[i]);
                copies[i] = 0;
            }
        }
    }

    /** How many blocks are in it. */
    public int count() {
        return count;
    }

    /** Whether it takes no more. */
    public boolean isFull() {
        return count == MOST;
    }

    /**
     * Adds a block.
     *
     * @param number where it goes on the device
     * @return where its copy is to be put in physical memory, before {@link #submit}
     */
    public long add(long number) {
        int place = count;
        count = place + 1;
        numbers[place] = number;
        return copies[place];
    }

    /** Begins to write all blocks of it. */
    public void submit() {
        sort();
        int at = 0;
        while (at < count) {
            BlockRequest request = device.requests().take();
            request.begin(BlockRequest.Operation.WRITE, numbers[at] << blockShift - BlockDevice.SECTOR_SHIFT);
            int first = at;
            do {
                request.add(copies[at], 1 << blockShift);
                at++;
            } while (at < count && numbers[at] == numbers[first] + (at - first));
            request.onEnd(this, 0);
            lock.lock();
            underWay++;
            lock.unlock();
            device.submit(request);
        }
    }

    /** Sorts by place on the device: few, and mostly in order. */
    private void sort() {
        for (int i = 1; i < count; i++) {
            long number = numbers[i];
            long copy = copies[i];
            int at = i;
            while (at > 0 && numbers[at - 1] > number) {
                numbers[at] = numbers[at - 1];
                copies[at] = copies[at - 1];
                at--;
            }
            numbers[at] = number;
            copies[at] = copy;
        }
    }

    @Override
    public void ended(BlockRequest request, int result) {
        request.giveBack();
        lock.lock();
        error = Math.min(error, result);
        underWay--;
        lock.unlock();
        ended.wakeAll();
    }

    /** Waits until all is written and empties the batch: 0 or a negative errno. */
    public int await() {
        lock.lock();
        while (underWay > 0) {
            ended.awaitUninterrupted(lock, Waiter.FOREVER);
        }
        int result = error;
        error = 0;
        lock.unlock();
        count = 0;
        return result;
    }
}

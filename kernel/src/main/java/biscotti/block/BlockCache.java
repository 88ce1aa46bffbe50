package biscotti.block;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * The blocks of a file system's own data that are in memory: bitmaps, inodes, directories. A fixed number, made once; those that
 * nobody has pinned make room for others, the one first that was not used for longest. Each lies in a frame of its own.
 *
 * <p>What a journal has changed stays pinned by it until it is written. What is changed without one is dirty until it is written, by {@link #sync}, or
 * when room is needed. May be used by all threads; all waits are uninterrupted.
 */
public final class BlockCache {
    /** The most blocks of a cache: a table of them stays below 64 KB. */
    public static final int MOST_BLOCKS = 8000;

    private static final int BUCKETS = 4096;

    private final BlockDevice device;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final int blockShift;
    private final int capacity;
    private final long end;
    private final Block absent;
    private final Block beyond;
    private final Block noRoom;
    private final Block unreadable;
    private final Block unwritable;
    private final BlockBatch batch;
    private final WaitQueue changed = new WaitQueue();

    /** Guards all that follows, and the state of the blocks. */
    private final RankedLock lock = new RankedLock(LockRank.BLOCKS);

    private final Block[] buckets = new Block[BUCKETS];

    /** Blocks that are neither pinned nor dirty, those at the end used last. */
    private final BlockList idle = new BlockList();

    private final BlockList dirty = new BlockList();

    /** The blocks that {@link #batch} writes. */
    private final Block[] batched = new Block[BlockBatch.MOST];

    /** Whether a thread writes dirty blocks. */
    private boolean writing;

    private boolean closed;

    /** The first error of a write that {@link #sync} has not told yet. */
    private int writeError;

    /**
     * An empty cache.
     *
     * @param blockShift log2 of the size of blocks: 10 to 12
     * @param capacity the most blocks in memory, at most {@value #MOST_BLOCKS}
     */
    public BlockCache(BlockDevice device, PhysicalMemory memory, FrameAllocator frames, int blockShift, int capacity) {
        this.device = device;
        this.memory = memory;
        this.frames = frames;
        this.blockShift = Math.clamp(blockShift, 10, PhysicalMemory.FRAME_SHIFT);
        this.capacity = Math.clamp(capacity, BlockBatch.MOST, MOST_BLOCKS);
        this.end = device.bytes() >>> this.blockShift;
        this.batch = new BlockBatch(device, frames, this.blockShift);
        this.absent = failing(-ENOENT);
        this.beyond = failing(-EUCLEAN);
        this.noRoom = failing(-ENOMEM);
        this.unreadable = failing(-EIO);
        this.unwritable = failing(-EROFS);
        int count = this.capacity;
        for (int i = 0; i < count; i++) {
            idle.add(new Block(this, memory, i, 0));
        }
    }

    private Block failing(int error) {
        return new Block(this, memory, -1, error);
    }

    /** For who has to return a block and cannot: one that has no content, and -ENOENT, -EUCLEAN, -ENOMEM, -EROFS, or else -EIO for an error. */
    public Block failed(int error) {
        return switch (error) {
            case -ENOENT -> absent;
            case -EUCLEAN -> beyond;
            case -ENOMEM -> noRoom;
            case -EROFS -> unwritable;
            default -> unreadable;
        };
    }

    /** To be called once, before all else: 0, or -ENOMEM if there is no memory to write from. */
    public int open() {
        if (batch.prepare()) {
            return 0;
        }
        batch.close();
        return -ENOMEM;
    }

    /** The device that has the blocks. */
    public BlockDevice device() {
        return device;
    }

    /** Where the blocks lie. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Gives frames for them. */
    public FrameAllocator frames() {
        return frames;
    }

    /** log2 of the size of a block. */
    public int blockShift() {
        return blockShift;
    }

    /** Bytes of a block. */
    public int blockSize() {
        return 1 << blockShift;
    }

    /** The most blocks in memory. */
    public int capacity() {
        return capacity;
    }

    /** A block, pinned, whose content will be replaced as a whole: it is not read. See {@link Block#error}. */
    public Block get(long number) {
        lock.lock();
        try {
            Block block = pin(number);
            if (block.index() >= 0) {
                awaitRead(block);
                block.resetChecked();
                block.valid = true;
            }
            return block;
        } finally {
            lock.unlock();
        }
    }

    /** A block, pinned, with its content. See {@link Block#error}. */
    public Block read(long number) {
        lock.lock();
        try {
            Block block = pin(number);
            if (block.index() < 0) {
                return block;
            }
            awaitRead(block);
            if (!block.valid) {
                block.resetChecked();
                block.reading = true;
                lock.unlock();
                int error = transfer(block);
                lock.lock();
                block.reading = false;
                block.valid = error == 0;
                changed.wakeAll();
                if (error < 0) {
                    block.pins--;
                    restIfUnused(block);
                    return unreadable;
                }
            }
            return block;
        } finally {
            lock.unlock();
        }
    }

    /** A block, pinned, if it is in memory; else one whose error is -ENOENT. */
    public Block find(long number) {
        lock.lock();
        try {
            Block block = lookUp(number);
            if (block == null) {
                return absent;
            }
            addPin(block);
            return block;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRead(Block block) {
        while (block.reading) {
            awaitChange();
        }
    }

    private int transfer(Block block) {
        BlockRequest request = device.requests().take();
        request.begin(BlockRequest.Operation.READ, block.number << blockShift - BlockDevice.SECTOR_SHIFT);
        request.add(block.physical, blockSize());
        device.submit(request);
        int error = request.await();
        request.giveBack();
        return error == 0 ? 0 : -EIO;
    }

    private void awaitChange() {
        changed.awaitUninterrupted(lock, Waiter.FOREVER);
    }

    private Block pin(long number) {
        if (number < 0 || number >= end) {
            return beyond;
        }
        while (!closed) {
            Block block = lookUp(number);
            if (block != null) {
                addPin(block);
                return block;
            }
            block = idle.first();
            if (block != null) {
                return reuse(block, number) ? block : noRoom;
            }
            if (dirty.first() == null && !writing) {
                return noRoom;
            }
            writeSome();
        }
        return unreadable;
    }

    private void addPin(Block block) {
        if (block.list == idle) {
            idle.remove(block);
        }
        block.pins++;
    }

    private boolean reuse(Block block, long number) {
        if (block.physical == 0) {
            long frame = frames.allocate();
            if (frame < 0) {
                return false;
            }
            block.physical = frame;
        }
        idle.remove(block);
        if (block.number >= 0) {
            unlink(block);
        }
        block.number = number;
        block.valid = false;
        block.pins = 1;
        int bucket = bucket(number);
        block.nextInBucket = buckets[bucket];
        buckets[bucket] = block;
        return true;
    }

    private static int bucket(long number) {
        return (int) (number * 0x9E3779B97F4A7C15L >>> Long.SIZE - 12);
    }

    private Block lookUp(long number) {
        Block block = buckets[bucket(number)];
        while (block != null && block.number != number) {
            block = block.nextInBucket;
        }
        return block;
    }

    private void unlink(Block block) {
        int bucket = bucket(block.number);
        Block at = buckets[bucket];
        if (at == block) {
            buckets[bucket] = block.nextInBucket;
        } else {
            while (at.nextInBucket != block) {
                at = at.nextInBucket;
            }
            at.nextInBucket = block.nextInBucket;
        }
        block.nextInBucket = null;
    }

    void retain(Block block) {
        if (block.index() < 0) {
            return;
        }
        lock.lock();
        block.pins++;
        lock.unlock();
    }

    void release(Block block) {
        if (block.index() < 0) {
            return;
        }
        lock.lock();
        block.pins--;
        restIfUnused(block);
        lock.unlock();
    }

    private void restIfUnused(Block block) {
        if (block.pins == 0 && !block.dirty && !block.writing) {
            idle.add(block);
        }
    }

    void markDirty(Block block) {
        if (block.index() < 0 || block.dirty) {
            return;
        }
        lock.lock();
        if (!block.dirty) {
            block.dirty = true;
            dirty.add(block);
        }
        lock.unlock();
    }

    /** A block's content is not wanted any more: it is not written, and read anew if it is wanted again. */
    public void forget(long number) {
        lock.lock();
        try {
            Block block = lookUp(number);
            while (block != null && (block.writing || block.reading)) {
                awaitChange();
                block = lookUp(number);
            }
            if (block == null) {
                return;
            }
            block.valid = false;
            if (block.dirty) {
                block.dirty = false;
                dirty.remove(block);
                restIfUnused(block);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes the dirty blocks and makes all writes of the device lasting: 0, or the error of a write since the last time. */
    public int sync() {
        lock.lock();
        int error;
        try {
            // What others make dirty meanwhile need not be waited for.
            for (int round = 0; round < 2 * capacity && (dirty.first() != null || writing); round++) {
                writeSome();
            }
            error = writeError;
            writeError = 0;
        } finally {
            lock.unlock();
        }
        return Math.min(error, device.flush());
    }

    /** Writes some dirty blocks, or waits for another thread that does. The lock is held, but not while it waits. */
    private void writeSome() {
        if (writing) {
            awaitChange();
            return;
        }
        writing = true;
        int count = 0;
        while (count < BlockBatch.MOST && dirty.first() != null) {
            Block block = dirty.first();
            dirty.remove(block);
            block.dirty = false;
            block.writing = true;
            memory.copy(block.physical, batch.add(block.number), blockSize());
            batched[count] = block;
            count++;
        }
        lock.unlock();
        batch.submit();
        int error = batch.await();
        lock.lock();
        for (int i = 0; i < count; i++) {
            Block block = batched[i];
            batched[i] = null;
            block.writing = false;
            restIfUnused(block);
        }
        writeError = Math.min(writeError, error);
        writing = false;
        changed.wakeAll();
    }

    /** Gives all memory back. Nobody has a block any more, and what is dirty is lost; who asks for a block gets none. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            batch.close();
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                for (Block block = buckets[bucket]; block != null; block = block.nextInBucket) {
                    frames.release(block.physical);
                    block.physical = 0;
                }
                buckets[bucket] = null;
            }
        } finally {
            lock.unlock();
        }
    }
}

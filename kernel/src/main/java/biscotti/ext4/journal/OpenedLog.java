package biscotti.ext4.journal;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.EROFS;

import biscotti.block.BlockCache;
import biscotti.memory.FrameAllocator;

/** The log on the disk, replayed, with the memory that reading and writing it takes. */
final class OpenedLog {
    private final BlockCache cache;
    private final FrameAllocator frames;
    private final LogBlocks log;
    private final LogBlock first;
    private final LogBlock scratch;
    private final LogBlock data;
    private final JournalSuperblock superblock;
    private final CommitWriter writer;

    OpenedLog(BlockCache cache, JournalArea area) {
        this.cache = cache;
        this.frames = cache.frames();
        this.log = new LogBlocks(cache, area);
        this.first = new LogBlock(cache.memory(), cache.blockSize());
        this.scratch = new LogBlock(cache.memory(), cache.blockSize());
        this.data = new LogBlock(cache.memory(), cache.blockSize());
        this.superblock = new JournalSuperblock(log, first);
        this.writer = new CommitWriter(cache, log, superblock, scratch);
    }

    LogBlocks log() {
        return log;
    }

    JournalSuperblock superblock() {
        return superblock;
    }

    CommitWriter writer() {
        return writer;
    }

    /** Reads the superblock, and replays the log if it is not empty: 0, or a negative errno and nothing is open. */
    int read() {
        return read(true);
    }

    /** Reads the superblock, and empties the log if it is not: as {@link #read}. */
    int readEmpty() {
        return read(false);
    }

    private int read(boolean replays) {
        boolean enough = place(first) && place(scratch) && place(data);
        int result = enough ? superblock.read() : -ENOMEM;
        if (result == 0 && superblock.needsRecovery()) {
            result = cache.device().readOnly() ? -EROFS : recover(replays);
        }
        release(data);
        if (result != 0) {
            close();
        }
        return result;
    }

    private int recover(boolean replays) {
        Recovery recovery = new Recovery(cache, log, superblock, scratch, data);
        int result = replays ? recovery.run() : recovery.skip();
        return result != 0 ? result : superblock.write(0, Integer.toUnsignedLong(recovery.end() + 1));
    }

    /** A number before that of the first transaction to be written: as jbd2, not to meet what is left of an unfinished one. */
    long sequence() {
        return Integer.toUnsignedLong(superblock.sequence());
    }

    private boolean place(LogBlock block) {
        long frame = frames.allocate();
        block.moveTo(Math.max(0, frame));
        return frame > 0;
    }

    private void release(LogBlock block) {
        if (block.address() != 0) {
            frames.release(block.address());
            block.moveTo(0);
        }
    }

    /** Gives the memory back. */
    void close() {
        writer.close();
        release(first);
        release(scratch);
    }
}

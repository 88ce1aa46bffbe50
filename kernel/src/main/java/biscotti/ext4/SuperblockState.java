package biscotti.ext4;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.Crc32c;
import biscotti.ext4.journal.Handle;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What changes of the superblock while its file system is mounted: "The Super Block". */
final class SuperblockState {
    private static final int FREE_BLOCKS = 0xc;
    private static final int FREE_BLOCKS_HIGH = 0x158;
    private static final int FREE_INODES = 0x10;
    private static final int MOUNT_TIME = 0x2c;
    private static final int WRITE_TIME = 0x30;
    private static final int MOUNTS = 0x34;
    private static final int STATE = 0x3a;
    private static final int STATE_CLEAN = 0x1;
    private static final int STATE_ERRORS = 0x2;
    private static final int FIRST_ORPHAN = 0xe8;

    private final Superblock superblock;
    private final BlockCache blocks;
    private final LongSupplier wallClock;
    private final int offset;
    private volatile boolean attributesNoted;

    /** Guards the bytes of the superblock, and the list of orphans. */
    private final RankedLock lock = new RankedLock(LockRank.SUPERBLOCK);

    SuperblockState(Superblock superblock, BlockCache blocks, LongSupplier wallClock) {
        this.superblock = superblock;
        this.blocks = blocks;
        this.wallClock = wallClock;
        this.offset = Superblock.PLACE & superblock.blockSize() - 1;
    }

    /** Held by who uses what follows. */
    RankedLock lock() {
        return lock;
    }

    /** The block that has it, pinned: see {@link Block#error}. */
    Block read() {
        return blocks.read(Superblock.PLACE >>> superblock.blockShift);
    }

    /** A change of the superblock. */
    private interface Change {
        void make(Block block);
    }

    /**
     * Nothing was written yet, and something will be: says so on the disk, lasting. Until {@link #finish}, who finds the file system has to replay its journal, or
     * to check it if it has none.
     */
    int begin() {
        return writeNow(block -> {
            block.putShort(offset + MOUNTS, block.getShort(offset + MOUNTS) + 1);
            block.putInt(offset + MOUNT_TIME, seconds());
            if (superblock.journalInode == 0) {
                block.putShort(offset + STATE, block.getShort(offset + STATE) & ~STATE_CLEAN);
            } else {
                putIncompatible(block, incompatible(block) | Features.RECOVER);
            }
        });
    }

    /** What the journal had is in its place: nobody needs to replay it again. */
    int noteRecovery() {
        return writeNow(block -> putIncompatible(block, incompatible(block) & ~Features.RECOVER));
    }

    /**
     * All is written, and nothing more will be.
     *
     * @param wasClean whether it was clean when it was mounted, for one without a journal
     */
    int finish(boolean wasClean, Groups groups) {
        return writeNow(block -> {
            block.putInt(offset + FREE_BLOCKS, (int) groups.freeBlocks());
            if (superblock.has(Features.WIDE)) {
                block.putInt(offset + FREE_BLOCKS_HIGH, (int) (groups.freeBlocks() >>> Integer.SIZE));
            }
            block.putInt(offset + FREE_INODES, (int) groups.freeInodes());
            if (superblock.journalInode == 0 && wasClean) {
                block.putShort(offset + STATE, block.getShort(offset + STATE) | STATE_CLEAN);
            }
            putIncompatible(block, incompatible(block) & ~Features.RECOVER);
        });
    }

    /** Whether it was unmounted, or is kept whole by a journal, and no errors were found. */
    boolean isClean() {
        Block block = read();
        int state = block.error() < 0 ? 0 : block.getShort(offset + STATE);
        block.release();
        return (state & (STATE_CLEAN | STATE_ERRORS)) == STATE_CLEAN;
    }

    private int incompatible(Block block) {
        return block.getInt(offset + Superblock.FEATURES_INCOMPATIBLE);
    }

    private void putIncompatible(Block block, int features) {
        block.putInt(offset + Superblock.FEATURES_INCOMPATIBLE, features);
    }

    /** Changes it without a journal, lasting. */
    private int writeNow(Change change) {
        lock.lock();
        try {
            Block block = read();
            if (block.error() < 0) {
                return block.error();
            }
            change.make(block);
            block.putInt(offset + WRITE_TIME, seconds());
            updateSum(block);
            block.markDirty();
            block.release();
        } finally {
            lock.unlock();
        }
        return blocks.sync();
    }

    private int write(Handle handle, Change change) {
        Block block = read();
        int error = block.error() < 0 ? block.error() : handle.access(block);
        if (error == 0) {
            change.make(block);
            updateSum(block);
            handle.dirty(block);
        }
        block.release();
        return error;
    }

    /** Says that there is a feature which who only reads may not know; one credit. */
    int addForReading(Handle handle, int feature) {
        lock.lock();
        try {
            return write(handle, block -> {
                int at = offset + Superblock.FEATURES_FOR_READING;
                block.putInt(at, block.getInt(at) | feature);
            });
        } finally {
            lock.unlock();
        }
    }

    /** A file gets an extended attribute: says that there are some, if nothing does yet; one credit. */
    int noteAttributes(Handle handle) {
        if (attributesNoted) {
            return 0;
        }
        lock.lock();
        try {
            int error = superblock.hasCompatible(Features.ATTRIBUTES)
                    ? 0
                    : write(handle, block -> {
                        int at = offset + Superblock.FEATURES_COMPATIBLE;
                        block.putInt(at, block.getInt(at) | Features.ATTRIBUTES);
                    });
            attributesNoted = error == 0;
            return error;
        } finally {
            lock.unlock();
        }
    }

    /** The first of the list of orphans, or 0; -EIO, -ENOMEM. */
    long firstOrphan() {
        Block block = read();
        long number = block.error() < 0 ? block.error() : block.getUnsignedInt(offset + FIRST_ORPHAN);
        block.release();
        return number;
    }

    /** Sets the first orphan, or 0: one credit. Locked. */
    int setFirstOrphan(Handle handle, long number) {
        return write(handle, block -> block.putInt(offset + FIRST_ORPHAN, (int) number));
    }

    /** The time of day, in seconds since 1970. */
    int seconds() {
        return (int) TimeUnit.NANOSECONDS.toSeconds(wallClock.getAsLong());
    }

    private void updateSum(Block block) {
        if (superblock.hasChecksums()) {
            int sum = block.checksum(Crc32c.START, offset, Superblock.CHECKSUM);
            block.putInt(offset + Superblock.CHECKSUM, sum);
        }
    }
}

package biscotti.ext4;

import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.ext4.journal.DirectWrites;
import biscotti.ext4.journal.Handle;
import biscotti.file.TestSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;

/** A file with nothing but a map of blocks, and a device whose blocks a test gives out: scattered ones, if it wants. */
final class MapFixture implements MapOwner, BlockSource {
    /** Where the map's root lies: a block and an offset that mean nothing to others. */
    private static final int ROOT_BLOCK = 3000;

    private static final int ROOT_OFFSET = 0x128;
    private static final int FIRST = 4000;
    private static final int SEED = 77;
    static final int CREDITS = 100;

    final Superblock superblock;
    final BlockCache blocks;
    final DirectWrites transactions;
    final BitSet used = new BitSet();
    final int capacity;
    private final Random random;
    private final boolean scatters;
    private long owned;

    MapFixture(TestSystem system, Path directory, int blockSize, int capacity, Random random, boolean scatters) {
        Path image = directory.resolve("image");
        TestImage.run("/usr/sbin/mke2fs", "-q", "-F", "-b", "" + blockSize, "-t", "ext4", image.toString(), "20000");
        SimulatedDisk disk = disk(system, image);
        int shift = Integer.numberOfTrailingZeros(blockSize);
        blocks = new BlockCache(disk, system.machine().memory(), system.frames(), shift, 2000);
        assertEquals(0, blocks.open());
        Block first = blocks.read(1024 >> shift);
        superblock = new Superblock(first, 1024 & blockSize - 1, disk.bytes());
        assertEquals("", superblock.problem());
        first.release();
        transactions = new DirectWrites(blocks);
        this.capacity = capacity;
        this.random = random;
        this.scatters = scatters;
    }

    private static SimulatedDisk disk(TestSystem system, Path image) {
        try {
            return SimulatedDisk.of(system.scheduler(), image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void beginExtents() {
        Block block = blocks.read(ROOT_BLOCK);
        block.zero(ROOT_OFFSET, 60);
        new ExtentNode(block, ROOT_OFFSET).begin(0, ExtentNode.ROOT_ENTRIES);
        block.markDirty();
        block.release();
    }

    void beginIndirect() {
        Block block = blocks.read(ROOT_BLOCK);
        block.zero(ROOT_OFFSET, 60);
        block.markDirty();
        block.release();
    }

    /** How many blocks the map says it has. */
    long owned() {
        return owned;
    }

    /** What is given out, the map says it has; of it so many blocks are data. */
    void assertAllCounted(long data) {
        assertEquals(used.cardinality(), owned, "blocks counted");
        assertTrue(owned >= data, "data and nodes");
    }

    @Override
    public Block read() {
        return blocks.read(ROOT_BLOCK);
    }

    @Override
    public int mapOffset() {
        return ROOT_OFFSET;
    }

    @Override
    public int seed() {
        return SEED;
    }

    @Override
    public long goal() {
        return FIRST;
    }

    @Override
    public void addBlocks(long count) {
        owned += count;
    }

    @Override
    public int storeMap(Handle handle) {
        Block root = read();
        handle.dirty(root);
        root.release();
        return 0;
    }

    @Override
    public long allocate(Handle handle, long goal, int most) {
        int from = (int) Math.clamp(goal - FIRST, 0, capacity - 1);
        if (scatters && random.nextInt(4) != 0) {
            from = random.nextInt(capacity);
        }
        int start = used.nextClearBit(from);
        if (start >= capacity) {
            start = used.nextClearBit(0);
        }
        if (start >= capacity) {
            return -ENOSPC;
        }
        int end = used.nextSetBit(start);
        int count = Math.min(most, (end < 0 ? capacity : Math.min(end, capacity)) - start);
        count = scatters ? 1 + random.nextInt(Math.min(count, 8)) : count;
        used.set(start, start + count);
        return BlockRun.of(FIRST + start, count);
    }

    @Override
    public int free(Handle handle, long start, int count) {
        int first = (int) (start - FIRST);
        if (first < 0 || used.nextClearBit(first) < first + count) {
            return -EUCLEAN;
        }
        used.clear(first, first + count);
        return 0;
    }
}

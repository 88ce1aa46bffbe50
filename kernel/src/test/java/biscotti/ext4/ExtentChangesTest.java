package biscotti.ext4;

import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.file.TestSystem;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tree of extents is what was put into it, and in the form that e2fsck wants, whatever came before. */
@Timeout(120)
class ExtentChangesTest {
    private static final int FILE = 6000;

    private final TestSystem system = new TestSystem(64 << 20);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        system.close();
    }

    /** A tree, and what it should be. */
    private final class Tree {
        final MapFixture fixture;
        final ExtentChanges changes;
        final long[] places = new long[FILE];
        final boolean[] written = new boolean[FILE];

        Tree(int blockSize, int capacity, Random random, boolean scatters) {
            fixture = new MapFixture(system, directory, blockSize, capacity, random, scatters);
            fixture.beginExtents();
            changes = new ExtentChanges(fixture.superblock, fixture.blocks);
        }

        private Handle begin() {
            return fixture.transactions.begin(MapFixture.CREDITS);
        }

        long allocate(int block, int most, boolean asWritten) {
            Handle handle = begin();
            long run = changes.allocate(handle, fixture, fixture, block, most, asWritten);
            assertEquals(0, handle.end());
            if (run < 0) {
                assertEquals(-ENOSPC, run);
                return run;
            }
            for (int i = 0; i < BlockRun.count(run); i++) {
                long place = BlockRun.start(run) + i;
                assertTrue(places[block + i] == 0 || places[block + i] == place, "block " + (block + i));
                written[block + i] = asWritten || places[block + i] != 0 && written[block + i];
                places[block + i] = place;
            }
            return run;
        }

        void mark(int from, int to, boolean asWritten) {
            int at = from;
            while (at < to) {
                Handle handle = begin();
                long done = changes.mark(handle, fixture, fixture, at, Math.min(to - at, BlockRun.MOST), asWritten);
                assertEquals(0, handle.end());
                if (done < 0) {
                    assertEquals(-ENOSPC, done);
                    return;
                }
                for (int i = at; i < at + done; i++) {
                    written[i] = places[i] != 0 && asWritten;
                }
                at += (int) done;
            }
        }

        void remove(int from, int to) {
            long run = 1;
            int end = to;
            while (run != 0) {
                Handle handle = begin();
                run = changes.removeLast(handle, fixture, fixture, from, to);
                if (run < 0) {
                    assertEquals(-ENOSPC, run);
                    assertEquals(0, handle.end());
                    return;
                }
                while (end > from && places[end - 1] == 0) {
                    end--;
                }
                if (run != 0) {
                    assertEquals(0, fixture.free(handle, BlockRun.start(run), BlockRun.count(run)));
                    for (int i = BlockRun.count(run) - 1; i >= 0; i--) {
                        end--;
                        assertEquals(places[end], BlockRun.start(run) + i, "block " + end);
                        places[end] = 0;
                        written[end] = false;
                    }
                }
                assertEquals(0, handle.end());
            }
            assertEquals(from, Math.max(end, from));
        }

        /** Walks all of it: how many extents it has. */
        int check() {
            int extents = 0;
            long at = 0;
            long data = 0;
            boolean[] seen = new boolean[FILE];
            ExtentPath path = new ExtentPath(fixture.superblock, fixture.blocks, fixture);
            while (at < ExtentNode.BEYOND) {
                assertEquals(0, path.open(at));
                for (int level = 0; level < path.depth(); level++) {
                    ExtentNode below = path.node(level + 1);
                    assertEquals(below.start(0), path.node(level).start(path.entry(level)), "key");
                }
                long next = path.nextStart();
                if (path.isInside()) {
                    ExtentNode leaf = path.leaf();
                    int entry = path.entry();
                    assertEquals(at, leaf.start(entry));
                    assertTrue(leaf.end(entry) <= next, "extents overlap");
                    assertTrue(!leaf.joins(entry, entry + 1), "neighbours are one");
                    for (int i = 0; i < leaf.count(entry); i++) {
                        assertEquals(places[(int) at + i], leaf.first(entry) + i, "block " + (at + i));
                        assertEquals(written[(int) at + i], leaf.isWritten(entry), "block " + (at + i));
                        seen[(int) at + i] = true;
                    }
                    extents++;
                    data += leaf.count(entry);
                }
                at = next;
                path.close();
            }
            for (int i = 0; i < FILE; i++) {
                assertEquals(places[i] != 0, seen[i], "block " + i);
            }
            fixture.assertAllCounted(data);
            return extents;
        }

        int depth() {
            ExtentPath path = new ExtentPath(fixture.superblock, fixture.blocks, fixture);
            assertEquals(0, path.open(0));
            int depth = path.depth();
            path.close();
            return depth;
        }
    }

    @FunctionalInterface
    private interface Body {
        void run(Tree tree);
    }

    private void with(int blockSize, int capacity, Random random, boolean scatters, Body body)
            throws InterruptedException {
        system.run(() -> body.run(new Tree(blockSize, capacity, random, scatters)));
    }

    @Test
    void blocksWrittenOneByOneBecomeOneExtent() throws Exception {
        with(1024, 8000, new Random(1), false, tree -> {
            for (int i = 0; i < 5000; i++) {
                tree.allocate(i, 1, true);
            }
            assertEquals(1, tree.check());
            assertEquals(0, tree.depth());
            tree.remove(0, FILE);
            assertEquals(0, tree.check());
            assertEquals(0, tree.fixture.used.cardinality());
        });
    }

    @Test
    void leavesThatGrowAtTheirEndStayFull() throws Exception {
        with(1024, 8000, new Random(1), false, tree -> {
            for (int i = 0; i < 5000; i += 2) {
                tree.allocate(i, 1, true);
            }
            assertEquals(2500, tree.check());
            int leaves = Math.ceilDiv(2500, ExtentNode.mostEntries(1024));
            assertTrue(tree.fixture.owned() <= 2500 + leaves + 2, "nodes: " + (tree.fixture.owned() - 2500));
            assertEquals(2, tree.depth());
        });
    }

    @Test
    void writingPreallocatedBlocksInOrderMovesTheBorder() throws Exception {
        with(4096, 8000, new Random(1), false, tree -> {
            tree.allocate(0, FILE, false);
            for (int i = 0; i < 3000; i++) {
                tree.mark(i, i + 1, true);
            }
            assertEquals(2, tree.check());
            tree.mark(5000, 5001, true);
            assertEquals(4, tree.check());
            tree.mark(0, FILE, true);
            assertEquals(1, tree.check());
        });
    }

    @Test
    void aFileEndsBeforeItsLengthInBlocksHasMoreThan32Bits() throws Exception {
        with(4096, 8000, new Random(1), false, tree -> {
            Handle handle = tree.begin();
            assertEquals(-EFBIG, tree.changes.allocate(handle, tree.fixture, tree.fixture, 0xffffffffL, 1, true));
            long run = tree.changes.allocate(handle, tree.fixture, tree.fixture, 0xfffffffeL, 5, true);
            assertEquals(1, BlockRun.count(run));
            assertEquals(run, tree.changes.removeLast(handle, tree.fixture, tree.fixture, 0xffffff00L, Long.MAX_VALUE));
            assertEquals(0, tree.changes.removeLast(handle, tree.fixture, tree.fixture, 0, Long.MAX_VALUE));
            assertEquals(0, handle.end());
        });
    }

    @ParameterizedTest
    @CsvSource({"1024,true,8000", "1024,true,1500", "4096,true,8000", "4096,false,3000", "2048,true,700"})
    void randomChangesAreWhatTheModelSays(int blockSize, boolean scatters, int capacity) throws Exception {
        long seed = Long.getLong("extents.seed", System.nanoTime());
        Random random = new Random(seed);
        int[] deepest = {0};
        try {
            with(blockSize, capacity, random, scatters, each -> {
                for (int i = 0; i < 6000; i++) {
                    step(each, random);
                    if (i % 50 == 0) {
                        each.check();
                        deepest[0] = Math.max(deepest[0], each.depth());
                    }
                }
                each.remove(0, FILE);
                each.check();
                assertEquals(
                        0,
                        Arrays.stream(each.places).filter(place -> place != 0).count());
                assertEquals(0, each.fixture.used.cardinality());
                assertEquals(0, each.depth());
            });
        } catch (AssertionError e) {
            throw new AssertionError("-Dextents.seed=" + seed + ": " + e.getMessage(), e);
        }
        assertTrue(!scatters || deepest[0] > 0, "seed " + seed);
    }

    private static void step(Tree tree, Random random) {
        int from = random.nextInt(FILE - 1);
        int most = 1 + random.nextInt(Math.min(FILE - from, random.nextBoolean() ? 4 : 200));
        switch (random.nextInt(12)) {
            case 0 -> tree.remove(from, from + Math.min(most, FILE - from));
            case 1 -> tree.remove(from, random.nextInt(40) == 0 ? FILE : Math.min(from + 3, FILE));
            case 2 -> tree.mark(from, from + most, random.nextBoolean());
            case 3, 4 -> tree.allocate(from, most, false);
            default -> tree.allocate(from, most, true);
        }
    }
}

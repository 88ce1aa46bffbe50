package biscotti.ext4;

import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.BlockRun;
import biscotti.ext4.journal.Handle;
import biscotti.file.TestSystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A map of direct and indirect blocks is what was put into it, and keeps no table that leads nowhere. */
@Timeout(120)
class IndirectChangesTest {
    private final TestSystem system = new TestSystem(64 << 20);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        system.close();
    }

    /** A map, and what it should be. */
    private final class Model {
        final MapFixture fixture;
        final IndirectChanges changes;
        final TreeMap<Long, Long> places = new TreeMap<>();
        final long end;

        Model(int blockSize, int capacity, Random random, boolean scatters) {
            fixture = new MapFixture(system, directory, blockSize, capacity, random, scatters);
            fixture.beginIndirect();
            changes = new IndirectChanges(fixture.superblock, fixture.blocks);
            end = IndirectPath.mostBlocks(Integer.numberOfTrailingZeros(blockSize));
        }

        void allocate(long block, int most) {
            Handle handle = fixture.transactions.begin(MapFixture.CREDITS);
            long run = changes.allocate(handle, fixture, fixture, block, most);
            assertEquals(0, handle.end());
            if (run < 0) {
                assertEquals(-ENOSPC, run);
                return;
            }
            for (int i = 0; i < BlockRun.count(run); i++) {
                long place = BlockRun.start(run) + i;
                assertEquals(place, places.getOrDefault(block + i, place), "block " + (block + i));
                places.put(block + i, place);
            }
        }

        void remove(long from, long to) {
            long run = 1;
            while (run != 0) {
                Handle handle = fixture.transactions.begin(MapFixture.CREDITS);
                run = changes.removeLast(handle, fixture, fixture, from, to);
                assertTrue(run >= 0, "error " + run);
                if (run != 0) {
                    assertEquals(0, fixture.free(handle, BlockRun.start(run), BlockRun.count(run)));
                }
                for (int i = BlockRun.count(run) - 1; run != 0 && i >= 0; i--) {
                    Map.Entry<Long, Long> last = places.lowerEntry(to);
                    assertTrue(last.getKey() >= from, "block " + last.getKey());
                    assertEquals(last.getValue(), BlockRun.start(run) + i, "block " + last.getKey());
                    places.remove(last.getKey());
                }
                assertEquals(0, handle.end());
            }
            assertTrue(places.subMap(from, to).isEmpty(), "blocks stay");
        }

        void check() {
            IndirectPath path = new IndirectPath(fixture.superblock, fixture.blocks, fixture);
            for (Map.Entry<Long, Long> entry : places.entrySet()) {
                assertEquals(0, path.open(entry.getKey()));
                assertTrue(path.isWhole(), "block " + entry.getKey());
                assertEquals(entry.getValue(), path.pointer(), "block " + entry.getKey());
                path.close();
            }
            fixture.assertAllCounted(places.size());
        }
    }

    @FunctionalInterface
    private interface Body {
        void run(Model model);
    }

    private void with(int blockSize, int capacity, Random random, boolean scatters, Body body)
            throws InterruptedException {
        system.run(() -> body.run(new Model(blockSize, capacity, random, scatters)));
    }

    @Test
    void aFileThatGrowsHasOnlyTheTablesThatItNeeds() throws Exception {
        with(1024, 8000, new Random(1), false, model -> {
            for (int i = 0; i < 12 + 256 + 300; i++) {
                model.allocate(i, 1);
            }
            model.check();
            assertEquals(12 + 256 + 300 + 1 + 3, model.fixture.owned());
            model.remove(12 + 256, model.end);
            assertEquals(12 + 256 + 1, model.fixture.owned());
            model.remove(12, model.end);
            assertEquals(12, model.fixture.owned());
        });
    }

    @Test
    void theLastBlockNeedsThreeTables() throws Exception {
        with(1024, 8000, new Random(1), false, model -> {
            Handle handle = model.fixture.transactions.begin(MapFixture.CREDITS);
            assertEquals(-EFBIG, model.changes.allocate(handle, model.fixture, model.fixture, model.end, 1));
            assertEquals(0, handle.end());
            model.allocate(model.end - 1, 5);
            model.check();
            assertEquals(4, model.fixture.owned());
            model.remove(0, Long.MAX_VALUE);
            assertEquals(0, model.fixture.owned());
        });
    }

    @ParameterizedTest
    @CsvSource({"1024,true,8000", "1024,true,900", "4096,false,3000"})
    void randomChangesAreWhatTheModelSays(int blockSize, boolean scatters, int capacity) throws Exception {
        long seed = Long.getLong("indirect.seed", System.nanoTime());
        Random random = new Random(seed);
        try {
            with(blockSize, capacity, random, scatters, model -> {
                for (int i = 0; i < 3000; i++) {
                    step(model, random);
                    if (i % 100 == 0) {
                        model.check();
                    }
                }
                model.remove(0, model.end);
                model.check();
                assertEquals(0, model.fixture.used.cardinality());
            });
        } catch (AssertionError e) {
            throw new AssertionError("-Dindirect.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private static void step(Model model, Random random) {
        long end = random.nextInt(3) == 0 ? model.end : 1500;
        long from = random.nextLong(end);
        int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 300);
        switch (random.nextInt(8)) {
            case 0 -> model.remove(from, Math.min(end, from + most));
            case 1 -> model.remove(from, random.nextInt(10) == 0 ? end : Math.min(end, from + 2));
            default -> model.allocate(from, most);
        }
    }
}

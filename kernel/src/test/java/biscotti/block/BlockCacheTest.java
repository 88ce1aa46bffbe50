package biscotti.block;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.EUCLEAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.driver.disk.SimulatedDisk;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cached blocks hold what was put in them, whatever room there is. */
@Timeout(60)
class BlockCacheTest {
    private static final int CAPACITY = 64;

    private final SimulatedMachine machine = SimulatedMachine.builder().cpus(2).build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final FrameAllocator frames = new FrameAllocator(machine);
    private SimulatedDisk disk;
    private BlockCache cache;

    @BeforeEach
    void start() {
        scheduler.start();
        disk = new SimulatedDisk(scheduler, "sda", 1 << 12, 8);
        disk.shuffle(1);
        cache = new BlockCache(disk, machine.memory(), frames, 10, CAPACITY);
        assertEquals(0, cache.open());
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    private void run(Runnable... bodies) throws InterruptedException {
        TestThreads.run(machine, scheduler, bodies);
    }

    private int onDisk(long number) {
        byte[] bytes = new byte[4];
        disk.get(number << 10, bytes);
        return bytes[0] & 0xFF | (bytes[1] & 0xFF) << 8 | (bytes[2] & 0xFF) << 16 | bytes[3] << 24;
    }

    /** Four threads change many more blocks than the cache has, each its own. */
    @Test
    void whatIsEvictedIsWrittenFirst() throws InterruptedException {
        long seed = System.nanoTime();
        long before = frames.freeFrames();
        int[][] model = new int[4][300];
        Runnable[] bodies = new Runnable[4];
        for (int thread = 0; thread < 4; thread++) {
            int mine = thread;
            bodies[thread] = () -> {
                Random random = new Random(seed + mine);
                for (int step = 1; step < 3000; step++) {
                    int index = random.nextInt(300);
                    long number = index * 4L + mine;
                    boolean whole = random.nextInt(4) == 0;
                    Block block = whole ? cache.get(number) : cache.read(number);
                    assertEquals(0, block.error(), "seed " + seed);
                    if (!whole) {
                        assertEquals(model[mine][index], block.getInt(0), "seed " + seed);
                    }
                    if (whole || random.nextInt(3) == 0) {
                        block.putInt(0, step);
                        model[mine][index] = step;
                        block.markDirty();
                    }
                    block.release();
                    if (step % 500 == 0) {
                        assertEquals(0, cache.sync());
                        assertEquals(model[mine][index], onDisk(number), "seed " + seed);
                    }
                }
                assertEquals(0, cache.sync());
            };
        }
        run(bodies);
        for (int thread = 0; thread < 4; thread++) {
            for (int index = 0; index < 300; index++) {
                assertEquals(model[thread][index], onDisk(index * 4L + thread), "seed " + seed);
            }
        }
        run(cache::close);
        frames.drainCaches();
        assertEquals(before + BlockBatch.MOST, frames.freeFrames());
    }

    @Test
    void aForgottenBlockIsNotWritten() throws InterruptedException {
        run(() -> {
            Block block = cache.get(7);
            block.putInt(0, 1);
            block.markDirty();
            block.release();
            cache.forget(7);
            assertEquals(0, cache.sync());
            assertEquals(0, onDisk(7));
            Block again = cache.read(7);
            assertEquals(0, again.getInt(0));
            again.release();
        });
    }

    @Test
    void errorsAreTold() throws InterruptedException {
        run(() -> {
            disk.fail(10, 10);
            assertEquals(-EUCLEAN, cache.read(2048).error());
            assertEquals(-EUCLEAN, cache.get(-1).error());
            assertEquals(-ENOENT, cache.find(3).error());
            Block bad = cache.read(5);
            assertEquals(-EIO, bad.error());
            bad.release();
            Block block = cache.get(5);
            assertEquals(0, block.error());
            block.markDirty();
            block.release();
            assertEquals(-EIO, cache.sync());
            assertEquals(0, cache.sync());
            disk.mend();
            List<Block> pinned = new ArrayList<>();
            for (int i = 0; i < CAPACITY; i++) {
                pinned.add(cache.read(i));
                assertEquals(0, pinned.get(i).error());
            }
            Block none = cache.read(CAPACITY);
            assertEquals(-ENOMEM, none.error());
            none.release();
            pinned.forEach(Block::release);
            assertEquals(0, cache.read(CAPACITY).error());
        });
    }
}

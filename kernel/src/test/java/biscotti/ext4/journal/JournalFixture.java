package biscotti.ext4.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.block.BlockCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A machine with a disk that holds a file system, for tests of the journal. */
final class JournalFixture implements AutoCloseable {
    static final int CAPACITY = 1200;

    final SimulatedMachine machine = SimulatedMachine.builder().cpus(2).build();
    final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    final FrameAllocator frames = new FrameAllocator(machine);
    final Ext4Image image;

    JournalFixture(Ext4Image image) {
        this.image = image;
        scheduler.start();
    }

    @Override
    public void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    void run(Runnable... bodies) throws InterruptedException {
        TestThreads.run(machine, scheduler, bodies);
    }

    SimulatedDisk disk(Path file) throws Exception {
        return SimulatedDisk.of(scheduler, file);
    }

    SimulatedDisk copy(SimulatedDisk disk) {
        SimulatedDisk copy = new SimulatedDisk(scheduler, "copy", disk.sectors(), 32);
        copy.copyFrom(disk);
        return copy;
    }

    BlockCache cache(BlockDevice disk) {
        BlockCache cache = new BlockCache(disk, machine.memory(), frames, image.blockShift(), CAPACITY);
        assertEquals(0, cache.open());
        return cache;
    }

    Journal journal(BlockCache cache) {
        return new Journal(scheduler, cache, image.area(), () -> 1_700_000_000_000_000_000L);
    }

    Journal started(BlockCache cache) {
        Journal journal = journal(cache);
        assertEquals(0, journal.load());
        assertEquals(0, journal.start(image.checksums(), image.checksums()));
        return journal;
    }

    /** Replays the journal of a disk, by our code; on a kernel thread. */
    int replay(SimulatedDisk disk) {
        BlockCache cache = cache(disk);
        Journal journal = journal(cache);
        int error = journal.load();
        if (error == 0) {
            journal.close();
        }
        cache.close();
        return error;
    }

    byte[] block(SimulatedDisk disk, long number) {
        byte[] bytes = new byte[image.blockSize()];
        disk.get(number << image.blockShift(), bytes);
        return bytes;
    }

    /** Compares all blocks but the journal's and the first, which holds the superblock, with those of a file. */
    void assertSame(Path expected, SimulatedDisk actual, String where) throws IOException {
        byte[] all = Files.readAllBytes(expected);
        int size = image.blockSize();
        for (int i = size == 1024 ? 2 : 1; i < all.length / size; i++) {
            if (!image.isOfJournal(i)) {
                byte[] one = Arrays.copyOfRange(all, i * size, (i + 1) * size);
                assertArrayEquals(one, block(actual, i), where + " block " + i);
            }
        }
    }
}

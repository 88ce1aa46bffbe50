package biscotti.file.disk;

import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.AnonymousFiles;
import biscotti.file.CachedFile;
import biscotti.file.Devices;
import biscotti.file.KernelTransfer;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on disks, through the page cache: what is read is what was written, and what was synced is on the disk. */
@Timeout(120)
class CachedFileTest {
    private static final int BYTES = 300_000;

    private final SimulatedMachine machine = SimulatedMachine.builder().cpus(2).build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final FrameAllocator frames = new FrameAllocator(machine);
    private final AnonymousFiles files = new AnonymousFiles("test", 0, new Devices(frames), () -> 0);
    private PageCache cache;
    private SimulatedDisk disk;

    @BeforeEach
    void start() {
        scheduler.start();
        cache = new PageCache(scheduler, frames);
        disk = new SimulatedDisk(scheduler, "sda", 1024, 8);
        disk.shuffle(3);
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    private void run(Runnable... bodies) throws InterruptedException {
        TestThreads.run(machine, scheduler, bodies);
    }

    private long write(CachedFile file, long position, byte[] bytes) {
        return file.writeAt(new KernelTransfer(machine.memory(), bytes, 0, bytes.length), position);
    }

    private byte[] read(CachedFile file, long position, int length) {
        byte[] bytes = new byte[length];
        long count = file.readAt(new KernelTransfer(machine.memory(), bytes, 0, length), position);
        assertTrue(count >= 0, "error " + count);
        return Arrays.copyOf(bytes, (int) count);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Random writes, truncations, reads, losses of clean pages and syncs against an array. */
    @ParameterizedTest
    @ValueSource(ints = {9, 10, 12})
    void aFileIsLikeAnArray(int blockShift) throws InterruptedException {
        long seed = System.nanoTime();
        run(() -> {
            ScatteredFile file = new ScatteredFile(files, cache, disk, blockShift, seed);
            Random random = new Random(seed);
            byte[] model = new byte[0];
            for (int step = 0; step < 3000; step++) {
                String where = "seed " + seed + " step " + step;
                int at = random.nextInt(BYTES);
                int length = 1 + random.nextInt(random.nextBoolean() ? 300 : 20_000);
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3, 4 -> {
                        byte[] part = bytes(random, Math.min(length, BYTES - at));
                        assertEquals(part.length, write(file, at, part), where);
                        model = Arrays.copyOf(model, Math.max(model.length, at + part.length));
                        System.arraycopy(part, 0, model, at, part.length);
                    }
                    case 5 -> {
                        assertEquals(0, file.truncate(at), where);
                        model = Arrays.copyOf(model, at);
                    }
                    case 6 -> cache.reclaim(random.nextInt(100));
                    case 7 -> {
                        assertEquals(0, file.sync(false), where);
                        assertArrayEquals(model, file.onDisk(disk, model.length), where);
                        assertEquals(0, cache.dirtyPages(), where);
                    }
                    default -> {
                        int end = Math.min(model.length, at + length);
                        byte[] expected = at < end ? Arrays.copyOfRange(model, at, end) : new byte[0];
                        assertArrayEquals(expected, read(file, at, length), where);
                    }
                }
                assertEquals(model.length, file.length(), where);
            }
            assertTrue(cache.reclaim(Long.MAX_VALUE) >= 0);
        });
    }

    /** Threads write to their own parts of shared pages, while pages are written back and given up under them. */
    @Test
    void neighboursInAPageDoNotHarmEachOther() throws InterruptedException {
        ScatteredFile file = new ScatteredFile(files, cache, disk, 10, 5);
        AtomicBoolean done = new AtomicBoolean();
        Runnable[] bodies = new Runnable[5];
        for (int i = 0; i < 4; i++) {
            int number = i;
            bodies[i] = () -> {
                Random random = new Random(number);
                byte[] model = new byte[200];
                for (int step = 0; step < 400; step++) {
                    int place = random.nextInt(100);
                    Arrays.fill(model, (byte) (number * 37 + step));
                    long position = place * 1000L + number * 200;
                    assertEquals(200, write(file, position, model));
                    assertArrayEquals(model, read(file, position, 200));
                    if (step % 50 == 0) {
                        assertEquals(0, file.sync(false));
                    }
                    KernelThread.current().yieldCpu();
                }
                done.set(true);
            };
        }
        bodies[4] = () -> {
            while (!done.get()) {
                cache.reclaim(50);
                KernelThread.current().yieldCpu();
            }
        };
        run(bodies);
    }

    @Test
    void aReadThatFailsIsAnErrorAndTriedAgain() throws InterruptedException {
        run(() -> {
            ScatteredFile file = new ScatteredFile(files, cache, disk, 12, 1);
            assertEquals(BYTES, write(file, 0, new byte[BYTES]));
            assertEquals(0, file.sync(false));
            cache.reclaim(Long.MAX_VALUE);
            cache.reclaim(Long.MAX_VALUE);
            disk.fail(0, 1023);
            byte[] into = new byte[10];
            assertEquals(-EIO, file.readAt(new KernelTransfer(machine.memory(), into, 0, 10), 50_000));
            disk.mend();
            assertEquals(10, read(file, 50_000, 10).length);
        });
    }

    @Test
    void aWriteThatFailsIsToldToWhoSyncs() throws InterruptedException {
        run(() -> {
            ScatteredFile file = new ScatteredFile(files, cache, disk, 12, 1);
            long mark = file.errorMark();
            disk.fail(0, 1023);
            assertEquals(5000, write(file, 0, new byte[5000]));
            file.sync(false);
            assertEquals(-EIO, file.errorSince(mark));
            assertEquals(0, file.errorSince(file.errorMark()));
            disk.mend();
        });
    }

    @Test
    void aDeviceIsAFileOfItsLength() throws InterruptedException {
        run(() -> {
            DiskFile file = new DiskFile(files, cache, disk);
            assertEquals(1024 * 512, file.length());
            assertEquals(100, write(file, file.length() - 100, new byte[200]));
            assertEquals(-ENOSPC, write(file, file.length(), new byte[1]));
            byte[] text = "on the disk".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            assertEquals(text.length, write(file, 4093, text));
            assertEquals(0, file.sync(true));
            byte[] there = new byte[text.length];
            disk.get(4093, there);
            assertArrayEquals(text, there);
        });
    }

    /** A sequential reader reads ahead: far fewer requests than pages. */
    @Test
    void readingInOrderTakesFewRequests() throws InterruptedException {
        run(() -> {
            DiskFile file = new DiskFile(files, cache, disk);
            int before = disk.requestsServed();
            for (long at = 0; at < file.length(); at += 4096) {
                assertEquals(4096, read(file, at, 4096).length);
            }
            assertTrue(disk.requestsServed() - before <= 12, disk.requestsServed() - before + " requests");
        });
    }

    /** What does not fit into memory is read and written all the same: pages go when others come. */
    @Test
    void aDiskLargerThanMemoryIsReadAndWritten() throws InterruptedException {
        run(() -> {
            SimulatedDisk large = new SimulatedDisk(scheduler, "sdb", 100_000, 8);
            DiskFile file = new DiskFile(files, cache, large);
            byte[] piece = new byte[64 << 10];
            for (long at = 0; at < file.length(); at += piece.length) {
                int length = (int) Math.min(piece.length, file.length() - at);
                Arrays.fill(piece, (byte) (at >>> 16));
                assertEquals(length, write(file, at, Arrays.copyOf(piece, length)));
            }
            for (long at = 0; at < file.length(); at += piece.length) {
                assertEquals((byte) (at >>> 16), read(file, at, 1)[0]);
            }
            assertTrue(cache.pages() > 0);
        });
    }

    @Test
    void whoIsOutOfFramesGetsThoseOfTheCache() throws InterruptedException {
        run(() -> {
            DiskFile file = new DiskFile(files, cache, disk);
            write(file, 0, new byte[200_000]);
            long before = frames.freeFrames();
            assertTrue(cache.dirtyPages() > 0);
            long freed = frames.reclaim() + frames.reclaim();
            assertTrue(freed >= 48, freed + " frames");
            assertTrue(frames.freeFrames() >= before + 48);
            assertEquals(0, cache.dirtyPages());
        });
    }
}

package biscotti.driver;

import static biscotti.abi.Errno.EIO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.SlottedDisk;
import biscotti.driver.pci.PciBus;
import biscotti.driver.pci.SimulatedPci;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every driver of disks promises, tried with a model of its device. */
@Timeout(60)
public abstract class DiskConformance {
    private static final int FRAME = PhysicalMemory.FRAME_SIZE;
    private static final int SECTORS = 1 << 14;

    /** The machine that the disk is attached to. */
    protected final SimulatedMachine machine =
            SimulatedMachine.builder().cpus(2).build();

    private final KernelLog log = new KernelLog(machine);
    private final Scheduler scheduler = new Scheduler(machine, log);
    private final FrameAllocator frames = new FrameAllocator(machine);
    private DiskModel model;
    private BlockDevice disk;

    /** Attaches a model of a disk to the machine. */
    protected abstract DiskModel attach(SimulatedPci pci, int sectors);

    /** The name and the number that the disk gets, and whether it loses what is not flushed. */
    public record Expected(String name, int number, boolean caches) {}

    /** What is expected of the disk. */
    protected abstract Expected expected();

    /** The disk. */
    protected final BlockDevice disk() {
        return disk;
    }

    /** Its model. */
    protected final DiskModel model() {
        return model;
    }

    @BeforeEach
    final void start() throws InterruptedException {
        model = attach(new SimulatedPci(machine), SECTORS);
        scheduler.start();
        run(() -> {
            MachineDisks all = MachineDisks.find(PciBus.scan(machine, log), machine, scheduler, frames, log);
            assertEquals(1, all.count(), machine.log());
            disk = all.disk(0);
        });
    }

    @AfterEach
    final void close() {
        TestThreads.stop(scheduler);
        machine.close();
        model.close();
        assertEquals(List.of(), model.violations());
        assertEquals(0, scheduler.failures(), machine.log());
    }

    /** Runs something on a kernel thread. */
    protected final void run(Runnable body) throws InterruptedException {
        TestThreads.run(machine, scheduler, body);
        assertEquals(List.of(), model.violations());
    }

    /** Takes a frame with a random content. */
    protected final long frame(long seed) {
        byte[] bytes = new byte[FRAME];
        new Random(seed).nextBytes(bytes);
        long frame = frames.allocate();
        machine.memory().copyIn(frame, bytes, 0, FRAME);
        return frame;
    }

    private byte[] content(long address, int length) {
        byte[] bytes = new byte[length];
        machine.memory().copyOut(address, bytes, 0, length);
        return bytes;
    }

    /** Hands over a request for some pieces of memory. */
    protected final BlockRequest submit(
            BlockRequest.Operation operation, long sector, boolean lasting, long... pieces) {
        BlockRequest request = disk.requests().take();
        request.begin(operation, sector);
        for (int i = 0; i < pieces.length; i += 2) {
            assertTrue(request.add(pieces[i], (int) pieces[i + 1]));
        }
        if (lasting) {
            request.forceUnitAccess();
        }
        disk.submit(request);
        return request;
    }

    private static int await(BlockRequest request) {
        int error = request.await();
        request.giveBack();
        return error;
    }

    /** Does a request for some pieces of memory, and waits for it. */
    protected final int move(BlockRequest.Operation operation, long sector, long... pieces) {
        return await(submit(operation, sector, false, pieces));
    }

    @Test
    void theDiskIsFound() {
        assertEquals(expected().name(), disk.name());
        assertEquals(expected().number(), disk.number());
        assertEquals(SECTORS, disk.sectors());
        assertEquals(512, disk.blockSize());
        assertTrue(machine.log().contains(disk.name() + ": 8 MB, "), machine.log());
    }

    @Test
    void whatIsWrittenIsRead() throws InterruptedException {
        run(() -> {
            long from = frame(1);
            long to = frame(2);
            assertEquals(0, move(BlockRequest.Operation.WRITE, 100, from, FRAME));
            assertEquals(0, move(BlockRequest.Operation.READ, 100, to, FRAME));
            assertArrayEquals(content(from, FRAME), content(to, FRAME));
            assertEquals(0, move(BlockRequest.Operation.READ, 101, to + 1024, 512));
            assertArrayEquals(content(from + 512, 512), content(to + 1024, 512));
            assertEquals(0, move(BlockRequest.Operation.WRITE, SECTORS - 1, from, 512));
            assertEquals(machine.memory().readByte(from), model.at(SECTORS - 1, 0));
        });
    }

    /** Pieces of all lengths, anywhere in frames, as block caches of file systems with small blocks have them. */
    @Test
    void piecesLieAnywhere() throws InterruptedException {
        run(() -> {
            Random random = new Random(3);
            for (int round = 0; round < 50; round++) {
                int count = 1 + random.nextInt(BlockRequest.MOST_SEGMENTS);
                long[] from = new long[2 * count];
                long[] to = new long[2 * count];
                for (int i = 0; i < count; i++) {
                    int sectors = 1 + random.nextInt(FRAME / 512);
                    int place = random.nextInt(FRAME / 512 - sectors + 1) * 512;
                    from[2 * i] = frame(random.nextLong()) + place;
                    to[2 * i] = frame(0) + place;
                    from[2 * i + 1] = 512L * sectors;
                    to[2 * i + 1] = 512L * sectors;
                }
                long sector = random.nextInt(SECTORS - 1024);
                assertEquals(0, move(BlockRequest.Operation.WRITE, sector, from));
                assertEquals(0, move(BlockRequest.Operation.READ, sector, to));
                for (int i = 0; i < count; i++) {
                    int length = (int) from[2 * i + 1];
                    assertArrayEquals(content(from[2 * i], length), content(to[2 * i], length));
                    frames.release(from[2 * i] & -FRAME);
                    frames.release(to[2 * i] & -FRAME);
                }
            }
        });
    }

    @Test
    void aFlushMakesLasting() throws InterruptedException {
        run(() -> {
            long frame = frame(4);
            assertEquals(0, move(BlockRequest.Operation.WRITE, 8, frame, FRAME));
            assertEquals(expected().caches() ? 8 : 0, model.unflushed());
            assertEquals(0, move(BlockRequest.Operation.FLUSH, 0));
            assertEquals(0, model.unflushed());
            assertEquals(0, await(submit(BlockRequest.Operation.WRITE, 16, true, frame, FRAME)));
            assertEquals(0, model.unflushed());
        });
    }

    @Test
    void aBadSectorIsAnErrorForItsRequestOnly() throws InterruptedException {
        run(() -> {
            long frame = frame(5);
            model.fail(1000, 1003);
            model.shuffle(5);
            model.stall(true);
            List<BlockRequest> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                boolean write = i % 2 == 0;
                all.add(submit(
                        write ? BlockRequest.Operation.WRITE : BlockRequest.Operation.READ,
                        960L + i * 8,
                        false,
                        write ? frame : frame(6),
                        FRAME));
            }
            all.add(submit(BlockRequest.Operation.FLUSH, 0, false));
            model.stall(false);
            for (int i = 0; i < all.size(); i++) {
                assertEquals(i == 5 ? -EIO : 0, await(all.get(i)), "request " + i);
            }
            assertTrue(machine.log().contains("error: " + disk.name() + ": cannot read sector 1000\n"), machine.log());
            assertEquals(1, machine.log().split("error: ", -1).length - 1, machine.log());
            assertEquals(-EIO, move(BlockRequest.Operation.WRITE, 1003, frame, 512));
            assertEquals(0, move(BlockRequest.Operation.WRITE, 1004, frame, 512));
        });
    }

    /** More threads than requests, more requests than slots, flushes between them, in any order. */
    @Test
    void manyThreadsAreServedInAnyOrder() throws InterruptedException {
        model.shuffle(7);
        int threads = 90;
        int rounds = 20;
        AtomicInteger right = new AtomicInteger();
        List<KernelThread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            all.add(scheduler.newThread("t" + i, () -> {
                long frame = frames.allocate();
                for (int round = 0; round < rounds; round++) {
                    long value = number * 1000L + round;
                    machine.memory().writeLong(frame, value);
                    boolean lasting = round % 7 == 3;
                    int error = await(submit(BlockRequest.Operation.WRITE, number, lasting, frame, 512));
                    if (round % 5 == 0) {
                        error |= move(BlockRequest.Operation.FLUSH, 0);
                    }
                    machine.memory().writeLong(frame, -1);
                    error |= move(BlockRequest.Operation.READ, number, frame, 512);
                    right.addAndGet(error == 0 && machine.memory().readLong(frame) == value ? 1 : 0);
                }
            }));
        }
        all.forEach(KernelThread::start);
        for (KernelThread each : all) {
            each.join();
        }
        assertEquals(threads * rounds, right.get(), machine.log());
    }

    private void setPatience() {
        ((SlottedDisk) disk).setPatience(TimeUnit.MILLISECONDS.toNanos(300));
    }

    /** Nobody waits for ever for a command that a device has lost: after a reset it is done, and so is what came with it. */
    @Test
    void aCommandThatTheDeviceForgetsIsGivenAgain() throws InterruptedException {
        setPatience();
        run(() -> {
            model.forgetNext(1);
            long[] written = new long[20];
            List<BlockRequest> all = new ArrayList<>();
            for (int i = 0; i < written.length; i++) {
                written[i] = frame(i);
                all.add(submit(BlockRequest.Operation.WRITE, 8L * i, false, written[i], FRAME));
            }
            for (BlockRequest each : all) {
                assertEquals(0, await(each));
            }
            assertTrue(machine.log().contains(disk.name() + ": no answer for 300 ms: it is reset"), machine.log());
            long to = frame(99);
            for (int i = 0; i < written.length; i++) {
                assertEquals(0, move(BlockRequest.Operation.READ, 8L * i, to, FRAME));
                assertArrayEquals(content(written[i], FRAME), content(to, FRAME));
            }
        });
    }

    /** The one command that makes the device fall silent fails, and the disk lives on. */
    @Test
    void aCommandThatIsForgottenTwiceFails() throws InterruptedException {
        setPatience();
        run(() -> {
            long frame = frame(9);
            model.forgetNext(2);
            assertEquals(-EIO, move(BlockRequest.Operation.READ, 5, frame, FRAME));
            assertEquals(0, move(BlockRequest.Operation.READ, 5, frame, FRAME));
        });
    }

    @Test
    void aDiskThatFallsSilentIsGivenUp() throws InterruptedException {
        setPatience();
        run(() -> {
            model.forgetNext(Integer.MAX_VALUE);
            long frame = frame(10);
            List<BlockRequest> all = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                all.add(submit(BlockRequest.Operation.WRITE, i, false, frame, 512));
            }
            for (BlockRequest each : all) {
                assertEquals(-EIO, await(each));
            }
            assertEquals(-EIO, move(BlockRequest.Operation.FLUSH, 0));
            assertTrue(machine.log().contains(disk.name() + ": it does not answer: all that is asked"), machine.log());
        });
    }

    /** Requests that the device is slow about wait for it, as many as there are. */
    @Test
    void lateOnesEnd() throws InterruptedException {
        run(() -> {
            model.stall(true);
            long frame = frame(8);
            List<BlockRequest> all = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                all.add(submit(BlockRequest.Operation.WRITE, i, false, frame, 512));
            }
            model.stall(false);
            for (BlockRequest each : all) {
                assertEquals(0, await(each));
            }
        });
    }
}

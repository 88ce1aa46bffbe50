package biscotti.driver.disk;

import static biscotti.abi.Errno.EIO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests reach a disk, wait for its slots and end, each once. */
@Timeout(60)
class BlockRequestTest {
    private static final int FRAME = PhysicalMemory.FRAME_SIZE;

    private final SimulatedMachine machine = SimulatedMachine.builder().cpus(2).build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final FrameAllocator frames = new FrameAllocator(machine);
    private SimulatedDisk disk;

    @BeforeEach
    void start() {
        scheduler.start();
        disk = new SimulatedDisk(scheduler, "sda", 1 << 16, 4);
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    private void run(Runnable body) throws InterruptedException {
        TestThreads.run(machine, scheduler, body);
    }

    private int move(BlockRequest.Operation operation, long sector, long frame, int length) {
        BlockRequest request = disk.requests().take();
        request.begin(operation, sector);
        assertTrue(request.add(frame, length));
        disk.submit(request);
        int error = request.await();
        request.giveBack();
        return error;
    }

    @Test
    void whatIsWrittenIsRead() throws InterruptedException {
        run(() -> {
            byte[] bytes = new byte[FRAME];
            new Random(1).nextBytes(bytes);
            long from = frames.allocate();
            long to = frames.allocate();
            machine.memory().copyIn(from, bytes, 0, FRAME);
            assertEquals(0, move(BlockRequest.Operation.WRITE, 100, from, FRAME));
            assertEquals(0, move(BlockRequest.Operation.READ, 101, to, 512));
            byte[] read = new byte[512];
            machine.memory().copyOut(to, read, 0, 512);
            assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 512, 1024), read);
        });
    }

    @Test
    void whatIsNotOnTheDeviceIsAnError() throws InterruptedException {
        run(() -> {
            long frame = frames.allocate();
            assertEquals(-EIO, move(BlockRequest.Operation.READ, disk.sectors(), frame, 512));
            assertEquals(-EIO, move(BlockRequest.Operation.READ, disk.sectors() - 1, frame, 1024));
            assertEquals(-EIO, move(BlockRequest.Operation.READ, -1, frame, 512));
            assertEquals(-EIO, move(BlockRequest.Operation.READ, Long.MAX_VALUE, frame, 512));
            assertEquals(-EIO, move(BlockRequest.Operation.READ, 0, frame, 100));
            assertEquals(0, move(BlockRequest.Operation.READ, disk.sectors() - 1, frame, 512));
            disk.fail(8, 8);
            assertEquals(-EIO, move(BlockRequest.Operation.WRITE, 1, frame, FRAME));
            assertEquals(0, move(BlockRequest.Operation.WRITE, 9, frame, FRAME));
        });
    }

    @Test
    void piecesThatTouchAreOne() throws InterruptedException {
        run(() -> {
            BlockRequest request = disk.requests().take();
            request.begin(BlockRequest.Operation.READ, 0);
            assertTrue(request.add(0x10_0000, 512));
            assertTrue(request.add(0x10_0200, 512));
            assertTrue(request.add(0x20_0000, 512));
            assertEquals(2, request.segments());
            assertEquals(1024, request.length(0));
            for (int i = 2; i < BlockRequest.MOST_SEGMENTS; i++) {
                assertTrue(request.add(0x20_0000L * i, 512));
            }
            assertFalse(request.add(0x10_0000, 512));
            request.giveBack();
        });
    }

    /** More threads than requests, more requests than slots, in any order: all end, and each with its own bytes. */
    @Test
    void manyThreadsShareFewRequestsAndSlots() throws InterruptedException {
        disk.shuffle(7);
        int threads = 100;
        AtomicInteger right = new AtomicInteger();
        List<KernelThread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            all.add(scheduler.newThread("t" + i, () -> {
                long frame = frames.allocate();
                for (int round = 0; round < 20; round++) {
                    long value = number * 1000L + round;
                    machine.memory().writeLong(frame, value);
                    move(BlockRequest.Operation.WRITE, number, frame, 512);
                    machine.memory().writeLong(frame, -1);
                    move(BlockRequest.Operation.READ, number, frame, 512);
                    right.addAndGet(machine.memory().readLong(frame) == value ? 1 : 0);
                }
            }));
        }
        all.forEach(KernelThread::start);
        for (KernelThread each : all) {
            each.join();
        }
        assertEquals(threads * 20, right.get());
        assertEquals(0, disk.started());
        assertEquals(0, scheduler.failures());
    }

    @Test
    void whoDoesNotWaitIsTold() throws InterruptedException {
        run(() -> {
            AtomicInteger told = new AtomicInteger();
            BlockRequest first = disk.requests().take();
            first.begin(BlockRequest.Operation.READ, 0);
            first.add(frames.allocate(), FRAME);
            first.onEnd(
                    (request, error) -> {
                        told.addAndGet(error == 0 && request.tag() == 17 ? 1 : 0);
                        request.giveBack();
                    },
                    17);
            disk.submit(first);
            BlockRequest flush = disk.requests().take();
            flush.begin(BlockRequest.Operation.FLUSH, 0);
            disk.submit(flush);
            assertEquals(0, flush.await());
            flush.giveBack();
            assertEquals(1, told.get());
        });
    }
}

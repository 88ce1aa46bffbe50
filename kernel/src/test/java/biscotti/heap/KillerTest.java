package biscotti.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.machine.simulated.SimulatedHeap;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.sched.Interruption;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps that make room, in their order, and no more of them than are needed. */
@Timeout(60)
class KillerTest {
    private static final long MB = 1 << 20;
    private static final long LIMIT = 16 * MB;

    private SimulatedMachine machine;
    private SimulatedHeap heap;
    private HeapBudget budget;
    private Scheduler scheduler;
    private KernelHeap kernelHeap;
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Long> processes = new ArrayDeque<>();

    /** Has what it is said to have. */
    private final class TestCache implements ShrinkableCache {
        private final long bytes;
        private boolean empty;

        TestCache(long bytes) {
            this.bytes = bytes;
            heap.allocate(bytes);
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public long shrink() {
            steps.add("shrink");
            long given = empty ? 0 : bytes;
            empty = true;
            heap.drop(given);
            return given;
        }
    }

    private final Victims victims = new Victims() {
        @Override
        public boolean isOneEnding() {
            return false;
        }

        @Override
        public Outcome killGreatest() {
            steps.add("kill");
            if (processes.isEmpty()) {
                return Outcome.NONE_LEFT;
            }
            heap.drop(processes.pop());
            return Outcome.KILLED;
        }
    };

    @BeforeEach
    void build() {
        machine = SimulatedMachine.builder().cpus(2).build();
        heap = machine.heap();
        heap.setSize(2 * LIMIT);
        scheduler = new Scheduler(machine, new KernelLog(machine));
        budget = new HeapBudget(machine, LIMIT);
        kernelHeap = new KernelHeap(budget, scheduler, Bounds.NONE, KernelHeap.Mode.ON);
        scheduler.setIdleWork(budget::giveBackIfShort);
        scheduler.start();
    }

    @AfterEach
    void close() {
        kernelHeap.killer().stop();
        TestThreads.stop(scheduler);
        machine.close();
    }

    private void hasProcessOf(long bytes) {
        heap.allocate(bytes);
        processes.add(bytes);
    }

    private int reserve(long bytes) throws Exception {
        budget.settle();
        kernelHeap.killer().start(victims);
        CompletableFuture<Integer> result = new CompletableFuture<>();
        KernelThread thread = scheduler.newThread("test", () -> {
            Reservation reservation = budget.newReservation(KernelThread.current(), Interruption.NEVER);
            result.complete(reservation.begin(bytes));
            reservation.end();
        });
        thread.start();
        return result.get(20, TimeUnit.SECONDS);
    }

    @Test
    void garbageIsCollectedAndNobodyDies() throws Exception {
        hasProcessOf(2 * MB);
        heap.allocateGarbage(13 * MB);
        assertEquals(0, reserve(2 * MB));
        assertEquals(List.of(), steps);
        assertEquals(1, heap.collections());
    }

    @Test
    void cachesShrinkBeforeAnybodyDies() throws Exception {
        hasProcessOf(2 * MB);
        kernelHeap.caches().register(new TestCache(13 * MB));
        assertEquals(0, reserve(2 * MB));
        assertEquals(List.of("shrink"), steps);
        assertEquals(2, heap.collections());
        assertEquals(0, budget.statistics().kills());
    }

    @Test
    void processesDieOneAfterAnotherOnlyAsLongAsTheyMust() throws Exception {
        for (int i = 0; i < 7; i++) {
            hasProcessOf(2 * MB + MB / 8);
        }
        kernelHeap.caches().register(new TestCache(0));
        assertEquals(0, reserve(4 * MB));
        long left = processes.size();
        assertTrue(left == 5, left + " processes are left");
        assertEquals(List.of("shrink", "kill", "shrink", "kill"), steps);
        assertEquals(2, budget.statistics().kills());
        assertTrue(machine.log().contains("heap: out of memory"));
    }

    /** Has nothing, but when it is asked, the only one who waits gives up. */
    private final class LastStraw implements ShrinkableCache {
        private final AtomicBoolean mustDie = new AtomicBoolean();
        private volatile KernelThread waiting;

        @Override
        public String name() {
            return "last straw";
        }

        @Override
        public long shrink() {
            steps.add("shrink");
            mustDie.set(true);
            waiting.wake();
            while (budget.isShort()) {
                Thread.onSpinWait();
            }
            return 0;
        }
    }

    @Test
    void nobodyDiesForOneWhoWaitsNoLonger() throws Exception {
        hasProcessOf(15 * MB);
        budget.settle();
        LastStraw straw = new LastStraw();
        kernelHeap.caches().register(straw);
        kernelHeap.killer().start(victims);
        CompletableFuture<Integer> result = new CompletableFuture<>();
        straw.waiting = scheduler.newThread("test", () -> {
            Reservation reservation = budget.newReservation(KernelThread.current(), straw.mustDie::get);
            result.complete(reservation.begin(2 * MB));
        });
        straw.waiting.start();
        assertEquals(-Errno.EINTR, result.get(20, TimeUnit.SECONDS));
        assertEquals(List.of("shrink"), steps);
        assertEquals(0, budget.statistics().kills());
    }

    @Test
    void withNobodyLeftToKillTheCallIsRefusedInsteadOfWaitingForEver() throws Exception {
        heap.allocate(LIMIT - MB);
        assertEquals(-Errno.ENOMEM, reserve(2 * MB));
        assertTrue(steps.contains("kill"));
        assertFalse(budget.isShort());
    }

    @Test
    void workThatIsAboutToEndCostsNobodyTheLife() throws Exception {
        hasProcessOf(MB);
        KernelThread holder = scheduler.newThread("holder", () -> {
            Reservation reservation = budget.newReservation(KernelThread.current(), Interruption.NEVER);
            reservation.begin(4 * MB);
            // Ends as soon as somebody waits for what it has.
            while (!budget.isShort()) {
                KernelThread.current().yieldCpu();
            }
            reservation.end();
        });
        holder.start();
        kernelHeap.killer().start(victims);
        List<KernelThread> asking = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            KernelThread thread = scheduler.newThread("asks " + i, () -> {
                Reservation reservation = budget.newReservation(KernelThread.current(), Interruption.NEVER);
                assertEquals(0, reservation.begin(4 * MB));
                reservation.end();
            });
            thread.start();
            asking.add(thread);
        }
        for (KernelThread thread : asking) {
            thread.join();
        }
        assertFalse(steps.contains("kill"), steps.toString());
    }
}

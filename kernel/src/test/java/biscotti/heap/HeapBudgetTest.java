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
import biscotti.sched.SchedulingPolicy;
import biscotti.sched.TestThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The budget of the heap: live + reserved + asked for never exceeds it, and whoever waits gets its turn. */
@Timeout(60)
class HeapBudgetTest {
    private static final long KB = 1 << 10;
    private static final long MB = 1 << 20;
    private static final long LIMIT = 8 * MB;

    private SimulatedMachine machine;
    private SimulatedHeap heap;
    private Scheduler scheduler;
    private HeapBudget budget;

    private void build(int cpus) {
        machine = SimulatedMachine.builder().cpus(cpus).build();
        heap = machine.heap();
        heap.setSize(LIMIT + LIMIT / 2);
        scheduler = new Scheduler(machine, new KernelLog(machine));
        budget = new HeapBudget(machine, LIMIT);
        scheduler.setIdleWork(budget::giveBackIfShort);
        scheduler.start();
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    private KernelThread start(String name, Interruption fatal, Consumer<Reservation> body) {
        List<Reservation> own = new ArrayList<>();
        KernelThread thread = scheduler.newThread(name, () -> body.accept(own.getFirst()));
        own.add(budget.newReservation(thread, fatal));
        thread.start();
        return thread;
    }

    private KernelThread start(String name, Consumer<Reservation> body) {
        return start(name, Interruption.NEVER, body);
    }

    private void run(Consumer<Reservation> body) throws InterruptedException {
        start("test", body).join();
        assertEquals(0, scheduler.failures(), machine.log());
    }

    /** Waits until so many reservations wait; it is the state that is waited for, no time. */
    private void awaitWaiting(int count) {
        while (budget.waiting() != count) {
            Thread.onSpinWait();
        }
    }

    /** Fills the heap with what lives, so that less than {@code room} is left. */
    private void fill(Reservation reservation, long room) {
        long step = 64 * KB;
        while (heap.live() + step + room <= LIMIT) {
            assertEquals(0, reservation.begin(step));
            heap.allocate(step);
            reservation.end();
        }
    }

    /** More than a CPU's credit: the CPU has to account for what was allocated on it. */
    private static void account(Reservation reservation) {
        assertEquals(0, reservation.begin(2 * MB));
        reservation.end();
    }

    @Test
    void aCallThatAllocatesNothingLeavesTheBudgetAsItWas() throws Exception {
        build(1);
        run(reservation -> {
            for (int i = 0; i < 1000; i++) {
                assertEquals(0, reservation.begin(100 * KB));
                assertEquals(100 * KB, reservation.held());
                reservation.end();
            }
            assertEquals(0, reservation.held());
            assertTrue(budget.committed() <= MB, "only the CPU's credit is taken: " + budget.committed());
            assertEquals(0, budget.living());
        });
    }

    @Test
    void whatACallAllocatesCountsAsLivingUntilACollectionShowsWhatLives() throws Exception {
        build(1);
        run(reservation -> {
            reservation.begin(300 * KB);
            heap.allocate(100 * KB);
            heap.allocateGarbage(150 * KB);
            reservation.end();
            account(reservation);
            assertEquals(250 * KB, budget.living());
            heap.collect();
            budget.settle();
            assertEquals(100 * KB, budget.living());
        });
    }

    @Test
    void garbageBeyondTheReservationIsCountedToo() throws Exception {
        build(1);
        run(reservation -> {
            reservation.begin(KB);
            heap.allocateGarbage(3 * MB);
            reservation.end();
            account(reservation);
            assertEquals(3 * MB, budget.living());
            assertEquals(0, reservation.begin(KB));
            assertTrue(budget.committed() >= 3 * MB + KB);
            reservation.end();
        });
    }

    @Test
    void aThreadThatEndsItsCallOnAnotherCpuReturnsItsReservationThere() throws Exception {
        build(2);
        run(reservation -> {
            KernelThread self = KernelThread.current();
            for (int i = 0; i < 200; i++) {
                self.setAffinity(1L << i % 2);
                self.yieldCpu();
                assertEquals(0, reservation.begin(500 * KB));
                heap.allocate(KB);
                self.setAffinity(1L << (i + 1) % 2);
                self.yieldCpu();
                heap.allocate(KB);
                reservation.end();
            }
            heap.collect();
            budget.settle();
            assertEquals(400 * KB, heap.live());
            assertEquals(400 * KB, budget.living());
            assertTrue(budget.committed() <= 400 * KB + 2 * MB, "no more than credits beside: " + budget.committed());
        });
    }

    @Test
    void whatIsReservedByAThreadInTheMiddleOfItsCallIsNotLentToThoseWhoRunMeanwhile() throws Exception {
        build(1);
        AtomicInteger holding = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            threads.add(start("holder " + i, reservation -> {
                assertEquals(0, reservation.begin(2 * MB));
                holding.incrementAndGet();
                while (!over.get()) {
                    KernelThread.current().yieldCpu();
                }
                heap.allocate(MB);
                reservation.end();
            }));
        }
        awaitWaiting(1);
        assertEquals(4, holding.get());
        over.set(true);
        for (KernelThread thread : threads) {
            thread.join();
        }
        assertEquals(0, scheduler.failures(), machine.log());
        assertTrue(budget.committed() <= LIMIT, "committed " + budget.committed());
    }

    @Test
    void moreThanTheBudgetCanEverGiveIsRefusedAtOnce() throws Exception {
        build(1);
        run(reservation -> {
            assertEquals(-Errno.ENOMEM, reservation.begin(LIMIT));
            assertEquals(0, reservation.held());
            assertEquals(1, budget.statistics().refusals());
        });
    }

    @Test
    void waitersGetTheirTurnInTheOrderOfTheirComing() throws Exception {
        build(2);
        run(reservation -> fill(reservation, 100 * KB));
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            // The first ones want more than the later ones: small ones must not overtake.
            threads.add(start("waiter " + i, reservation -> {
                reservation.begin((400 - 10L * number) * KB);
                order.add(number);
            }));
            awaitWaiting(i + 1);
        }
        for (int i = 0; i < 10; i++) {
            heap.drop((400 - 10L * i) * KB);
            heap.collect();
            budget.settle();
            while (order.size() == i) {
                Thread.onSpinWait();
            }
        }
        for (KernelThread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), order);
    }

    @Test
    void realTimeThreadsComeFirstByTheirPriority() throws Exception {
        build(1);
        run(reservation -> fill(reservation, 100 * KB));
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<KernelThread> threads = new ArrayList<>();
        int[] priorities = {0, 10, 50, 10, 99, 0};
        for (int i = 0; i < priorities.length; i++) {
            int number = i;
            KernelThread thread = start("waiter " + i, reservation -> {
                KernelThread self = KernelThread.current();
                if (priorities[number] > 0) {
                    self.setPolicy(SchedulingPolicy.FIFO, priorities[number]);
                }
                reservation.begin(1500 * KB);
                order.add(number);
                reservation.end();
            });
            threads.add(thread);
            awaitWaiting(i + 1);
        }
        for (int i = 0; i < 6; i++) {
            heap.drop(i == 0 ? 1500 * KB : 0);
            heap.collect();
            budget.settle();
        }
        for (KernelThread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(4, 2, 1, 3, 0, 5), order);
    }

    @Test
    void aFatalSignalEndsTheWaitAndLetsTheNextOneThrough() throws Exception {
        build(1);
        run(reservation -> fill(reservation, 100 * KB));
        AtomicBoolean mustDie = new AtomicBoolean();
        AtomicInteger result = new AtomicInteger(1);
        AtomicInteger next = new AtomicInteger(1);
        KernelThread first = start("dies", mustDie::get, reservation -> result.set(reservation.begin(MB)));
        awaitWaiting(1);
        KernelThread second = start("lives", reservation -> next.set(reservation.begin(10 * KB)));
        awaitWaiting(2);
        mustDie.set(true);
        first.wake();
        first.join();
        second.join();
        assertEquals(-Errno.EINTR, result.get());
        assertEquals(0, next.get());
        assertEquals(0, budget.waiting());
    }

    @Test
    void creditsOfIdleCpusComeBackWhenSomebodyWaits() throws Exception {
        build(4);
        // Each CPU takes a credit, and then idles.
        for (int cpu = 0; cpu < 4; cpu++) {
            int number = cpu;
            start("toucher", reservation -> {
                        KernelThread.current().setAffinity(1L << number);
                        KernelThread.current().yieldCpu();
                        reservation.begin(KB);
                        reservation.end();
                    })
                    .join();
        }
        long credits = budget.committed() - budget.living();
        assertTrue(credits > 0);
        budget.charge(LIMIT - budget.committed());
        AtomicInteger result = new AtomicInteger(1);
        KernelThread waiter = start("waiter", reservation -> result.set(reservation.begin(credits)));
        // A CPU that idles only now may have given back already.
        while (budget.waiting() == 0 && result.get() == 1) {
            Thread.onSpinWait();
        }
        budget.recall();
        waiter.join();
        assertEquals(0, result.get());
    }

    @Test
    void aRoundCountsWhatTheLastOneAllocatedAndReservesAsMuchAgain() throws Exception {
        build(1);
        run(reservation -> {
            reservation.begin(512 * KB);
            int rounds = 0;
            while (reservation.nextRound()) {
                heap.allocate(512 * KB);
                rounds++;
                assertEquals(512 * KB, reservation.held());
            }
            assertTrue(heap.live() <= LIMIT, heap.live() + " bytes live");
            assertTrue(rounds >= 14, rounds + " rounds of half a megabyte in 8 MB");
            reservation.end();
        });
    }

    @Test
    void nothingIsReservedWhileAThreadSleepsAndAllOfItAfter() throws Exception {
        build(2);
        CountDownLatch asleep = new CountDownLatch(1);
        KernelThread sleeper = start("sleeper", reservation -> {
            KernelThread.current().setSleepListener(reservation);
            reservation.begin(2 * MB);
            asleep.countDown();
            KernelThread.current().waiter().reset();
            KernelThread.current().waiter().sleep(Long.MAX_VALUE);
            assertEquals(2 * MB, reservation.held());
            reservation.end();
        });
        asleep.await();
        while (!sleeper.isSleeping()) {
            Thread.onSpinWait();
        }
        assertTrue(budget.committed() <= MB, "only credits: " + budget.committed());
        sleeper.waiter().wake();
        sleeper.join();
        assertEquals(0, scheduler.failures(), machine.log());
    }

    /** Threads on all CPUs allocate what they may, park and move, wakes come late or for nothing: the heap is never full. */
    @Test
    void whatLivesNeverExceedsTheBudgetWhateverTheThreadsDo() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        build(4);
        machine.processors().delayWakes(200_000);
        machine.processors().spuriousWakes(3);
        AtomicBoolean over = new AtomicBoolean();
        budget.onShortage(() -> {});
        KernelThread collector = startCollector(over);
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Random random = new Random(seed + i);
            threads.add(start("worker " + i, reservation -> work(reservation, random)));
        }
        for (KernelThread thread : threads) {
            thread.join();
        }
        over.set(true);
        collector.wake();
        collector.join();
        assertEquals(0, scheduler.failures(), machine.log());
        assertEquals(0, budget.waiting());
        heap.collect();
        budget.settle();
        assertEquals(heap.live(), budget.living());
    }

    /** Stands for the killer: collects while somebody waits. */
    private KernelThread startCollector(AtomicBoolean over) {
        return start("collector", reservation -> {
            while (!over.get()) {
                if (budget.isShort()) {
                    budget.recall();
                    heap.collect();
                    budget.settle();
                }
                KernelThread.current().sleepUntil(scheduler.now() + 100_000);
            }
        });
    }

    private void work(Reservation reservation, Random random) {
        long mine = 0;
        for (int i = 0; i < 2000; i++) {
            long bytes = 1 + random.nextInt(200 * (int) KB);
            assertEquals(0, reservation.begin(bytes));
            long rest = bytes;
            while (rest > 0 && random.nextInt(3) != 0) {
                long part = 1 + random.nextLong(rest);
                rest -= part;
                if (mine < 300 * KB && random.nextBoolean()) {
                    heap.allocate(part);
                    mine += part;
                } else {
                    heap.allocateGarbage(part);
                }
                if (random.nextInt(8) == 0) {
                    KernelThread.current().yieldCpu();
                }
            }
            assertTrue(heap.live() <= LIMIT, "live " + heap.live());
            reservation.end();
            if (random.nextInt(4) == 0) {
                heap.drop(mine);
                mine = 0;
            }
        }
        assertFalse(budget.committed() < 0);
    }
}

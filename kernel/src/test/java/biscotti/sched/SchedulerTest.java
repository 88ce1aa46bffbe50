package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who runs when: on one CPU with a clock that the threads themselves move, so the outcome is always the same. */
@Timeout(30)
class SchedulerTest {
    private static final long TICK = KernelThread.TICK_NANOS;

    private SimulatedMachine machine;
    private Scheduler scheduler;

    private void build(int cpus) {
        machine = SimulatedMachine.builder().cpus(cpus).manualClock().build();
        scheduler = new Scheduler(machine, new KernelLog(machine));
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    /** As a thread in ring 3 does: computes for a tick, and yields when it should. */
    private void computeOneTick() {
        KernelThread thread = KernelThread.current();
        machine.clock().advance(TICK);
        thread.onInterrupt(true);
        if (thread.shouldYield()) {
            thread.preempt();
        }
    }

    private void runAll(List<KernelThread> threads) throws InterruptedException {
        threads.forEach(KernelThread::start);
        scheduler.start();
        for (KernelThread thread : threads) {
            thread.join();
        }
    }

    /** Lets threads with these nice values compete for some ticks; how many each got. */
    private int[] compete(int ticks, int... nice) throws InterruptedException {
        build(1);
        int[] got = new int[nice.length];
        AtomicInteger left = new AtomicInteger(ticks);
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < nice.length; i++) {
            int index = i;
            KernelThread thread = scheduler.newThread("competitor " + i, () -> {
                while (left.getAndDecrement() > 0) {
                    got[index]++;
                    computeOneTick();
                }
            });
            thread.setNice(nice[i]);
            threads.add(thread);
        }
        runAll(threads);
        return got;
    }

    @Test
    void threadsOfTheSameNiceShareEqually() throws InterruptedException {
        for (int got : compete(3000, 0, 0, 0)) {
            assertEquals(1000, got, 10);
        }
    }

    @Test
    void aStepOfNiceIsWorthAQuarterMore() throws InterruptedException {
        int[] got = compete(22500, 0, 1);
        assertEquals(12500, got[0], 200);
        assertEquals(10000, got[1], 200);
    }

    @Test
    void theMostFavouredGetsNearlyAll() throws InterruptedException {
        int[] got = compete(20000, -20, 19);
        assertTrue(got[0] > 19900, Arrays.toString(got));
        assertTrue(got[1] > 0, Arrays.toString(got));
    }

    @Test
    void countsThreadsFromTheirStartToTheirEnd() throws InterruptedException {
        build(1);
        int[] seen = new int[2];
        KernelThread other = scheduler.newThread("other", () -> {});
        KernelThread first = scheduler.newThread("first", () -> {
            seen[0] = scheduler.threadCount();
            seen[1] = scheduler.runnableCount();
        });
        assertEquals(0, scheduler.threadCount());
        runAll(List.of(first, other));
        assertEquals(2, seen[0]);
        assertEquals(2, seen[1], "one runs, one waits");
        assertEquals(0, scheduler.threadCount());
    }

    /** Runs bodies as real-time threads with a priority each; the order in which they say that they did a tick. */
    private List<Integer> runRealTime(SchedulingPolicy policy, int ticks, int... priorities)
            throws InterruptedException {
        build(1);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < priorities.length; i++) {
            int index = i;
            KernelThread thread = scheduler.newThread("real-time " + i, () -> {
                for (int tick = 0; tick < ticks; tick++) {
                    order.add(index);
                    computeOneTick();
                }
            });
            thread.setPolicy(policy, priorities[i]);
            threads.add(thread);
        }
        runAll(threads);
        return order;
    }

    @Test
    void fifoThreadsRunByPriorityAndToTheirEnd() throws InterruptedException {
        assertEquals(List.of(1, 1, 1, 0, 0, 0, 2, 2, 2), runRealTime(SchedulingPolicy.FIFO, 3, 10, 20, 10));
    }

    @Test
    void roundRobinThreadsOfOnePriorityTakeTurns() throws InterruptedException {
        int turn = (int) (RoundRobin.turnNanos() / TICK);
        List<Integer> order = runRealTime(SchedulingPolicy.ROUND_ROBIN, 2 * turn, 5, 5);
        for (int i = 0; i < order.size(); i++) {
            assertEquals(i / turn % 2, order.get(i), "tick " + i);
        }
    }

    @Test
    void aPreemptedFifoThreadGoesOnBeforeItsEquals() throws InterruptedException {
        build(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        KernelThread urgent = scheduler.newThread("urgent", () -> order.add("urgent"));
        urgent.setPolicy(SchedulingPolicy.FIFO, 30);
        KernelThread first = scheduler.newThread("first", () -> {
            order.add("first");
            urgent.start();
            computeOneTick();
            order.add("first again");
        });
        first.setPolicy(SchedulingPolicy.FIFO, 10);
        KernelThread second = scheduler.newThread("second", () -> order.add("second"));
        second.setPolicy(SchedulingPolicy.FIFO, 10);
        first.start();
        second.start();
        scheduler.start();
        second.join();
        assertEquals(List.of("first", "urgent", "first again", "second"), order);
    }

    @Test
    void realTimeRunsBeforeFairAndYieldLetsTheNextRun() throws InterruptedException {
        build(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        KernelThread polite = scheduler.newThread("polite", () -> {
            order.add("polite");
            KernelThread.current().yieldCpu();
            order.add("polite again");
        });
        KernelThread other = scheduler.newThread("other", () -> order.add("other"));
        KernelThread realTime = scheduler.newThread("real-time", () -> order.add("real-time"));
        realTime.setPolicy(SchedulingPolicy.FIFO, 1);
        runAll(List.of(polite, other, realTime));
        assertEquals(List.of("real-time", "polite", "other", "polite again"), order);
    }

    @Test
    void aLentPriorityCountsWhileItIsLentAndOnlyIfItIsHigher() throws InterruptedException {
        build(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        KernelThread owner = scheduler.newThread("owner", () -> {
            order.add("owner");
            assertTrue(KernelThread.current().lend(0));
            KernelThread.current().yieldCpu();
            order.add("owner again");
        });
        KernelThread fair = scheduler.newThread("fair", () -> order.add("fair"));
        KernelThread middle = scheduler.newThread("middle", () -> order.add("middle"));
        middle.setPolicy(SchedulingPolicy.FIFO, 5);
        assertFalse(middle.lend(3));
        assertEquals(5, middle.urgency());
        fair.start();
        owner.start();
        middle.start();
        assertTrue(owner.lend(9));
        scheduler.start();
        owner.join();
        fair.join();
        assertEquals(List.of("owner", "middle", "fair", "owner again"), order);
    }

    @Test
    void aRealTimeLoopLeavesTheOthersATwentiethOfTheCpu() throws InterruptedException {
        build(1);
        int[] got = new int[2];
        AtomicInteger left = new AtomicInteger(10_000);
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int index = i;
            threads.add(scheduler.newThread("competitor " + i, () -> {
                while (left.getAndDecrement() > 0) {
                    got[index]++;
                    computeOneTick();
                }
            }));
        }
        threads.getFirst().setPolicy(SchedulingPolicy.FIFO, 99);
        runAll(threads);
        assertEquals(500, got[1], 60, Arrays.toString(got));
    }

    @Test
    void aThreadThatSleptMayPreemptButNotHoardTime() throws InterruptedException {
        build(1);
        WaitQueue queue = new WaitQueue();
        RankedLock lock = new RankedLock(LockRank.LEAF);
        AtomicInteger sleeperTicks = new AtomicInteger();
        KernelThread sleeper = scheduler.newThread("sleeper", () -> {
            lock.lock();
            queue.await(KernelThread.current(), lock, Waiter.FOREVER);
            lock.unlock();
            for (int i = 0; i < 100; i++) {
                sleeperTicks.incrementAndGet();
                computeOneTick();
            }
        });
        int[] ticksOfSleeperBefore = new int[1];
        KernelThread busy = scheduler.newThread("busy", () -> {
            for (int i = 0; i < 1000; i++) {
                computeOneTick();
            }
            queue.wakeOne();
            for (int i = 0; i < 20; i++) {
                computeOneTick();
            }
            ticksOfSleeperBefore[0] = sleeperTicks.get();
        });
        runAll(List.of(sleeper, busy));
        assertEquals(20, ticksOfSleeperBefore[0], 6);
    }

    @Test
    void timeIsChargedToWhomItWasSpentFor() throws InterruptedException {
        build(1);
        KernelThread user = scheduler.newThread("user", () -> {
            for (int i = 0; i < 10; i++) {
                computeOneTick();
            }
        });
        KernelThread system =
                scheduler.newThread("system", () -> machine.clock().advance(5 * TICK));
        runAll(List.of(user, system));
        assertEquals(10 * TICK, user.userNanos());
        assertEquals(0, user.systemNanos());
        assertEquals(0, system.userNanos());
        while (system.systemNanos() == 0) {
            Thread.onSpinWait(); // charged when its carrier has left it, just after its end
        }
        assertEquals(5 * TICK, system.systemNanos());
    }

    private static void awaitCount(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aThreadRunsOnlyWhereItMay() throws InterruptedException {
        build(4);
        List<KernelThread> threads = new ArrayList<>();
        AtomicInteger elsewhere = new AtomicInteger();
        for (int i = 0; i < 40; i++) {
            int cpu = i % 4;
            KernelThread thread = scheduler.newThread("pinned to " + cpu, () -> {
                for (int round = 0; round < 200; round++) {
                    if (KernelThread.current().cpu() != cpu) {
                        elsewhere.incrementAndGet();
                    }
                    KernelThread.current().yieldCpu();
                }
            });
            thread.setAffinity(1L << cpu);
            threads.add(thread);
        }
        runAll(threads);
        assertEquals(0, elsewhere.get());
    }

    @Test
    void aRunningThreadMovesWhenItsAffinityChanges() throws InterruptedException {
        build(2);
        IntConsumer move = cpu -> {
            KernelThread self = KernelThread.current();
            self.setAffinity(1L << cpu);
            assertTrue(self.shouldYield());
            self.preempt();
            assertEquals(cpu, self.cpu());
        };
        KernelThread thread = scheduler.newThread("mover", () -> {
            for (int i = 0; i < 100; i++) {
                move.accept(i % 2);
            }
        });
        runAll(List.of(thread));
        assertEquals(0, scheduler.failures(), machine.log());
    }

    @Test
    void anIdleCpuTakesThreadsFromABusyOne() throws InterruptedException {
        build(2);
        CountDownLatch bothRun = new CountDownLatch(2);
        KernelThread first = scheduler.newThread("first", () -> {
            KernelThread second = scheduler.newThread("second", bothRun::countDown);
            second.setAffinity(1);
            second.start();
            second.setAffinity(-1);
            bothRun.countDown();
            while (bothRun.getCount() > 0) {
                computeOneTick(); // never gives up its CPU by itself, as the clock says
            }
        });
        first.setAffinity(1);
        first.setPolicy(SchedulingPolicy.FIFO, 1);
        first.start();
        scheduler.start();
        awaitCount(bothRun);
        first.join();
    }

    @Test
    void anExceptionEndsOnlyItsThreadAndIsReported() throws InterruptedException {
        build(1);
        KernelThread faulty = scheduler.newThread("faulty", () -> {
            throw new IllegalStateException("a bug");
        });
        KernelThread other = scheduler.newThread("other", () -> {});
        runAll(List.of(faulty, other));
        assertTrue(faulty.hasEnded());
        assertEquals(1, scheduler.failures());
        assertTrue(machine.log().contains("faulty failed: java.lang.IllegalStateException: a bug"), machine.log());
    }

    @Test
    void locksOutOfOrderAreFound() throws InterruptedException {
        build(1);
        RankedLock low = new RankedLock(LockRank.FILE);
        RankedLock high = new RankedLock(LockRank.PIPE);
        low.lock();
        high.lock();
        high.unlock();
        low.unlock();
        high.lock();
        try {
            low.lock();
            assertFalse(true, "out of order");
        } catch (IllegalStateException expected) {
            assertTrue(expected.getMessage().contains("PIPE"));
        } finally {
            high.unlock();
        }
    }

    @Test
    void aThreadThatWasWokenDoesNotSleepAnyMoreEvenBeforeItRuns() throws InterruptedException {
        build(1);
        KernelThread sleeper = scheduler.newThread("sleeper", () -> {
            Waiter waiter = KernelThread.current().waiter();
            waiter.reset();
            waiter.sleep(Waiter.FOREVER);
        });
        List<Boolean> sleeps = new ArrayList<>();
        KernelThread waker = scheduler.newThread("waker", () -> {
            sleeps.add(sleeper.isSleeping());
            sleeper.waiter().wake();
            sleeps.add(sleeper.isSleeping());
        });
        runAll(List.of(sleeper, waker));
        assertEquals(List.of(true, false), sleeps);
    }
}

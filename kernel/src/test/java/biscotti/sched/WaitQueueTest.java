package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting and waking: no wake-up is lost, whatever the CPUs do in between. */
@Timeout(60)
class WaitQueueTest {
    private SimulatedMachine machine;
    private Scheduler scheduler;

    private void build(int cpus, boolean manualClock) {
        var builder = SimulatedMachine.builder().cpus(cpus);
        machine = (manualClock ? builder.manualClock() : builder).build();
        scheduler = new Scheduler(machine, new KernelLog(machine));
        scheduler.start();
    }

    @AfterEach
    void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }

    private KernelThread start(String name, Runnable body) {
        KernelThread thread = scheduler.newThread(name, body);
        thread.start();
        return thread;
    }

    /** A place for one number, handed from producers to consumers. */
    private final class Slot {
        private final RankedLock lock = new RankedLock(LockRank.PIPE);
        private final WaitQueue filled = new WaitQueue();
        private final WaitQueue emptied = new WaitQueue();
        private int value; // 0: empty

        private void put(int newValue) {
            lock.lock();
            while (value != 0) {
                emptied.await(KernelThread.current(), lock, Waiter.FOREVER);
            }
            value = newValue;
            lock.unlock();
            filled.handOverToOne();
        }

        private int take() {
            lock.lock();
            while (value == 0) {
                filled.await(KernelThread.current(), lock, Waiter.FOREVER);
            }
            int taken = value;
            value = 0;
            lock.unlock();
            emptied.wakeOne();
            return taken;
        }
    }

    private void pass(int cpus, int pairs, int rounds) throws InterruptedException {
        Slot slot = new Slot();
        AtomicInteger sum = new AtomicInteger();
        List<KernelThread> threads = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            threads.add(start("producer " + i, () -> {
                for (int round = 0; round < rounds; round++) {
                    slot.put(1);
                }
            }));
            threads.add(start("consumer " + i, () -> {
                for (int round = 0; round < rounds; round++) {
                    sum.addAndGet(slot.take());
                }
            }));
        }
        for (KernelThread thread : threads) {
            thread.join();
        }
        assertEquals(pairs * rounds, sum.get(), cpus + " CPUs");
        assertEquals(0, scheduler.failures(), machine.log());
    }

    @Test
    void noWakeUpIsLostOnOneCpu() throws InterruptedException {
        build(1, false);
        pass(1, 3, 20_000);
    }

    @Test
    void noWakeUpIsLostOnManyCpus() throws InterruptedException {
        build(4, false);
        pass(4, 3, 20_000);
    }

    @Test
    void noWakeUpIsLostWhenCpusAreToldLateAndWakeForNoReason() throws InterruptedException {
        build(3, false);
        machine.processors().delayWakes(100_000);
        machine.processors().spuriousWakes(5);
        pass(3, 2, 3_000);
    }

    @Test
    void aPendingSignalEndsASleepAndAWakeThatCameFirstIsKept() throws InterruptedException {
        build(1, true);
        WaitQueue queue = new WaitQueue();
        RankedLock lock = new RankedLock(LockRank.LEAF);
        AtomicBoolean signal = new AtomicBoolean();
        List<Integer> results = new ArrayList<>();
        KernelThread thread = scheduler.newThread("sleeper", signal::get, () -> {
            lock.lock();
            for (int i = 0; i < 3; i++) {
                results.add(queue.await(KernelThread.current(), lock, Waiter.FOREVER));
            }
            lock.unlock();
        });
        thread.start();
        awaitSleep(thread, queue);
        queue.wakeOne();
        awaitSleep(thread, queue);
        signal.set(true);
        thread.wake();
        thread.join();
        assertEquals(List.of(0, Waiter.INTERRUPTED, Waiter.INTERRUPTED), results);
        assertTrue(queue.isEmpty());
    }

    private static void awaitSleep(KernelThread thread, WaitQueue queue) {
        while (queue.isEmpty() || !thread.isSleeping()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aDeadlineEndsASleepWhenItComesAndNotBefore() throws InterruptedException {
        build(2, true);
        WaitQueue queue = new WaitQueue();
        RankedLock lock = new RankedLock(LockRank.LEAF);
        AtomicInteger result = new AtomicInteger(1);
        long start = scheduler.now();
        KernelThread thread = start("sleeper", () -> {
            lock.lock();
            result.set(queue.await(KernelThread.current(), lock, start + 1000));
            lock.unlock();
        });
        awaitSleep(thread, queue);
        machine.clock().advance(999);
        thread.wake();
        awaitSleep(thread, queue);
        assertEquals(1, result.get());
        machine.clock().advance(1);
        thread.join();
        assertEquals(Waiter.TIMED_OUT, result.get());
        assertTrue(queue.isEmpty());
    }

    @Test
    void oneWakeIsForOneWaiterInOrderAndForAllObservers() throws InterruptedException {
        build(1, true);
        WaitQueue queue = new WaitQueue();
        List<Waiter> waiters = new ArrayList<>();
        List<WaitEntry> entries = new ArrayList<>();
        KernelThread thread = start("owner", () -> {});
        for (int i = 0; i < 4; i++) {
            Waiter waiter = new Waiter(thread);
            WaitEntry entry = new WaitEntry(waiter, i != 2);
            waiters.add(waiter);
            entries.add(entry);
            queue.join(entry);
        }
        queue.wakeOne();
        assertEquals(
                List.of(true, false, true, false),
                waiters.stream().map(Waiter::isWoken).toList());
        assertFalse(queue.leave(entries.get(0)));
        assertTrue(queue.leave(entries.get(1)));
        queue.wakeAll();
        assertTrue(waiters.get(3).isWoken());
        assertFalse(waiters.get(1).isWoken());
        assertTrue(queue.isEmpty());
        thread.join();
    }

    @Test
    void anInterruptRunsItsHandlerAndOnesDuringTheHandlerRunItAgain() throws InterruptedException {
        build(2, false);
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger pulled = new AtomicInteger();
        int[] line = {4};
        InterruptThread thread = new InterruptThread(scheduler, "device", () -> {
            int run = runs.incrementAndGet();
            if (run == 1) {
                pulled.incrementAndGet();
                machine.interrupt(line[0]);
            }
        });
        machine.interruptLines().route(line[0], 1, thread.bit(), false);
        machine.interrupt(line[0]);
        while (runs.get() < 2) {
            Thread.onSpinWait();
        }
        assertEquals(1, pulled.get());
        thread.stop();
    }
}

package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Timers fire in order, once, and not when cancelled. The carriers don't run here: the test expires the queue. */
class TimerTest {
    private final SimulatedMachine machine =
            SimulatedMachine.builder().manualClock().build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final TimerQueue queue = scheduler.carrierHereOrFirst().timers();

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void timersFireInTheOrderOfTheirDeadlines() {
        List<Integer> fired = new ArrayList<>();
        for (int deadline : new int[] {50, 10, 30, 20, 40}) {
            new Timer(scheduler, () -> fired.add(deadline)).arm(deadline);
        }
        assertEquals(10, queue.nextDeadline());
        queue.expire(30);
        assertEquals(List.of(10, 20, 30), fired);
        assertEquals(40, queue.nextDeadline());
        queue.expire(100);
        assertEquals(List.of(10, 20, 30, 40, 50), fired);
        assertEquals(TimerQueue.NONE, queue.nextDeadline());
    }

    @Test
    void aCancelledTimerDoesNotFireAndAnArmedOneForgetsItsOldDeadline() {
        List<String> fired = new ArrayList<>();
        Timer cancelled = new Timer(scheduler, () -> fired.add("cancelled"));
        Timer moved = new Timer(scheduler, () -> fired.add("moved"));
        cancelled.arm(10);
        moved.arm(10);
        moved.arm(30);
        assertTrue(cancelled.cancel());
        assertFalse(cancelled.cancel());
        queue.expire(20);
        assertEquals(List.of(), fired);
        queue.expire(30);
        assertEquals(List.of("moved"), fired);
        assertFalse(moved.isArmed());
    }

    @Test
    void anActionMayArmItsTimerAgain() {
        List<Long> fired = new ArrayList<>();
        Timer[] timer = new Timer[1];
        timer[0] = new Timer(scheduler, () -> {
            fired.add(timer[0].deadline);
            if (fired.size() < 3) {
                timer[0].arm(timer[0].deadline + 10);
            }
        });
        timer[0].arm(10);
        queue.expire(100);
        assertEquals(List.of(10L, 20L, 30L), fired);
    }

    @Test
    void thousandsOfTimersArmedMovedAndCancelledAtRandomFireAsASortedMapWould() {
        long seed = 10901479301287L;
        Random random = new Random(seed);
        TreeMap<Long, Integer> model = new TreeMap<>();
        List<Timer> timers = new ArrayList<>();
        List<Long> deadlines = new ArrayList<>();
        List<Integer> fired = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int index = i;
            timers.add(new Timer(scheduler, () -> fired.add(index)));
            deadlines.add(0L);
        }
        long now = 0;
        for (int step = 0; step < 50_000; step++) {
            int index = random.nextInt(timers.size());
            model.remove(deadlines.get(index));
            if (random.nextInt(4) == 0) {
                timers.get(index).cancel();
                deadlines.set(index, 0L);
            } else {
                long deadline;
                do {
                    deadline = now + 1 + random.nextInt(1 << 24);
                } while (model.containsKey(deadline));
                timers.get(index).arm(deadline);
                model.put(deadline, index);
                deadlines.set(index, deadline);
            }
            if (random.nextInt(100) == 0) {
                now += random.nextInt(1 << 20);
                queue.expire(now);
                var due = model.headMap(now, true);
                assertEquals(List.copyOf(due.values()), fired, "seed " + seed);
                due.clear();
                fired.clear();
            }
        }
    }
}

package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.machine.simulated.SimulatedClock;
import biscotti.machine.simulated.SimulatedMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A timer of the time of day moves with it; one of the monotonic clock does not. The test expires the queue. */
class ClockTimerTest {
    private final SimulatedMachine machine =
            SimulatedMachine.builder().manualClock().build();
    private final Scheduler scheduler = new Scheduler(machine, new KernelLog(machine));
    private final TimerQueue queue = scheduler.carrierHereOrFirst().timers();
    private final WallClock day = new WallClock(machine.clock(), SimulatedClock.TIME_OF_DAY);
    private int fired;
    private final ClockTimer timer = new ClockTimer(scheduler, day, () -> fired++);

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void settingTheClockForwardsMakesATimeOfDayCome() {
        timer.follow(true);
        timer.arm(day.nanos() + 1000);
        queue.expire(scheduler.now());
        assertEquals(0, fired);
        day.set(day.nanos() + 5000);
        queue.expire(scheduler.now());
        assertEquals(1, fired);
    }

    @Test
    void settingTheClockBackPutsATimeOfDayOff() {
        timer.follow(true);
        timer.arm(day.nanos() + 1000);
        day.set(day.nanos() - 500);
        queue.expire(scheduler.now() + 1499);
        assertEquals(0, fired);
        queue.expire(scheduler.now() + 1500);
        assertEquals(1, fired);
    }

    @Test
    void otherDeadlinesStayWhereTheyAre() {
        timer.follow(true);
        timer.follow(false);
        timer.arm(scheduler.now() + 1000);
        day.set(day.nanos() + 5000);
        queue.expire(scheduler.now() + 999);
        assertEquals(0, fired);
        queue.expire(scheduler.now() + 1000);
        assertEquals(1, fired);
    }

    @Test
    void aCancelledTimerIsNotArmedByTheClock() {
        timer.follow(true);
        timer.arm(day.nanos() + 1000);
        timer.cancel();
        day.set(day.nanos() + 5000);
        queue.expire(scheduler.now() + 9000);
        assertEquals(0, fired);
    }
}

package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Timex;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A time of day that is steered. */
class WallClockTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long DAY = 1_700_000_000L * SECOND;

    private final SimulatedMachine machine =
            SimulatedMachine.builder().manualClock().build();
    private final WallClock clock = new WallClock(machine.clock(), DAY);
    private final ClockDiscipline discipline = clock.discipline();

    @AfterEach
    void close() {
        machine.close();
    }

    private void pass(long seconds) {
        machine.clock().advance(seconds * SECOND);
    }

    @Test
    void aFrequencyIsGainedEachSecond() {
        discipline.setFrequency(100L << 16);
        pass(10);
        assertEquals(DAY + 10 * SECOND + 1_000_000, clock.nanos(), 10);
        discipline.setFrequency(-100L << 16);
        pass(10);
        assertEquals(DAY + 20 * SECOND, clock.nanos(), 10);
    }

    @Test
    void aLongerTickMakesItFaster() {
        discipline.setTick(11_000);
        pass(10);
        assertEquals(DAY + 11 * SECOND, clock.nanos(), 10);
    }

    @Test
    void anOffsetIsWorkedOffAndThenGone() {
        discipline.adjust(-1000);
        assertEquals(-1000, discipline.adjustment());
        pass(1);
        assertEquals(-500, discipline.adjustment());
        assertEquals(DAY + SECOND - 500_000, clock.nanos(), 10);
        pass(10);
        assertEquals(0, discipline.adjustment());
        assertEquals(DAY + 11 * SECOND - 1_000_000, clock.nanos(), 10);
    }

    @Test
    void aTimeOfDayIsFoundOnTheMonotonicClockWhateverTheRates() {
        discipline.setFrequency(300L << 16);
        discipline.adjust(2000);
        for (long seconds = 1; seconds < 100_000; seconds *= 7) {
            long at = machine.clock().monotonicNanos() + seconds * SECOND;
            long start = clock.nanos();
            long when = clock.toMonotonic(start + seconds * SECOND);
            assertTrue(when < at, "the clock is fast");
            machine.clock().advance(when - machine.clock().monotonicNanos());
            assertEquals(start + seconds * SECOND, clock.nanos(), 2);
        }
    }

    @Test
    void whoSetsTheClockForgetsWhatWasKnownOfIt() {
        discipline.setStatus(Timex.STA_PLL);
        discipline.setMaximumError(7);
        discipline.setOffset(1_000_000);
        assertEquals(Timex.STA_PLL, discipline.status());
        clock.set(DAY);
        assertEquals(Timex.STA_PLL | Timex.STA_UNSYNC, discipline.status());
        assertEquals(Timex.UNKNOWN_ERROR, discipline.maximumError());
        assertEquals(0, discipline.offset());
    }

    @Test
    void theMaximumErrorGrowsUntilTheClockIsUnsynchronised() {
        discipline.setStatus(0);
        discipline.setMaximumError(0);
        pass(2);
        assertEquals(1000, discipline.maximumError());
        pass(100_000);
        assertEquals(Timex.STA_UNSYNC, discipline.status());
    }
}

package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.file.FileTable;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.process.signal.SignalActions;
import biscotti.process.signal.SignalInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a timer tells and counts, on a clock that the test moves; timer_create(2), timer_getoverrun(2). */
class PosixTimerTest {
    private static final int SIGNAL = SignalNumber.SIGUSR1;

    private final SimulatedMachine machine = SimulatedMachine.builder().build();
    private final Kernel kernel = new Kernel(machine, new TestCalls());
    private final HandClock clock = new HandClock();
    private UserThread thread;
    private Process process;
    private PosixTimer timer;

    /** A clock that moves when the test says so, and tells its timer at once. */
    private static final class HandClock implements Countdown {
        private PosixTimer timer;
        private long now = 1000;
        private long armed;

        void advance(long nanos) {
            now += nanos;
            if (armed != 0 && now >= armed) {
                armed = 0;
                timer.expired();
            }
        }

        @Override
        public void begin(boolean absolute) {
            armed = 0;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void arm(long deadline) {
            armed = deadline;
        }

        @Override
        public void cancel() {
            armed = 0;
        }

        @Override
        public void close() {
            armed = 0;
        }

        @Override
        public boolean stands() {
            return false;
        }
    }

    @BeforeEach
    void makeTimer() {
        thread = kernel.processes.newInit(new FileTable(), kernel.fileContext).orElseThrow();
        process = thread.process();
        thread.setSignalMask(SignalNumber.bit(SIGNAL));
        timer = new PosixTimer(process, 7, new PosixTimer.Event(SIGNAL, 42, null));
        timer.setCountdown(clock);
        clock.timer = timer;
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    private void set(long value, long interval) {
        timer.set(new IntervalTimers.Setting(value, interval), false);
    }

    private SignalInfo take() {
        return process.pending.take(SignalNumber.bit(SIGNAL));
    }

    @Test
    void aSignalTellsTheTimerAndItsValue() {
        set(10, 0);
        clock.advance(9);
        assertEquals(0, process.pendingSignals());
        clock.advance(1);
        SignalInfo told = take();
        assertEquals(Signal.SI_TIMER, told.code());
        assertEquals(7, (int) told.word0());
        assertEquals(0, told.word0() >>> 32);
        assertEquals(42, told.word1());
        assertEquals(new IntervalTimers.Setting(0, 0), timer.get());
    }

    @Test
    void expirationsWhileTheSignalWaitsAreOverruns() {
        set(10, 10);
        clock.advance(10);
        clock.advance(55);
        assertEquals(1, Long.bitCount(process.pendingSignals()));
        SignalInfo told = take();
        assertEquals(5, told.word0() >>> 32);
        assertEquals(5, timer.lastOverrun());
        assertEquals(0, process.pendingSignals());
        assertEquals(new IntervalTimers.Setting(5, 10), timer.get());
        clock.advance(5);
        assertEquals(0, take().word0() >>> 32);
        assertEquals(0, timer.lastOverrun());
    }

    @Test
    void lookingAtATimerCountsNoOverrunTwice() {
        set(10, 10);
        clock.advance(10);
        clock.advance(25);
        assertEquals(new IntervalTimers.Setting(5, 10), timer.get());
        clock.advance(10);
        assertEquals(3, take().word0() >>> 32);
    }

    @Test
    void aSignalThatWaitsKeepsItsPlaceWhenTheTimerIsSetAgain() {
        set(10, 10);
        clock.advance(10);
        set(0, 0);
        assertEquals(SIGNAL, take().number());
        clock.advance(100);
        assertEquals(0, process.pendingSignals());
    }

    @Test
    void anIgnoredSignalIsNotQueuedAndTheTimerGoesOn() {
        process.setAction(SIGNAL, new SignalActions.Action(Signal.SIG_IGN, 0, 0, 0));
        thread.setSignalMask(0);
        set(10, 10);
        clock.advance(10);
        assertEquals(0, process.pendingSignals());
        thread.setSignalMask(SignalNumber.bit(SIGNAL));
        process.setAction(SIGNAL, SignalActions.Action.DEFAULT);
        clock.advance(10_000_000);
        assertEquals(SignalNumber.bit(SIGNAL), process.pendingSignals());
    }

    @Test
    void aTimersSignalComesBesideTheSameSignalOfAnother() {
        Signals.send(process, SignalInfo.fromProcess(SIGNAL, Signal.SI_USER, 1, 0));
        set(10, 0);
        clock.advance(10);
        assertEquals(Signal.SI_USER, take().code());
        assertEquals(SignalNumber.bit(SIGNAL), process.pendingSignals());
        assertEquals(Signal.SI_TIMER, take().code());
        assertEquals(0, process.pendingSignals());
    }

    @Test
    void deletedTimersStaySilent() {
        set(10, 10);
        timer.delete();
        clock.advance(10);
        assertEquals(0, process.pendingSignals());
    }
}

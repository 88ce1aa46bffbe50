package biscotti.driver;

import biscotti.machine.Clock;
import biscotti.sched.KernelThread;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what a device does without an interrupt. */
public final class Polling {
    /** How often one looks before sleeping in between: most devices answer at once. */
    private static final int EAGER_LOOKS = 64;

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private Polling() {}

    /** Waits on a kernel thread until something is so; false if that takes longer than some milliseconds. */
    public static boolean await(Clock clock, int milliseconds, BooleanSupplier condition) {
        for (int i = 0; i < EAGER_LOOKS; i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
        }
        long deadline = clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (clock.monotonicNanos() < deadline) {
            KernelThread.current().sleepUntil(clock.monotonicNanos() + PAUSE);
            if (condition.getAsBoolean()) {
                return true;
            }
        }
        return condition.getAsBoolean();
    }
}

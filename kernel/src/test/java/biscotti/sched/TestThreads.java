package biscotti.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.List;

/** Kernel threads that do what a test wants to have done on one. */
public final class TestThreads {
    private TestThreads() {}

    /** Runs each body on a thread of its own, all at once, and waits for them; the test fails if one does. */
    public static void run(SimulatedMachine machine, Scheduler scheduler, Runnable... bodies)
            throws InterruptedException {
        long failuresBefore = scheduler.failures();
        List<KernelThread> threads = new ArrayList<>();
        for (Runnable body : bodies) {
            threads.add(scheduler.newThread("test", body));
        }
        threads.forEach(KernelThread::start);
        for (KernelThread thread : threads) {
            thread.join();
        }
        assertEquals(failuresBefore, scheduler.failures(), machine.log());
    }

    /** Ends the carriers, and waits until none of them runs a kernel thread: the machine may be closed. */
    public static void stop(Scheduler scheduler) {
        scheduler.stop();
        try {
            scheduler.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package biscotti.sched;

import biscotti.interleaving.Explorer;
import biscotti.interleaving.Scenario;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.List;

/** Kernel threads that meet, for an {@link Explorer}. */
public abstract class Meeting implements Scenario {
    static final SimulatedMachine MACHINE =
            SimulatedMachine.builder().manualClock().build();
    static final Scheduler SCHEDULER = new Scheduler(MACHINE, new KernelLog(MACHINE));

    private Explorer explorer;
    private final List<KernelThread> threads = new ArrayList<>();

    /** For those who say which threads meet. */
    protected Meeting() {}

    /** Makes the threads. */
    protected abstract void makeThreads();

    @Override
    public final void start(Explorer newExplorer) {
        explorer = newExplorer;
        makeThreads();
        threads.forEach(KernelThread::start);
    }

    /** A thread that can be interrupted. */
    protected final KernelThread thread(String name, Interruption interruption, Runnable body) {
        KernelThread thread = SCHEDULER.newThread(name, interruption, body);
        explorer.actor(name, thread, thread::resume);
        threads.add(thread);
        return thread;
    }

    /** A thread that cannot be interrupted. */
    protected final KernelThread thread(String name, Runnable body) {
        return thread(name, Interruption.NEVER, body);
    }

    /** Fails if a promise is broken, or a thread ended by an exception. */
    protected final void expect(boolean condition, String promise) {
        if (!condition || SCHEDULER.failures() != 0) {
            throw new AssertionError("broken: " + promise + "\n" + MACHINE.log());
        }
    }

    @Override
    public void release() {}
}

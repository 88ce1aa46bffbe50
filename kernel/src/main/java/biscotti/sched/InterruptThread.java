package biscotti.sched;

import biscotti.bounded.Unit;

/**
 * A driver's kernel thread, which runs its handler after each interrupt of its device: interrupts that come while the handler
 * runs make it run once more.
 */
public final class InterruptThread {
    private static final int PRIORITY = 50;

    private final Runnable handler;
    private final KernelThread thread;
    private final int bit;
    private volatile boolean raised;
    private volatile boolean stopped;

    /**
     * Starts a thread, and gives it a pending bit.
     *
     * @param handler serves the device; an exception ends the thread
     */
    public InterruptThread(Scheduler scheduler, String name, Runnable handler) {
        this.handler = handler;
        this.thread = scheduler.newThread(name, this::run);
        this.bit = scheduler.interrupts().assign(this);
        thread.setPolicy(SchedulingPolicy.FIFO, PRIORITY);
        thread.start();
    }

    /** The pending bit: for {@link biscotti.machine.InterruptLines#route}. */
    public int bit() {
        return bit;
    }

    /** What it is called. */
    String name() {
        return thread.name();
    }

    /** Has the handler run soon, as an interrupt does. */
    public void raise() {
        raised = true;
        thread.wake();
    }

    /** Says which CPUs run it: a bit for each. */
    public void setAffinity(long cpus) {
        thread.setAffinity(cpus);
    }

    /** Ends the thread. */
    public void stop() {
        stopped = true;
        thread.wake();
    }

    private void run() {
        while (!stopped) {
            if (raised) {
                serve();
            } else {
                thread.park();
            }
        }
    }

    @Unit("interrupt")
    private void serve() {
        raised = false;
        handler.run();
    }
}

package biscotti.sched;

import biscotti.bounded.Unit;
import biscotti.machine.HeapCounter;
import biscotti.machine.Processors;

/**
 * The platform thread that runs kernel threads on one CPU. It loops: deliver pending interrupts, run due timers, take the
 * best thread and run it until it parks or yields; with nothing to do, let the CPU sleep.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // counters that only the carrier itself writes
final class Carrier extends Thread {
    private final Scheduler scheduler;
    private final Processors processors;
    private final int cpu;
    private final HeapCounter heap;
    private boolean counts;
    private final RunQueue queue = new RunQueue();
    private final TimerQueue timers = new TimerQueue();

    /** What runs here is about to sleep: whom it wakes now stays on this CPU. */
    boolean handsOver;

    private volatile KernelThread running;

    // Accounting.
    private volatile long busyNanos;
    private volatile long idleNanos;
    private volatile long userTicks;

    /** Up to when time has been charged; for this thread, and what it carries. */
    private long chargedUntil;

    private final RealTimeShare realTimeShare = new RealTimeShare();

    Carrier(Scheduler scheduler, int cpu) {
        super("carrier-" + cpu);
        this.scheduler = scheduler;
        this.processors = scheduler.machine().processors();
        this.cpu = cpu;
        this.heap = scheduler.machine().heap();
        setDaemon(true);
    }

    int cpu() {
        return cpu;
    }

    RunQueue queue() {
        return queue;
    }

    TimerQueue timers() {
        return timers;
    }

    /** What it runs now; null between two threads. */
    KernelThread running() {
        return running;
    }

    @Override
    public void run() {
        processors.pin(cpu);
        chargedUntil = scheduler.now();
        counts = scheduler.countsAllocations();
        while (!scheduler.isStopped()) {
            poll();
            KernelThread next = queue.take(realTimeShare.isUsedUp(chargedUntil));
            if (next == null) {
                next = scheduler.steal(cpu);
            }
            if (next == null) {
                idle();
            } else {
                run(next);
            }
        }
    }

    @Unit("carrier")
    private void poll() {
        long bits = processors.takePending(cpu);
        if (bits != 0) {
            scheduler.interrupts().deliver(cpu, bits);
        }
        if (timers.nextDeadline() <= chargedUntil) {
            timers.expire(chargedUntil);
        }
    }

    private void run(KernelThread next) {
        next.carrier = this;
        next.turnNanos = 0;
        running = next;
        next.runListener().runsOn(cpu);
        if (counts) {
            next.mounted(heap.allocatedExactly());
        }
        try {
            next.resume();
        } catch (Throwable t) {
            scheduler.failed(next, t);
        }
        if (counts) {
            next.unmounted(heap.allocatedExactly());
        }
        charge(next);
        next.countSwitch();
        running = null;
    }

    /** Charges what ran since the last time. */
    void charge(KernelThread thread) {
        long now = scheduler.now();
        thread.charge(now - chargedUntil);
        if (thread.urgency() > 0) {
            realTimeShare.charge(now, now - chargedUntil);
        }
        busyNanos += now - chargedUntil;
        chargedUntil = now;
    }

    private void idle() {
        scheduler.setIdle(cpu, true);
        scheduler.beforeIdle(cpu);
        if (queue.length() == 0 && !scheduler.isStopped()) {
            long deadline = timers.nextDeadline();
            processors.idle(deadline == TimerQueue.NONE ? 0 : deadline);
        }
        scheduler.setIdle(cpu, false);
        long now = scheduler.now();
        idleNanos += now - chargedUntil;
        chargedUntil = now;
    }

    /** What this CPU did with its time. */
    CpuTimes times() {
        long busy = busyNanos;
        long user = Math.min(userTicks * KernelThread.TICK_NANOS, busy);
        return new CpuTimes(user, busy - user, idleNanos);
    }

    boolean belongsTo(Scheduler other) {
        return scheduler == other;
    }

    /** An interrupt ended the running thread's stay in ring 3. */
    void interrupted(KernelThread thread, boolean timerTick) {
        charge(thread);
        poll();
        if (!timerTick) {
            return;
        }
        userTicks++;
        if (queue.isBetterThan(thread, realTimeShare.isUsedUp(chargedUntil))) {
            thread.reschedule = true;
        }
        if (queue.length() != 0) {
            scheduler.wakeIdleCpu();
        }
    }

    /** A timer was armed here: an idle CPU must look at its deadline again. */
    void timerArmed(long deadline) {
        if (scheduler.isIdle(cpu) && deadline == timers.nextDeadline()) {
            processors.wake(cpu);
        }
    }
}

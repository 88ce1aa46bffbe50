package biscotti.heap;

import biscotti.bounded.Unit;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.SchedulingPolicy;
import biscotti.sched.Waiter;

/**
 * Makes room when reservations wait: a kernel thread that collects, has caches shrink, collects again, and kills the process
 * that retains most of the heap; one step at a time, only as far as needed.
 *
 * <p>All it needs was made at boot. It takes no reservation: what it allocates (lines of the log) lies in the part of the heap
 * beyond the budget. It waits for no lock that is held over a reservation.
 */
public final class Killer {
    private static final int PRIORITY = 60;

    /** With less than this part of the budget left after a collection, the heap would be collected for ever. */
    private static final int MARGIN = 16;

    /** A collection is worth its time if this part of the budget has been allocated since the last one... */
    private static final int WORTHWHILE = 16;

    /** ...or this one, if somebody would have to die otherwise. */
    private static final int WORTH_A_LIFE = 64;

    /** When to look again at what should have changed by itself. */
    private static final long LOOK_AGAIN_NANOS = 10_000_000;

    private final HeapBudget budget;
    private final Caches caches;
    private final Scheduler scheduler;
    private final KernelLog log;
    private final KernelThread thread;
    private long usedAfterCollection;

    /** A process has ended since the last collection: what was alive then may be garbage now. */
    private volatile boolean freed;

    /** Somebody was killed since the last collection. */
    private boolean killed;

    private volatile Victims victims = Victims.NONE;
    private volatile boolean stopped;

    /** A killer that is not at work yet. */
    public Killer(HeapBudget budget, Caches caches, Scheduler scheduler) {
        this.budget = budget;
        this.caches = caches;
        this.scheduler = scheduler;
        this.log = scheduler.log();
        this.thread = scheduler.newThread("heap-killer", this::run);
    }

    /** Begins its work. */
    public void start(Victims mayDie) {
        victims = mayDie;
        thread.setPolicy(SchedulingPolicy.FIFO, PRIORITY);
        budget.onShortage(this::wake);
        thread.start();
    }

    private void wake() {
        thread.waiter().wake();
    }

    /** A process has ended: its memory may be what somebody waits for. */
    public void processEnded() {
        freed = true;
        if (budget.isShort()) {
            wake();
        }
    }

    /** Ends its thread. */
    public void stop() {
        stopped = true;
        wake();
    }

    private void run() {
        Waiter waiter = thread.waiter();
        while (!stopped) {
            waiter.reset();
            if (!budget.isShort()) {
                waiter.sleepUninterrupted(Waiter.FOREVER);
            } else if (!relieve()) {
                waiter.sleepUninterrupted(scheduler.now() + LOOK_AGAIN_NANOS);
            }
        }
    }

    /** Goes through the steps; whether nobody waits now. */
    @Unit(Bounds.KILLER)
    private boolean relieve() {
        budget.recall();
        budget.settle();
        if (!budget.isShort()) {
            return true;
        }
        if (hasAllocated(WORTHWHILE) || killed && !victims.isOneEnding()) {
            collect();
        }
        if (isEnough() || victims.isOneEnding()) {
            return !budget.isShort();
        }
        if (freed || hasAllocated(WORTH_A_LIFE)) {
            collect();
        }
        if (!isEnough() && shrinkCaches()) {
            collect();
        }
        if (!isEnough()) {
            kill();
        }
        return !budget.isShort();
    }

    /** Whether nobody waits, or those who do need only wait for the work that runs. */
    private boolean isEnough() {
        return !budget.isShort() || !budget.isTight(MARGIN);
    }

    private boolean shrinkCaches() {
        long given = caches.shrink(log);
        if (given > 0) {
            budget.statistics().shrunk();
            log.information("heap: caches gave back " + (given >> 10) + " KB");
        }
        return given > 0;
    }

    private boolean hasAllocated(int part) {
        return budget.counter().used() - usedAfterCollection > budget.limit() / part;
    }

    private void collect() {
        freed = false;
        killed = false;
        budget.counter().collect();
        budget.statistics().collected();
        budget.settle();
        usedAfterCollection = budget.counter().used();
        if (log.keeps(KernelLog.Level.DEBUG)) {
            log.debug("heap: collected, " + describe());
        }
    }

    /** One after another: the next dies only if the memory of the one before did not suffice. */
    private void kill() {
        log.warning("heap: out of memory, " + describe());
        switch (victims.killGreatest()) {
            case KILLED -> {
                killed = true;
                budget.statistics().killed();
            }
            case BUSY -> {}
            case NONE_LEFT -> refuse();
        }
    }

    /** Nobody can die for those who wait: if running work will not free enough either, the first one is told so. */
    private void refuse() {
        if (!budget.willSuffice()) {
            log.error("heap: no process is left to kill; a system call is refused");
            budget.refuseFirst();
        }
    }

    private String describe() {
        return (budget.living() >> 10) + " KB of " + (budget.limit() >> 10) + " KB live, " + budget.waiting() + " wait";
    }
}

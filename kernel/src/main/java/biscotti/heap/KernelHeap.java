package biscotti.heap;

import biscotti.machine.Machine;
import biscotti.sched.Interruption;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;

/** All that there is one of for the kernel's heap. */
public final class KernelHeap {
    /** How much care is taken. */
    public enum Mode {
        /** Nothing is reserved: to see what reserving costs. */
        OFF,
        /** The usual one. */
        ON,
        /** Reserves, and compares what each unit of work allocates with its bound. */
        CHECKED
    }

    /** Eighths of the budget that what outlives processes may have. */
    private static final int LASTING_EIGHTHS = 5;

    private final HeapBudget budget;
    private final HeapShare lasting;
    private final Bounds bounds;
    private final Mode mode;
    private final Overruns overruns;
    private final Caches caches = new Caches();
    private final Killer killer;
    private final long[] callBytes = new long[Bounds.CALLS];
    private final long threadBytes;

    /**
     * The heap of a machine.
     *
     * @param bounds what work needs
     */
    public KernelHeap(Machine machine, Scheduler scheduler, Bounds bounds, Mode mode) {
        this(HeapBudget.of(machine), scheduler, bounds, mode);
    }

    /** As above, with a budget of one's own. */
    public KernelHeap(HeapBudget budget, Scheduler scheduler, Bounds bounds, Mode mode) {
        this.budget = budget;
        this.lasting = new HeapShare(budget.limit() / 8 * LASTING_EIGHTHS);
        this.bounds = bounds;
        this.mode = mode;
        this.overruns = new Overruns(scheduler.log());
        this.killer = new Killer(budget, caches, scheduler);
        for (int i = 0; i < callBytes.length; i++) {
            callBytes[i] = bytesFor(bounds.call(i));
        }
        int cpus = scheduler.cpuCount();
        budget.charge(cpus * (bytesOf(Bounds.CARRIER) + bytesOf(Bounds.BUG)));
        keepForKernelThread(Bounds.KILLER);
        this.threadBytes = bytesOf(Bounds.STACK) + bytesOf(Bounds.SIGNALS) + bytesOf(Bounds.THREAD_END);
        if (mode == Mode.CHECKED) {
            scheduler.countAllocations();
        }
    }

    /** What is reserved for a bound; in the mode that checks, not even a call that should need nothing gets nothing. */
    private long bytesFor(Bounds.Bound bound) {
        return switch (mode) {
            case OFF -> 0;
            case ON -> bound.live();
            case CHECKED -> Math.max(1, bound.live());
        };
    }

    /**
     * Takes for ever, at boot, what a thread of the kernel needs that must never wait for the heap: for its stack when it
     * sleeps, and for the unit of work that it does again and again. The unit leaves nothing behind when it has ended.
     */
    public void keepForKernelThread(String unit) {
        budget.charge(bytesOf(Bounds.STACK) + bytesOf(unit));
    }

    /** The table of what is reserved for each system call, 0 for nothing, by number below {@link Bounds#CALLS}. */
    public long[] callBytes() {
        return callBytes.clone();
    }

    /** What is reserved for a unit of work; 0 for nothing. */
    public long bytesOf(String unit) {
        return bytesFor(bounds.unit(unit));
    }

    /** What each user thread keeps while it lives: for its stack when it sleeps, for signals, and for its end. */
    public long threadBytes() {
        return threadBytes;
    }

    /** A reservation for a thread: see {@link HeapBudget#newReservation}. */
    public Reservation newReservation(KernelThread thread, Interruption fatal) {
        return budget.newReservation(thread, fatal);
    }

    /** The budget. */
    public HeapBudget budget() {
        return budget;
    }

    /** The share of what outlives the processes that made it. */
    public HeapShare lasting() {
        return lasting;
    }

    /** What work needs at worst. */
    public Bounds bounds() {
        return bounds;
    }

    /** The caches that can give memory back. */
    public Caches caches() {
        return caches;
    }

    /** Who makes room. */
    public Killer killer() {
        return killer;
    }

    /** Whether what is allocated is compared with the bounds. */
    public boolean isChecked() {
        return mode == Mode.CHECKED;
    }

    /** What was allocated beyond the bounds. */
    public Overruns overruns() {
        return overruns;
    }
}

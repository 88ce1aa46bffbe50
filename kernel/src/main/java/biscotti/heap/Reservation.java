package biscotti.heap;

import biscotti.bounded.Round;
import biscotti.bounded.Rounds;
import biscotti.machine.HeapCounter;
import biscotti.sched.Interruption;
import biscotti.sched.KernelThread;
import biscotti.sched.SleepListener;
import biscotti.sched.Waiter;

/**
 * What one thread has reserved of the heap. Used by its thread only.
 *
 * <p>Between {@link #begin} and {@link #end} the thread may allocate. What it has allocated is known at the end from the
 * CPU's counter: then it counts as living, until a collection shows what really does, and the rest of the reservation is
 * free again. A thread that sleeps for long does the same for the time of its sleep.
 */
public final class Reservation implements Rounds, SleepListener {
    /** How it stands with a reservation that waits. */
    enum State {
        /** It does not wait. */
        IDLE,
        /** It is in the queue. */
        WAITING,
        /** It has got what it waited for. */
        GRANTED,
        /** It will never get it: nothing is left that could be given up for it. */
        REFUSED
    }

    private final HeapBudget budget;
    private final HeapCounter counter;
    private final KernelThread thread;
    private final Interruption fatal;
    private long held;
    private long paused;

    // Waiting: guarded by the queue's lock.
    Reservation next;
    Reservation previous;
    int rank;
    long wanted;
    volatile State state = State.IDLE;

    /**
     * A reservation of nothing.
     *
     * @param fatal what ends its waits: that the thread must die
     */
    Reservation(HeapBudget budget, KernelThread thread, Interruption fatal) {
        this.budget = budget;
        this.counter = budget.counter();
        this.thread = thread;
        this.fatal = fatal;
    }

    /**
     * Reserves; waits, first come first served, if the heap is short. The caller holds no lock, and no reservation.
     *
     * @param bytes what the thread may need at worst until {@link #end}
     * @return 0; -EINTR if the thread must die; -ENOMEM if the heap can never have so much
     */
    public int begin(long bytes) {
        CpuCredit credit = budget.credit(thread.cpu());
        long left = credit.available - bytes;
        if (left < 0) {
            return budget.take(this, credit, bytes);
        }
        credit.available = left;
        held = bytes;
        return 0;
    }

    /** Ends what {@link #begin} began. Does nothing without a reservation. */
    public void end() {
        CpuCredit credit = settle();
        long available = credit.available + held;
        credit.available = available;
        held = 0;
        if (available > budget.mostCredit()) {
            budget.giveBack(credit);
        }
    }

    /**
     * In a long loop, whatever locks are held: what the last rounds have allocated is counted, so that as much as at first is
     * reserved for the next ones.
     *
     * @return false if the heap is short: the caller gives up the rest of its work, and needs no more for that than it has
     */
    @Override
    @Round
    public boolean nextRound() {
        CpuCredit credit = settle();
        return credit.available >= 0 || held == 0 || budget.refill(credit, 0);
    }

    /**
     * As {@link #nextRound}, where no lock is held: it waits.
     *
     * @return false if the thread must die
     */
    @Override
    @Round
    public boolean awaitRound() {
        if (nextRound()) {
            return true;
        }
        long bytes = held;
        end();
        return begin(bytes) == 0;
    }

    /** Counts what was allocated on this CPU since the last time. */
    private CpuCredit settle() {
        CpuCredit credit = budget.credit(thread.cpu());
        long allocated = counter.allocated();
        credit.available -= allocated - credit.settled;
        credit.settled = allocated;
        return credit;
    }

    /** Before a long sleep, gives back all: what the thread has allocated is counted, and asleep it allocates nothing. */
    @Override
    public void beforeSleep() {
        paused = held;
        if (held != 0) {
            end();
        }
    }

    /**
     * After a long sleep, with no lock held, reserves as much again as before. Should the thread have to die instead, it goes
     * on without: on its way out it needs no more than what is kept for its end.
     */
    @Override
    public void afterSleep() {
        if (paused != 0) {
            begin(paused);
        }
    }

    /**
     * Reserves what is kept for longer than the call: it is given back by {@link HeapBudget#release}, not at the call's end.
     * No lock is held.
     *
     * @return as {@link #begin}; after an error nothing is reserved
     */
    public int keep(long bytes) {
        long before = held;
        end();
        int error = begin(before + bytes);
        if (error == 0) {
            held = before;
            budget.keep(bytes);
        }
        return error;
    }

    /** How much is reserved now. */
    public long held() {
        return held;
    }

    /** The wait in the queue is over: it has what it wanted. */
    void granted() {
        held = wanted;
    }

    /** Whose it is. */
    KernelThread thread() {
        return thread;
    }

    /** Sleeps until the state changes or the thread must die. */
    int sleep() {
        return thread.waiter().sleep(Waiter.FOREVER, fatal);
    }
}

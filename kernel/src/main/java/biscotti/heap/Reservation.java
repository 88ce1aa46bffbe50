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
 * <p>Between {@link #begin} and {@link #end} the thread may allocate. What it allocates counts as living, until a collection
 * shows what really does; at the end the whole reservation is free again. A thread that sleeps for long does the same for
 * the time of its sleep.
 *
 * <p>Each system call passes {@link #begin} and {@link #end}, so they are short: one looks at the CPU's count of allocated
 * bytes, the other one at nothing.
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

    /** No run of a kernel thread has this number. */
    private static final long NEVER = -1;

    private final HeapBudget budget;
    private final HeapCounter counter;
    private final KernelThread thread;
    private final Interruption fatal;
    private long held;
    private long paused;

    /** The credit of the CPU that the thread was on in the run that {@link #run} numbers: it stays there until the run's end. */
    private CpuCredit credit;

    private long run = NEVER;

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
        this.credit = budget.credit(thread.cpu());
    }

    /**
     * Reserves; waits, first come first served, if the heap is short. The caller holds no lock, and no reservation.
     *
     * @param bytes what the thread may need at worst until {@link #end}
     * @return 0; -EINTR if the thread must die; -ENOMEM if the heap can never have so much
     */
    public int begin(long bytes) {
        CpuCredit own = credit();
        if (own.limit - counter.allocated() < bytes) {
            return budget.take(this, own, bytes);
        }
        own.limit -= bytes;
        held = bytes;
        return 0;
    }

    /** Ends what {@link #begin} began. Does nothing without a reservation. */
    public void end() {
        CpuCredit own = credit();
        long bytes = held;
        own.limit += bytes;
        held = 0;
        if (bytes > budget.mostCredit()) {
            budget.giveBack(own);
        }
    }

    private CpuCredit credit() {
        if (thread.runs() != run) {
            beginRun();
        }
        return credit;
    }

    /** The thread may have moved, and threads that move leave too much where they end their calls. */
    private void beginRun() {
        run = thread.runs();
        credit = budget.credit(thread.cpu());
        if (credit.limit - credit.settled > budget.mostCredit()) {
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
        CpuCredit own = credit();
        return own.limit >= counter.allocated() || held == 0 || budget.refill(own, 0);
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

    /** Before a long sleep, gives back all: asleep it allocates nothing. */
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

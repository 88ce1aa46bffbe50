package biscotti.heap;

import biscotti.bounded.Round;
import biscotti.bounded.Rounds;
import biscotti.machine.HeapCounter;
import biscotti.sched.Interruption;
import biscotti.sched.KernelThread;
import biscotti.sched.RunListener;
import biscotti.sched.SleepListener;
import biscotti.sched.Waiter;

/**
 * What one thread has reserved of the heap. Used by its thread only.
 *
 * <p>Between {@link #begin} and {@link #end} the thread may allocate. What it allocates counts as living, until a collection
 * shows what really does; at the end the whole reservation is free again. A thread that sleeps for long does the same for
 * the time of its sleep.
 *
 * <p>Each system call passes {@link #begin} and {@link #end}, so they are short: the CPU's count of allocated bytes is looked at
 * only now and then.
 */
public final class Reservation implements Rounds, SleepListener, RunListener {
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

    /** That of the CPU that the thread is on, or was on last. */
    private CpuCredit credit;

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
        CpuCredit own = credit;
        long left = own.spare - bytes;
        if (left < 0) {
            return budget.take(this, own, bytes);
        }
        own.spare = left;
        own.held = bytes;
        held = bytes;
        return 0;
    }

    /** Ends what {@link #begin} began. Does nothing without a reservation. */
    public void end() {
        long bytes = held;
        held = 0;
        credit.held = 0;
        if (bytes > budget.mostCredit()) {
            budget.giveBack(credit);
        }
    }

    @Override
    public void runsOn(int cpu) {
        credit = budget.credit(cpu);
        credit.arrive(held);
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
        return held == 0 || credit.limit - counter.allocated() >= held || budget.refill(credit, held);
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
            credit.held = before;
            credit.limit -= bytes;
            budget.keep(bytes);
        }
        return error;
    }

    /** How much is reserved now. */
    public long held() {
        return held;
    }

    /** It has what it wanted, and so has its CPU's credit. */
    void granted(long bytes) {
        held = bytes;
    }

    CpuCredit credit() {
        return credit;
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

package biscotti.sched;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A reentrant lock with a rank. A thread takes locks in the order of their ranks only, lower first, so that no two threads can
 * wait for each other; of two locks of the same rank, at most one is held. With assertions on ({@code -ea}, as in tests) an
 * attempt out of order throws.
 *
 * <p>On several CPUs a thread tries for a while before it sleeps: most critical sections are shorter than two switches.
 */
public final class RankedLock implements Lock {
    private static final boolean CHECKED = checked();
    private static final int TRIES = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final LockRank rank;

    /** A lock that nobody holds. */
    public RankedLock(LockRank rank) {
        this.rank = rank;
    }

    @SuppressWarnings("AssignmentExpression") // the usual way to ask whether assertions are on
    private static boolean checked() {
        boolean on = false;
        assert on = true;
        return on;
    }

    /** Its rank. */
    public LockRank rank() {
        return rank;
    }

    @Override
    public void lock() {
        if (CHECKED) {
            HeldLocks.beforeLock(this);
        }
        if (!lock.tryLock()) {
            lockContended();
        }
        if (CHECKED) {
            HeldLocks.locked(this);
        }
    }

    private void lockContended() {
        for (int i = 0; i < TRIES; i++) {
            Thread.onSpinWait();
            if (!lock.isLocked() && lock.tryLock()) {
                return;
            }
        }
        lock.lock();
    }

    /** Takes the lock if nobody holds it; as this cannot wait, it is allowed in any order. */
    @Override
    public boolean tryLock() {
        boolean taken = lock.tryLock();
        if (CHECKED && taken) {
            HeldLocks.locked(this);
        }
        return taken;
    }

    @Override
    public void unlock() {
        lock.unlock();
        if (CHECKED) {
            HeldLocks.unlocked(this);
        }
    }

    /** Whether the calling thread holds it. */
    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    /** Kernel threads are not interrupted in Java's sense. */
    @Override
    public void lockInterruptibly() {
        throw new UnsupportedOperationException("use lock");
    }

    /** A timed wait would use the JDK's timers. */
    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        throw new UnsupportedOperationException("use lock or tryLock");
    }

    /** Waiting is for {@link WaitQueue}. */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("use a WaitQueue");
    }

    @Override
    public String toString() {
        return "lock of rank " + rank;
    }
}

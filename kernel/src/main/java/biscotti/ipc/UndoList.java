package biscotti.ipc;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What semaphores get back when a process ends (semop(2), SEM_UNDO). Threads that were made with CLONE_SYSVSEM share one, and the
 * last of them to end makes the adjustments.
 */
public final class UndoList {
    /** Guards users and the chain; the lock of a set comes after it. */
    private final ReentrantLock lock = new ReentrantLock();

    private int users = 1;
    private Undo first;

    /** For one thread: nothing to undo. */
    public UndoList() {}

    /** One more thread shares it. */
    public UndoList join() {
        lock.lock();
        users++;
        lock.unlock();
        return this;
    }

    /**
     * One thread less shares it; the last one makes the adjustments.
     *
     * @param process number of the thread's process, which counts as who changed the semaphores
     */
    public void leave(int process) {
        lock.lock();
        try {
            users--;
            while (users == 0 && first != null) {
                first.set.undo(first, process);
                first = first.nextOfProcess;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The adjustments of a set, which are made if there are none yet; those of sets that were removed are forgotten. */
    Undo of(SemaphoreSet set) {
        lock.lock();
        try {
            Undo previous = null;
            Undo at = first;
            while (at != null) {
                if (at.set == set) {
                    return at;
                }
                if (!at.set.isRemoved()) {
                    previous = at;
                } else if (previous == null) {
                    first = at.nextOfProcess;
                } else {
                    previous.nextOfProcess = at.nextOfProcess;
                }
                at = at.nextOfProcess;
            }
            Undo made = new Undo(set);
            if (!made.adjustments.isWhole() || !set.join(made)) {
                made.adjustments.release();
                return null;
            }
            made.nextOfProcess = first;
            first = made;
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** What the semaphores of one set get back from one process; guarded by the set's lock. */
    static final class Undo {
        final SemaphoreSet set;
        final FrameArray adjustments;
        Undo nextOfProcess;
        Undo nextOfSet;
        Undo previousOfSet;

        Undo(SemaphoreSet set) {
            this.set = set;
            this.adjustments = set.newAdjustments();
        }
    }
}

package biscotti.ipc;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EIDRM;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ERANGE;
import static biscotti.abi.LittleEndian.getShort;

import biscotti.abi.Ipc;
import biscotti.bounded.Rounds;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.ipc.UndoList.Undo;
import biscotti.sched.Waiter;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A set of semaphores (semget(2)). Each has a value and the number of the process that changed it last, side by side in a long off
 * the heap. Calls that cannot be done wait in the order in which they came; whoever changes a value tries them all again, and
 * does for them what can be done.
 */
public final class SemaphoreSet extends IpcObject {
    private static final int VALUE_BITS = 16;
    private static final int VALUE_MASK = (1 << VALUE_BITS) - 1;

    private final IpcSpace space;
    private final int count;
    private final FrameArray semaphores;

    /** Guards all below, and the semaphores. */
    private final ReentrantLock lock = new ReentrantLock();

    private SemaphoreWait firstWait;
    private SemaphoreWait lastWait;
    private Undo firstUndo;
    private volatile boolean removed;
    private volatile long operationTime;

    SemaphoreSet(IpcSpace space, Identity creator, int key, int mode, int count) {
        super(creator, key, mode, space.now());
        this.space = space;
        this.count = count;
        this.semaphores = new FrameArray(space, 8L * count);
    }

    /**
     * semget(2).
     *
     * @return the set's number; -EINVAL, -ENOSPC, -ENOMEM, -ENOENT, -EEXIST, -EACCES
     */
    public static int get(IpcSpace space, Identity who, int key, int count, int flags, Rounds rounds) {
        if (count < 0 || count > space.semaphoresOfSet()) {
            return -EINVAL;
        }
        Slot<SemaphoreSet> slot = new Slot<>();
        int found;
        do {
            found = space.sets().find(who, key, flags, slot);
            if (found == 1) {
                found = create(space, who, key, count, flags);
            } else if (found == 0 || found == -EACCES) {
                found = count > slot.get().count
                        ? -EINVAL
                        : found == 0 ? slot.get().id() : found;
            }
        } while (found == -EEXIST && (flags & Ipc.IPC_EXCL) == 0 && rounds.awaitRound());
        return found;
    }

    private static int create(IpcSpace space, Identity who, int key, int count, int flags) {
        if (count == 0) {
            return -EINVAL;
        }
        if (!space.takeSemaphores(count)) {
            return -ENOSPC;
        }
        SemaphoreSet made = new SemaphoreSet(space, who, key, flags, count);
        int id = made.semaphores.isWhole() ? space.sets().add(made) : -ENOMEM;
        if (id < 0) {
            made.semaphores.release();
            space.giveSemaphores(count);
        }
        return id;
    }

    /** How many semaphores it has. */
    public int count() {
        return count;
    }

    /** When it was last operated on; 0 for never. */
    public long operationTime() {
        return operationTime;
    }

    boolean isRemoved() {
        return removed;
    }

    FrameArray newAdjustments() {
        return new FrameArray(space, 2L * count);
    }

    /** Adds what a process will undo, unless the set was removed. */
    boolean join(Undo undo) {
        lock.lock();
        try {
            if (!removed) {
                undo.nextOfSet = firstUndo;
                if (firstUndo != null) {
                    firstUndo.previousOfSet = undo;
                }
                firstUndo = undo;
            }
            return !removed;
        } finally {
            lock.unlock();
        }
    }

    private int valueOf(int semaphore) {
        return (int) (semaphores.getLong(semaphore) & VALUE_MASK);
    }

    private void set(int semaphore, int value, int process) {
        semaphores.setLong(semaphore, (long) process << VALUE_BITS | value);
    }

    /**
     * semop(2), semtimedop(2).
     *
     * @param operations {@code struct sembuf}s
     * @param number of operations, at least one
     * @param undoList what the caller's process undoes when it ends
     * @param deadline when the wait ends
     * @return 0; -EFBIG, -EACCES, -ERANGE, -EIDRM, -ENOMEM; -EAGAIN if it would wait or the time is over; -EINTR
     */
    public int operate(
            Identity who, int process, byte[] operations, int number, UndoList undoList, Waiter waiter, long deadline) {
        boolean alters = false;
        boolean undoes = false;
        for (int i = 0; i < number; i++) {
            if (SemaphoreWait.semaphore(operations, i) >= count) {
                return -EFBIG;
            }
            alters |= SemaphoreWait.change(operations, i) != 0;
            undoes |= SemaphoreWait.has(operations, i, Ipc.SEM_UNDO) && SemaphoreWait.change(operations, i) != 0;
        }
        if (!permits(who, alters ? Ipc.WRITE : Ipc.READ)) {
            return -EACCES;
        }
        Undo undo = undoes ? undoList.of(this) : null;
        if (undoes && undo == null) {
            return removed ? -EIDRM : -ENOMEM;
        }
        SemaphoreWait wait = new SemaphoreWait(operations, number, process, undo, waiter);
        lock.lock();
        try {
            if (removed) {
                return -EIDRM;
            }
            int result = attempt(wait);
            if (result == SemaphoreWait.WAITING && wait.givesUp()) {
                return -EAGAIN;
            }
            if (result != SemaphoreWait.WAITING) {
                if (result == 0 && alters) {
                    wakeReady();
                }
                return result;
            }
            return await(wait, deadline);
        } finally {
            lock.unlock();
        }
    }

    private int await(SemaphoreWait wait, long deadline) {
        join(wait);
        int slept = 0;
        while (wait.result == SemaphoreWait.WAITING && slept == 0) {
            wait.waiter.reset();
            lock.unlock();
            slept = wait.waiter.sleep(deadline);
            lock.lock();
        }
        if (wait.result != SemaphoreWait.WAITING) {
            return wait.result;
        }
        leave(wait);
        return slept == -EINTR ? -EINTR : -EAGAIN;
    }

    private void join(SemaphoreWait wait) {
        wait.previous = lastWait;
        if (lastWait == null) {
            firstWait = wait;
        } else {
            lastWait.next = wait;
        }
        lastWait = wait;
    }

    private void leave(SemaphoreWait wait) {
        if (wait.previous == null) {
            firstWait = wait.next;
        } else {
            wait.previous.next = wait.next;
        }
        if (wait.next == null) {
            lastWait = wait.previous;
        } else {
            wait.next.previous = wait.previous;
        }
    }

    /** Does the operations of a call, or none: 0; {@link SemaphoreWait#WAITING}; -ERANGE. */
    private int attempt(SemaphoreWait wait) {
        int done = 0;
        int result = 0;
        while (done < wait.count() && result == 0) {
            result = attempt(wait, done);
            done++;
        }
        if (result != 0) {
            wait.blocking = done - 1;
            for (int i = done - 2; i >= 0; i--) {
                shift(wait, i, -wait.change(i));
            }
            return result;
        }
        for (int i = 0; i < wait.count(); i++) {
            int semaphore = wait.semaphore(i);
            set(semaphore, valueOf(semaphore), wait.process);
        }
        operationTime = space.now();
        return 0;
    }

    private int attempt(SemaphoreWait wait, int operation) {
        int semaphore = wait.semaphore(operation);
        int change = wait.change(operation);
        int value = valueOf(semaphore) + change;
        if (change == 0 ? value != 0 : value < 0) {
            return SemaphoreWait.WAITING;
        }
        if (value > Ipc.SEMVMX) {
            return -ERANGE;
        }
        if (change != 0 && wait.has(operation, Ipc.SEM_UNDO)) {
            int adjustment = wait.undo.adjustments.getShort(semaphore) - change;
            if (adjustment < -Ipc.SEMVMX - 1 || adjustment > Ipc.SEMVMX) {
                return -ERANGE;
            }
        }
        shift(wait, operation, change);
        return 0;
    }

    /** Changes a value, and what is undone of it. */
    private void shift(SemaphoreWait wait, int operation, int change) {
        int semaphore = wait.semaphore(operation);
        long both = semaphores.getLong(semaphore);
        semaphores.setLong(semaphore, both & ~VALUE_MASK | (both & VALUE_MASK) + change);
        if (change != 0 && wait.has(operation, Ipc.SEM_UNDO)) {
            FrameArray adjustments = wait.undo.adjustments;
            adjustments.setShort(semaphore, adjustments.getShort(semaphore) - change);
        }
    }

    /** Does what can be done now of those that wait, from the oldest on; what is done may let an older one go. */
    private void wakeReady() {
        SemaphoreWait at = firstWait;
        while (at != null) {
            SemaphoreWait next = at.next;
            int result = attempt(at);
            if (result != SemaphoreWait.WAITING) {
                boolean altered = result == 0 && alters(at);
                finish(at, result);
                next = altered ? firstWait : next;
            }
            at = next;
        }
    }

    private static boolean alters(SemaphoreWait wait) {
        for (int i = 0; i < wait.count(); i++) {
            if (wait.change(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private void finish(SemaphoreWait wait, int result) {
        leave(wait);
        wait.result = result;
        wait.waiter.wake();
    }

    /** Gives back what a process owes, as it ends; values stay within their limits. */
    void undo(Undo undo, int process) {
        lock.lock();
        try {
            if (removed) {
                return;
            }
            for (int i = 0; i < count; i++) {
                int adjustment = undo.adjustments.getShort(i);
                if (adjustment != 0) {
                    set(i, Math.clamp((long) valueOf(i) + adjustment, 0, Ipc.SEMVMX), process);
                }
            }
            unlink(undo);
            undo.adjustments.release();
            operationTime = space.now();
            wakeReady();
        } finally {
            lock.unlock();
        }
    }

    private void unlink(Undo undo) {
        if (undo.previousOfSet == null) {
            firstUndo = undo.nextOfSet;
        } else {
            undo.previousOfSet.nextOfSet = undo.nextOfSet;
        }
        if (undo.nextOfSet != null) {
            undo.nextOfSet.previousOfSet = undo.previousOfSet;
        }
    }

    /** GETVAL: the value of a semaphore; -EIDRM. */
    public int value(int semaphore) {
        lock.lock();
        try {
            return removed ? -EIDRM : valueOf(semaphore);
        } finally {
            lock.unlock();
        }
    }

    /** GETPID: who changed a semaphore last; -EIDRM. */
    public int process(int semaphore) {
        lock.lock();
        try {
            return removed ? -EIDRM : (int) (semaphores.getLong(semaphore) >>> VALUE_BITS);
        } finally {
            lock.unlock();
        }
    }

    /** GETNCNT, GETZCNT: how many wait for a semaphore to grow, or to become zero; -EIDRM. */
    public int waiting(int semaphore, boolean zero) {
        lock.lock();
        try {
            int found = 0;
            for (SemaphoreWait at = firstWait; at != null; at = at.next) {
                found += at.waitsFor(semaphore, zero) ? 1 : 0;
            }
            return removed ? -EIDRM : found;
        } finally {
            lock.unlock();
        }
    }

    /**
     * SETVAL and SETALL: gives semaphores values, which nobody undoes any more.
     *
     * @param first number of the first one
     * @param values of two bytes each, none greater than SEMVMX
     * @param number how many
     * @return 0 or -EIDRM
     */
    public int setValues(int first, byte[] values, int number, int process) {
        lock.lock();
        try {
            if (removed) {
                return -EIDRM;
            }
            for (int i = 0; i < number; i++) {
                set(first + i, getShort(values, 2 * i), process);
                for (Undo undo = firstUndo; undo != null; undo = undo.nextOfSet) {
                    undo.adjustments.setShort(first + i, 0);
                }
            }
            changed(space.now());
            wakeReady();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** IPC_RMID: 0 or -EIDRM; all who wait get EIDRM. */
    public int remove() {
        lock.lock();
        try {
            if (removed) {
                return -EIDRM;
            }
            space.sets().remove(this);
            removed = true;
            while (firstWait != null) {
                finish(firstWait, -EIDRM);
            }
            for (Undo undo = firstUndo; undo != null; undo = undo.nextOfSet) {
                undo.adjustments.release();
            }
            firstUndo = null;
            semaphores.release();
            space.giveSemaphores(count);
            return 0;
        } finally {
            lock.unlock();
        }
    }
}

package biscotti.process.futex;

import biscotti.abi.Futex;
import biscotti.memory.UserMemory;

/**
 * The list of robust mutexes that a thread holds, kept by the C library in user memory (get_robust_list(2),
 * Documentation/locking/robust-futexes): when the thread ends, each is marked, and one who waits for it is woken.
 */
public final class RobustList {
    private static final int OFFSET = 8;
    private static final int PENDING = 16;

    /** A bit of an entry's address that says that the mutex inherits priority: who waits for it is told otherwise. */
    private static final long PRIORITY_INHERITING = 1;

    private final FutexWaiter thread;
    private final Futexes futexes;
    private volatile long head;

    /** A list that is nowhere yet. */
    public RobustList(FutexWaiter thread, Futexes futexes) {
        this.thread = thread;
        this.futexes = futexes;
    }

    /** Address of the list's head; 0 if there is none. */
    public long head() {
        return head;
    }

    /** Tells where the list is. */
    public void setHead(long address) {
        head = address;
    }

    /**
     * The thread ends, or runs another program: walks the list, then passes on what else it owns that others wait for.
     *
     * @param ends whether nobody may wait for it any more
     */
    public void release(boolean ends) {
        long list = head;
        head = 0;
        if (list != 0) {
            walk(list);
        }
        futexes.owned().ownerEnds(thread, ends);
    }

    /** A list that is broken is left where it breaks. */
    private void walk(long list) {
        UserMemory memory = thread.memory();
        if (memory.readLong(list) < 0) {
            return;
        }
        long entry = memory.value();
        if (memory.readLong(list + OFFSET) < 0) {
            return;
        }
        long offset = memory.value();
        if (memory.readLong(list + PENDING) < 0) {
            return;
        }
        long pending = memory.value();
        for (int i = 0; i < Futex.ROBUST_LIST_LIMIT && addressOf(entry) != list; i++) {
            // Read first: who is woken may take the entry and put it into a list of his own.
            boolean readable = memory.readLong(addressOf(entry)) >= 0;
            long next = memory.value();
            if (addressOf(entry) != addressOf(pending) && !ownerDied(entry, offset, false)) {
                return;
            }
            if (!readable) {
                break;
            }
            entry = next;
        }
        if (addressOf(pending) != 0) {
            ownerDied(pending, offset, true);
        }
    }

    private static long addressOf(long entry) {
        return entry & ~PRIORITY_INHERITING;
    }

    /**
     * Marks a mutex that this thread holds.
     *
     * @param pending whether the thread was about to take or to release it: it may have released it and not have woken anybody
     * @return whether its word can be read and written
     */
    private boolean ownerDied(long entry, long offset, boolean pending) {
        UserMemory memory = thread.memory();
        long word = addressOf(entry) + offset;
        boolean inherits = (entry & PRIORITY_INHERITING) != 0;
        int changed = 0;
        int now = 0;
        while (changed == 0) {
            long value = (word & 3) != 0 ? -1 : memory.readInt(word);
            if (value < 0) {
                return false;
            }
            now = (int) value;
            if (now == 0 && pending && !inherits) {
                wake(word);
                return true;
            }
            if ((now & Futex.TID_MASK) != thread.id()) {
                return true;
            }
            changed = memory.compareAndSetInt(word, now, (now & Futex.WAITERS) | Futex.OWNER_DIED);
        }
        if (changed == 1 && !inherits && (now & Futex.WAITERS) != 0) {
            wake(word);
        }
        return changed == 1;
    }

    /** One who waits; whether the futex is shared, the list does not say. */
    private void wake(long word) {
        if (futexes.wake(thread, word, true, 1, -1) <= 0) {
            futexes.wake(thread, word, false, 1, -1);
        }
    }
}

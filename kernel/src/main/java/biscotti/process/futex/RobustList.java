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

    /** A bit of an entry's address that says that the mutex inherits priority. */
    private static final long PRIORITY_INHERITING = 1;

    private final FutexWaiter thread;
    private final Futexes futexes;
    private long head;

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

    /** Walks the list when its thread ends, whose number marks what it holds. A list that is broken is left where it breaks. */
    public void release(int id) {
        long list = head;
        head = 0;
        if (list == 0) {
            return;
        }
        UserMemory memory = thread.memory();
        if (memory.readLong(list + OFFSET) < 0) {
            return;
        }
        long offset = memory.value();
        if (memory.readLong(list + PENDING) < 0) {
            return;
        }
        long pendingEntry = memory.value() & ~PRIORITY_INHERITING;
        long entry = list;
        for (int i = 0; i < Futex.ROBUST_LIST_LIMIT; i++) {
            if (memory.readLong(entry) < 0) {
                return;
            }
            entry = memory.value() & ~PRIORITY_INHERITING;
            if (entry == list) {
                break;
            }
            if (entry != pendingEntry && !ownerDied(entry + offset, id)) {
                return;
            }
        }
        if (pendingEntry != 0) {
            ownerDied(pendingEntry + offset, id);
        }
    }

    /** Marks a mutex that this thread holds; false if its word cannot be read. */
    private boolean ownerDied(long word, int id) {
        UserMemory memory = thread.memory();
        while (true) {
            long value = memory.readInt(word);
            if (value < 0) {
                return false;
            }
            int now = (int) value;
            if ((now & Futex.TID_MASK) != id) {
                return true;
            }
            int changed = memory.compareAndSetInt(word, now, (now & Futex.WAITERS) | Futex.OWNER_DIED);
            if (changed < 0) {
                return false;
            }
            if (changed == 1) {
                if ((now & Futex.WAITERS) != 0) {
                    futexes.wake(thread, word, false, 1, -1);
                }
                return true;
            }
        }
    }
}

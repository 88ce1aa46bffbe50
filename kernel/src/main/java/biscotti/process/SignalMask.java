package biscotti.process;

import biscotti.abi.SignalNumber;
import biscotti.process.signal.SignalSet;

/**
 * The signals that a thread blocks, the ones among them that it waits for, and what it will block again after a call that replaced
 * them for its duration. For its thread, but for what says otherwise; others read under the process's lock, which guards changes.
 */
final class SignalMask {
    private volatile long blocked;
    /** Blocked signals that sigtimedwait(2) waits for. */
    private volatile long awaited;

    private long saved;
    private boolean hasSaved;

    SignalMask() {}

    /** The signals that are blocked. Any thread may ask. */
    long blocked() {
        return blocked;
    }

    /** Sets {@link #blocked}; the process's lock is held. */
    void set(long signals) {
        blocked = signals & ~SignalSet.UNBLOCKABLE;
    }

    /** Unblocks one signal; the process's lock is held. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    void unblock(int signal) {
        blocked &= ~SignalNumber.bit(signal);
    }

    /** Sets which signals it waits for; the process's lock is held. */
    void await(long signals) {
        awaited = signals;
    }

    /** Whether it would take a signal now; the process's lock is held. */
    boolean accepts(int signal) {
        return !SignalSet.has(blocked & ~awaited, signal);
    }

    /** Whether a signal that is ignored is kept nevertheless: it is blocked, or waited for; the process's lock is held. */
    boolean keeps(int signal) {
        return SignalSet.has(blocked | awaited, signal);
    }

    /** What is blocked now is to be blocked again, unless something else is already. */
    void save() {
        if (!hasSaved) {
            saved = blocked;
            hasSaved = true;
        }
    }

    /** Whether something is to be blocked again. */
    boolean hasSaved() {
        return hasSaved;
    }

    /** Takes what is to be blocked again, or what is blocked now. */
    long takeSaved() {
        long mask = hasSaved ? saved : blocked;
        hasSaved = false;
        return mask;
    }
}

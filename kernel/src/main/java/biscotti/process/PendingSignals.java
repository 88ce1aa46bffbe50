package biscotti.process;

import biscotti.abi.SignalNumber;

/**
 * Signals that were sent and not taken yet. Of a standard signal there is at most one, and it has a place of its own, so that
 * none of them, SIGKILL least of all, is ever lost; real-time signals wait in the order of their coming (signal(7)).
 *
 * <p>Guarded by the process's signal lock, but for {@link #set}.
 */
final class PendingSignals {
    /** With so many of them waiting, real-time signals are refused: RLIMIT_SIGPENDING's default for one receiver. */
    static final int LIMIT = 256;

    private final SignalInfo[] standard = new SignalInfo[SignalNumber.FIRST_REAL_TIME];
    private Waiting first;
    private Waiting last;
    private int realTime;
    private volatile long set;

    /** A real-time signal that waits. */
    private static final class Waiting {
        final SignalInfo signal;
        Waiting next;

        Waiting(SignalInfo signal) {
            this.signal = signal;
        }
    }

    /** A bit for each signal that waits; read without the lock. */
    long set() {
        return set;
    }

    /** How many signals wait; read without the lock, so only about. */
    int count() {
        return realTime + Long.bitCount(set & SignalNumber.bit(SignalNumber.FIRST_REAL_TIME) - 1);
    }

    /** Adds a signal; false if it is a real-time signal and there are too many. */
    boolean add(SignalInfo signal) {
        if (signal.number() >= SignalNumber.FIRST_REAL_TIME) {
            return addRealTime(signal);
        }
        addStandard(signal);
        return true;
    }

    /** Adds a standard signal, which allocates nothing. */
    void addStandard(SignalInfo signal) {
        long bit = SignalNumber.bit(signal.number());
        if ((set & bit) == 0) {
            standard[signal.number()] = signal;
            set |= bit;
        }
    }

    /** Adds a real-time signal; false if there are too many. */
    boolean addRealTime(SignalInfo signal) {
        if (realTime >= LIMIT) {
            return false;
        }
        append(new Waiting(signal));
        set |= SignalNumber.bit(signal.number());
        return true;
    }

    private void append(Waiting added) {
        if (last == null) {
            first = added;
        } else {
            last.next = added;
        }
        last = added;
        realTime++;
    }

    /**
     * The signal to take next among some that wait: one that an instruction caused, else that with the lowest number; of equal
     * numbers the oldest. It is removed.
     *
     * @param among a set that has one of the signals that wait
     */
    SignalInfo take(long among) {
        long candidates = set & among;
        long synchronous = candidates & SignalSet.SYNCHRONOUS;
        int number = Long.numberOfTrailingZeros(synchronous != 0 ? synchronous : candidates) + 1;
        return number < SignalNumber.FIRST_REAL_TIME ? takeStandard(number) : takeRealTime(number);
    }

    private SignalInfo takeStandard(int number) {
        SignalInfo taken = standard[number];
        standard[number] = null;
        set &= ~SignalNumber.bit(number);
        return taken;
    }

    private SignalInfo takeRealTime(int number) {
        Waiting before = null;
        Waiting found = first;
        while (found.signal.number() != number) {
            before = found;
            found = found.next;
        }
        unlink(found, before);
        boolean more = false;
        for (Waiting each = found.next; each != null && !more; each = each.next) {
            more = each.signal.number() == number;
        }
        if (!more) {
            set &= ~SignalNumber.bit(number);
        }
        return found.signal;
    }

    private void unlink(Waiting gone, Waiting before) {
        if (before == null) {
            first = gone.next;
        } else {
            before.next = gone.next;
        }
        if (gone == last) {
            last = before;
        }
        realTime--;
    }

    /** Forgets signals. */
    void discard(long signals) {
        if ((set & signals) == 0) {
            return;
        }
        for (int number = 1; number < SignalNumber.FIRST_REAL_TIME; number++) {
            if ((SignalNumber.bit(number) & signals) != 0) {
                standard[number] = null;
            }
        }
        Waiting before = null;
        for (Waiting each = first; each != null; each = each.next) {
            if ((SignalNumber.bit(each.signal.number()) & signals) != 0) {
                unlink(each, before);
            } else {
                before = each;
            }
        }
        set &= ~signals;
    }
}

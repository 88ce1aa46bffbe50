package biscotti.process;

import biscotti.abi.SignalNumber;
import java.util.Arrays;

/**
 * Signals that were sent and not taken yet, in the order of their coming. Of a standard signal there is at most one; of a
 * real-time signal there may be many (signal(7)).
 *
 * <p>Guarded by the process's signal lock, but for {@link #set}.
 */
final class PendingSignals {
    /** With so many signals waiting, real-time signals are refused: RLIMIT_SIGPENDING's default for one receiver. */
    static final int LIMIT = 256;

    /** Beyond the limit there is room for one of each standard signal: none of them, SIGKILL least of all, is ever lost. */
    private static final int CAPACITY = LIMIT + SignalNumber.FIRST_REAL_TIME - 1;

    private static final int FIRST_CAPACITY = 4;

    private SignalInfo[] queue = new SignalInfo[FIRST_CAPACITY];
    private int count;
    private volatile long set;

    /** A bit for each signal that waits; read without the lock. */
    long set() {
        return set;
    }

    /** How many signals wait; read without the lock, so only about. */
    int count() {
        return count;
    }

    /** Adds a signal; false if it is a real-time signal and there are too many. */
    boolean add(SignalInfo signal) {
        long bit = SignalNumber.bit(signal.number());
        boolean standard = signal.number() < SignalNumber.FIRST_REAL_TIME;
        if (standard && (set & bit) != 0) {
            return true;
        }
        if (!standard && count >= LIMIT) {
            return false;
        }
        if (count == queue.length) {
            queue = Arrays.copyOf(queue, Math.min(2 * count, CAPACITY));
        }
        queue[count++] = signal;
        set |= bit;
        return true;
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
        for (int i = 0; i < count; i++) {
            if (queue[i].number() == number) {
                return removeAt(i);
            }
        }
        throw new IllegalStateException("signal " + number + " waits, but is not there");
    }

    /** Forgets signals. */
    void discard(long signals) {
        if ((set & signals) == 0) {
            return;
        }
        for (int i = count - 1; i >= 0; i--) {
            if ((SignalNumber.bit(queue[i].number()) & signals) != 0) {
                removeAt(i);
            }
        }
    }

    private SignalInfo removeAt(int index) {
        SignalInfo signal = queue[index];
        count--;
        System.arraycopy(queue, index + 1, queue, index, count - index);
        queue[count] = null;
        long left = 0;
        for (int i = 0; i < count; i++) {
            left |= SignalNumber.bit(queue[i].number());
        }
        set = left;
        return signal;
    }
}

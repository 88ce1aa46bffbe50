package biscotti.process;

import biscotti.abi.SignalNumber;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalSet;

/**
 * Signals that were sent and not taken yet. Of a standard signal there is at most one, and it has a place of its own, so that
 * none of them, SIGKILL least of all, is ever lost; real-time signals wait in the order of their coming (signal(7)), and so do
 * those of timers, whatever their number.
 *
 * <p>Guarded by the process's signal lock, but for {@link #set}.
 */
final class PendingSignals {
    private final SignalQuota quota;
    private final SignalInfo[] standard = new SignalInfo[SignalNumber.FIRST_REAL_TIME];

    /** Signals of the kernel's that wait without an object: SIGCHLD, and real-time signals with nothing to tell. */
    private long bare;

    /** What SIGCHLD tells when it is among those. */
    private final ChildNews childNews = new ChildNews();

    private Waiting first;
    private Waiting last;
    private int realTime;
    private volatile long set;

    /** What became of a child: see {@link SignalInfo#child}. */
    private static final class ChildNews {
        private int code;
        private long identity;
        private int status;
        private long userTicks;
        private long systemTicks;

        void set(int newCode, Process child, int newStatus, ProcessTimes.Usage used) {
            code = newCode;
            identity =
                    SignalInfo.identity(child.id(), child.credentials().user().real());
            status = newStatus;
            userTicks = used.userTicks();
            systemTicks = used.systemTicks();
        }

        SignalInfo info() {
            return new SignalInfo(
                    SignalNumber.SIGCHLD, code, identity, Integer.toUnsignedLong(status), userTicks, systemTicks);
        }
    }

    /** A real-time signal that waits, or any signal of a timer: that has its place from the timer's beginning. */
    static final class Waiting {
        private final int number;
        private final SignalInfo signal;
        /** Null if it comes from no timer. */
        private final PosixTimer timer;

        private Waiting next;
        /** Whether it waits now. */
        boolean queued;

        private Waiting(SignalInfo signal) {
            this.number = signal.number();
            this.signal = signal;
            this.timer = null;
        }

        Waiting(PosixTimer timer) {
            this.number = timer.signal();
            this.signal = SignalInfo.NONE;
            this.timer = timer;
        }

        private SignalInfo take() {
            return timer == null ? signal : timer.taken();
        }
    }

    /** None wait; a quota says how many may. */
    PendingSignals(SignalQuota quota) {
        this.quota = quota;
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
        if (!quota.take()) {
            return false;
        }
        append(new Waiting(signal));
        return true;
    }

    /** Adds SIGCHLD, which allocates nothing: what it tells becomes an object when it is taken. */
    void addChild(int code, Process child, int status, ProcessTimes.Usage used) {
        if ((set & SignalNumber.bit(SignalNumber.SIGCHLD)) == 0) {
            childNews.set(code, child, status, used);
            addBare(SignalNumber.SIGCHLD);
        }
    }

    /** Adds a real-time signal of the kernel's, which allocates nothing: several that wait are taken as one. */
    void addBare(int number) {
        bare |= SignalNumber.bit(number);
        set |= SignalNumber.bit(number);
    }

    /** Adds a signal for which there is no room: what it tells is lost, and all of it if there is one of its number. */
    void addWithoutInfo(int number) {
        if (!SignalSet.has(set, number)) {
            addBare(number);
        }
    }

    /** Adds the signal of a timer, which does not wait yet. */
    void addTimer(PosixTimer timer) {
        append(timer.waiting);
    }

    private void append(Waiting added) {
        if (last == null) {
            first = added;
        } else {
            last.next = added;
        }
        last = added;
        added.next = null;
        added.queued = true;
        set |= SignalNumber.bit(added.number);
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
        SignalInfo taken;
        if (hasPlace(number)) {
            taken = standard[number];
            standard[number] = null;
        } else if (hasMore(number)) {
            taken = takeFirst(number);
        } else {
            bare &= ~SignalNumber.bit(number);
            taken = number == SignalNumber.SIGCHLD ? childNews.info() : SignalInfo.fromKernel(number);
        }
        forgetUnlessWaiting(number);
        return taken;
    }

    private void forgetUnlessWaiting(int number) {
        if (!hasPlace(number) && !hasMore(number) && !SignalSet.has(bare, number)) {
            set &= ~SignalNumber.bit(number);
        }
    }

    private boolean hasPlace(int number) {
        return number < SignalNumber.FIRST_REAL_TIME && standard[number] != null;
    }

    private SignalInfo takeFirst(int number) {
        Waiting before = null;
        Waiting found = first;
        while (found.number != number) {
            before = found;
            found = found.next;
        }
        unlink(found, before);
        return found.take();
    }

    private boolean hasMore(int number) {
        Waiting each = first;
        while (each != null && each.number != number) {
            each = each.next;
        }
        return each != null;
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
        gone.queued = false;
        if (gone.timer == null) {
            quota.giveBack();
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
            if ((SignalNumber.bit(each.number) & signals) != 0) {
                unlink(each, before);
            } else {
                before = each;
            }
        }
        bare &= ~signals;
        set &= ~signals;
    }

    /** Forgets the signals of timers, which are gone with the old program (timer_create(2)). */
    void discardTimers() {
        Waiting before = null;
        for (Waiting each = first; each != null; each = each.next) {
            if (each.timer != null) {
                unlink(each, before);
                forgetUnlessWaiting(each.number);
            } else {
                before = each;
            }
        }
    }
}

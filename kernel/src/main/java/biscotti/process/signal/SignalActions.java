package biscotti.process.signal;

import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;

/**
 * What a process does on each signal (sigaction(2)); processes made with CLONE_SIGHAND share one. Each method is atomic;
 * {@link #ignored} is read without a lock.
 */
public final class SignalActions {
    /**
     * What to do on one signal.
     *
     * @param handler address of the handler, SIG_DFL or SIG_IGN
     * @param flags SA_ bits
     * @param restorer where the handler returns to
     * @param mask signals blocked while it runs
     */
    public record Action(long handler, long flags, long restorer, long mask) {
        /** The default action. */
        public static final Action DEFAULT = new Action(Signal.SIG_DFL, 0, 0, 0);

        /** Whether it is neither the default nor to ignore. */
        public boolean isHandler() {
            return handler != Signal.SIG_DFL && handler != Signal.SIG_IGN;
        }

        /** The same without its handler. */
        private Action spent() {
            return new Action(Signal.SIG_DFL, flags, restorer, mask);
        }

        /** Whether it has a flag. */
        public boolean has(long flag) {
            return (flags & flag) != 0;
        }
    }

    private final Action[] actions;
    /** What becomes of those with SA_RESETHAND: all but the handler stays. */
    private final Action[] spent;

    private volatile long ignored;

    /** All default. */
    public SignalActions() {
        actions = new Action[SignalNumber.LAST + 1];
        java.util.Arrays.fill(actions, Action.DEFAULT);
        spent = actions.clone();
    }

    private SignalActions(SignalActions other) {
        actions = other.actions.clone();
        spent = other.spent.clone();
        ignored = other.ignored;
    }

    /** A copy, for a child. */
    public synchronized SignalActions copy() {
        return new SignalActions(this);
    }

    /** What to do on a signal. */
    public synchronized Action get(int signal) {
        return actions[signal];
    }

    /** Sets what to do on a signal. */
    public synchronized void set(int signal, Action action) {
        actions[signal] = action;
        spent[signal] = action.has(Signal.SA_RESETHAND) ? action.spent() : Action.DEFAULT;
        long bit = SignalNumber.bit(signal);
        ignored = action.handler() == Signal.SIG_IGN ? ignored | bit : ignored & ~bit;
    }

    /** Sets what to do on a signal to its default, which allocates nothing. */
    public synchronized void setDefault(int signal) {
        actions[signal] = Action.DEFAULT;
        ignored &= ~SignalNumber.bit(signal);
    }

    /** Takes the action for a signal that is about to be handled; SA_RESETHAND sets the handler back to the default. */
    public synchronized Action takeForDelivery(int signal) {
        Action action = actions[signal];
        if (action.isHandler() && action.has(Signal.SA_RESETHAND)) {
            actions[signal] = spent[signal];
        }
        return action;
    }

    /** exec: handlers are gone, ignored signals stay ignored. */
    public synchronized void resetHandlers() {
        for (int i = 1; i <= SignalNumber.LAST; i++) {
            if (actions[i].isHandler()) {
                actions[i] = Action.DEFAULT;
            } else {
                actions[i] = new Action(actions[i].handler(), 0, 0, 0);
            }
        }
    }

    /** Signals that are ignored on request; read without a lock. */
    public long ignored() {
        return ignored;
    }

    /** Signals that come to nothing: ignored on request, or by default. */
    public synchronized boolean ignores(int signal) {
        Action action = actions[signal];
        return action.handler() == Signal.SIG_IGN
                || (action.handler() == Signal.SIG_DFL && SignalSet.has(SignalSet.IGNORED, signal));
    }

    /** A bit for each signal that has a handler. */
    public synchronized long handled() {
        long set = 0;
        for (int i = 1; i <= SignalNumber.LAST; i++) {
            if (actions[i].isHandler()) {
                set |= SignalNumber.bit(i);
            }
        }
        return set;
    }
}

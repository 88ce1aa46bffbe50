package biscotti.process;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.SignalNumber.SIGSEGV;
import static biscotti.abi.SignalNumber.SIGSTOP;

import biscotti.abi.Restart;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.bounded.Unit;
import biscotti.machine.UserContext;
import biscotti.process.signal.SignalActions;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalSet;
import biscotti.sched.WaitEntry;
import biscotti.sched.Waiter;

/**
 * What a thread does for signals, most of it before it returns to ring 3: it ends, stops, or calls handlers, and decides what
 * becomes of an interrupted system call (signal(7)). Used by its thread only, but for what says otherwise.
 */
public final class SignalDelivery {
    private static final int RESTART_SYSCALL = 219;

    /** Bytes of the syscall instruction. */
    private static final int INSTRUCTION_BYTES = 2;

    private final UserThread thread;
    private final Process process;

    /** Why the last system call was interrupted, one of {@link Restart}; 0 if it was not. */
    private int interruption;

    SignalDelivery(UserThread thread) {
        this.thread = thread;
        this.process = thread.process();
    }

    /** A system call returned one of {@link Restart} instead of a result. */
    void interrupted(long result) {
        if (result != -Restart.REGISTERS_SET) {
            interruption = result == -EINTR ? Restart.ERESTARTSYS : (int) -result;
            thread.setAttention(true);
        }
    }

    /** Attends to all there is; the thread returns to ring 3 after, or has ended. */
    @Unit("signals")
    void attend() {
        do {
            while (attendOnce()) {
                if (thread.mustEnd) {
                    thread.end();
                    return;
                }
            }
            if (interruption != 0) {
                callAgain();
            }
        } while (restoreMask());
    }

    /** Attends to one thing; whether there was one. */
    private boolean attendOnce() {
        SignalInfo signal;
        process.lock.lock();
        try {
            if (thread.mustEnd) {
                return true;
            }
            long mask = thread.signalMask();
            if (!process.stopped) {
                if (((thread.pending.set() | process.pending.set()) & ~mask) == 0) {
                    thread.setAttention(false);
                    return false;
                }
                boolean own = (thread.pending.set() & ~mask) != 0;
                signal = (own ? thread.pending : process.pending).take(~mask);
            } else {
                signal = null;
            }
        } finally {
            process.lock.unlock();
        }
        if (signal == null) {
            sleepWhileStopped();
        } else {
            deliver(signal);
        }
        return true;
    }

    /** Sets the mask again that a call had replaced; whether a signal can be taken because of that. */
    private boolean restoreMask() {
        if (!thread.mask().hasSaved()) {
            return false;
        }
        thread.setSignalMask(thread.mask().takeSaved());
        return thread.pending();
    }

    /**
     * rt_sigreturn(2): goes back to where a handler was called; a frame that is no good is SIGSEGV.
     *
     * @return what makes the call's result change no register
     */
    public long returnFromHandler() {
        thread.sleepRestart().forget();
        if (!SignalFrame.pop(thread)) {
            Signals.force(thread, SignalInfo.fromKernel(SIGSEGV));
        }
        return -Restart.REGISTERS_SET;
    }

    /**
     * sigtimedwait(2): takes a signal that waits, or that comes before a deadline.
     *
     * @param wanted the signals to take
     * @param deadline a time of the monotonic clock, or {@link Waiter#FOREVER}
     * @return the signal; or one with number 0 if none came in time, and -1 if another signal interrupted
     */
    public SignalInfo await(long wanted, long deadline) {
        Waiter waiter = thread.kernelThread().waiter();
        int result = 0;
        process.lock.lock();
        try {
            while (!isWaiting(wanted) && result == 0) {
                thread.mask().await(wanted);
                waiter.reset();
                process.lock.unlock();
                result = waiter.sleep(deadline);
                process.lock.lock();
            }
            thread.mask().await(0);
            SignalInfo taken = takeWaiting(wanted);
            reconsider();
            return taken == SignalInfo.NONE && result == Waiter.INTERRUPTED ? SignalInfo.INTERRUPTED : taken;
        } finally {
            process.lock.unlock();
        }
    }

    /** Takes a signal that waits, among some; {@link SignalInfo#NONE} if there is none. */
    SignalInfo take(long wanted) {
        process.lock.lock();
        try {
            SignalInfo taken = takeWaiting(wanted);
            reconsider();
            return taken;
        } finally {
            process.lock.unlock();
        }
    }

    /** Whether one of some signals waits for the thread, or for any thread of its process. Any thread may ask. */
    boolean isWaiting(long wanted) {
        return ((thread.pending.set() | process.pending.set()) & wanted) != 0;
    }

    /** Whether a signal waits that will end the process. Any thread may ask. */
    boolean fatalWaits() {
        SignalActions actions = process.actions();
        long handled = actions.handled() | actions.ignored();
        return !process.isInit()
                && isWaiting(~(thread.signalMask() | handled | SignalSet.IGNORED | SignalSet.STOPPING));
    }

    private SignalInfo takeWaiting(long wanted) {
        if ((thread.pending.set() & wanted) != 0) {
            return thread.pending.take(wanted);
        }
        return (process.pending.set() & wanted) != 0 ? process.pending.take(wanted) : SignalInfo.NONE;
    }

    /** Looks whether there is something to attend to; the process's lock is held. */
    void reconsider() {
        long waiting = thread.pending.set() | process.pending.set();
        if (thread.mustEnd || process.stopped || (waiting & ~thread.signalMask()) != 0) {
            thread.setAttention(true);
        } else {
            thread.setAttention(false);
        }
    }

    private void deliver(SignalInfo signal) {
        int number = signal.number();
        SignalActions.Action action = process.actions().takeForDelivery(number);
        if (action.isHandler()) {
            callHandler(signal, action);
        } else if (action.handler() == Signal.SIG_DFL) {
            defaultAction(number);
        }
    }

    private void callHandler(SignalInfo signal, SignalActions.Action action) {
        if (interruption != 0) {
            boolean again = interruption == Restart.ERESTARTNOINTR
                    || (interruption == Restart.ERESTARTSYS && action.has(Signal.SA_RESTART));
            if (again) {
                callAgain();
            } else {
                thread.context().setResult(-EINTR);
                interruption = 0;
            }
        }
        boolean good = !thread.sequence().isRegistered() || thread.sequence().restart();
        if (!good || !SignalFrame.push(thread, signal, action, thread.mask().takeSaved())) {
            if (signal.number() == SIGSEGV) {
                process.actions().setDefault(SIGSEGV);
            }
            Signals.force(thread, SignalInfo.fromKernel(SIGSEGV));
            return;
        }
        long blocked = action.mask() | (action.has(Signal.SA_NODEFER) ? 0 : SignalNumber.bit(signal.number()));
        thread.setSignalMask(thread.signalMask() | blocked);
    }

    /** Goes back to the syscall instruction, so that the interrupted call is made again. */
    private void callAgain() {
        UserContext context = thread.context();
        if (interruption == Restart.EINTR_ALWAYS) {
            context.setResult(-EINTR);
        } else {
            if (interruption == Restart.ERESTART_RESTARTBLOCK) {
                context.setRax(RESTART_SYSCALL);
            }
            context.setRip(context.rip() - INSTRUCTION_BYTES);
            context.restoreAll();
        }
        interruption = 0;
    }

    private void defaultAction(int number) {
        boolean spared = process.isInit() && !thread.forcedDefault;
        if (SignalSet.has(SignalSet.IGNORED, number) || (spared && number != SIGSEGV)) {
            return;
        }
        if (SignalSet.has(SignalSet.STOPPING, number)) {
            if (number == SIGSTOP || !thread.job().inOrphanedGroup()) {
                stop(number);
            }
            return;
        }
        Signals.exitAll(process, WaitOptions.killed(number, false));
    }

    private void stop(int number) {
        process.lock.lock();
        try {
            if (process.exiting) {
                return;
            }
            process.stopped = true;
            for (UserThread other = process.oldestThread; other != null; other = other.nextInProcess) {
                if (other != thread) {
                    other.alert();
                }
            }
        } finally {
            process.lock.unlock();
        }
        process.system().jobs().stopped(process, number);
    }

    private void sleepWhileStopped() {
        Waiter waiter = thread.kernelThread().waiter();
        WaitEntry entry = waiter.entry();
        while (process.stopped && !thread.mustEnd) {
            waiter.reset();
            process.resumed.join(entry);
            if (process.stopped && !thread.mustEnd) {
                waiter.sleepUninterrupted(Waiter.FOREVER);
            }
            process.resumed.leave(entry);
        }
    }
}

package biscotti.syscall;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Restart;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.process.Kill;
import biscotti.process.UserThread;
import biscotti.process.signal.AlternateStack;
import biscotti.process.signal.SignalActions;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalSet;
import biscotti.sched.Waiter;

/** System calls about signals. */
public final class SignalCalls {
    private static final int STACK_BYTES = 24;

    /** The family has no state. */
    public SignalCalls() {}

    /** rt_sigaction: sigaction(2). */
    @SystemCall(number = 13, name = "rt_sigaction")
    public long sigaction(UserThread caller, int signal, long action, long oldAction, long setBytes) {
        boolean fixed = signal == SignalNumber.SIGKILL || signal == SignalNumber.SIGSTOP;
        if (setBytes != Signal.SET_BYTES) {
            return -EINVAL;
        }
        byte[] bytes = new byte[Signal.ACTION_BYTES];
        int error = action == 0 ? 0 : caller.memory().read(action, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        if (!SignalNumber.isValid(signal) || (fixed && action != 0)) {
            return -EINVAL;
        }
        SignalActions.Action before = caller.process().actions().get(signal);
        if (action != 0) {
            long mask = getLong(bytes, 24) & ~SignalSet.UNBLOCKABLE;
            long flags = getLong(bytes, 8) & Signal.SA_KNOWN;
            caller.process()
                    .setAction(signal, new SignalActions.Action(getLong(bytes, 0), flags, getLong(bytes, 16), mask));
        }
        if (oldAction == 0) {
            return 0;
        }
        putLong(bytes, 0, before.handler());
        putLong(bytes, 8, before.flags());
        putLong(bytes, 16, before.restorer());
        putLong(bytes, 24, before.mask());
        return caller.memory().write(oldAction, bytes, 0, bytes.length);
    }

    /** rt_sigprocmask: sigprocmask(2). */
    @SystemCall(number = 14, name = "rt_sigprocmask")
    public long sigprocmask(UserThread caller, int how, long set, long oldSet, long setBytes) {
        if (setBytes != Signal.SET_BYTES) {
            return -EINVAL;
        }
        long before = caller.signalMask();
        if (set != 0) {
            int error = caller.memory().readLong(set);
            if (error < 0) {
                return error;
            }
            long given = caller.memory().value();
            switch (how) {
                case Signal.SIG_BLOCK -> caller.setSignalMask(before | given);
                case Signal.SIG_UNBLOCK -> caller.setSignalMask(before & ~given);
                case Signal.SIG_SETMASK -> caller.setSignalMask(given);
                default -> {
                    return -EINVAL;
                }
            }
        }
        return oldSet == 0 ? 0 : caller.memory().writeLong(oldSet, before);
    }

    /** rt_sigreturn: sigreturn(2). */
    @SystemCall(number = 15, name = "rt_sigreturn")
    public long sigreturn(UserThread caller) {
        return caller.delivery().returnFromHandler();
    }

    /** pause(2). */
    @SystemCall(number = 34, name = "pause")
    public long pause(UserThread caller) {
        Waiter waiter = caller.kernelThread().waiter();
        waiter.reset();
        waiter.sleep(Waiter.FOREVER);
        return -Restart.ERESTARTNOHAND;
    }

    /** rt_sigsuspend: sigsuspend(2). */
    @SystemCall(number = 130, name = "rt_sigsuspend")
    public long sigsuspend(UserThread caller, long set, long setBytes) {
        if (setBytes != Signal.SET_BYTES) {
            return -EINVAL;
        }
        int error = caller.memory().readLong(set);
        if (error < 0) {
            return error;
        }
        caller.setTemporaryMask(caller.memory().value());
        return pause(caller);
    }

    /** rt_sigpending: sigpending(2). */
    @SystemCall(number = 127, name = "rt_sigpending")
    public long sigpending(UserThread caller, long set, long setBytes) {
        if (setBytes > Signal.SET_BYTES) {
            return -EINVAL;
        }
        long waiting = caller.pendingSignals() | caller.process().pendingSignals();
        return caller.memory().writeLong(set, waiting & caller.signalMask());
    }

    /** rt_sigtimedwait: sigtimedwait(2), sigwaitinfo(2). */
    @SystemCall(number = 128, name = "rt_sigtimedwait")
    public long sigtimedwait(UserThread caller, long set, long info, long timeout, long setBytes) {
        if (setBytes != Signal.SET_BYTES) {
            return -EINVAL;
        }
        int error = caller.memory().readLong(set);
        if (error < 0) {
            return error;
        }
        long wanted = caller.memory().value() & ~SignalSet.UNBLOCKABLE;
        long deadline = Waiter.FOREVER;
        if (timeout != 0) {
            long nanos = Structures.readTimespec(caller.memory(), timeout);
            if (nanos < 0) {
                return nanos;
            }
            deadline = Deadlines.after(caller, nanos);
        }
        SignalInfo signal = caller.delivery().await(wanted, deadline);
        if (signal == SignalInfo.NONE || signal == SignalInfo.INTERRUPTED) {
            return signal == SignalInfo.NONE ? -EAGAIN : -Restart.EINTR_ALWAYS;
        }
        if (info != 0) {
            byte[] bytes = new byte[Signal.INFO_BYTES];
            signal.write(bytes, 0);
            error = caller.memory().write(info, bytes, 0, bytes.length);
        }
        return error < 0 ? error : signal.number();
    }

    /** kill(2). */
    @SystemCall(number = 62, name = "kill")
    public long kill(UserThread caller, int pid, int signal) {
        return Kill.kill(caller, pid, signal);
    }

    /** tkill(2). */
    @SystemCall(number = 200, name = "tkill")
    public long tkill(UserThread caller, int tid, int signal) {
        return Kill.killThread(caller, -1, tid, signal);
    }

    /** tgkill(2). */
    @SystemCall(number = 234, name = "tgkill")
    public long tgkill(UserThread caller, int pid, int tid, int signal) {
        return pid <= 0 ? -EINVAL : Kill.killThread(caller, pid, tid, signal);
    }

    /** rt_sigqueueinfo(2). */
    @SystemCall(number = 129, name = "rt_sigqueueinfo")
    public long sigqueueinfo(UserThread caller, int pid, int signal, long info) {
        return queue(caller, pid, 0, signal, info);
    }

    /** rt_tgsigqueueinfo(2). */
    @SystemCall(number = 297, name = "rt_tgsigqueueinfo")
    public long tgsigqueueinfo(UserThread caller, int pid, int tid, int signal, long info) {
        return pid <= 0 || tid <= 0 ? -EINVAL : queue(caller, pid, tid, signal, info);
    }

    private static long queue(UserThread caller, int pid, int tid, int signal, long info) {
        byte[] bytes = new byte[Signal.INFO_BYTES];
        int error = caller.memory().read(info, bytes, 0, bytes.length);
        return error < 0 ? error : Kill.queue(caller, pid, tid, signal, bytes);
    }

    /** sigaltstack(2). */
    @SystemCall(number = 131, name = "sigaltstack")
    public long sigaltstack(UserThread caller, long stack, long oldStack) {
        AlternateStack alternate = caller.alternateStack();
        int flags = alternate.flags(caller.context().rsp());
        byte[] before = new byte[STACK_BYTES];
        putLong(before, 0, alternate.base());
        putInt(before, 8, flags);
        putLong(before, 16, alternate.size());
        if (stack != 0) {
            byte[] bytes = new byte[STACK_BYTES];
            int error = caller.memory().read(stack, bytes, 0, STACK_BYTES);
            if (error < 0) {
                return error;
            }
            if ((flags & Signal.SS_ONSTACK) != 0) {
                return -EPERM;
            }
            error = alternate.set(getLong(bytes, 0), getInt(bytes, 8), getLong(bytes, 16));
            if (error < 0) {
                return error;
            }
        }
        return oldStack == 0 ? 0 : caller.memory().write(oldStack, before, 0, STACK_BYTES);
    }
}

package biscotti.process;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.SignalNumber.SIGCHLD;
import static biscotti.abi.SignalNumber.SIGCONT;
import static biscotti.abi.SignalNumber.SIGKILL;
import static biscotti.abi.SignalNumber.SIGSTOP;

import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.process.signal.SignalActions;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalSet;

/**
 * Sending of signals (signal(7), kill(2)): to a process, any of whose threads may take it, or to one thread.
 *
 * <p>All state is guarded by the receiving process's lock. A thread that has something to do for a signal has its
 * <i>attention</i> called: a word that it looks at before each return to ring 3, and that ends its interruptible sleeps.
 */
final class Signals {
    private Signals() {}

    /** Sends a signal to a process: 0, or -EAGAIN if it is a real-time signal of sigqueue(3) and too many wait. */
    static int send(Process to, SignalInfo signal) {
        if (signal.number() < SignalNumber.FIRST_REAL_TIME) {
            sendStandard(to, signal);
            return 0;
        }
        to.lock.lock();
        try {
            boolean ignored = to.threadCount == 0 || isIgnored(to, to.oldestThread, signal.number());
            if (!ignored && !to.pending.addRealTime(signal)) {
                if (signal.code() != Signal.SI_USER) {
                    return -EAGAIN;
                }
                to.pending.addWithoutInfo(signal.number()); // kill(2) does not fail
            }
            if (!ignored) {
                to.signalArrived();
                alertOne(to, signal.number());
            }
            return 0;
        } finally {
            to.lock.unlock();
        }
    }

    /** Sends a signal that is not a real-time signal to a process, which allocates nothing. */
    static void sendStandard(Process to, SignalInfo signal) {
        boolean resumed;
        to.lock.lock();
        try {
            resumed = prepare(to, signal.number());
            if (!isIgnored(to, to.oldestThread, signal.number())) {
                to.pending.addStandard(signal);
                alert(to, signal.number());
            }
        } finally {
            to.lock.unlock();
        }
        if (resumed) {
            to.system().jobs().continued(to);
        }
    }

    /** Sends a signal that the kernel has a reason for, which allocates nothing. */
    static void sendFromKernel(Process to, int number) {
        sendFromKernel(to, SignalInfo.fromKernel(number));
    }

    /** The same with something to tell, which was made before; of a real-time signal it is not told. */
    static void sendFromKernel(Process to, SignalInfo signal) {
        int number = signal.number();
        if (number < SignalNumber.FIRST_REAL_TIME) {
            sendStandard(to, signal);
            return;
        }
        to.lock.lock();
        try {
            if (!isIgnored(to, to.oldestThread, number)) {
                to.pending.addBare(number);
                alert(to, number);
            }
        } finally {
            to.lock.unlock();
        }
    }

    /** Has a process act on a signal that was queued. */
    private static void alert(Process to, int number) {
        to.signalArrived();
        if (number == SIGKILL) {
            beginExit(to, WaitOptions.killed(SIGKILL, false));
        } else {
            alertOne(to, number);
        }
    }

    /**
     * Sends SIGCHLD to a parent, which allocates nothing that stays. As no process goes on by it, this may be called from where
     * another has just done so.
     *
     * @param code what became of the child: {@code CLD_EXITED} and others
     * @param status its exit code, or the signal
     */
    static void sendToParent(Process parent, Process child, int code, int status) {
        ProcessTimes.Usage used = child.times().total();
        parent.lock.lock();
        try {
            if (!isIgnored(parent, parent.oldestThread, SIGCHLD)) {
                parent.pending.addChild(code, child, status, used);
                alert(parent, SIGCHLD);
            }
        } finally {
            parent.lock.unlock();
        }
    }

    /** Sends a signal to a thread: 0, or -EAGAIN if it is a real-time signal and too many wait. */
    static int send(UserThread to, SignalInfo signal) {
        Process process = to.process();
        boolean resumed;
        int result;
        process.lock.lock();
        try {
            resumed = prepare(process, signal.number());
            result = isIgnored(process, to, signal.number()) ? 0 : queue(to, signal);
        } finally {
            process.lock.unlock();
        }
        if (resumed) {
            process.system().jobs().continued(process);
        }
        return result;
    }

    private static int queue(UserThread to, SignalInfo signal) {
        if (!to.pending.add(signal)) {
            return -EAGAIN;
        }
        to.process().signalArrived();
        if (signal.number() == SIGKILL) {
            beginExit(to.process(), WaitOptions.killed(SIGKILL, false));
        } else if (to.mask().accepts(signal.number())) {
            to.alert();
        }
        return 0;
    }

    /** Has the signal of a timer wait for one of a process's threads, or any of them if it is null; the lock is held. */
    static void queueTimer(Process to, PosixTimer timer, UserThread receiver) {
        int number = timer.signal();
        if (receiver == null) {
            to.pending.addTimer(timer);
            alert(to, number);
            return;
        }
        receiver.pending.addTimer(timer);
        to.signalArrived();
        if (number == SIGKILL) {
            beginExit(to, WaitOptions.killed(SIGKILL, false));
        } else if (receiver.mask().accepts(number)) {
            receiver.alert();
        }
    }

    /**
     * Sends a signal that an instruction of the calling thread caused. It cannot be put off: if it is blocked or ignored, the
     * thread dies of it.
     *
     * @param signal a standard signal
     */
    static void force(UserThread self, SignalInfo signal) {
        Process process = self.process();
        process.lock.lock();
        try {
            int number = signal.number();
            SignalActions actions = process.actions();
            boolean ignored = actions.get(number).handler() == Signal.SIG_IGN;
            if (ignored || SignalSet.has(self.signalMask(), number)) {
                actions.setDefault(number);
                self.mask().unblock(number);
                self.forcedDefault = true;
            }
            self.pending.addStandard(signal);
            self.alert();
        } finally {
            process.lock.unlock();
        }
    }

    /** What a signal does when it is sent, whoever takes it: whether it made a stopped process go on. */
    private static boolean prepare(Process to, int number) {
        if (number == SIGCONT) {
            discardEverywhere(to, SignalSet.STOPPING);
            return resume(to);
        }
        if (SignalSet.has(SignalSet.STOPPING, number)) {
            discardEverywhere(to, SignalNumber.bit(SIGCONT));
        }
        return false;
    }

    private static void discardEverywhere(Process process, long signals) {
        process.pending.discard(signals);
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            thread.pending.discard(signals);
        }
    }

    private static boolean resume(Process process) {
        if (!process.stopped) {
            return false;
        }
        process.stopped = false;
        process.resumed.wakeAll();
        return true;
    }

    /** Whether a signal comes to nothing: ignored, not blocked, and nobody waits for it. */
    static boolean isIgnored(Process process, UserThread receiver, int number) {
        if (receiver == null) {
            return true;
        }
        if (number == SIGKILL || number == SIGSTOP) {
            return process.isInit();
        }
        boolean wanted = receiver.mask().keeps(number);
        return !wanted && process.actions().ignores(number);
    }

    /** Alerts a thread that takes a signal sent to the process: the first one if it does, else any. */
    private static void alertOne(Process process, int number) {
        UserThread chosen = null;
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            if (thread.mask().accepts(number) && (chosen == null || thread.id() == process.id())) {
                chosen = thread;
            }
        }
        if (chosen != null) {
            chosen.alert();
        }
    }

    /**
     * Makes all threads of a process end; its lock is held. The first one to say so decides how.
     *
     * @param status what wait4(2) will tell
     */
    static void beginExit(Process process, int status) {
        if (!process.exiting) {
            process.exiting = true;
            process.exitStatus = status;
            process.stopped = false;
            process.resumed.wakeAll();
            process.threadsGone.wakeAll();
        }
        for (UserThread thread = process.oldestThread; thread != null; thread = thread.nextInProcess) {
            thread.mustEnd = true;
            thread.alert();
        }
    }

    /** As {@link #beginExit}, for callers without the lock. */
    static void exitAll(Process process, int status) {
        process.lock.lock();
        try {
            beginExit(process, status);
        } finally {
            process.lock.unlock();
        }
    }
}

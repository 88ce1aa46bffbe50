package biscotti.process;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.PidFlags;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.process.identity.Credentials;
import biscotti.process.signal.SignalInfo;
import java.util.Optional;

/** kill(2), tkill(2) and rt_sigqueueinfo(2): one process sends signals to others, if it may. Signal 0 only asks. */
public final class Kill {
    private Kill() {}

    private static SignalInfo from(UserThread caller, int signal, int code) {
        return SignalInfo.fromProcess(
                signal, code, caller.process().id(), caller.identity().user().real());
    }

    private static boolean isValid(int signal) {
        return signal == 0 || SignalNumber.isValid(signal);
    }

    /**
     * kill(2).
     *
     * @param pid a process; 0 for the caller's group, -1 for all processes, else a negated group
     * @return 0, -EINVAL, -ESRCH or -EPERM
     */
    public static long kill(UserThread caller, int pid, int signal) {
        if (pid == Integer.MIN_VALUE) {
            return -ESRCH;
        }
        SignalInfo info = from(caller, signal, Signal.SI_USER);
        if (pid > 0 || !isValid(signal)) {
            return pid > 0 ? send(caller, pid, info) : -EINVAL;
        }
        int group = pid == 0 ? caller.process().group() : -pid;
        return sendToMany(caller, pid == -1, group, info);
    }

    private static long send(UserThread caller, int pid, SignalInfo info) {
        Optional<Process> found = caller.process().system().table().process(pid);
        if (found.isEmpty()) {
            return -ESRCH;
        }
        return isValid(info.number()) ? send(caller, found.get(), info) : -EINVAL;
    }

    private static long send(UserThread caller, Process to, SignalInfo info) {
        if (!mayReach(caller, to, to.credentials(), info.number())) {
            return -EPERM;
        }
        return info.number() == 0 || to.isZombie() ? 0 : Signals.send(to, info);
    }

    /** Whether permissions allow it; SIGCONT may be sent within the session. */
    private static boolean mayReach(UserThread caller, Process to, Credentials identity, int signal) {
        Process from = caller.process();
        return from == to
                || caller.identity().maySignal(identity)
                || (signal == SignalNumber.SIGCONT && from.session() == to.session());
    }

    private static long sendToMany(UserThread caller, boolean all, int group, SignalInfo info) {
        Process self = caller.process();
        ProcessTable table = self.system().table();
        boolean any = false;
        boolean reached = false;
        table.lock();
        try {
            for (Process to = table.first(); to != null; to = to.nextInTable) {
                boolean chosen = all ? !to.isInit() && to != self : to.group() == group;
                if (chosen && !to.isZombie()) {
                    any = true;
                    if (!caller.rounds().nextRound()) {
                        return -EAGAIN;
                    }
                    reached |= sendIfAllowed(caller, to, info);
                }
            }
        } finally {
            table.unlock();
        }
        // Of kill(-1), Linux tells nobody which processes it may not reach.
        return reached || any && all ? 0 : any ? -EPERM : -ESRCH;
    }

    private static boolean sendIfAllowed(UserThread caller, Process to, SignalInfo info) {
        boolean allowed = mayReach(caller, to, to.credentials(), info.number());
        if (allowed && info.number() != 0) {
            Signals.send(to, info);
        }
        return allowed;
    }

    /**
     * tkill(2) and tgkill(2).
     *
     * @param pid the thread's process; -1 for whichever
     * @return 0, -EINVAL, -ESRCH, -EPERM or -EAGAIN
     */
    public static long killThread(UserThread caller, int pid, int tid, int signal) {
        if (tid <= 0 || (pid <= 0 && pid != -1)) {
            return -EINVAL;
        }
        return sendToThread(caller, pid, tid, from(caller, signal, Signal.SI_TKILL));
    }

    private static long sendToThread(UserThread caller, int pid, int tid, SignalInfo info) {
        ProcessTable table = caller.process().system().table();
        Optional<UserThread> found = table.thread(tid);
        boolean ofProcess =
                pid == -1 || found.map(thread -> thread.process().id()).orElse(tid) == pid;
        Optional<Process> zombie = found.isEmpty() ? table.process(tid) : Optional.empty();
        if (!ofProcess || found.isEmpty() && zombie.isEmpty()) {
            return -ESRCH;
        }
        if (!isValid(info.number())) {
            return -EINVAL;
        }
        // The first thread of a process keeps its number until somebody has waited for the process.
        return found.isPresent() ? send(caller, found.get(), info) : checkZombie(caller, zombie.get(), info);
    }

    private static long checkZombie(UserThread caller, Process zombie, SignalInfo info) {
        return mayReach(caller, zombie, zombie.credentials(), info.number()) ? 0 : -EPERM;
    }

    private static long send(UserThread caller, UserThread to, SignalInfo info) {
        if (!mayReach(caller, to.process(), to.identity(), info.number())) {
            return -EPERM;
        }
        return info.number() == 0 ? 0 : Signals.send(to, info);
    }

    /**
     * rt_sigqueueinfo(2) and rt_tgsigqueueinfo(2): a signal with what the sender says of it. Only to itself may a process say
     * that it comes from the kernel or from kill(2).
     *
     * @param tid the thread; 0 for any of the process
     * @param info the bytes of {@code siginfo_t}
     * @return 0, -EPERM, -ESRCH, -EINVAL or -EAGAIN
     */
    public static long queue(UserThread caller, int pid, int tid, int signal, byte[] info) {
        SignalInfo given = SignalInfo.read(info, signal);
        boolean forged = given.code() >= 0 || given.code() == Signal.SI_TKILL;
        if (forged && (tid == 0 ? caller.process().id() != pid : caller.id() != tid)) {
            return -EPERM;
        }
        return tid == 0 ? send(caller, pid, given) : sendToThread(caller, pid, tid, given);
    }

    /**
     * pidfd_send_signal(2), with what the kernel says of it.
     *
     * @param scope one of the SIGNAL flags of {@link PidFlags}; 0 for what the descriptor means
     * @return 0, -EINVAL, -ESRCH, -EPERM or -EAGAIN
     */
    public static long kill(UserThread caller, PidReference to, int signal, int scope) {
        boolean toThread = scope == PidFlags.SIGNAL_THREAD || scope == 0 && to.isOfThread();
        return send(caller, to, scope, from(caller, signal, toThread ? Signal.SI_TKILL : Signal.SI_USER));
    }

    /** The same, with what the sender says of it: as {@link #queue(UserThread, int, int, int, byte[])}. */
    public static long queue(UserThread caller, PidReference to, int signal, int scope, byte[] info) {
        SignalInfo given = SignalInfo.read(info, signal);
        if (signal != SignalInfo.numberIn(info)) {
            return -EINVAL;
        }
        boolean forged = given.code() >= 0 || given.code() == Signal.SI_TKILL;
        boolean toItself =
                to.process().filter(process -> process == caller.process()).isPresent();
        return forged && !toItself ? -EPERM : send(caller, to, scope, given);
    }

    private static long send(UserThread caller, PidReference to, int scope, SignalInfo info) {
        if (!isValid(info.number())) {
            return -EINVAL;
        }
        Optional<Process> process = to.process();
        if (process.isEmpty()) {
            return -ESRCH;
        }
        boolean toThread = scope == PidFlags.SIGNAL_THREAD || scope == 0 && to.isOfThread();
        if (scope == PidFlags.SIGNAL_PROCESS_GROUP) {
            return sendToMany(caller, false, process.get().group(), info);
        }
        if (!toThread) {
            return send(caller, process.get(), info);
        }
        Optional<UserThread> thread = to.thread();
        return thread.isPresent()
                ? send(caller, thread.get(), info)
                : process.get().isZombie() ? 0 : -ESRCH;
    }
}

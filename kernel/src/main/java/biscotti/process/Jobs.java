package biscotti.process;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.SignalNumber.SIGCHLD;
import static biscotti.abi.SignalNumber.SIGCONT;
import static biscotti.abi.SignalNumber.SIGHUP;

import biscotti.abi.Signal;
import biscotti.file.tty.ProcessGroups;
import biscotti.process.signal.SignalInfo;

/**
 * Job control: process groups and sessions (setpgid(2), setsid(2), credentials(7)), and what parents hear of children that
 * stop and go on. Guarded by the process table's lock.
 */
public final class Jobs implements ProcessGroups {
    private final ProcessTable table;
    private final Alarms alarms;

    Jobs(ProcessTable table, Alarms alarms) {
        this.table = table;
        this.alarms = alarms;
    }

    /** Puts a process into a group of its parent's, or of its own; relations locked. */
    void join(Process process, Session session, int group) {
        process.session = session;
        process.group = group;
        table.use(session.id());
        table.use(group);
    }

    /** Takes a process out of its group and session; relations locked. */
    void leave(Process process) {
        table.unuse(process.session.id());
        table.unuse(process.group);
    }

    /**
     * setpgid(2).
     *
     * @return 0, -ESRCH, -EPERM, -EACCES or -EINVAL
     */
    public int setGroup(Process caller, int pid, int group) {
        if (group < 0 || pid < 0) {
            return -EINVAL;
        }
        table.lock();
        try {
            Process target = pid == 0 ? caller : table.process(pid).orElse(null);
            if (target == null || (target != caller && target.parent != caller)) {
                return -ESRCH;
            }
            if (target.session != caller.session || target.sessionId() == target.id()) {
                return -EPERM;
            }
            if (target != caller && target.lineage.hasExecuted()) {
                return -EACCES;
            }
            int wanted = group == 0 ? target.id() : group;
            if (wanted != target.id() && sessionLocked(wanted) != caller.session) {
                return -EPERM;
            }
            int old = target.group;
            table.use(wanted);
            target.group = wanted;
            table.unuse(old);
            return 0;
        } finally {
            table.unlock();
        }
    }

    /** setsid(2): the new session's number, or -EPERM if the caller leads a group. */
    public int newSession(Process caller) {
        table.lock();
        try {
            if (caller.group == caller.id() || sessionLocked(caller.id()) != null) {
                return -EPERM;
            }
            int oldGroup = caller.group;
            int oldSession = caller.session.id();
            join(caller, newSession(caller.id()), caller.id());
            caller.setWithoutTerminal(false);
            table.unuse(oldGroup);
            table.unuse(oldSession);
            return caller.id();
        } finally {
            table.unlock();
        }
    }

    /** The session of a group; null if there is no such group. */
    private Session sessionLocked(int group) {
        Session[] found = {null};
        table.forEach(process -> {
            if (process.group == group && process.life != Process.Life.GONE) {
                found[0] = process.session;
            }
        });
        return found[0];
    }

    @Override
    public int sessionOf(int group) {
        table.lock();
        try {
            Session session = sessionLocked(group);
            return session == null ? 0 : session.id();
        } finally {
            table.unlock();
        }
    }

    @Override
    public void signal(int group, int signal) {
        SignalInfo info = SignalInfo.fromKernel(signal);
        table.lock();
        try {
            for (Process process = table.first(); process != null; process = process.nextInTable) {
                if (process.group == group && !process.isZombie()) {
                    Signals.sendStandard(process, info);
                }
            }
        } finally {
            table.unlock();
        }
    }

    @Override
    public void hangUpLeader(int session) {
        Process leader = table.process(session).orElse(null);
        if (leader != null && leader.session != null) {
            alarms.ring(leader.session.hangUp());
        }
    }

    /** A new session; its leader's number is its own. */
    Session newSession(int id) {
        return new Session(id, new Alarm(() -> signalLeader(id)));
    }

    private void signalLeader(int session) {
        Process leader = table.process(session).orElse(null);
        if (leader != null && !leader.isZombie()) {
            Signals.sendFromKernel(leader, SIGHUP);
            Signals.sendFromKernel(leader, SIGCONT);
        }
    }

    /**
     * Whether a group is orphaned: no member has a parent in the same session but another group (POSIX.1-2024, 3.264). The
     * first process counts as such a parent: here it is often the shell itself, as in a container.
     */
    boolean isOrphaned(int group) {
        return isOrphaned(group, null);
    }

    /** The same, as if one process were gone already. */
    boolean isOrphaned(int group, Process without) {
        boolean[] orphaned = {true};
        table.forEach(process -> {
            Process parent = process.parent;
            if (process.group == group
                    && process != without
                    && !process.isZombie()
                    && parent != null
                    && parent.group != group
                    && parent.session == process.session) {
                orphaned[0] = false;
            }
        });
        return orphaned[0];
    }

    /**
     * A process is ending, which may orphan a group: then its stopped members hear SIGHUP and SIGCONT, as nobody else could
     * make them go on (exit(3)). Relations locked.
     *
     * @param group the group that may become orphaned
     * @param ending the process
     */
    void hangUpIfOrphaned(int group, Process ending) {
        boolean[] anyStopped = {false};
        table.forEach(process -> anyStopped[0] |= process.group == group && process.isStopped() && process != ending);
        if (anyStopped[0] && isOrphaned(group, ending)) {
            signal(group, SIGHUP);
            signal(group, SIGCONT);
        }
    }

    /** A process has stopped. */
    void stopped(Process process, int signal) {
        table.lock();
        try {
            process.unreportedStop = signal;
            process.unreportedContinue = false;
            tellParent(process, Signal.CLD_STOPPED, signal);
        } finally {
            table.unlock();
        }
    }

    /** A stopped process goes on. */
    void continued(Process process) {
        table.lock();
        try {
            process.unreportedStop = 0;
            process.unreportedContinue = true;
            tellParent(process, Signal.CLD_CONTINUED, SIGCONT);
        } finally {
            table.unlock();
        }
    }

    private static void tellParent(Process process, int code, int signal) {
        Process parent = process.parent;
        if (parent == null || process.life != Process.Life.RUNNING) {
            return;
        }
        if (!parent.actions().get(SIGCHLD).has(Signal.SA_NOCLDSTOP)) {
            Signals.sendToParent(parent, process, code, signal);
        }
        parent.childEvents.wakeAll();
    }

    /** What a parent hears of its child by another signal than SIGCHLD. */
    static SignalInfo childInfo(Process child, int number, int code, int status) {
        ProcessTimes.Usage used = child.times().total();
        return SignalInfo.child(
                number,
                code,
                child.id(),
                child.credentials().user().real(),
                status,
                used.userTicks(),
                used.systemTicks());
    }
}

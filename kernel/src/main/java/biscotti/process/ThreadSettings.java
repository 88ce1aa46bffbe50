package biscotti.process;

import biscotti.memory.NodePolicy;

/**
 * Small settings of a thread that its children begin with: those of prctl(2), sched(7) and ioprio_set(2) which the scheduler does
 * not know. Each is read and written on its own, so no lock is needed.
 */
public final class ThreadSettings {
    /** Nanoseconds by which Linux may be late with a thread's timers, unless it says otherwise. */
    private static final long TIMER_SLACK = 50_000;

    /** PR_MCE_KILL_DEFAULT of prctl(2). */
    private static final int MACHINE_CHECK_DEFAULT = 2;

    /** Nobody has logged in, and no session has begun. */
    public static final int NOBODY = -1;

    private volatile long defaultTimerSlack = TIMER_SLACK;
    private volatile long timerSlack = TIMER_SLACK;
    private volatile int machineCheckPolicy = MACHINE_CHECK_DEFAULT;
    private volatile boolean noNewPrivileges;
    private volatile boolean flushesIo;
    private volatile boolean resetsOnFork;
    private volatile int ioPriority;
    private volatile int loginUser = NOBODY;
    private volatile int loginSession = NOBODY;
    private volatile boolean crowded;
    private volatile NodePolicy nodePolicy = NodePolicy.DEFAULT;

    ThreadSettings() {}

    /** Takes over what a child begins with; its default slack is the maker's present one. */
    void inherit(ThreadSettings maker) {
        timerSlack = maker.timerSlack;
        defaultTimerSlack = maker.timerSlack;
        machineCheckPolicy = maker.machineCheckPolicy;
        noNewPrivileges = maker.noNewPrivileges;
        flushesIo = maker.flushesIo;
        ioPriority = maker.ioPriority;
        loginUser = maker.loginUser;
        loginSession = maker.loginSession;
        nodePolicy = maker.nodePolicy;
    }

    /** On which nodes its memory is to be: set_mempolicy(2). */
    public NodePolicy nodePolicy() {
        return nodePolicy;
    }

    /** Sets {@link #nodePolicy}. */
    public void setNodePolicy(NodePolicy policy) {
        nodePolicy = policy;
    }

    /** How late its timers may be, in nanoseconds: PR_SET_TIMERSLACK. They never are on purpose. */
    public long timerSlack() {
        return timerSlack;
    }

    /** Sets {@link #timerSlack}; 0 for the one that it began with. */
    public void setTimerSlack(long nanos) {
        timerSlack = nanos == 0 ? defaultTimerSlack : nanos;
    }

    /** When it wants to hear of memory that is broken: a PR_MCE_KILL constant. None is ever found. */
    public int machineCheckPolicy() {
        return machineCheckPolicy;
    }

    /** Sets {@link #machineCheckPolicy}. */
    public void setMachineCheckPolicy(int policy) {
        machineCheckPolicy = policy;
    }

    /** Whether programs that it runs get no more than it has: PR_SET_NO_NEW_PRIVS. */
    public boolean noNewPrivileges() {
        return noNewPrivileges;
    }

    /** Sets {@link #noNewPrivileges}, for ever. */
    public void setNoNewPrivileges() {
        noNewPrivileges = true;
    }

    /** Whether other threads' writes depend on it: PR_SET_IO_FLUSHER. */
    public boolean flushesIo() {
        return flushesIo;
    }

    /** Sets {@link #flushesIo}. */
    public void setFlushesIo(boolean flushes) {
        flushesIo = flushes;
    }

    /** Whether its children begin as ordinary threads: SCHED_RESET_ON_FORK of sched(7). */
    public boolean resetsOnFork() {
        return resetsOnFork;
    }

    /** Sets {@link #resetsOnFork}. */
    public void setResetsOnFork(boolean resets) {
        resetsOnFork = resets;
    }

    /** Its class and level of ioprio_set(2), as that takes them; 0 if they follow from its nice value. */
    public int ioPriority() {
        return ioPriority;
    }

    /** Sets {@link #ioPriority}. */
    public void setIoPriority(int value) {
        ioPriority = value;
    }

    /** Who logged in to run it, as login(1) has told by /proc/PID/loginuid; {@link #NOBODY} if that was not told. */
    public int loginUser() {
        return loginUser;
    }

    /** The number of that login, told by /proc/PID/sessionid; or {@link #NOBODY}. */
    public int loginSession() {
        return loginSession;
    }

    /** Sets who logged in, and which login it was. */
    public void setLogin(int user, int session) {
        loginUser = user;
        loginSession = session;
    }

    /** Whether it has become a user who has too many threads: execve(2) is refused then. */
    public boolean isCrowded() {
        return crowded;
    }

    /** Sets {@link #isCrowded}. */
    public void setCrowded(boolean tooMany) {
        crowded = tooMany;
    }
}

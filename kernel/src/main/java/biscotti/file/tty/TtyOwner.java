package biscotti.file.tty;

import biscotti.file.JobMember;

/** Whose controlling terminal a terminal is: a session, and the process group in front. Changed under the terminal's lock. */
final class TtyOwner {
    private volatile int session;
    private volatile int foreground;
    private volatile boolean exclusive;
    /** Where the session keeps its terminal; null for none. */
    private ControllingTerminal place;

    /** The session; 0 for none. */
    int session() {
        return session;
    }

    /** The process group in front; 0 for none. */
    int foreground() {
        return foreground;
    }

    /** Sets the group in front. */
    void setForeground(int group) {
        foreground = group;
    }

    /** Whether only the superuser may open the terminal: TIOCEXCL. */
    boolean isExclusive() {
        return exclusive;
    }

    /** Sets {@link #isExclusive}. */
    void setExclusive(boolean only) {
        exclusive = only;
    }

    /** Whether a process is of the session, but not in front. */
    boolean hasBehind(JobMember job) {
        int front = foreground;
        boolean member = session != 0 && job.session() == session && !job.hasGivenUpTerminal();
        return member && front != 0 && job.processGroup() != front;
    }

    /** The session of its leader owns it from now on. */
    void take(JobMember leader, Tty tty) {
        release();
        session = leader.session();
        foreground = leader.processGroup();
        place = leader.terminal();
        place.set(tty);
    }

    /** Nobody owns it from now on. */
    void release() {
        session = 0;
        foreground = 0;
        if (place != null) {
            place.clear();
            place = null;
        }
    }
}

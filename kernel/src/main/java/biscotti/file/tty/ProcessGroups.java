package biscotti.file.tty;

/** The process groups of the system, as a terminal reaches them from its driver's thread. */
public interface ProcessGroups {
    /** Sends a signal to all members of a group; nothing happens if there are none. */
    void signal(int group, int signal);

    /** The session that a group is in; 0 if there is no such group. */
    int sessionOf(int group);

    /**
     * Has the leader of a session hear SIGHUP and SIGCONT, soon; nothing happens if it is gone. Allocates nothing, so that any
     * number of terminals may be hung up at once.
     */
    void hangUpLeader(int session);
}

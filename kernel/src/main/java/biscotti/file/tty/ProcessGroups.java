package biscotti.file.tty;

/** The process groups of the system, as a terminal reaches them from its driver's thread. */
public interface ProcessGroups {
    /** Sends a signal to all members of a group; nothing happens if there are none. */
    void signal(int group, int signal);

    /** The session that a group is in; 0 if there is no such group. */
    int sessionOf(int group);

    /** Sends a signal to the leader of a session; nothing happens if it is gone. */
    void signalLeader(int session, int signal);
}

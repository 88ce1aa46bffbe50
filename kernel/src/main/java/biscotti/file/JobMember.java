package biscotti.file;

import biscotti.file.tty.ControllingTerminal;

/** A process as terminals see it: a member of a process group and a session (termios(3), setsid(2)). */
public interface JobMember {
    /** Its process group. */
    int processGroup();

    /** Its session. */
    int session();

    /** Whether it is the leader of its session. */
    boolean leadsSession();

    /** Whether the calling thread blocks a signal, or its process ignores it. */
    boolean refuses(int signal);

    /** Whether its process group is orphaned: nobody in the session but outside the group is parent of a member. */
    boolean inOrphanedGroup();

    /** Sends a signal to all of its process group. */
    void signalGroup(int signal);

    /** Its session's terminal, unless it has given that up. */
    ControllingTerminal terminal();

    /** Whether it has given that up. */
    boolean hasGivenUpTerminal();

    /** Gives the terminal up, for itself; it leads no session. */
    void giveUpTerminal();
}

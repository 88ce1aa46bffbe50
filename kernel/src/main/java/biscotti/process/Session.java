package biscotti.process;

import biscotti.file.tty.ControllingTerminal;

/** A session: process groups with a terminal in common (setsid(2), credentials(7)). Its members hold it. */
final class Session {
    private final int id;
    private final ControllingTerminal terminal = new ControllingTerminal();

    private final Alarm hangUp;

    /**
     * The session that a process leads.
     *
     * @param hangUp tells the leader that its terminal was hung up
     */
    Session(int id, Alarm hangUp) {
        this.id = id;
        this.hangUp = hangUp;
    }

    Alarm hangUp() {
        return hangUp;
    }

    /** Its number: its leader's. */
    int id() {
        return id;
    }

    /** Its terminal. */
    ControllingTerminal terminal() {
        return terminal;
    }
}

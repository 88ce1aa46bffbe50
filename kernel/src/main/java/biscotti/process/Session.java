package biscotti.process;

import biscotti.file.tty.ControllingTerminal;

/** A session: process groups with a terminal in common (setsid(2), credentials(7)). Its members hold it. */
final class Session {
    private final int id;
    private final ControllingTerminal terminal = new ControllingTerminal();

    /** The session that a process leads. */
    Session(int id) {
        this.id = id;
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

package biscotti.file.tty;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The terminal that a session has, if it has one. Each session owns one of these. */
public final class ControllingTerminal {
    private final AtomicReference<Optional<Tty>> terminal = new AtomicReference<>(Optional.empty());

    /** The terminal, if the session has one. */
    public Optional<Tty> get() {
        return terminal.get();
    }

    /** Gives the session a terminal. */
    void set(Tty tty) {
        terminal.set(Optional.of(tty));
    }

    /** The leader of the session has ended: its foreground group hears of it, and the terminal is given up. */
    public void leaderExited(int session) {
        Optional<Tty> tty = terminal.get();
        if (tty.isPresent() && tty.get().session() == session) {
            tty.get().leaderExited();
        }
    }

    /** Takes the terminal away. */
    void clear() {
        terminal.set(Optional.empty());
    }
}

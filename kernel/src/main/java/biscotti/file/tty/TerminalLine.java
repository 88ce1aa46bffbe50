package biscotti.file.tty;

import biscotti.sched.KernelThread;

/** What connects a terminal with the machine: a serial port, the far side of a pseudoterminal. */
public interface TerminalLine {
    /** Accepts as many bytes as there is room for; never waits. How many. */
    int offer(byte[] from, int offset, int length);

    /**
     * Accepts all bytes, waiting for room.
     *
     * @return how many bytes were accepted: less than {@code length} if a signal came
     */
    int write(KernelThread thread, byte[] from, int offset, int length);

    /** Waits until all that was accepted has left: 0 or -EINTR. */
    int flush(KernelThread thread);

    /** There is room for input again, after {@link Tty#room} was too little. */
    void inputWanted();

    /**
     * How many bytes {@link #offer} accepts now; then a program's output is offered only, with the terminal's lock held, and
     * {@link Tty#outputPossible} tells when there is more room. {@link Integer#MAX_VALUE} for a line that is written to.
     */
    default int outputRoom() {
        return Integer.MAX_VALUE;
    }

    /** Whether the terminal may be opened now: 0 or an errno of open(2). */
    default int mayOpen() {
        return 0;
    }

    /** A program has opened the terminal. */
    default void opened() {}

    /** A program has closed the terminal for good. */
    default void closed() {}

    /** Whether it leads to a pseudo terminal's master. */
    default boolean isPseudo() {
        return false;
    }

    /** Something happened that a master in packet mode is told: {@link biscotti.abi.Packet}. May be called with the terminal's lock held. */
    default void noteEvents(int events) {}

    /** What was accepted and is not sent yet is to be forgotten. */
    default void discardOutput() {}
}

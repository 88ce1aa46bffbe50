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
}

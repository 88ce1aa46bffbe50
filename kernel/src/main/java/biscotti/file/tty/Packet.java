package biscotti.file.tty;

import biscotti.abi.Termios;

/** What a pseudo terminal's master is told in packet mode: TIOCPKT of tty_ioctl(4). */
final class Packet {
    /** In front of data. */
    static final int DATA = 0;

    /** The slave's input was flushed. */
    static final int FLUSHREAD = 1;

    /** The slave's output was flushed. */
    static final int FLUSHWRITE = 2;

    /** Output was stopped. */
    static final int STOP = 4;

    /** Output goes on. */
    static final int START = 8;

    /** ^S and ^Q do not stop and start output any more. */
    static final int NOSTOP = 16;

    /** ^S and ^Q stop and start output from now on. */
    static final int DOSTOP = 32;

    /** The settings have changed, with EXTPROC. */
    static final int IOCTL = 64;

    private Packet() {}

    /** What a change of settings means. */
    static int ofChange(TerminalSettings before, TerminalSettings after) {
        boolean had = hasUsualFlowControl(before);
        boolean has = hasUsualFlowControl(after);
        int events = had == has ? 0 : has ? DOSTOP : NOSTOP;
        return before.local(Termios.EXTPROC) || after.local(Termios.EXTPROC) ? events | IOCTL : events;
    }

    private static boolean hasUsualFlowControl(TerminalSettings settings) {
        return settings.input(Termios.IXON)
                && settings.is('S' & 0x1f, Termios.VSTOP)
                && settings.is('Q' & 0x1f, Termios.VSTART);
    }

    /** Both after one another: of two events that are opposite, the last one counts. */
    static int plus(int events, int more) {
        int kept = events;
        if ((more & (STOP | START)) != 0) {
            kept &= ~(STOP | START);
        }
        if ((more & (NOSTOP | DOSTOP)) != 0) {
            kept &= ~(NOSTOP | DOSTOP);
        }
        return kept | more;
    }
}

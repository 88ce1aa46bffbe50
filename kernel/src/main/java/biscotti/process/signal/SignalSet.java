package biscotti.process.signal;

import static biscotti.abi.SignalNumber.SIGABRT;
import static biscotti.abi.SignalNumber.SIGBUS;
import static biscotti.abi.SignalNumber.SIGCHLD;
import static biscotti.abi.SignalNumber.SIGCONT;
import static biscotti.abi.SignalNumber.SIGFPE;
import static biscotti.abi.SignalNumber.SIGILL;
import static biscotti.abi.SignalNumber.SIGKILL;
import static biscotti.abi.SignalNumber.SIGQUIT;
import static biscotti.abi.SignalNumber.SIGSEGV;
import static biscotti.abi.SignalNumber.SIGSTOP;
import static biscotti.abi.SignalNumber.SIGSYS;
import static biscotti.abi.SignalNumber.SIGTRAP;
import static biscotti.abi.SignalNumber.SIGTSTP;
import static biscotti.abi.SignalNumber.SIGTTIN;
import static biscotti.abi.SignalNumber.SIGTTOU;
import static biscotti.abi.SignalNumber.SIGURG;
import static biscotti.abi.SignalNumber.SIGWINCH;
import static biscotti.abi.SignalNumber.SIGXCPU;
import static biscotti.abi.SignalNumber.SIGXFSZ;
import static biscotti.abi.SignalNumber.bit;

/** Sets of signals, a bit for each: what they do by default (signal(7), "Standard signals"). */
public final class SignalSet {
    /** Nothing. */
    public static final long EMPTY = 0;

    /** All. */
    public static final long ALL = -1;

    /** Those that can be neither caught, blocked nor ignored. */
    public static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

    /** Those that stop the process. */
    public static final long STOPPING = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);

    /** Those that do nothing. */
    public static final long IGNORED = bit(SIGCHLD) | bit(SIGCONT) | bit(SIGURG) | bit(SIGWINCH);

    /** Those that leave a core dump. */
    static final long CORE = bit(SIGQUIT)
            | bit(SIGILL)
            | bit(SIGTRAP)
            | bit(SIGABRT)
            | bit(SIGBUS)
            | bit(SIGFPE)
            | bit(SIGSEGV)
            | bit(SIGXCPU)
            | bit(SIGXFSZ)
            | bit(SIGSYS);

    /** Those that an instruction causes; they are taken before others. */
    public static final long SYNCHRONOUS =
            bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGFPE) | bit(SIGSYS);

    private SignalSet() {}

    /** Whether a set has a signal. */
    public static boolean has(long set, int signal) {
        return (set & bit(signal)) != 0;
    }
}

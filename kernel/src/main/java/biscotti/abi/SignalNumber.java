package biscotti.abi;

/** Signals (signal(7), x86-64 numbers). */
public final class SignalNumber {
    /** The highest number. */
    public static final int LAST = 64;

    /** The first real-time signal. */
    public static final int FIRST_REAL_TIME = 32;

    /** Hangup. */
    public static final int SIGHUP = 1;

    /** Interrupt from keyboard. */
    public static final int SIGINT = 2;

    /** Quit from keyboard. */
    public static final int SIGQUIT = 3;

    /** Illegal instruction. */
    public static final int SIGILL = 4;

    /** Trace or breakpoint trap. */
    public static final int SIGTRAP = 5;

    /** From abort(3). */
    public static final int SIGABRT = 6;

    /** Bus error. */
    public static final int SIGBUS = 7;

    /** Arithmetic error. */
    public static final int SIGFPE = 8;

    /** Kill; cannot be caught, blocked or ignored. */
    public static final int SIGKILL = 9;

    /** For the program's own use. */
    public static final int SIGUSR1 = 10;

    /** Invalid memory reference. */
    public static final int SIGSEGV = 11;

    /** For the program's own use. */
    public static final int SIGUSR2 = 12;

    /** Write to a pipe without readers. */
    public static final int SIGPIPE = 13;

    /** From alarm(2). */
    public static final int SIGALRM = 14;

    /** Termination. */
    public static final int SIGTERM = 15;

    /** Unused. */
    public static final int SIGSTKFLT = 16;

    /** A child ended, stopped or went on. */
    public static final int SIGCHLD = 17;

    /** Go on, if stopped. */
    public static final int SIGCONT = 18;

    /** Stop; cannot be caught, blocked or ignored. */
    public static final int SIGSTOP = 19;

    /** Stop typed at terminal. */
    public static final int SIGTSTP = 20;

    /** Terminal input for a background process. */
    public static final int SIGTTIN = 21;

    /** Terminal output of a background process. */
    public static final int SIGTTOU = 22;

    /** Urgent data on a socket. */
    public static final int SIGURG = 23;

    /** CPU time limit exceeded. */
    public static final int SIGXCPU = 24;

    /** File size limit exceeded. */
    public static final int SIGXFSZ = 25;

    /** Virtual interval timer. */
    public static final int SIGVTALRM = 26;

    /** Profiling interval timer. */
    public static final int SIGPROF = 27;

    /** The terminal's window changed its size. */
    public static final int SIGWINCH = 28;

    /** I/O is possible. */
    public static final int SIGIO = 29;

    /** Power failure. */
    public static final int SIGPWR = 30;

    /** Bad system call. */
    public static final int SIGSYS = 31;

    private SignalNumber() {}

    /** Whether it is the number of a signal. */
    public static boolean isValid(int number) {
        return number >= 1 && number <= LAST;
    }

    /** The bit of a signal in a 64-bit set, as in {@code sigset_t}. */
    public static long bit(int number) {
        return 1L << number - 1;
    }
}

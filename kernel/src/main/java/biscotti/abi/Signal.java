package biscotti.abi;

/** Flags and codes of sigaction(2), sigprocmask(2), sigaltstack(2) ({@code asm/signal.h}, {@code asm-generic/siginfo.h}). */
public final class Signal {
    /** As a handler: the default action. */
    public static final long SIG_DFL = 0;

    /** As a handler: ignore. */
    public static final long SIG_IGN = 1;

    /** No SIGCHLD when a child stops. */
    public static final long SA_NOCLDSTOP = 1;

    /** Children do not become zombies. */
    public static final long SA_NOCLDWAIT = 2;

    /** The handler takes three arguments; Linux passes them always. */
    public static final long SA_SIGINFO = 4;

    /** si_addr keeps the tag bits of an address; x86-64 has none. */
    public static final long SA_EXPOSE_TAGBITS = 0x800;

    /** sa_restorer is set. */
    public static final long SA_RESTORER = 0x0400_0000L;

    /** Call the handler on the alternate stack. */
    public static final long SA_ONSTACK = 0x0800_0000L;

    /** Restart interrupted system calls. */
    public static final long SA_RESTART = 0x1000_0000L;

    /** Do not block the signal in its handler. */
    public static final long SA_NODEFER = 0x4000_0000L;

    /** Back to the default action when the handler is called. */
    public static final long SA_RESETHAND = 0x8000_0000L;

    /** The flags that this kernel knows; sigaction clears others. */
    public static final long SA_KNOWN = SA_NOCLDSTOP
            | SA_NOCLDWAIT
            | SA_SIGINFO
            | SA_EXPOSE_TAGBITS
            | SA_RESTORER
            | SA_ONSTACK
            | SA_RESTART
            | SA_NODEFER
            | SA_RESETHAND;

    /** Bytes of the kernel's {@code sigset_t}. */
    public static final int SET_BYTES = 8;

    /** Bytes of {@code struct sigaction} as the kernel knows it: handler, flags, restorer, mask. */
    public static final int ACTION_BYTES = 32;

    /** Bytes of {@code siginfo_t}. */
    public static final int INFO_BYTES = 128;

    /** sigprocmask: block more. */
    public static final int SIG_BLOCK = 0;

    /** sigprocmask: unblock. */
    public static final int SIG_UNBLOCK = 1;

    /** sigprocmask: set. */
    public static final int SIG_SETMASK = 2;

    /** sigaltstack: in use. */
    public static final int SS_ONSTACK = 1;

    /** sigaltstack: none. */
    public static final int SS_DISABLE = 2;

    /** sigaltstack: disarm it while a handler runs on it. */
    public static final int SS_AUTODISARM = 0x8000_0000;

    /** The smallest alternate stack. */
    public static final long MINSIGSTKSZ = 2048;

    /** si_code: sent by kill(2). */
    public static final int SI_USER = 0;

    /** si_code: sent by the kernel. */
    public static final int SI_KERNEL = 0x80;

    /** si_code: sent by sigqueue(3). */
    public static final int SI_QUEUE = -1;

    /** si_code: a POSIX timer. */
    public static final int SI_TIMER = -2;

    /** si_code: queued SIGIO. */
    public static final int SI_SIGIO = -5;

    /** si_code: sent by tkill(2) or tgkill(2). */
    public static final int SI_TKILL = -6;

    /** SIGILL: illegal operand. */
    public static final int ILL_ILLOPN = 2;

    /** SIGFPE: integer divide by zero. */
    public static final int FPE_INTDIV = 1;

    /** SIGFPE: integer overflow. */
    public static final int FPE_INTOVF = 2;

    /** SIGFPE: floating point divide by zero. */
    public static final int FPE_FLTDIV = 3;

    /** SIGFPE: floating point overflow. */
    public static final int FPE_FLTOVF = 4;

    /** SIGFPE: floating point underflow. */
    public static final int FPE_FLTUND = 5;

    /** SIGFPE: inexact result. */
    public static final int FPE_FLTRES = 6;

    /** SIGFPE: invalid operation. */
    public static final int FPE_FLTINV = 7;

    /** SIGSEGV: nothing mapped there. */
    public static final int SEGV_MAPERR = 1;

    /** SIGSEGV: the mapping forbids it. */
    public static final int SEGV_ACCERR = 2;

    /** SIGBUS: unaligned. */
    public static final int BUS_ADRALN = 1;

    /** SIGBUS: no such page in the file. */
    public static final int BUS_ADRERR = 2;

    /** SIGTRAP: breakpoint. */
    public static final int TRAP_BRKPT = 1;

    /** SIGTRAP: single step. */
    public static final int TRAP_TRACE = 2;

    /** SIGCHLD: exited. */
    public static final int CLD_EXITED = 1;

    /** SIGCHLD: killed. */
    public static final int CLD_KILLED = 2;

    /** SIGCHLD: killed, with a core dump. */
    public static final int CLD_DUMPED = 3;

    /** SIGCHLD: stopped. */
    public static final int CLD_STOPPED = 5;

    /** SIGCHLD: went on. */
    public static final int CLD_CONTINUED = 6;

    private Signal() {}
}

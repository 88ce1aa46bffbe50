package biscotti.abi;

/**
 * Results with which a system call says that a signal interrupted it before it did anything. No program sees them: on the
 * way back to the program they become EINTR, or the call is made again (signal(7), "Interruption of system calls and library
 * functions by signal handlers"). The numbers are Linux's.
 *
 * <p>A plain {@code -EINTR}, which is what an interrupted {@code biscotti.sched.Waiter} says, means {@link #ERESTARTSYS}: that
 * is right for most calls that wait. The others turn it into one of these.
 */
public final class Restart {
    /** Made again if the handler has SA_RESTART, or if there is no handler: what calls that block return. */
    public static final int ERESTARTSYS = 512;

    /** Made again always. */
    public static final int ERESTARTNOINTR = 513;

    /** Made again only if there is no handler; EINTR else, with SA_RESTART too (pause, sigsuspend, poll, select). */
    public static final int ERESTARTNOHAND = 514;

    /** Never made again: the program gets EINTR, handler or not. */
    public static final int EINTR_ALWAYS = 515;

    /** As ERESTARTNOHAND, but restart_syscall(2) is called instead: what is left of a relative sleep. */
    public static final int ERESTART_RESTARTBLOCK = 516;

    /** No interruption: the call has set all registers, and has no result beside (sigreturn). */
    public static final int REGISTERS_SET = 517;

    private Restart() {}

    /** Whether a result of a system call is -EINTR or one of these, negated. */
    public static boolean isSpecial(long result) {
        return result == -Errno.EINTR || (result <= -ERESTARTSYS && result >= -REGISTERS_SET);
    }
}

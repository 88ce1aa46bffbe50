package biscotti.process;

/** Answers system calls; the generated dispatch does. */
@FunctionalInterface
public interface SystemCallHandler {
    /**
     * Answers the system call that a thread's registers ask for.
     *
     * @return the result, a negative errno, or one of {@link biscotti.abi.Restart} negated
     */
    long call(UserThread caller);
}

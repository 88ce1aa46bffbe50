package biscotti.process;

/** Answers system calls; the generated dispatch does. */
@FunctionalInterface
public interface SystemCallHandler {
    /**
     * Answers the system call that a thread asks for; the arguments are in its registers.
     *
     * @param number which system call
     * @return the result, a negative errno, or one of {@link biscotti.abi.Restart} negated
     */
    long call(UserThread caller, int number);
}

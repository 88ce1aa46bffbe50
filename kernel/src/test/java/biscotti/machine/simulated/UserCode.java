package biscotti.machine.simulated;

/**
 * What a simulated program does in ring 3. It must not share Java objects with the kernel under test, except what its test
 * needs to watch it.
 */
@FunctionalInterface
public interface UserCode {
    /** Runs; when it returns, the thread asks for exit (system call 60) with status 0. */
    void run(UserCpu cpu);
}

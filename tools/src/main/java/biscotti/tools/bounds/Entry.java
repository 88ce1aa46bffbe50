package biscotti.tools.bounds;

import biscotti.tools.bounds.flow.MethodClone;
import java.util.List;

/**
 * Work for which the kernel reserves.
 *
 * @param number of the system call; -1 for a unit of a kernel thread's work
 * @param name its name
 * @param methods what it runs; one of them at a time
 * @param part what of their work is meant
 */
public record Entry(int number, String name, List<MethodClone> methods, Part part) {
    /** {@code biscotti.bounded.Unit.Part}. */
    public enum Part {
        /** What they allocate. */
        WORK,
        /** What a thread that sleeps in them has for that. */
        SLEEP,
        /** What they allocate, and an exception that leaves any entry. */
        FAILURE
    }

    /** Whether it is a system call. */
    public boolean isSystemCall() {
        return number >= 0;
    }
}

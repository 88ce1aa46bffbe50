package biscotti.tools.bounds;

import biscotti.tools.bounds.flow.MethodClone;
import java.util.List;

/**
 * Work for which the kernel reserves.
 *
 * @param number of the system call; -1 for a unit of a kernel thread's work
 * @param name its name
 * @param methods what it runs; one of them at a time
 */
public record Entry(int number, String name, List<MethodClone> methods) {
    /** Whether it is a system call. */
    public boolean isSystemCall() {
        return number >= 0;
    }
}

package biscotti.machine;

/**
 * How many classes the Java machine has loaded and initialised since it started. Once the kernel has booted, both should stand
 * still: a class that is loaded later takes time and memory in the middle of a system call, and no bound counts them.
 */
public abstract class ClassCounter {
    /** For subclasses. */
    protected ClassCounter() {}

    /** The classes that were loaded. */
    public abstract long loaded();

    /** The classes whose static initialiser has begun. */
    public abstract long initialized();
}

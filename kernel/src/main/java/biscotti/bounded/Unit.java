package biscotti.bounded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a unit of a kernel thread's work that is not a system call: handling a page fault, delivering a signal, the action of
 * a timer, one round of a driver's thread. The analyser ({@code ./biscotti bounds}) finds how much of the heap one call of
 * the method can need, as it does for each system call, and the kernel reserves that before it calls it.
 *
 * <p>Several methods may share a name: the unit's bound is then the greatest of theirs.
 *
 * <p>Two units are no work, but what other work leaves out: see {@link Part}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface Unit {
    /** The name in the table of bounds: lower-case words with hyphens, such as {@code "page-fault"}. */
    String value();

    /** What of the method's work is meant. */
    Part of() default Part.WORK;

    /** What a unit may be made of. */
    enum Part {
        /** What the method allocates. */
        WORK,
        /**
         * What a thread that sleeps in the method has on the heap for that: its frames, its places in the queues of locks. No
         * bound of any work has that in it: a thread sleeps in one place only, and keeps what it takes there all its life.
         */
        SLEEP,
        /**
         * What the method allocates, and before it an exception that leaves any system call or unit: a bug. No other bound has
         * that in it.
         */
        FAILURE
    }
}

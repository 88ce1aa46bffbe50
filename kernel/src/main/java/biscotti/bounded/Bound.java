package biscotti.bounded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * States how often the loop that this local variable counts goes round, for whoever reads it:
 *
 * <pre>{@code for (@Bound(64) int i = 0; i < Math.min(count, 64); i++)}</pre>
 *
 * <p>It is checked, not believed. The analyser ({@code ./biscotti bounds}) finds for itself how often a loop can go round: one
 * that each time adds a positive constant to a variable, and leaves when that reaches something that is never greater than a
 * constant (or the mirror image of this). It fails the build if the loop counted by an annotated variable may go round more
 * often than stated, or if the code enforces no limit at all.
 */
@Documented
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.CLASS)
public @interface Bound {
    /** How many rounds at most. */
    long value();
}

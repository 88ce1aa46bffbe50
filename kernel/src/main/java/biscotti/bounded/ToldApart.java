package biscotti.bounded;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a small class that holds what others give it. The analyser ({@code ./biscotti bounds}) looks at its methods for each
 * of its objects anew, as it does for all of this package: else what is put into one would seem to come out of another.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface ToldApart {}

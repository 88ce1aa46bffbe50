package biscotti.syscall;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that answers one of Linux's system calls.
 *
 * <p>The annotation is the only place where a system call's number, name and state are written: the dispatch switch
 * ({@code biscotti.syscall.Dispatch}) and the table behind {@code ./biscotti syscalls} are generated from it at compile
 * time.
 *
 * <p>The method is a public instance method of a family class (one class per family of calls), takes the calling
 * {@link biscotti.process.UserThread} first and then at most six {@code int} or {@code long} parameters, which are the
 * registers rdi, rsi, rdx, r10, r8 and r9 in this order (syscall(2)); an {@code int} parameter is the register's low half.
 * It returns the result, or a negative errno of {@link biscotti.abi.Errno}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
public @interface SystemCall {
    /** The number in rax, from Linux's {@code asm/unistd_64.h}. */
    int number();

    /** The name that the manual page has, such as {@code "openat"}. */
    String name();

    /** Whether the whole manual page is honoured. */
    Support support() default Support.FULL;

    /** What is missing or differs, in a few words for the table; required when the support is partial. */
    String note() default "";
}

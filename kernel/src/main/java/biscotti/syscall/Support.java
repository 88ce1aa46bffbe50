package biscotti.syscall;

/** How much of a system call's manual page is there. */
public enum Support {
    /** Everything that the manual page promises. */
    FULL,
    /** Some of it; the annotation's note says what is missing. */
    PARTIAL
}

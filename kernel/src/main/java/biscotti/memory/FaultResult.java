package biscotti.memory;

/** What came of a page fault. Errors are what the signal says (sigaction(2), {@code si_code}). */
public final class FaultResult {
    /** The page is there now. */
    public static final int RESOLVED = 0;

    /** SIGSEGV, SEGV_MAPERR: nothing is mapped there. */
    public static final int NOT_MAPPED = 1;

    /** SIGSEGV, SEGV_ACCERR: the mapping does not allow this access. */
    public static final int NOT_ALLOWED = 2;

    /** SIGBUS, BUS_ADRERR: the mapped file has no such page, or cannot be read. */
    public static final int NO_PAGE = 3;

    /** No frame is free: the process is killed. */
    public static final int NO_MEMORY = 4;

    private FaultResult() {}
}

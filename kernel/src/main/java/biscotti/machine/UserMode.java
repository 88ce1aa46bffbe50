package biscotti.machine;

/** Ring 3, as {@link UserContext#enter} reaches it. */
public abstract class UserMode {
    /** For subclasses. */
    protected UserMode() {}

    /**
     * Runs the registers kept at {@code frame} in ring 3, on the CPU of the calling carrier, until they trap.
     *
     * @param frame physical address of a user frame, laid out as {@link UserContext} says
     * @param root physical address of the top page table
     * @return the vector, as in {@link Trap}
     */
    protected abstract int run(long frame, long root);

    /** Tells that what ran with the registers at {@code frame} will not go on: a new program starts there. */
    protected void forget(long frame) {}
}

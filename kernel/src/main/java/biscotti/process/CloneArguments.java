package biscotti.process;

/**
 * What clone(2) and its relations are asked for.
 *
 * @param flags {@link biscotti.abi.CloneFlags}, without the signal
 * @param exitSignal the signal that the parent gets when the child ends; 0, or what is no signal, for none
 * @param stackPointer the child's stack pointer; 0 for the parent's
 * @param threadPointer the child's thread pointer, with CLONE_SETTLS
 * @param parentTid where in the parent's memory the child's number goes, with CLONE_PARENT_SETTID
 * @param childTid where in the child's memory its number goes, or is cleared at its end
 */
public record CloneArguments(
        long flags, int exitSignal, long stackPointer, long threadPointer, long parentTid, long childTid) {
    /** Whether all of some flags are set. */
    boolean has(long wanted) {
        return (flags & wanted) == wanted;
    }
}

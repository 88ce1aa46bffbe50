package biscotti.process;

import java.util.Optional;

/**
 * What clone(2) and its relations are asked for.
 *
 * @param flags {@link biscotti.abi.CloneFlags}, without the signal
 * @param exitSignal the signal that the parent gets when the child ends; 0, or what is no signal, for none
 * @param stackPointer the child's stack pointer; 0 for the parent's
 * @param threadPointer the child's thread pointer, with CLONE_SETTLS
 * @param parentTid where in the parent's memory the child's number goes, with CLONE_PARENT_SETTID
 * @param childTid where in the child's memory its number goes, or is cleared at its end
 * @param descriptor becomes a descriptor of the child in the parent, with CLONE_PIDFD
 * @param descriptorAddress where in the parent's memory its number goes
 * @param number the child's number; 0 for the next free one
 */
public record CloneArguments(
        long flags,
        int exitSignal,
        long stackPointer,
        long threadPointer,
        long parentTid,
        long childTid,
        Optional<PidFile> descriptor,
        long descriptorAddress,
        int number) {
    /** The same without a descriptor or number. */
    public CloneArguments(
            long flags, int exitSignal, long stackPointer, long threadPointer, long parentTid, long childTid) {
        this(flags, exitSignal, stackPointer, threadPointer, parentTid, childTid, Optional.empty(), 0, 0);
    }

    /** Whether all of some flags are set. */
    boolean has(long wanted) {
        return (flags & wanted) == wanted;
    }

    /** These with a descriptor. */
    public CloneArguments withDescriptor(PidFile file, long address) {
        return new CloneArguments(
                flags,
                exitSignal,
                stackPointer,
                threadPointer,
                parentTid,
                childTid,
                Optional.of(file),
                address,
                number);
    }

    /** These with a number for the child: set_tid of clone3(2). */
    public CloneArguments withNumber(int wanted) {
        return new CloneArguments(
                flags,
                exitSignal,
                stackPointer,
                threadPointer,
                parentTid,
                childTid,
                descriptor,
                descriptorAddress,
                wanted);
    }
}

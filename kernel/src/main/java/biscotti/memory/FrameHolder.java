package biscotti.memory;

/** Somebody who has frames only because their content may be useful again. */
public interface FrameHolder {
    /**
     * Gives frames up. Called with no lock held, on a kernel thread; may wait for a disk.
     *
     * @param wanted how many frames would do
     * @return how many were given up
     */
    long reclaim(long wanted);
}

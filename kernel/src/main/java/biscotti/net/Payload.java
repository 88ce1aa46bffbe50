package biscotti.net;

/**
 * The user's side of a message: where its bytes come from or go to, in order. It moves exactly as many bytes as it is asked to, or
 * fails and stays where it was.
 */
public interface Payload {
    /** How many bytes can still move. */
    long remaining();

    /**
     * Takes bytes from here into physical memory: sending.
     *
     * @param length at most {@link #remaining}
     * @return 0; -EFAULT, -ENOMEM
     */
    int toPhysical(long physical, int length);

    /**
     * Puts bytes of physical memory here: receiving.
     *
     * @return 0; -EFAULT, -ENOMEM
     */
    int fromPhysical(long physical, int length);
}

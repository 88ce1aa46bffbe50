package biscotti.heap;

/** Something that is kept on the heap only because it may be useful again. */
public interface ShrinkableCache {
    /** Its name, for the log. */
    String name();

    /**
     * Gives up what it can. Called by the killer, which holds no lock and must not wait for one that is held over a
     * reservation; it must allocate next to nothing.
     *
     * @return about how many bytes it has given up
     */
    long shrink();
}

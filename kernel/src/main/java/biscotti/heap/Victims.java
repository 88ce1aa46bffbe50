package biscotti.heap;

/** Those who can be made to give memory back by ending: the processes. */
public interface Victims {
    /** How an attempt to kill went. */
    enum Outcome {
        /** One is ending. */
        KILLED,
        /** One was in the middle of something: it is worth another try soon. */
        BUSY,
        /** There is none left. */
        NONE_LEFT
    }

    /** Nobody. */
    Victims NONE = new Victims() {
        @Override
        public boolean isOneEnding() {
            return false;
        }

        @Override
        public Outcome killGreatest() {
            return Outcome.NONE_LEFT;
        }
    };

    /** Whether one that was killed has not given back its memory yet. */
    boolean isOneEnding();

    /**
     * Kills the one that retains most of the heap, or a family of which all together do. Never the first process, never what
     * belongs to the kernel. Waits for no lock.
     */
    Outcome killGreatest();
}

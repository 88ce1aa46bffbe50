package biscotti.bounded;

/** How long work goes on in rounds, each of which has its share of the heap. */
public interface Rounds {
    /** For work that nobody counts. */
    Rounds FREE = new Rounds() {
        @Override
        @Round
        public boolean nextRound() {
            return true;
        }

        @Override
        @Round
        public boolean awaitRound() {
            return true;
        }
    };

    /**
     * Begins another round, whatever locks are held.
     *
     * @return false if the heap is short: the caller gives up the rest of its work, and needs no more for that than it has
     */
    @Round
    boolean nextRound();

    /**
     * Begins another round, and waits for it if need be; no lock is held.
     *
     * @return false if the thread must die
     */
    @Round
    boolean awaitRound();
}

package biscotti.bounded;

/**
 * What a cache has, from what came first to what came last, linked through the members: each change costs the same, and no memory. The owner's lock
 * guards it.
 *
 * @param <M> the members: each is in one such order at most
 */
public final class Ageing<M extends Ageing.Member> {
    /** Before the oldest, and behind the newest: a ring. */
    private final Member ends = new Member();

    /** None. */
    public Ageing() {}

    /** One of those in the order. */
    public static class Member {
        private Member older = this;
        private Member newer = this;

        /** In no order yet. */
        protected Member() {}

        private void unlink() {
            older.newer = newer;
            newer.older = older;
            older = this;
            newer = this;
        }

        private void linkBefore(Member next) {
            newer = next;
            older = next.older;
            older.newer = this;
            next.older = this;
        }
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return ends.newer == ends;
    }

    /** The oldest one; there is one. */
    @SuppressWarnings("unchecked") // all but the ends are the owner's
    public M oldest() {
        if (isEmpty()) {
            throw new IllegalStateException("there is none");
        }
        return (M) ends.newer;
    }

    /** Adds one as the newest. */
    public void add(M member) {
        ((Member) member).linkBefore(ends);
    }

    /** Takes one out. */
    public void remove(M member) {
        ((Member) member).unlink();
    }

    /** Has the oldest one be the newest. */
    public void passOver() {
        M oldest = oldest();
        remove(oldest);
        add(oldest);
    }
}

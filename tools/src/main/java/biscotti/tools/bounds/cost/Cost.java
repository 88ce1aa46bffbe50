package biscotti.tools.bounds.cost;

import biscotti.tools.bounds.range.Amount;

/**
 * What a piece of code may take from the heap, in bytes, over all ways through it. Ways on which a new round of the reservation
 * begins are told apart from those without: on the former only what comes before the first, between two, and after the last
 * such point adds up.
 *
 * @param kept on ways without a new round: what is still reachable at their end; -1 if there is no such way
 * @param peak on the same ways: the most that is reachable at once
 * @param first on ways with a new round: the most at once before it; -1 if there is no such way
 * @param inner on the same ways: the most at once between two
 * @param last on the same ways: what is reachable at the end of what was made since the last
 */
public record Cost(long kept, long peak, long first, long inner, long last) {
    /** No way leads here. */
    static final Cost NEVER = new Cost(-1, -1, -1, -1, -1);

    /** Nothing is made. */
    static final Cost NOTHING = new Cost(0, 0, -1, -1, -1);

    /** A new round begins. */
    static final Cost ROUND = new Cost(-1, -1, 0, 0, 0);

    /** Something is made and stays. */
    static Cost keeping(long bytes) {
        return of(bytes, bytes);
    }

    /** Something is made, of which a part stays. */
    static Cost of(long kept, long peak) {
        return kept == 0 && peak == 0 ? NOTHING : new Cost(kept, peak, -1, -1, -1);
    }

    /** Whether there is a way. */
    boolean isPossible() {
        return kept >= 0 || first >= 0;
    }

    private boolean hasPlain() {
        return kept >= 0;
    }

    private boolean hasRound() {
        return first >= 0;
    }

    /** The most that is reachable at once in one round. */
    long worst() {
        return Math.max(0, Math.max(peak, Math.max(first, Math.max(inner, last))));
    }

    /** What is still reachable at the end of the last round. */
    long left() {
        return Math.max(0, Math.max(kept, last));
    }

    /** One of two ways. */
    Cost or(Cost other) {
        return new Cost(
                Math.max(kept, other.kept),
                Math.max(peak, other.peak),
                Math.max(first, other.first),
                Math.max(inner, other.inner),
                Math.max(last, other.last));
    }

    /** This, then {@code next}. */
    Cost then(Cost next) {
        if (next == NOTHING || !isPossible()) {
            return this;
        }
        if (!next.isPossible()) {
            return NEVER;
        }
        Cost result = NEVER;
        if (hasPlain() && next.hasPlain()) {
            result = result.or(
                    new Cost(Amount.add(kept, next.kept), Math.max(peak, Amount.add(kept, next.peak)), -1, -1, -1));
        }
        if (hasPlain() && next.hasRound()) {
            result = result.or(new Cost(-1, -1, Math.max(peak, Amount.add(kept, next.first)), next.inner, next.last));
        }
        if (hasRound() && next.hasPlain()) {
            long most = Math.max(inner, Amount.add(last, next.peak));
            result = result.or(new Cost(-1, -1, first, most, Amount.add(last, next.kept)));
        }
        if (hasRound() && next.hasRound()) {
            long most = Math.max(Math.max(inner, next.inner), Amount.add(last, next.first));
            result = result.or(new Cost(-1, -1, first, most, next.last));
        }
        return result;
    }

    /**
     * From none to {@code times} repetitions.
     *
     * @param whole one of them, with all that it makes
     * @param surviving the same, but only what is still reachable in the next
     */
    static Cost repeated(long times, Cost whole, Cost surviving) {
        if (times == 0 || !whole.isPossible()) {
            return NOTHING;
        }
        long kept = whole.hasPlain() ? Amount.multiply(times, Math.max(0, surviving.kept)) : 0;
        long earlier = whole.hasPlain() ? Amount.multiply(times - 1, Math.max(0, surviving.kept)) : 0;
        Cost plain = new Cost(kept, whole.hasPlain() ? Amount.add(earlier, whole.peak) : 0, -1, -1, -1);
        if (!whole.hasRound()) {
            return plain;
        }
        long last = Amount.add(Math.max(0, surviving.last), kept);
        long first = Math.max(plain.peak, Amount.add(kept, whole.first));
        long inner = Math.max(whole.inner, Math.max(Amount.add(last, whole.first), Amount.add(last, plain.peak)));
        return plain.or(new Cost(-1, -1, first, inner, last));
    }

    /** This with what stays taken from {@code surviving}, the same code seen by somebody who forgets the rest. */
    Cost forgetting(Cost surviving) {
        return new Cost(
                hasPlain() ? Math.max(0, surviving.kept) : -1,
                peak,
                first,
                inner,
                hasRound() ? Math.max(0, surviving.last) : -1);
    }
}

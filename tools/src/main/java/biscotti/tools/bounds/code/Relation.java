package biscotti.tools.bounds.code;

/** How two numbers compare. */
public enum Relation {
    /** Equal. */
    EQ,
    /** Not equal. */
    NE,
    /** Less. */
    LT,
    /** Greater or equal. */
    GE,
    /** Greater. */
    GT,
    /** Less or equal. */
    LE;

    /** Whether it holds. */
    public boolean holds(long left, long right) {
        return switch (this) {
            case EQ -> left == right;
            case NE -> left != right;
            case LT -> left < right;
            case GE -> left >= right;
            case GT -> left > right;
            case LE -> left <= right;
        };
    }

    /** What holds where this does not. */
    public Relation negated() {
        return switch (this) {
            case EQ -> NE;
            case NE -> EQ;
            case LT -> GE;
            case GE -> LT;
            case GT -> LE;
            case LE -> GT;
        };
    }

    /** The same with the sides exchanged. */
    public Relation mirrored() {
        return switch (this) {
            case EQ, NE -> this;
            case LT -> GT;
            case GT -> LT;
            case LE -> GE;
            case GE -> LE;
        };
    }
}

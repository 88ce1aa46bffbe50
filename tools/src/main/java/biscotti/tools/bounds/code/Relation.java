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

package biscotti.tools.bounds.code;

/**
 * A call of a method.
 *
 * @param target what is called, as the code names it
 * @param kind how the method that runs is found
 */
public record Call(MemberRef target, Kind kind) {
    /** The four instructions that call. */
    public enum Kind {
        /** No receiver. */
        STATIC,
        /** Exactly the method named: constructors, private methods, {@code super.m()}. */
        SPECIAL,
        /** By the receiver's class. */
        VIRTUAL
    }
}

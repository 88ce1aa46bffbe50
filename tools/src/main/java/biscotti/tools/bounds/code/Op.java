package biscotti.tools.bounds.code;

/** What a {@link Node} does; its inputs in this order, and its payload. */
public enum Op {
    /** A number; payload {@code Long}. */
    CONSTANT,
    /** A constant object; payload the internal name of its class, or the {@code String} wrapped in {@link Literal}. */
    LITERAL,
    /** A parameter of the method; payload its index as {@code Integer}, the receiver being 0. */
    PARAMETER,
    /** The exception that a handler was entered with; payload its class. */
    CAUGHT,
    /** One of the inputs, according to how its block was entered. */
    PHI,
    /** Its first input, known to stand in a {@link Relation} (payload) to its second. */
    PI,
    /** Sum. */
    ADD,
    /** Difference. */
    SUB,
    /** Product. */
    MUL,
    /** Quotient. */
    DIV,
    /** Remainder. */
    REM,
    /** Bitwise and. */
    AND,
    /** Bitwise or. */
    OR,
    /** Bitwise exclusive or. */
    XOR,
    /** Shift to the left. */
    SHL,
    /** Signed shift to the right. */
    SHR,
    /** Unsigned shift to the right. */
    USHR,
    /** Change of sign. */
    NEG,
    /** Change of numeric type; payload the {@code TypeKind} that it becomes. */
    CONVERT,
    /** -1, 0 or 1 as the first of two longs is less, equal or greater. */
    COMPARE,
    /** A new object; payload its class. */
    NEW,
    /** A new array; payload its type, inputs its lengths, outermost first. */
    NEW_ARRAY,
    /** An array's length. */
    LENGTH,
    /** Element of array, index. */
    ARRAY_LOAD,
    /** Array, index, element. */
    ARRAY_STORE,
    /** Field of an object; payload {@link MemberRef}. */
    GET_FIELD,
    /** Object, new value. */
    PUT_FIELD,
    /** A static field; payload {@link MemberRef}. */
    GET_STATIC,
    /** New value. */
    PUT_STATIC,
    /** A call; payload {@link Call}, inputs the arguments, the receiver first. */
    INVOKE,
    /** An {@code invokedynamic}; payload {@link DynamicCall}. */
    INVOKE_DYNAMIC,
    /** Its input, if that is of the class in the payload. */
    CAST,
    /** Throws its input. */
    THROW,
    /** Returns its input, if it has one. */
    RETURN,
    /** A number of which nothing but its type is known; or null. */
    UNKNOWN
}

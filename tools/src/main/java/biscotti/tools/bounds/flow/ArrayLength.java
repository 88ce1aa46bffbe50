package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.Node;
import java.util.List;

/** What bounds the length of an array. */
public sealed interface ArrayLength {
    /** A number that is known. */
    record Fixed(long value) implements ArrayLength {}

    /** A value in the code of the method that makes the array. */
    record Of(MethodClone where, Node value) implements ArrayLength {}

    /** As long as the longest of the arrays in a variable: the copy of one. */
    record SameAs(int variable) implements ArrayLength {}

    /** The characters of a concatenation, two bytes each: a fixed number, and those of all strings in the variables. */
    record Concatenation(long characters, List<Integer> strings) implements ArrayLength {}

    /** What an expression of the table of JDK costs says of a call's arguments. */
    record Declared(MethodClone where, Node call, SizeExpression expression) implements ArrayLength {}
}

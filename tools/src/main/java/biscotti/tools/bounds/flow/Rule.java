package biscotti.tools.bounds.flow;

import biscotti.tools.bounds.code.MemberRef;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the table of the JDK's costs says of a method, instead of its code.
 *
 * @param method what it is about: {@code java.lang.Thread.start}, with a descriptor if only one overload is meant
 * @param returned what it returns
 * @param kept bytes of what it makes and leaves reachable, besides what it returns
 * @param garbage bytes of what it makes for itself
 * @param asleep bytes of what its thread has for itself while it sleeps in it
 * @param starts the argument whose {@code run()} another thread will call
 * @param saved an argument that it keeps for callbacks
 * @param callback what it calls
 * @param moved whose elements it copies
 * @param contents bytes of characters that a constructor gives its string
 * @param bootOnly whether only the kernel's start may use it
 * @param reason why that is so
 */
public record Rule(
        String method,
        Returned returned,
        Optional<SizeExpression> kept,
        Optional<SizeExpression> garbage,
        Optional<SizeExpression> asleep,
        OptionalInt starts,
        Optional<Saved> saved,
        Optional<Callback> callback,
        Optional<Moved> moved,
        Optional<SizeExpression> contents,
        boolean bootOnly,
        String reason) {
    /**
     * A call that the method makes.
     *
     * @param method interface or class, name and descriptor of what it calls
     * @param receivers the name under which the objects were saved on which it is called
     * @param argument the class of what it is given
     */
    public record Callback(MemberRef method, String receivers, String argument) {}

    /**
     * An argument that later callbacks are made on.
     *
     * @param argument which
     * @param name under which name
     */
    public record Saved(int argument, String name) {}

    /**
     * Elements of one array that come into another.
     *
     * @param from argument that they come from
     * @param to argument that they come to
     */
    public record Moved(int from, int to) {}

    /** What a method returns. */
    public sealed interface Returned {
        /** Nothing, or a number. */
        record Nothing() implements Returned {}

        /** One of its arguments. */
        record SameAs(int argument) implements Returned {}

        /** An object that was there before. */
        record Present(String type) implements Returned {}

        /** A new object of a class. */
        record New(String type) implements Returned {}

        /** A new array with an argument's elements. */
        record Copy(int argument, SizeExpression length) implements Returned {}

        /** A new array. */
        record NewArray(String type, SizeExpression length) implements Returned {}

        /** A new string whose characters take so many bytes. */
        record NewString(SizeExpression bytes) implements Returned {}
    }
}

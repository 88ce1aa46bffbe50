package biscotti.tools.bounds.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the variables and the operand stack hold at a point of the code, and what fields are known to hold because they were
 * read or written on the way there.
 *
 * <p>That a field read twice holds the same both times assumes that no other thread writes it in between without the lock that
 * guards it: volatile fields are never taken for known.
 */
final class Frame {
    /** A field of the object that a node made; object null for a static field or an array's length. */
    private record Place(Node object, MemberRef field) {}

    private static final MemberRef LENGTH = new MemberRef("[", "length", "I");

    private final Node[] locals;
    private final List<Node> stack;
    private final Map<Place, Node> known;

    Frame(int locals) {
        this(new Node[locals], new ArrayList<>(), new HashMap<>());
    }

    private Frame(Node[] locals, List<Node> stack, Map<Place, Node> known) {
        this.locals = locals;
        this.stack = stack;
        this.known = known;
    }

    Frame copy() {
        return new Frame(locals.clone(), new ArrayList<>(stack), new HashMap<>(known));
    }

    Node local(int slot) {
        return locals[slot];
    }

    int localCount() {
        return locals.length;
    }

    void setLocal(int slot, Node value) {
        locals[slot] = value;
    }

    void push(Node value) {
        stack.add(value);
    }

    Node pop() {
        return stack.removeLast();
    }

    /** Takes {@code count} values, the deepest first in the result. */
    List<Node> pop(int count) {
        List<Node> top = stack.subList(stack.size() - count, stack.size());
        List<Node> taken = List.copyOf(top);
        top.clear();
        return taken;
    }

    List<Node> stack() {
        return stack;
    }

    /** Duplicates the top {@code count} values below the {@code skip} values under them. */
    void duplicate(int count, int skip) {
        List<Node> top = List.copyOf(stack.subList(stack.size() - count, stack.size()));
        stack.addAll(stack.size() - count - skip, top);
    }

    /** Has {@code after} stand wherever {@code before} stood. */
    void rename(Node before, Node after) {
        Arrays.setAll(locals, slot -> locals[slot] == before ? after : locals[slot]);
        stack.replaceAll(value -> value == before ? after : value);
        known.replaceAll((place, value) -> value == before ? after : value);
    }

    Node knownField(Node object, MemberRef field) {
        return known.get(new Place(object, field));
    }

    void know(Node object, MemberRef field, Node value) {
        known.put(new Place(object, field), value);
    }

    Node knownLength(Node array) {
        return knownField(array, LENGTH);
    }

    void knowLength(Node array, Node length) {
        know(array, LENGTH, length);
    }

    /** Forgets what a store to a field of that name may change. */
    void forget(MemberRef field) {
        known.keySet().removeIf(place -> place.field().name().equals(field.name()) && place.field() != LENGTH);
    }

    /** Forgets all that other code may change. */
    void forgetAll(Predicate<MemberRef> isFinal) {
        known.keySet().removeIf(place -> place.field() != LENGTH && !isFinal.test(place.field()));
    }

    /** Forgets everything that fields hold. */
    void forgetFields() {
        known.clear();
    }
}

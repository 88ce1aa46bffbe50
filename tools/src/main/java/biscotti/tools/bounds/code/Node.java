package biscotti.tools.bounds.code;

import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.List;

/**
 * An instruction and the value that it makes, in static single assignment form: what an instruction works on is not a
 * variable, but the very nodes that made its operands.
 */
public final class Node {
    private final int id;
    private final Op op;
    private final Object payload;
    private final Block block;
    private final int line;
    private final List<Node> inputs;
    TypeKind kind;
    /** The local variable that a {@link Op#PHI} of one stands for, else -1. */
    int slot = -1;

    Node(int id, Op op, TypeKind kind, Object payload, Block block, int line, List<Node> inputs) {
        this.id = id;
        this.op = op;
        this.kind = kind;
        this.payload = payload;
        this.block = block;
        this.line = line;
        this.inputs = new ArrayList<>(inputs);
    }

    /** Its number within the body. */
    public int id() {
        return id;
    }

    /** What it does. */
    public Op op() {
        return op;
    }

    /** What it makes; {@code VOID} for nothing. */
    public TypeKind kind() {
        return kind;
    }

    /** What belongs to its {@link Op}. */
    public Object payload() {
        return payload;
    }

    /** The block that it is in. */
    public Block block() {
        return block;
    }

    /** Its line in the source; 0 if the class file does not tell. */
    public int line() {
        return line;
    }

    /** Its operands. */
    public List<Node> inputs() {
        return inputs;
    }

    /** One of its operands. */
    public Node input(int index) {
        return inputs.get(index);
    }

    /** The local variable that a phi of one stands for, else -1. */
    public int slot() {
        return slot;
    }

    /** Whether it makes a reference. */
    public boolean isReference() {
        return kind == TypeKind.REFERENCE;
    }

    /** Whether it makes an int (or what the JVM keeps as one) or a long. */
    public boolean isInteger() {
        return kind == TypeKind.INT || kind == TypeKind.LONG;
    }

    /** Whether it is the number {@code value}. */
    public boolean isConstant(long value) {
        return op == Op.CONSTANT && (Long) payload == value;
    }

    @Override
    public String toString() {
        return "n" + id + "=" + op + (payload == null ? "" : " " + payload)
                + inputs.stream().map(n -> " n" + n.id).toList();
    }
}

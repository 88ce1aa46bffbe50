package biscotti.tools.bounds.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run of nodes that is entered at its first and left at its last. */
public final class Block {
    /**
     * The test at a block's end.
     *
     * @param relation what is asked
     * @param left of this
     * @param right and this
     * @param taken where it goes if so
     * @param otherwise where it goes if not
     */
    public record Branch(Relation relation, Node left, Node right, Block taken, Block otherwise) {}

    private final int index;
    private final int start;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Block> successors = new ArrayList<>();
    private final List<Block> handlers = new ArrayList<>();
    Branch branch;

    Block(int index, int start) {
        this.index = index;
        this.start = start;
    }

    /** Its number within the body. */
    public int index() {
        return index;
    }

    /** Where its first instruction is in the code, in bytes. */
    public int start() {
        return start;
    }

    /** Its nodes, phis first. */
    public List<Node> nodes() {
        return nodes;
    }

    /** The blocks that may follow. */
    public List<Block> successors() {
        return successors;
    }

    /** The blocks that an exception in this one may lead to. */
    public List<Block> handlers() {
        return handlers;
    }

    /** The test at its end, if it ends with one of numbers. */
    public Optional<Branch> branch() {
        return Optional.ofNullable(branch);
    }

    @Override
    public String toString() {
        return "block " + index;
    }
}

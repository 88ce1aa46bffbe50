package biscotti.tools.bounds.code;

import java.util.List;

/**
 * The code of a method.
 *
 * @param method whose it is
 * @param blocks its blocks, the entry first; those that cannot be reached are left out
 * @param nodeCount one more than the greatest number of a node
 * @param parameters the nodes of its parameters, the receiver first
 * @param statedBounds what it states about its loops
 */
public record Body(
        Method method, List<Block> blocks, int nodeCount, List<Node> parameters, List<StatedBound> statedBounds) {
    /**
     * An annotated local variable.
     *
     * @param slot its number
     * @param from where in the code it begins to live
     * @param to where it ends
     * @param rounds how often the loop that it counts goes round, as stated
     */
    public record StatedBound(int slot, int from, int to, long rounds) {}
}

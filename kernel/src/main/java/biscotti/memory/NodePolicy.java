package biscotti.memory;

import biscotti.abi.Mempolicy;

/**
 * On which nodes the memory of a thread or region is to be (set_mempolicy(2), mbind(2)). There is one node, so it is kept and told
 * only.
 *
 * @param mode as {@link Mempolicy} has it
 * @param flags those of the mode
 * @param nodes the first 64 of them, as bits: as the program gave them if the mode has flags, else those that there are
 */
public record NodePolicy(int mode, int flags, long nodes) {
    /** What applies where nothing is said. */
    public static final NodePolicy DEFAULT = new NodePolicy(Mempolicy.MPOL_DEFAULT, 0, 0);

    /** Whether it says the same as another. */
    boolean sameAs(NodePolicy other) {
        return this == other || mode == other.mode && flags == other.flags && nodes == other.nodes;
    }

    /** Its name in /proc/PID/numa_maps (numa(7)). */
    public String name() {
        return switch (mode) {
            case Mempolicy.MPOL_PREFERRED -> "prefer";
            case Mempolicy.MPOL_BIND -> "bind";
            case Mempolicy.MPOL_INTERLEAVE -> "interleave";
            case Mempolicy.MPOL_LOCAL -> "local";
            case Mempolicy.MPOL_PREFERRED_MANY -> "prefer (many)";
            default -> "default";
        };
    }
}

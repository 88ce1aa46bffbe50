package biscotti.abi;

/** Policies of memory on several nodes: set_mempolicy(2), mbind(2) ({@code linux/mempolicy.h}). */
public final class Mempolicy {
    /** On the node of the CPU. */
    public static final int MPOL_DEFAULT = 0;

    /** On one node, as long as it has room. */
    public static final int MPOL_PREFERRED = 1;

    /** On these nodes only. */
    public static final int MPOL_BIND = 2;

    /** On these nodes in turn. */
    public static final int MPOL_INTERLEAVE = 3;

    /** On the node of the CPU, whatever the thread's policy. */
    public static final int MPOL_LOCAL = 4;

    /** On these nodes, as long as they have room. */
    public static final int MPOL_PREFERRED_MANY = 5;

    /** With a mode: pages may move to where they are used. */
    public static final int MPOL_F_NUMA_BALANCING = 1 << 13;

    /** With a mode: nodes are counted among those that may be used. */
    public static final int MPOL_F_RELATIVE_NODES = 1 << 14;

    /** With a mode: nodes keep their numbers. */
    public static final int MPOL_F_STATIC_NODES = 1 << 15;

    /** All that may come with a mode. */
    public static final int MODE_FLAGS = MPOL_F_NUMA_BALANCING | MPOL_F_RELATIVE_NODES | MPOL_F_STATIC_NODES;

    /** get_mempolicy(2): tells a node. */
    public static final int MPOL_F_NODE = 1;

    /** get_mempolicy(2): asks about an address. */
    public static final int MPOL_F_ADDR = 1 << 1;

    /** get_mempolicy(2): asks which nodes may be used. */
    public static final int MPOL_F_MEMS_ALLOWED = 1 << 2;

    /** mbind(2): pages elsewhere are an error. */
    public static final int MPOL_MF_STRICT = 1;

    /** mbind(2), move_pages(2): moves the process's own pages. */
    public static final int MPOL_MF_MOVE = 1 << 1;

    /** mbind(2), move_pages(2): moves pages of several processes, too. */
    public static final int MPOL_MF_MOVE_ALL = 1 << 2;

    /** The most nodes that Debian's kernel can have. */
    public static final int NODES = 1024;

    private Mempolicy() {}
}

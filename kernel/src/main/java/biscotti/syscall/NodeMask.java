package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.LittleEndian;
import biscotti.abi.Mempolicy;
import biscotti.file.Slot;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.NodePolicy;
import biscotti.memory.UserMemory;

/** A set of nodes as a program gives it: bits in an array of longs. Only the first node is there. */
final class NodeMask {
    private static final long MOST_BITS = (long) PhysicalMemory.FRAME_SIZE * Byte.SIZE;
    private static final int FIXED = Mempolicy.MPOL_F_STATIC_NODES | Mempolicy.MPOL_F_RELATIVE_NODES;

    private long low;
    private boolean high;

    /**
     * Reads a set.
     *
     * @param most one more than how many bits it has
     * @return 0; -EINVAL for more bits than a page has, or a node that no machine has; -EFAULT
     */
    long read(UserMemory memory, long address, long most) {
        long bits = most - 1;
        if (bits == 0 || address == 0) {
            return 0;
        }
        if (Long.compareUnsigned(bits, MOST_BITS) > 0) {
            return -EINVAL;
        }
        byte[] word = new byte[Long.BYTES];
        int words = (int) Math.clamp((bits + Long.SIZE - 1) / Long.SIZE, 0, PhysicalMemory.FRAME_SIZE / Long.BYTES);
        for (int i = 0; i < words; i++) {
            int error = memory.read(address + (long) i * Long.BYTES, word, 0, Long.BYTES);
            if (error < 0) {
                return error;
            }
            long left = bits - (long) i * Long.SIZE;
            long value = LittleEndian.getLong(word, 0) & (left >= Long.SIZE ? -1 : (1L << left) - 1);
            if (value != 0 && i >= Mempolicy.NODES / Long.SIZE) {
                return -EINVAL;
            }
            low |= i == 0 ? value : 0;
            high |= i > 0 && value != 0;
        }
        return 0;
    }

    /** Writes a set of the first 64 nodes: 0, -EFAULT; -EINVAL if there is room for more than a page. */
    static long write(UserMemory memory, long address, long most, long nodes) {
        long bytes = (most - 1 + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
        if (most < 0 || bytes > PhysicalMemory.FRAME_SIZE) {
            return -EINVAL;
        }
        if (bytes == 0) {
            return 0;
        }
        int error = memory.zero(address + Long.BYTES, bytes - Long.BYTES);
        return error < 0 ? error : memory.writeLong(address, nodes);
    }

    /** Whether it has the node that there is. */
    boolean hasFirst() {
        return (low & 1) != 0;
    }

    /** Whether it has nodes that there are not. */
    boolean hasMissing() {
        return high || (low & ~1L) != 0;
    }

    private boolean isEmpty() {
        return low == 0 && !high;
    }

    /** Whether a number is a mode with flags that go together. */
    static boolean isMode(int mode) {
        int flags = mode & Mempolicy.MODE_FLAGS;
        int plain = mode & ~Mempolicy.MODE_FLAGS;
        boolean known = plain >= 0 && plain <= Mempolicy.MPOL_PREFERRED_MANY && (flags & FIXED) != FIXED;
        return known && ((flags & Mempolicy.MPOL_F_NUMA_BALANCING) == 0 || plain == Mempolicy.MPOL_BIND);
    }

    /** Reads the nodes of a policy, and makes it: 0; -EINVAL for what set_mempolicy(2) refuses; -EFAULT. */
    static long readPolicy(UserMemory memory, int mode, long nodes, long most, Slot<NodePolicy> policy) {
        if (!isMode(mode)) {
            return -EINVAL;
        }
        NodeMask mask = new NodeMask();
        long error = mask.read(memory, nodes, most);
        return error < 0 ? error : mask.makePolicy(mode & ~Mempolicy.MODE_FLAGS, mode & Mempolicy.MODE_FLAGS, policy);
    }

    private long makePolicy(int mode, int flags, Slot<NodePolicy> policy) {
        if (mode == Mempolicy.MPOL_DEFAULT) {
            return isEmpty() ? policy.put(NodePolicy.DEFAULT) : -EINVAL;
        }
        boolean local = mode == Mempolicy.MPOL_LOCAL || mode == Mempolicy.MPOL_PREFERRED;
        if (isEmpty() && local) {
            return (flags & FIXED) != 0 ? -EINVAL : policy.put(new NodePolicy(Mempolicy.MPOL_LOCAL, flags, 0));
        }
        if (isEmpty() || mode == Mempolicy.MPOL_LOCAL) {
            return -EINVAL;
        }
        boolean there = (flags & Mempolicy.MPOL_F_RELATIVE_NODES) != 0 || hasFirst();
        return there ? policy.put(new NodePolicy(mode, flags, flags != 0 ? low : 1)) : -EINVAL;
    }
}

package biscotti.bounded;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Objects by number: descriptors, process numbers, positions in a directory. The lowest free number is found fast.
 *
 * <p>A tree with 64 slots in each node, like Linux's xarray. Two words of bits in a node say which slots hold something, and
 * which are full to the bottom; so each search looks at one word a level. The tree grows at its top when a number beyond its
 * reach comes, nodes come with the first object below them and go with the last. Adding an object makes a handful of small
 * nodes at most, however many objects there are.
 *
 * <p>{@link #get} takes no lock: it sees each object that was there all the time, and may or may not see one that comes or goes
 * meanwhile. {@link #next} without a lock is as good for a listing. All else is guarded by the owner's lock.
 *
 * @param <T> what is kept
 */
public final class IdTable<T> {
    /** How many numbers {@link #copyBlock} copies: those from a multiple of this on. */
    public static final int BLOCK = 64;

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int BITS = 6;
    private static final int SLOTS = 1 << BITS;
    /** Levels for all numbers of 31 bits. */
    private static final int LEVELS = 6;

    private final int capacity;
    private final T absent;
    private volatile Node root = NO_NODE;
    private int size;

    /** In place of the root of an empty tree: it reaches no number. */
    private static final Node NO_NODE = new Node(-1);

    /** A node; its slots hold the objects (level 0) or the nodes below. */
    private static final class Node {
        final Object[] slots;
        final int level;
        /** The lowest number beyond the reach of a tree whose root this is. */
        final long end;

        Node parent;
        int indexInParent;
        /** Slots that hold something. */
        long used;
        /** Slots below which nothing is free. */
        long full;
        /** Slots whose objects are marked; in nodes of level 0. */
        long marked;

        Node(int level) {
            this.level = level;
            this.end = level < 0 ? 0 : 1L << BITS * (level + 1);
            this.slots = new Object[level < 0 ? 0 : SLOTS];
        }

        boolean reaches(long id) {
            return id < end;
        }

        int slotOf(long id) {
            return (int) (id >>> BITS * level) & SLOTS - 1;
        }

        Node below(int slot) {
            return (Node) SLOT.getAcquire(slots, slot);
        }
    }

    /**
     * An empty table.
     *
     * @param capacity numbers are below this
     * @param absent what {@link #get} answers for a number that is free
     */
    public IdTable(int capacity, T absent) {
        this.capacity = capacity;
        this.absent = absent;
    }

    /** How many objects there are. */
    public int size() {
        return size;
    }

    /** The object with a number, which may be any int. Takes no lock. */
    @SuppressWarnings("unchecked")
    public T get(int id) {
        Node node = root;
        if (id < 0 || !node.reaches(id)) {
            return absent;
        }
        while (node.level > 0) {
            node = node.below(node.slotOf(id));
            if (node == null) {
                return absent;
            }
        }
        Object found = SLOT.getAcquire(node.slots, node.slotOf(id));
        return found == null ? absent : (T) found;
    }

    /** The lowest free number that is not below {@code from}, and below {@code end}; -1 if there is none. */
    public int firstFree(int from, int end) {
        long found = search(from, false);
        return found < Math.min(end, capacity) ? (int) found : -1;
    }

    /** The lowest number that has an object and is not below {@code from}; -1 if there is none. */
    public int next(int from) {
        long found = search(from, true);
        return found < capacity ? (int) found : -1;
    }

    /** The lowest number in use, or free, that is not below {@code from}; beyond the reach of the tree all are free. */
    private long search(int from, boolean inUse) {
        Node top = root;
        long id = from;
        while (top.reaches(id)) {
            Node node = top;
            while (node != null) {
                int slot = node.slotOf(id);
                long wanted = (inUse ? node.used : ~node.full) & -1L << slot;
                if (wanted == 0) {
                    long whole = BITS * (node.level + 1L);
                    id = (id >>> whole) + 1 << whole; // behind this node, and again from the top
                    break;
                }
                int found = Long.numberOfTrailingZeros(wanted);
                if (found != slot) {
                    int below = BITS * node.level;
                    id = (id >>> below + BITS << BITS | found) << below;
                }
                if (node.level == 0) {
                    return id;
                }
                node = node.below(found);
            }
            if (node == null && !inUse) {
                return id;
            }
            if (node == null) {
                id++; // its node was removed while we looked
            }
        }
        return inUse ? Long.MAX_VALUE : id;
    }

    /**
     * Gives a number to an object; one that has it loses it.
     *
     * @param id not negative, below the capacity
     */
    public void put(int id, T object) {
        if (id < 0 || id >= capacity) {
            throw new IllegalArgumentException("number " + id + " of " + capacity);
        }
        Node leaf = leafFor(id);
        int slot = leaf.slotOf(id);
        long bit = 1L << slot;
        SLOT.setRelease(leaf.slots, slot, object);
        if ((leaf.used & bit) == 0) {
            leaf.used |= bit;
            leaf.full |= bit;
            size++;
            noteFull(leaf);
        }
    }

    /** Puts another object in the place of the one that has a number; there is one. Makes nothing. */
    public void replace(int id, T object) {
        Node leaf = leafOf(id);
        SLOT.setRelease(leaf.slots, leaf.slotOf(id), object);
    }

    private static void noteFull(Node leaf) {
        Node node = leaf;
        while (node.full == -1 && node.parent != null) {
            node.parent.full |= 1L << node.indexInParent;
            node = node.parent;
        }
    }

    /** The node of level 0 that a number belongs to; it is made, and those above it, where they are missing. */
    private Node leafFor(int id) {
        Node node = root == NO_NODE ? newRoot(id) : root;
        for (int i = 0; i < LEVELS && !node.reaches(id); i++) {
            Node top = new Node(node.level + 1);
            hang(node, top, 0);
            top.full = node.full == -1 ? 1 : 0;
            root = top;
            node = top;
        }
        for (int i = 0; i < LEVELS && node.level > 0; i++) {
            int slot = node.slotOf(id);
            Node below = node.below(slot);
            if (below == null) {
                below = new Node(node.level - 1);
                hang(below, node, slot);
            }
            node = below;
        }
        return node;
    }

    private Node newRoot(int id) {
        int level = 0;
        while (id >>> BITS * level >>> BITS != 0) {
            level++;
        }
        Node made = new Node(level);
        root = made;
        return made;
    }

    private static void hang(Node below, Node parent, int slot) {
        below.parent = parent;
        below.indexInParent = slot;
        parent.used |= 1L << slot;
        SLOT.setRelease(parent.slots, slot, below);
    }

    /**
     * Puts what another table has at 64 numbers here, with its marks; nothing is here at these numbers. Both owners' locks are
     * held.
     *
     * @param id one of the numbers, at which the other table has something
     */
    public void copyBlock(IdTable<T> other, int id) {
        Node from = other.leafOf(id);
        Node leaf = leafFor(id);
        for (int slot = 0; slot < SLOTS; slot++) {
            SLOT.setRelease(leaf.slots, slot, from.slots[slot]);
        }
        leaf.marked = from.marked;
        leaf.used = from.used;
        leaf.full = from.full;
        size += Long.bitCount(leaf.used);
        noteFull(leaf);
    }

    /** Frees a number; the object that had it, or the absent one. */
    public T remove(int id) {
        T found = get(id);
        if (found == absent) {
            return found;
        }
        Node node = leafOf(id);
        clear(node, node.slotOf(id));
        size--;
        while (node.used == 0 && node.parent != null) {
            clear(node.parent, node.indexInParent);
            node = node.parent;
        }
        if (node.used == 0) {
            root = NO_NODE;
        }
        Node above = node;
        while (above.parent != null) {
            above.parent.full &= ~(1L << above.indexInParent);
            above = above.parent;
        }
        return found;
    }

    private static void clear(Node node, int slot) {
        long others = ~(1L << slot);
        node.used &= others;
        node.full &= others;
        node.marked &= others;
        SLOT.setRelease(node.slots, slot, null);
    }

    /** The node of level 0 that has the object of a number; there is one. */
    private Node leafOf(int id) {
        Node node = root;
        while (node.level > 0) {
            node = node.below(node.slotOf(id));
        }
        return node;
    }

    /** Marks the object of a number, or takes its mark; no new object is marked. */
    public void mark(int id, boolean marked) {
        Node leaf = leafOf(id);
        long bit = 1L << leaf.slotOf(id);
        leaf.marked = marked ? leaf.marked | bit : leaf.marked & ~bit;
    }

    /** Whether the object of a number is marked. */
    public boolean isMarked(int id) {
        Node leaf = leafOf(id);
        return (leaf.marked >>> leaf.slotOf(id) & 1) != 0;
    }
}

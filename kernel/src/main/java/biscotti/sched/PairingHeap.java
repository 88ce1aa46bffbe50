package biscotti.sched;

/**
 * A priority queue whose links are in its elements: nothing is allocated and nothing is full. Adding takes constant time,
 * removing any element O(log n) amortised (Fredman, Sedgewick, Sleator, Tarjan: "The pairing heap", 1986).
 *
 * <p>The caller locks.
 *
 * @param <T> the elements
 */
@SuppressWarnings("ReferenceEquality") // elements are themselves, whatever equals says
abstract class PairingHeap<T extends PairingHeap.Node<T>> {
    /**
     * An element, in at most one heap. An element's children are a list from {@code child} by {@code next}; {@code previous}
     * leads back along it, and from its first element to the parent.
     *
     * @param <T> the elements
     */
    abstract static class Node<T extends Node<T>> {
        private T child;
        private T next;
        private T previous;
    }

    private T root;

    /** Whether {@code a} comes out before {@code b}. */
    abstract boolean before(T a, T b);

    /** The element that comes out first; null if empty. */
    final T first() {
        return root;
    }

    final void add(T element) {
        root = root == null ? element : meld(root, element);
    }

    /** Removes an element of this heap. */
    final void remove(T element) {
        T children = meldAll(element);
        if (element == root) {
            root = children;
            return;
        }
        cut(element);
        if (children != null) {
            root = meld(root, children);
        }
    }

    /** The next element in some order that starts with {@link #first} and visits all; null at the end. */
    final T after(T element) {
        if (nodeOf(element).child != null) {
            return nodeOf(element).child;
        }
        T at = element;
        while (at != root) {
            if (nodeOf(at).next != null) {
                return nodeOf(at).next;
            }
            at = parent(at);
        }
        return null;
    }

    private static <T extends Node<T>> Node<T> nodeOf(T element) {
        return element;
    }

    private T parent(T element) {
        T at = element;
        while (nodeOf(nodeOf(at).previous).child != at) {
            at = nodeOf(at).previous;
        }
        return nodeOf(at).previous;
    }

    /** Unlinks an element, with its children, from its siblings and parent. */
    private void cut(T element) {
        Node<T> node = element;
        Node<T> previous = node.previous;
        if (previous.child == element) {
            previous.child = node.next;
        } else {
            previous.next = node.next;
        }
        if (node.next != null) {
            nodeOf(node.next).previous = node.previous;
        }
        node.next = null;
        node.previous = null;
    }

    /** Makes the later of two roots the first child of the other, which is returned. */
    private T meld(T a, T b) {
        T winner = before(b, a) ? b : a;
        T loser = winner == a ? b : a;
        Node<T> up = winner;
        Node<T> down = loser;
        down.next = up.child;
        if (up.child != null) {
            nodeOf(up.child).previous = loser;
        }
        down.previous = winner;
        up.child = loser;
        return winner;
    }

    /** Takes an element's children away and makes one heap of them: in pairs first, then from the last pair to the first. */
    private T meldAll(T element) {
        T rest = nodeOf(element).child;
        nodeOf(element).child = null;
        T pairs = null; // a stack, by next
        while (rest != null) {
            T a = rest;
            T b = nodeOf(a).next;
            rest = b == null ? null : nodeOf(b).next;
            unlink(a);
            T pair = a;
            if (b != null) {
                unlink(b);
                pair = meld(a, b);
            }
            nodeOf(pair).next = pairs;
            pairs = pair;
        }
        T result = null;
        while (pairs != null) {
            T pair = pairs;
            pairs = nodeOf(pair).next;
            nodeOf(pair).next = null;
            result = result == null ? pair : meld(result, pair);
        }
        return result;
    }

    private void unlink(T element) {
        nodeOf(element).next = null;
        nodeOf(element).previous = null;
    }
}

package biscotti.bounded;

/**
 * A short list that only grows, up to a fixed length. Readers take no lock; additions are guarded by the owner's lock. Its
 * array is made at once, so it is for lists of tens.
 *
 * @param <T> what is listed
 */
public final class BoundedList<T> {
    private final Object[] items;
    private volatile int size;

    /** An empty list that can have so many items. */
    public BoundedList(int capacity) {
        items = new Object[capacity];
    }

    /** How many items there are. */
    public int size() {
        return size;
    }

    /** An item, with an index below {@link #size}. */
    @SuppressWarnings("unchecked")
    public T get(int index) {
        return (T) items[index];
    }

    /** Adds an item at the end; false if the list is full. */
    public boolean add(T item) {
        int end = size;
        if (end >= items.length) {
            return false;
        }
        items[end] = item;
        size = end + 1;
        return true;
    }
}

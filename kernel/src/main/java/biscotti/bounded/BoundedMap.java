package biscotti.bounded;

/**
 * A hash map whose readers take no lock, and whose every change costs the same small amount of memory, however large it is.
 *
 * <p>All entries hang in one list, in the order of their hashes with the bits reversed; a bucket is a marker in that list. In
 * this order the entries of a bucket that is split are parted already, so a split puts one marker between them, and moves
 * nothing (Shalev and Shavit, "Split-ordered lists: lock-free extensible hash tables", 2003). As in linear hashing, buckets come
 * and go one at a time: an addition makes one at most, a removal takes one at most.
 *
 * <p>{@link #get} takes no lock: it sees each entry that was there all the time, and may or may not see one that comes or goes
 * meanwhile. A node that is taken out still leads to those behind it. All else is guarded by the owner's lock.
 *
 * @param <K> keys, with {@code equals}; never changed
 * @param <V> values
 */
public final class BoundedMap<K, V> {
    /** Entries for each bucket before there is another one. */
    private static final int LOAD = 2;

    private final int capacity;
    private final Hash<? super K> hash;
    private final V absent;
    private final Node<K, V> head = new Node<>(0, null, null);
    /** The markers of buckets; the first one is {@link #head}, which stands in for a marker that was just taken out, too. */
    private final IdTable<Node<K, V>> markers;

    private volatile int buckets = 1;
    private volatile int size;

    /** An entry, or the marker of a bucket, which has an even order. */
    private static final class Node<K, V> {
        final int order;
        final K key;
        volatile V value;
        volatile Node<K, V> next;

        Node(int order, K key, V value) {
            this.order = order;
            this.key = key;
            this.value = value;
        }

        boolean isBehind(int other) {
            return Integer.compareUnsigned(order, other) > 0;
        }
    }

    /**
     * An empty map.
     *
     * @param capacity the most entries
     * @param hash spreads the keys
     * @param absent what {@link #get} answers for a key that is not there
     */
    public BoundedMap(int capacity, Hash<? super K> hash, V absent) {
        this.capacity = capacity;
        this.hash = hash;
        this.absent = absent;
        this.markers = new IdTable<>(Integer.MAX_VALUE, head);
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** Whether there is no entry. */
    public boolean isEmpty() {
        return size == 0;
    }

    private static int orderOf(int hash) {
        return Integer.reverse(hash) | 1;
    }

    /** The bucket of a hash, of so many: by as many of its lower bits as give one that is there. */
    private static int bucketOf(int hash, int buckets) {
        int mask = Integer.highestOneBit(buckets) * 2 - 1;
        int bucket = hash & mask;
        return bucket < buckets ? bucket : bucket & mask >>> 1;
    }

    /** The value of a key. Takes no lock. */
    public V get(K key) {
        int code = hash.of(key);
        int order = orderOf(code);
        Node<K, V> node = markers.get(bucketOf(code, buckets)).next;
        while (node != null && !node.isBehind(order)) {
            if (node.order == order && key.equals(node.key)) {
                return node.value;
            }
            node = node.next;
        }
        return absent;
    }

    /** The last node that is not behind an order, from a marker on; or the one before the entry of a key. */
    private Node<K, V> before(Node<K, V> marker, int order, K key) {
        Node<K, V> node = marker;
        Node<K, V> next = node.next;
        while (next != null && !next.isBehind(order) && !(next.order == order && key.equals(next.key))) {
            node = next;
            next = node.next;
        }
        return node;
    }

    /**
     * Gives a key a value, in place of the one that it has, if any.
     *
     * @return false if the map is full, and nothing has changed
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the owner's lock
    public boolean put(K key, V value) {
        int code = hash.of(key);
        int order = orderOf(code);
        Node<K, V> previous = before(markers.get(bucketOf(code, buckets)), order, key);
        Node<K, V> next = previous.next;
        if (next != null && next.order == order && key.equals(next.key)) {
            next.value = value;
            return true;
        }
        if (size >= capacity) {
            return false;
        }
        insert(new Node<>(order, key, value), previous);
        size++;
        if (size / LOAD > buckets) {
            addBucket();
        }
        return true;
    }

    private static <K, V> void insert(Node<K, V> node, Node<K, V> previous) {
        node.next = previous.next;
        previous.next = node;
    }

    /** Takes a key out: the value that it had, or the absent one. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the owner's lock
    public V remove(K key) {
        int code = hash.of(key);
        int order = orderOf(code);
        Node<K, V> previous = before(markers.get(bucketOf(code, buckets)), order, key);
        Node<K, V> found = previous.next;
        if (found == null || found.order != order || !key.equals(found.key)) {
            return absent;
        }
        previous.next = found.next;
        size--;
        if (size < buckets - 1) {
            removeBucket();
        }
        return found.value;
    }

    /** Splits the bucket whose entries the next bucket's are among. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the owner's lock
    private void addBucket() {
        int bucket = buckets;
        Node<K, V> marker = new Node<>(Integer.reverse(bucket), null, null);
        insert(marker, lastBefore(marker));
        markers.put(bucket, marker);
        buckets = bucket + 1;
    }

    /** Joins the last bucket with the one that it was split from. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the owner's lock
    private void removeBucket() {
        int bucket = buckets - 1;
        buckets = bucket;
        Node<K, V> marker = markers.remove(bucket);
        lastBefore(marker).next = marker.next;
    }

    /** The node before the place of a marker, in the bucket that it splits. */
    private Node<K, V> lastBefore(Node<K, V> marker) {
        int bucket = Integer.reverse(marker.order);
        Node<K, V> node = markers.get(bucket - Integer.highestOneBit(bucket));
        Node<K, V> next = node.next;
        while (next != null && Integer.compareUnsigned(next.order, marker.order) < 0) {
            node = next;
            next = node.next;
        }
        return node;
    }
}

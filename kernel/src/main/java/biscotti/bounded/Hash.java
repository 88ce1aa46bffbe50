package biscotti.bounded;

/**
 * Spreads keys over all ints.
 *
 * @param <K> the keys
 */
@FunctionalInterface
public interface Hash<K> {
    /** The hash of a key: the same for equal keys. */
    int of(K key);
}

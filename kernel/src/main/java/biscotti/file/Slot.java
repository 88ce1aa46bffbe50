package biscotti.file;

import biscotti.bounded.ToldApart;
import java.util.Objects;

/**
 * Where a method that returns a negative errno puts the object that it found or made. Lives on its user's stack; not shared.
 *
 * @param <T> what is put here
 */
@ToldApart
public final class Slot<T> {
    private T value;

    /** The object; asked only after the method that fills this slot has succeeded. */
    public T get() {
        return Objects.requireNonNull(value, "an empty slot: its filler failed, or its errno was ignored");
    }

    /**
     * Puts the object.
     *
     * @return 0, so that a method can end with {@code return slot.put(object);}
     */
    public int put(T object) {
        value = Objects.requireNonNull(object);
        return 0;
    }
}

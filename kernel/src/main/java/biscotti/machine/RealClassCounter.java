package biscotti.machine;

import jdk.internal.misc.Unsafe;

/**
 * The counters of HotSpot's performance memory (perfMemory.hpp), which tools such as jstat read from other processes.
 *
 * <p>It begins with a prologue: at byte 24 the offset of the first entry, at 28 their number, 4 bytes each. An entry begins
 * with its length and the offset of its name; the offset of its value is at byte 16.
 *
 * <p>Unsafe memory is read only inside the performance memory, which stays where it is.
 */
final class RealClassCounter extends ClassCounter {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private static final int FIRST_ENTRY = 24;
    private static final int ENTRIES = 28;
    private static final int NAME = 4;
    private static final int VALUE = 16;

    private final long memory = UNSAFE.getLong(new VmStructs().address("PerfMemory", "_start"));
    private final long parsed = addressOf("java.cls.loadedClasses");
    private final long cached = addressOf("java.cls.sharedLoadedClasses");
    private final long initialized = addressOf("sun.cls.initializedClasses");

    @Override
    public long loaded() {
        return UNSAFE.getLong(parsed) + UNSAFE.getLong(cached);
    }

    @Override
    public long initialized() {
        return UNSAFE.getLong(initialized);
    }

    private long addressOf(String name) {
        if (memory == 0) {
            throw new IllegalStateException("HotSpot counts nothing without -XX:+UsePerfData");
        }
        long entry = memory + UNSAFE.getInt(memory + FIRST_ENTRY);
        for (int left = UNSAFE.getInt(memory + ENTRIES); left > 0; left--) {
            if (VmStructs.isText(entry + UNSAFE.getInt(entry + NAME), name)) {
                return entry + UNSAFE.getInt(entry + VALUE);
            }
            entry += UNSAFE.getInt(entry);
        }
        throw new IllegalStateException("this HotSpot does not count " + name);
    }
}

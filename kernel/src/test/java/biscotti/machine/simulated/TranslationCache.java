package biscotti.machine.simulated;

import biscotti.machine.PhysicalMemory;
import biscotti.machine.Trap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The TLB of one CPU and its page walker, for 4 KB, 2 MB and 1 GB pages (Intel SDM vol. 3, 4.5).
 *
 * <p>It remembers translations until they are flushed or another root is loaded, so a kernel that forgets to flush is
 * found out. As on a real CPU, a remembered entry that would deny the access is walked again.
 */
final class TranslationCache {
    private static final long PRESENT = 1;
    private static final long WRITE = 2;
    private static final long USER = 4;
    private static final long ACCESSED = 0x20;
    private static final long DIRTY = 0x40;
    private static final long LARGE = 0x80;
    private static final long NO_EXECUTE = 1L << 63;
    private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
    private static final long CANONICAL_END = 1L << 47;

    /** Rights of all levels together, and the frame, by virtual page. */
    private final ConcurrentHashMap<Long, Long> entries = new ConcurrentHashMap<>();

    private long root;

    /** Loads a root, which forgets everything if it is another one. */
    void load(long newRoot) {
        if (newRoot != root) {
            entries.clear();
            root = newRoot;
        }
    }

    void flush(long address, long pages) {
        if (pages == 0) {
            entries.clear();
            return;
        }
        long first = address >>> 12;
        entries.keySet().removeIf(page -> page >= first && page - first < pages);
    }

    /**
     * The physical address of a user's access, or the negated page-fault error code minus one.
     *
     * @param access {@link Trap#FAULT_WRITE}, {@link Trap#FAULT_FETCH} or 0 for a read
     */
    long translate(PhysicalMemory memory, long address, int access) {
        long page = address >>> 12;
        Long cached = entries.get(page);
        if (cached != null && denial(cached, access) == 0 && (access != Trap.FAULT_WRITE || (cached & DIRTY) != 0)) {
            return (cached & ADDRESS) + (address & 4095);
        }
        entries.remove(page);
        long entry = walk(memory, address, access);
        int denied = denial(entry, access);
        if (denied != 0) {
            return -1L - denied;
        }
        entries.put(page, entry);
        return (entry & ADDRESS) + (address & 4095);
    }

    /** The error code for an access, 0 if the entry allows it. */
    private static int denial(long entry, int access) {
        int code = Trap.FAULT_USER | access;
        if ((entry & PRESENT) == 0) {
            return code;
        }
        boolean allowed = (entry & USER) != 0
                && (access != Trap.FAULT_WRITE || (entry & WRITE) != 0)
                && (access != Trap.FAULT_FETCH || (entry & NO_EXECUTE) == 0);
        return allowed ? 0 : code | Trap.FAULT_PRESENT;
    }

    /** Walks the tables; sets accessed and dirty bits if the access is allowed. Not-present is an entry without that bit. */
    private long walk(PhysicalMemory memory, long address, int access) {
        long rights = WRITE | USER;
        long noExecute = 0;
        long table = root & ADDRESS;
        long absent = USER;
        if (address < 0 || address >= CANONICAL_END) {
            return absent;
        }
        for (int shift = 39; ; shift -= 9) {
            long place = table + (((address >>> shift) & 511) << 3);
            long entry = memory.readLongVolatile(place);
            if ((entry & PRESENT) == 0) {
                return absent;
            }
            rights &= entry;
            noExecute |= entry & NO_EXECUTE;
            boolean leaf = shift == 12 || (shift < 39 && (entry & LARGE) != 0);
            long combined = PRESENT | rights | noExecute | frame(entry, address, shift);
            if (!leaf) {
                memory.compareAndSetLong(place, entry, entry | ACCESSED);
                table = entry & ADDRESS;
                continue;
            }
            if (denial(combined, access) != 0) {
                return combined;
            }
            long dirty = access == Trap.FAULT_WRITE ? DIRTY : entry & DIRTY;
            if (memory.compareAndSetLong(place, entry, entry | ACCESSED | dirty)) {
                return combined | dirty;
            }
            shift += 9; // the entry changed under the walk: read it again
        }
    }

    /** The 4 KB frame that a leaf entry gives an address. */
    private static long frame(long entry, long address, int shift) {
        long inside = (1L << shift) - 1;
        return (entry & ADDRESS & ~inside) | (address & inside & ~4095L);
    }
}

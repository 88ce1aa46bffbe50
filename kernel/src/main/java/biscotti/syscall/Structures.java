package biscotti.syscall;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.abi.Errno;
import biscotti.abi.Resource;
import biscotti.memory.UserMemory;
import biscotti.process.ProcessTimes;
import java.util.concurrent.TimeUnit;

/** Structures of several families of calls, to and from user memory. */
final class Structures {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MICROS_PER_SECOND = TimeUnit.SECONDS.toMicros(1);
    private static final int PAIR_BYTES = 16;
    private static final int UNKNOWN_PIECE = 64;

    private Structures() {}

    /**
     * Reads a {@code struct timespec} as nanoseconds; times beyond what fits are the longest that does.
     *
     * @return the nanoseconds, -EFAULT, -ENOMEM, or -EINVAL for a time that is negative or has too many nanoseconds
     */
    static long readTimespec(UserMemory memory, long address) {
        return readTime(memory, address, NANOS_PER_SECOND, 1);
    }

    /** Reads a {@code struct timeval}, as {@link #readTimespec}. */
    static long readTimeval(UserMemory memory, long address) {
        return readTime(memory, address, MICROS_PER_SECOND, NANOS_PER_MICRO);
    }

    private static long readTime(UserMemory memory, long address, long partsPerSecond, long nanosPerPart) {
        byte[] bytes = new byte[PAIR_BYTES];
        int error = memory.read(address, bytes, 0, PAIR_BYTES);
        if (error < 0) {
            return error;
        }
        long seconds = getLong(bytes, 0);
        long parts = getLong(bytes, 8);
        if (seconds < 0 || parts < 0 || parts >= partsPerSecond) {
            return -Errno.EINVAL;
        }
        return seconds >= Long.MAX_VALUE / NANOS_PER_SECOND
                ? Long.MAX_VALUE
                : seconds * NANOS_PER_SECOND + parts * nanosPerPart;
    }

    /** Writes nanoseconds as a {@code struct timespec}: 0 or a negative errno. */
    static int writeTimespec(UserMemory memory, long address, long nanos) {
        int error = memory.writeLong(address, Math.floorDiv(nanos, NANOS_PER_SECOND));
        return error < 0 ? error : memory.writeLong(address + 8, Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** Writes nanoseconds as a {@code struct timeval}: 0 or a negative errno. */
    static int writeTimeval(UserMemory memory, long address, long nanos) {
        int error = memory.writeLong(address, Math.floorDiv(nanos, NANOS_PER_SECOND));
        long micros = Math.floorMod(nanos, NANOS_PER_SECOND) / NANOS_PER_MICRO;
        return error < 0 ? error : memory.writeLong(address + 8, micros);
    }

    /**
     * Looks at what a program gives behind the part of a structure that is known, which must be zeros: 0; -E2BIG if they are not,
     * -EFAULT.
     *
     * @param known bytes of the structure
     * @param size bytes given
     */
    static int checkUnknown(UserMemory memory, long structure, int known, int size) {
        byte[] bytes = new byte[UNKNOWN_PIECE];
        int error = 0;
        boolean zeros = true;
        for (int at = known; at < size && error == 0 && zeros; at += UNKNOWN_PIECE) {
            int part = Math.min(UNKNOWN_PIECE, size - at);
            error = memory.read(structure + at, bytes, 0, part);
            for (int i = 0; i < part; i++) {
                zeros &= bytes[i] == 0;
            }
        }
        return error < 0 || zeros ? error : -E2BIG;
    }

    /** Writes what a process has used as a {@code struct rusage}: 0 or a negative errno. */
    static int writeUsage(UserMemory memory, long address, ProcessTimes.Usage usage) {
        byte[] bytes = new byte[Resource.RUSAGE_BYTES];
        putTimeval(bytes, 0, usage.userNanos());
        putTimeval(bytes, 16, usage.systemNanos());
        putLong(bytes, 32, usage.peakResidentBytes() >>> 10);
        putLong(bytes, 64, usage.faults());
        putLong(bytes, 128, usage.voluntarySwitches());
        putLong(bytes, 136, usage.involuntarySwitches());
        return memory.write(address, bytes, 0, bytes.length);
    }

    private static void putTimeval(byte[] to, int offset, long nanos) {
        putLong(to, offset, nanos / NANOS_PER_SECOND);
        putLong(to, offset + 8, nanos % NANOS_PER_SECOND / NANOS_PER_MICRO);
    }
}

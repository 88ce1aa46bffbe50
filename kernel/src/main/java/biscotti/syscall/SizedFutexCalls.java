package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Clocks;
import biscotti.abi.Futex;
import biscotti.abi.LittleEndian;
import biscotti.process.UserThread;
import biscotti.process.futex.Futexes;
import biscotti.sched.Deadline;

/**
 * The calls that came after futex(2), one for each operation, whose flags say how large the word is: futex_waitv(2), futex_wake(2),
 * futex_wait(2), futex_requeue(2). As on Linux, words have 32 bits.
 */
public final class SizedFutexCalls {
    private static final int REQUEUED_WORDS = 2;

    /** Words as a {@code struct futex_waitv} each describes them. */
    private static final class Words {
        private final long[] addresses;
        private final int[] values;
        private final boolean[] shared;

        Words(int count) {
            addresses = new long[count];
            values = new int[count];
            shared = new boolean[count];
        }

        /** Reads them: 0, -EFAULT, -EINVAL. */
        int read(UserThread caller, long vector) {
            byte[] entry = new byte[Futex.WAITV_BYTES];
            for (int i = 0; i < addresses.length; i++) {
                int error = caller.memory().read(vector + (long) i * entry.length, entry, 0, entry.length);
                if (error < 0) {
                    return error;
                }
                int flags = LittleEndian.getInt(entry, Futex.WAITV_FLAGS);
                long value = LittleEndian.getLong(entry, Futex.WAITV_VALUE);
                if (!fits(flags) || !fits(value) || LittleEndian.getInt(entry, Futex.WAITV_RESERVED) != 0) {
                    return -EINVAL;
                }
                values[i] = (int) value;
                addresses[i] = LittleEndian.getLong(entry, Futex.WAITV_ADDRESS);
                shared[i] = isShared(flags);
            }
            return 0;
        }
    }

    private static boolean fits(int flags) {
        return (flags & ~Futex.PRIVATE_FLAG) == Futex.FUTEX2_SIZE_U32;
    }

    /** Whether a value or mask fits into the word. */
    private static boolean fits(long value) {
        return value >>> Integer.SIZE == 0;
    }

    private static boolean isShared(int flags) {
        return (flags & Futex.PRIVATE_FLAG) == 0;
    }

    private static Futexes futexes(UserThread caller) {
        return caller.process().system().futexes();
    }

    /** Whether a wait may end by a clock. */
    private static boolean isClock(int clock) {
        return clock == Clocks.REALTIME || clock == Clocks.MONOTONIC;
    }

    /**
     * Reads when a wait ends.
     *
     * @param timeout where that is, as a time of the clock; 0 for never
     * @return nanoseconds of the monotonic clock; {@link Long#MAX_VALUE} for never; -EFAULT, -EINVAL
     */
    private static long readEnd(UserThread caller, long timeout) {
        return timeout == 0 ? Long.MAX_VALUE : Structures.readTimespec(caller.memory(), timeout);
    }

    private static Deadline deadline(UserThread caller, long nanos, int clock) {
        if (nanos == Long.MAX_VALUE) {
            return Deadline.NEVER;
        }
        return clock == Clocks.REALTIME ? Deadlines.atTimeOfDay(caller, nanos) : Deadline.at(nanos);
    }

    /** futex_waitv(2). */
    @SystemCall(number = 449, name = "futex_waitv")
    public long futexWaitv(UserThread caller, long vector, int count, int flags, long timeout, int clock) {
        boolean known = timeout == 0 || isClock(clock);
        if (flags != 0 || count <= 0 || count > Futex.WAITV_MAX || vector == 0 || !known) {
            return -EINVAL;
        }
        long end = readEnd(caller, timeout);
        if (end < 0) {
            return end;
        }
        Words words = new Words(count);
        int error = words.read(caller, vector);
        if (error < 0) {
            return error;
        }
        Deadline deadline = deadline(caller, end, clock);
        return futexes(caller)
                .vectors()
                .await(caller.futexWaiter(), words.addresses, words.shared, words.values, deadline);
    }

    /** futex_wake(2). Unlike FUTEX_WAKE, it wakes nobody if nobody is to be woken. */
    @SystemCall(number = 454, name = "futex_wake")
    public long futexWake(UserThread caller, long word, long mask, int most, int flags) {
        if (!fits(flags) || !fits(mask) || mask == 0) {
            return -EINVAL;
        }
        int count = most == 0 ? 0 : Math.max(1, most);
        return futexes(caller).wake(caller.futexWaiter(), word, isShared(flags), count, (int) mask);
    }

    /** futex_wait(2). */
    @SystemCall(number = 455, name = "futex_wait")
    public long futexWait(UserThread caller, long word, long value, long mask, int flags, long timeout, int clock) {
        boolean known = timeout == 0 || isClock(clock);
        if (!fits(flags) || !fits(value) || !fits(mask) || !known) {
            return -EINVAL;
        }
        long end = readEnd(caller, timeout);
        if (end < 0 || mask == 0) {
            return end < 0 ? end : -EINVAL;
        }
        Deadline deadline = deadline(caller, end, clock);
        return futexes(caller).await(caller.futexWaiter(), word, isShared(flags), (int) value, (int) mask, deadline);
    }

    /** futex_requeue(2): the first word must have the value that comes with it. */
    @SystemCall(number = 456, name = "futex_requeue")
    public long futexRequeue(UserThread caller, long waiters, int flags, int mostWoken, int mostMoved) {
        if (flags != 0 || waiters == 0) {
            return -EINVAL;
        }
        Words words = new Words(REQUEUED_WORDS);
        int error = words.read(caller, waiters);
        if (error < 0) {
            return error;
        }
        if (mostWoken < 0 || mostMoved < 0) {
            return -EINVAL;
        }
        return futexes(caller)
                .requeue(
                        caller.futexWaiter(),
                        words.addresses[0],
                        words.shared[0],
                        words.addresses[1],
                        words.shared[1],
                        mostWoken,
                        mostMoved,
                        true,
                        words.values[0]);
    }
}

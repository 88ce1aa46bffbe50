package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.LittleEndian;
import biscotti.abi.Poll;
import biscotti.file.OpenFile;
import biscotti.file.PollSet;
import biscotti.memory.UserMemory;
import biscotti.process.UserThread;
import biscotti.sched.Waiter;

/** select(2) and pselect6(2): sets of descriptors as bits. */
public final class SelectCalls {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int EXCEPT = 2;
    /** The most descriptors of one call: more than a process may have. */
    private static final int MOST = 1 << 16;

    /** What each of the three sets asks for, and what counts as that (select(2), "Correspondence between select() and poll()"). */
    private static final int[] EVENTS = {
        Poll.POLLIN | Poll.POLLRDNORM | Poll.POLLRDBAND | Poll.POLLHUP | Poll.POLLERR,
        Poll.POLLOUT | Poll.POLLWRNORM | Poll.POLLWRBAND | Poll.POLLERR,
        Poll.POLLPRI
    };

    /** select(2): the timeout, if any, is changed to what is left of it, as Linux does. */
    @SystemCall(number = 23, name = "select")
    public long select(UserThread caller, int count, long read, long write, long except, long timeout) {
        UserMemory memory = caller.memory();
        long nanos = timeout == 0 ? Waiter.FOREVER : Structures.readTimeval(memory, timeout);
        if (nanos < 0) {
            return nanos;
        }
        long deadline = nanos == 0 || nanos == Waiter.FOREVER ? nanos : Deadlines.after(caller, nanos);
        long result = select(caller, count, new long[] {read, write, except}, deadline);
        if (timeout != 0) {
            Structures.writeTimeval(memory, timeout, Deadlines.left(caller, deadline));
        }
        return result;
    }

    /** pselect6(2): the last argument points to the mask and its size. */
    @SystemCall(number = 270, name = "pselect6")
    public long pselect6(UserThread caller, int count, long read, long write, long except, long timeout, long mask) {
        UserMemory memory = caller.memory();
        long nanos = timeout == 0 ? Waiter.FOREVER : Structures.readTimespec(memory, timeout);
        if (nanos < 0) {
            return nanos;
        }
        if (mask != 0) {
            byte[] pair = new byte[2 * Long.BYTES];
            long error = memory.read(mask, pair, 0, pair.length);
            if (error == 0) {
                error = SignalMasks.replace(
                        caller, LittleEndian.getLong(pair, 0), LittleEndian.getLong(pair, Long.BYTES));
            }
            if (error < 0) {
                return error;
            }
        }
        long deadline = nanos == 0 || nanos == Waiter.FOREVER ? nanos : Deadlines.after(caller, nanos);
        long result = select(caller, count, new long[] {read, write, except}, deadline);
        if (timeout != 0) {
            Structures.writeTimespec(memory, timeout, Deadlines.left(caller, deadline));
        }
        return result;
    }

    private static long select(UserThread caller, int wantedCount, long[] addresses, long deadline) {
        if (wantedCount < 0) {
            return -EINVAL;
        }
        int count = Math.min(wantedCount, Math.max(MOST, caller.files().size()));
        int bytes = (count + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
        byte[][] sets = new byte[addresses.length][bytes];
        for (int i = 0; i < sets.length; i++) {
            int error = addresses[i] == 0 ? 0 : caller.memory().read(addresses[i], sets[i], 0, bytes);
            if (error < 0) {
                return error;
            }
        }
        PollSet poll = new PollSet(count);
        for (int descriptor = 0; descriptor < count; descriptor++) {
            int events = wanted(sets, descriptor);
            if (events != 0) {
                OpenFile file = caller.files().get(descriptor);
                if (file == OpenFile.CLOSED) {
                    return -EBADF;
                }
                poll.set(descriptor, file, events);
            }
        }
        int ready = poll.await(deadline);
        if (ready < 0) {
            return Interrupted.unlessRestartable(ready);
        }
        int bits = 0;
        for (int i = 0; i < sets.length; i++) {
            bits += keepReady(sets[i], count, poll, EVENTS[i]);
            int error = addresses[i] == 0 ? 0 : caller.memory().write(addresses[i], sets[i], 0, bytes);
            if (error < 0) {
                return error;
            }
        }
        return bits;
    }

    private static int wanted(byte[][] sets, int descriptor) {
        int events = isSet(sets[READ], descriptor) ? EVENTS[READ] : 0;
        events |= isSet(sets[WRITE], descriptor) ? EVENTS[WRITE] : 0;
        return events | (isSet(sets[EXCEPT], descriptor) ? EVENTS[EXCEPT] : 0);
    }

    private static boolean isSet(byte[] set, int descriptor) {
        return (set[descriptor >>> 3] >>> (descriptor & 7) & 1) != 0;
    }

    /** Clears the bits of descriptors that are not ready: how many stay. */
    private static int keepReady(byte[] set, int count, PollSet poll, int events) {
        int kept = 0;
        for (int descriptor = 0; descriptor < count; descriptor++) {
            if (isSet(set, descriptor)) {
                if ((poll.ready(descriptor) & events) != 0) {
                    kept++;
                } else {
                    set[descriptor >>> 3] &= (byte) ~(1 << (descriptor & 7));
                }
            }
        }
        return kept;
    }
}

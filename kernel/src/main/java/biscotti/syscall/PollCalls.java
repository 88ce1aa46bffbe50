package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.LittleEndian;
import biscotti.file.PollSet;
import biscotti.memory.UserMemory;
import biscotti.process.UserThread;
import biscotti.sched.Waiter;
import java.util.concurrent.TimeUnit;

/** System calls that wait for several descriptors: poll(2) and ppoll(2). */
public final class PollCalls {
    /** {@code struct pollfd}: the descriptor, then two bytes of wanted and two of returned events. */
    private static final int ENTRY_SIZE = 8;

    private static final int EVENTS = 4;
    private static final int RETURNED = 6;

    /** poll(2). */
    @SystemCall(number = 7, name = "poll")
    public long poll(UserThread caller, long entries, int count, int milliseconds) {
        long deadline = milliseconds < 0
                ? Waiter.FOREVER
                : milliseconds == 0 ? 0 : Deadlines.after(caller, TimeUnit.MILLISECONDS.toNanos(milliseconds));
        return poll(caller, entries, count, deadline);
    }

    /** ppoll(2): the timeout, if any, is changed to what is left of it. */
    @SystemCall(number = 271, name = "ppoll")
    public long ppoll(UserThread caller, long entries, int count, long timeout, long mask, long maskSize) {
        UserMemory memory = caller.memory();
        long nanos = timeout == 0 ? Waiter.FOREVER : Structures.readTimespec(memory, timeout);
        if (nanos < 0) {
            return nanos;
        }
        long error = SignalMasks.replace(caller, mask, maskSize);
        if (error < 0) {
            return error;
        }
        long deadline = nanos == 0 || nanos == Waiter.FOREVER ? nanos : Deadlines.after(caller, nanos);
        long result = poll(caller, entries, count, deadline);
        if (timeout != 0) {
            Structures.writeTimespec(memory, timeout, Deadlines.left(caller, deadline));
        }
        return result;
    }

    private static long poll(UserThread caller, long entries, int count, long deadline) {
        if (count < 0
                || count > Math.max(caller.openFilesLimit(), caller.files().size())) {
            return -EINVAL;
        }
        byte[] bytes = new byte[count * ENTRY_SIZE];
        int error = caller.memory().read(entries, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        PollSet set = new PollSet(count);
        for (int i = 0; i < count; i++) {
            int descriptor = LittleEndian.getInt(bytes, i * ENTRY_SIZE);
            if (descriptor >= 0) {
                set.set(i, caller.files().get(descriptor), LittleEndian.getShort(bytes, i * ENTRY_SIZE + EVENTS));
            }
        }
        int ready = set.await(deadline);
        if (ready < 0) {
            return Interrupted.unlessRestartable(ready);
        }
        for (int i = 0; i < count; i++) {
            LittleEndian.putShort(bytes, i * ENTRY_SIZE + RETURNED, (short) set.ready(i));
        }
        error = caller.memory().write(entries, bytes, 0, bytes.length);
        return error < 0 ? error : ready;
    }
}

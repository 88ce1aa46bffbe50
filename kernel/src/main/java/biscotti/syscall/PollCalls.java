package biscotti.syscall;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.LittleEndian;
import biscotti.abi.Restart;
import biscotti.file.PollSet;
import biscotti.machine.UserContext;
import biscotti.memory.UserMemory;
import biscotti.process.SleepRestart;
import biscotti.process.UserThread;
import biscotti.sched.Waiter;

/** System calls that wait for several descriptors: poll(2) and ppoll(2). */
public final class PollCalls {
    /** {@code struct pollfd}: the descriptor, then two bytes of wanted and two of returned events. */
    private static final int ENTRY_SIZE = 8;

    private static final int EVENTS = 4;
    /** How many descriptors are added before the heap is asked for more. */
    private static final int ROUND = 64;

    private static final int RETURNED = 6;

    /** poll(2). */
    @SystemCall(number = 7, name = "poll")
    public long poll(UserThread caller, long entries, int count, int milliseconds) {
        return pollUntil(caller, Deadlines.ofMilliseconds(caller, milliseconds));
    }

    /** poll(2) with the arguments in the caller's registers, but until a time; restart_syscall(2) goes on with it. */
    static long pollUntil(UserThread caller, long deadline) {
        UserContext registers = caller.context();
        long result = poll(caller, registers.argument(0), (int) registers.argument(1), deadline);
        if (result != -Restart.ERESTARTNOHAND) {
            return result;
        }
        caller.sleepRestart().set(SleepRestart.Kind.POLL, deadline);
        return -Restart.ERESTART_RESTARTBLOCK;
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
        long deadline = Deadlines.ofTimeout(caller, nanos);
        long result = poll(caller, entries, count, deadline);
        if (timeout != 0 && !Deadlines.areSticky(caller)) {
            Structures.writeTimespec(memory, timeout, Deadlines.left(caller, deadline));
        }
        return result;
    }

    private static long poll(UserThread caller, long entries, int count, long deadline) {
        if (count < 0 || count > caller.openFilesLimit()) {
            return -EINVAL;
        }
        PollSet set = new PollSet();
        int error = readEntries(caller, entries, count, set);
        if (error < 0) {
            return error;
        }
        int ready = set.await(deadline);
        return ready < 0 ? Interrupted.unlessRestartable(ready) : writeEvents(caller.memory(), set, ready);
    }

    /** Adds what the program asks for, in rounds of which the first is the system call's own. */
    private static int readEntries(UserThread caller, long entries, int count, PollSet set) {
        int error = readEntries(caller, entries, 0, count, set);
        for (int from = ROUND; from < count && error == 0; from += ROUND) {
            error = caller.rounds().awaitRound() ? readEntries(caller, entries, from, count, set) : -EINTR;
        }
        return error;
    }

    private static int readEntries(UserThread caller, long entries, int from, int count, PollSet set) {
        byte[] entry = new byte[ENTRY_SIZE];
        for (int i = 0; i < Math.min(ROUND, count - from); i++) {
            long address = entries + (long) (from + i) * ENTRY_SIZE;
            int error = caller.memory().read(address, entry, 0, ENTRY_SIZE);
            if (error < 0) {
                return error;
            }
            int descriptor = LittleEndian.getInt(entry, 0);
            if (descriptor >= 0) {
                set.add(address + RETURNED, caller.files().get(descriptor), LittleEndian.getShort(entry, EVENTS));
            } else {
                set.addNothing(address + RETURNED);
            }
        }
        return 0;
    }

    /** Tells the events of each entry, whose key is their address: {@code ready}, or -EFAULT. */
    private static int writeEvents(UserMemory memory, PollSet set, int ready) {
        byte[] events = new byte[Short.BYTES];
        for (PollSet.Entry entry : set) {
            LittleEndian.putShort(events, 0, (short) entry.ready());
            int error = memory.write(entry.key(), events, 0, events.length);
            if (error < 0) {
                return error;
            }
        }
        return ready;
    }
}

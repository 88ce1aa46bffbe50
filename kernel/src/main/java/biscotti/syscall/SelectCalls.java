package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINTR;
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
    /** In the key of a descriptor: the bits below tell the sets that it is in. */
    private static final int KEY_SHIFT = 3;

    /** What each of the three sets (read, write, except) asks for, and what counts as that (select(2), "Correspondence between select() and poll()"). */
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
        long deadline = Deadlines.ofTimeout(caller, nanos);
        long result = select(caller, count, new long[] {read, write, except}, deadline);
        if (timeout != 0 && !Deadlines.areSticky(caller)) {
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
        long deadline = Deadlines.ofTimeout(caller, nanos);
        long result = select(caller, count, new long[] {read, write, except}, deadline);
        if (timeout != 0 && !Deadlines.areSticky(caller)) {
            Structures.writeTimespec(memory, timeout, Deadlines.left(caller, deadline));
        }
        return result;
    }

    private static long select(UserThread caller, int wantedCount, long[] sets, long deadline) {
        if (wantedCount < 0) {
            return -EINVAL;
        }
        int count = Math.min(wantedCount, caller.files().size()); // select(2), BUGS: larger ones are ignored
        PollSet poll = new PollSet();
        long[] words = new long[sets.length];
        for (int from = 0; from < count; from += Long.SIZE) {
            int error = readWords(caller.memory(), sets, from, words);
            if (error == 0 && (words[0] | words[1] | words[2]) != 0) {
                error = !caller.rounds().awaitRound()
                        ? -EINTR
                        : add(caller, words, from, Math.min(Long.SIZE, count - from), poll);
            }
            if (error < 0) {
                return error;
            }
        }
        int ready = poll.await(deadline);
        return ready < 0 ? Interrupted.unlessRestartable(ready) : writeReady(caller.memory(), sets, count, poll);
    }

    /** Reads the word of each set that begins with a descriptor's bit; those of a set that is not given are 0. */
    private static int readWords(UserMemory memory, long[] sets, int from, long[] words) {
        for (int i = 0; i < sets.length; i++) {
            if (sets[i] != 0) {
                int error = memory.readLong(sets[i] + from / Byte.SIZE);
                if (error < 0) {
                    return error;
                }
                words[i] = memory.value();
            }
        }
        return 0;
    }

    /** Adds the descriptors whose bits are set; the key is the descriptor, then a bit for each set that has it. */
    private static int add(UserThread caller, long[] words, int from, int bits, PollSet poll) {
        for (int bit = 0; bit < bits; bit++) {
            int in = 0;
            int events = 0;
            for (int i = 0; i < words.length; i++) {
                if ((words[i] >>> bit & 1) != 0) {
                    in |= 1 << i;
                    events |= EVENTS[i];
                }
            }
            if (in != 0) {
                OpenFile file = caller.files().get(from + bit);
                if (file == OpenFile.CLOSED) {
                    return -EBADF;
                }
                poll.add((long) (from + bit) << KEY_SHIFT | in, file, events);
            }
        }
        return 0;
    }

    /** Writes the sets with the bits of those that are ready: how many bits, or -EFAULT. */
    private static int writeReady(UserMemory memory, long[] sets, int count, PollSet poll) {
        int bits = 0;
        int from = 0;
        long[] words = new long[sets.length];
        for (PollSet.Entry entry : poll) {
            int descriptor = (int) (entry.key() >>> KEY_SHIFT);
            int error = writeWordsUntil(memory, sets, from, descriptor, words);
            if (error < 0) {
                return error;
            }
            from = descriptor / Long.SIZE * Long.SIZE;
            for (int i = 0; i < sets.length; i++) {
                if ((entry.key() >>> i & 1) != 0 && (entry.ready() & EVENTS[i]) != 0) {
                    words[i] |= 1L << descriptor;
                    bits++;
                }
            }
        }
        int error = writeWordsUntil(memory, sets, from, (count + Long.SIZE - 1) / Long.SIZE * Long.SIZE, words);
        return error < 0 ? error : bits;
    }

    /** Writes the words that are complete when the next bit is that of a descriptor, and begins new ones. */
    private static int writeWordsUntil(UserMemory memory, long[] sets, int first, int descriptor, long[] words) {
        for (int from = first; from + Long.SIZE <= descriptor; from += Long.SIZE) {
            for (int i = 0; i < sets.length; i++) {
                int error = sets[i] == 0 ? 0 : memory.writeLong(sets[i] + from / Byte.SIZE, words[i]);
                if (error < 0) {
                    return error;
                }
                words[i] = 0;
            }
        }
        return 0;
    }
}

package biscotti.process;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.SignalNumber.SIGSEGV;

import biscotti.abi.Rseq;
import biscotti.bounded.Unit;
import biscotti.machine.Trap;
import biscotti.machine.UserContext;
import biscotti.memory.UserMemory;
import biscotti.process.signal.SignalInfo;
import biscotti.sched.KernelThread;

/**
 * The structure in which a program finds the CPU that its thread runs on, and names the sequence of instructions that it goes
 * through, which must begin anew if the thread loses its CPU or takes a signal meanwhile (rseq(2)).
 *
 * <p>A concurrency number, which no two threads of an address space that run have at once, is the CPU's number; 0 for a thread
 * that is alone in its address space.
 *
 * <p>Used by its thread only, but for what says otherwise.
 */
public final class RestartableSequence {
    /** No CPU: what the structure says is not known. */
    private static final int NOWHERE = -1;

    private final UserThread thread;
    private long address;
    private int length;
    private int signature;
    private int cpu = NOWHERE;
    private volatile boolean marked;

    RestartableSequence(UserThread thread) {
        this.thread = thread;
    }

    /** Whether there is such a structure. */
    boolean isRegistered() {
        return address != 0;
    }

    /** Whether it must be looked at before the thread goes on, whatever has been. */
    boolean isMarked() {
        return marked;
    }

    /** Has its thread begin its sequence anew, if it is in one. May be called by any thread, which then sees to it that this one comes by. */
    void mark() {
        marked = true;
    }

    /** What the structure says is not true any more: another thread has come. */
    void outdate() {
        cpu = NOWHERE;
    }

    /**
     * Before the thread goes on after a switch: brings the structure up to date, if it is not.
     *
     * @param bytes what that may take of the heap
     * @return false if something calls for attention first
     */
    boolean settle(long bytes) {
        KernelThread kernel = thread.kernelThread();
        boolean disturbed = thread.context().vector() != Trap.SYSTEM_CALL;
        while (kernel.cpu() != cpu || disturbed || marked) {
            if (thread.prepare(bytes) == 0) {
                settle(kernel.cpu(), disturbed);
                thread.reservation().end();
                disturbed = false;
            }
            if (thread.pending()) {
                return false;
            }
        }
        return true;
    }

    /** A new process has a copy of the structure of the thread that made it, with what that says: on the same CPU it need not be written. */
    void copyFrom(RestartableSequence maker) {
        cpu = maker.cpu;
        address = maker.address;
        length = maker.length;
        signature = maker.signature;
    }

    /** Another program knows nothing of it. */
    void forget() {
        address = 0;
    }

    /** Says where the structure is: 0, -EINVAL, -EPERM, -EBUSY or -EFAULT. */
    public long register(long newAddress, int newLength, int newSignature) {
        if (address != 0) {
            boolean same = address == newAddress && length == newLength;
            return !same ? -EINVAL : signature != newSignature ? -EPERM : -EBUSY;
        }
        long misaligned = newAddress & (Rseq.ALIGNMENT - 1);
        if (newLength < Rseq.ORIGINAL_BYTES || misaligned != 0) {
            return -EINVAL;
        }
        if (newAddress == 0 || thread.memory().writeLong(newAddress + Rseq.SEQUENCE, 0) < 0) {
            return -EFAULT;
        }
        address = newAddress;
        length = newLength;
        signature = newSignature;
        cpu = NOWHERE;
        thread.settleBeforeReturn();
        return 0;
    }

    /** Takes {@link #register} back: 0, -EINVAL, -EPERM or -EFAULT. */
    public long unregister(long oldAddress, int oldLength, int oldSignature) {
        if (address == 0 || address != oldAddress || length != oldLength) {
            return -EINVAL;
        }
        if (signature != oldSignature) {
            return -EPERM;
        }
        if (!write(0, Rseq.UNINITIALIZED, 0)) {
            return -EFAULT;
        }
        address = 0;
        return 0;
    }

    /**
     * Begins the thread's sequence anew, if it is in one, and says on which CPU it is. A structure that is no good is SIGSEGV.
     *
     * @param disturbed whether it may have lost its CPU in the middle of a sequence
     */
    @Unit("sequence")
    private void settle(int now, boolean disturbed) {
        boolean looks = disturbed || marked;
        marked = false;
        boolean good = !looks || restart();
        if (good && now != cpu) {
            good = write(now, now, isAlone() ? 0 : now);
        }
        cpu = now;
        if (!good) {
            Signals.force(thread, SignalInfo.fromKernel(SIGSEGV));
        }
    }

    private boolean isAlone() {
        return thread.process().threadCount() == 1 && thread.memory().space().users() == 1;
    }

    private boolean write(int start, int now, int concurrency) {
        UserMemory memory = thread.memory();
        return memory.writeLong(address, Integer.toUnsignedLong(start) | (long) now << 32) >= 0
                && memory.writeLong(address + Rseq.NODE, (long) concurrency << 32) >= 0;
    }

    /** If the thread is in the sequence that it named, it goes on where the sequence says; false if that makes no sense. */
    boolean restart() {
        UserMemory memory = thread.memory();
        if (memory.readLong(address + Rseq.SEQUENCE) < 0) {
            return false;
        }
        long sequence = memory.value();
        if (sequence == 0) {
            return true;
        }
        byte[] bytes = new byte[Rseq.SEQUENCE_BYTES];
        if (memory.read(sequence, bytes, 0, bytes.length) < 0) {
            return false;
        }
        long start = getLong(bytes, Rseq.START);
        long size = getLong(bytes, Rseq.POST_COMMIT);
        long abort = getLong(bytes, Rseq.ABORT);
        boolean inUserSpace = start >= 0 && start + size >= 0 && abort >= 0;
        boolean abortsInside = Long.compareUnsigned(abort - start, size) < 0;
        if (!inUserSpace || Long.compareUnsigned(start + size, start) < 0 || abortsInside || getInt(bytes, 0) != 0) {
            return false;
        }
        if (memory.readInt(abort - 4) != Integer.toUnsignedLong(signature)) {
            return false;
        }
        UserContext context = thread.context();
        boolean inside = Long.compareUnsigned(context.rip() - start, size) < 0;
        if (inside && getInt(bytes, Rseq.SEQUENCE_FLAGS) != 0) {
            return false;
        }
        if (memory.writeLong(address + Rseq.SEQUENCE, 0) < 0) {
            return false;
        }
        if (inside) {
            context.setRip(abort);
            context.restoreAll();
        }
        return true;
    }
}

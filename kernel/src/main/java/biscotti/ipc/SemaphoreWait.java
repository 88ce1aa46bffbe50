package biscotti.ipc;

import static biscotti.abi.LittleEndian.getShort;

import biscotti.abi.Ipc;
import biscotti.ipc.UndoList.Undo;
import biscotti.sched.Waiter;

/** The operations of one semop(2), which are done all at once or not at all, and who waits for that. */
final class SemaphoreWait {
    /** Bytes of {@code struct sembuf}. */
    static final int OPERATION_BYTES = 6;

    /** {@link #result} of one that still waits. */
    static final int WAITING = 1;

    private final byte[] operations;
    private final int count;
    final int process;
    /** Null if nothing is to be undone. */
    final Undo undo;

    final Waiter waiter;

    /** What the call answers, once that is decided; guarded by the set's lock. */
    int result = WAITING;

    /** The operation that could not be done when it was tried last. */
    int blocking;

    SemaphoreWait next;
    SemaphoreWait previous;

    SemaphoreWait(byte[] operations, int count, int process, Undo undo, Waiter waiter) {
        this.operations = operations;
        this.count = count;
        this.process = process;
        this.undo = undo;
        this.waiter = waiter;
    }

    int count() {
        return count;
    }

    /** {@code sem_num}. */
    int semaphore(int operation) {
        return semaphore(operations, operation);
    }

    static int semaphore(byte[] operations, int operation) {
        return getShort(operations, operation * OPERATION_BYTES) & 0xffff;
    }

    /** {@code sem_op}. */
    int change(int operation) {
        return change(operations, operation);
    }

    static int change(byte[] operations, int operation) {
        return getShort(operations, operation * OPERATION_BYTES + 2);
    }

    /** Whether an operation has a flag. */
    boolean has(int operation, int flag) {
        return has(operations, operation, flag);
    }

    static boolean has(byte[] operations, int operation, int flag) {
        return (getShort(operations, operation * OPERATION_BYTES + 4) & flag) != 0;
    }

    /** Whether the call is not to wait for the operation that could not be done. */
    boolean givesUp() {
        return has(blocking, Ipc.IPC_NOWAIT);
    }

    /** Whether it waits for a semaphore, to become zero or to grow. */
    boolean waitsFor(int semaphore, boolean zero) {
        return semaphore(blocking) == semaphore && (change(blocking) == 0) == zero;
    }
}

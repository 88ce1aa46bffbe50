package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOSYS;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.Errno.ETIMEDOUT;

import biscotti.abi.Futex;
import biscotti.process.UserThread;
import biscotti.process.futex.Futexes;
import biscotti.process.identity.Credentials;
import biscotti.sched.Deadline;
import java.util.Optional;

/** System calls about threads as such: numbers, futexes, robust lists. */
public final class ThreadCalls {
    /** The family has no state. */
    public ThreadCalls() {}

    /** gettid(2). */
    @SystemCall(number = 186, name = "gettid")
    public long gettid(UserThread caller) {
        return caller.id();
    }

    /** set_tid_address(2). */
    @SystemCall(number = 218, name = "set_tid_address")
    public long setTidAddress(UserThread caller, long address) {
        caller.setClearChildTid(address);
        return caller.id();
    }

    /** set_robust_list(2). */
    @SystemCall(number = 273, name = "set_robust_list")
    public long setRobustList(UserThread caller, long head, long length) {
        if (length != Futex.ROBUST_HEAD_BYTES) {
            return -EINVAL;
        }
        caller.robustList().setHead(head);
        return 0;
    }

    /** get_robust_list(2). */
    @SystemCall(number = 274, name = "get_robust_list")
    public long getRobustList(UserThread caller, int tid, long head, long length) {
        Optional<UserThread> thread = tid == 0
                ? Optional.of(caller)
                : caller.process().system().table().thread(tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        boolean own = thread.get().process() == caller.process();
        if (!own && !caller.identity().has(Credentials.CAP_SYS_PTRACE)) {
            return -EPERM;
        }
        int error = caller.memory().writeLong(length, Futex.ROBUST_HEAD_BYTES);
        return error < 0
                ? error
                : caller.memory().writeLong(head, thread.get().robustList().head());
    }

    /** futex(2). */
    @SystemCall(number = 202, name = "futex", support = Support.PARTIAL, note = "no priority inheritance")
    public long futex(UserThread caller, long word, int operation, int value, long timeout, long word2, int value3) {
        Futexes futexes = caller.process().system().futexes();
        boolean shared = (operation & Futex.PRIVATE_FLAG) == 0;
        int command = operation & Futex.COMMAND;
        return switch (command) {
            case Futex.WAIT -> await(caller, futexes, word, shared, value, -1, timeout, operation, false);
            case Futex.WAIT_BITSET ->
                value3 == 0 ? -EINVAL : await(caller, futexes, word, shared, value, value3, timeout, operation, true);
            case Futex.WAKE -> futexes.wake(caller.futexWaiter(), word, shared, Math.max(1, value), -1);
            case Futex.WAKE_BITSET ->
                value3 == 0 ? -EINVAL : futexes.wake(caller.futexWaiter(), word, shared, Math.max(1, value), value3);
            case Futex.REQUEUE, Futex.CMP_REQUEUE -> {
                int moved = (int) timeout;
                boolean compared = command == Futex.CMP_REQUEUE;
                yield value < 0 || moved < 0
                        ? -EINVAL
                        : futexes.requeue(caller.futexWaiter(), word, word2, shared, value, moved, compared, value3);
            }
            case Futex.WAKE_OP ->
                futexes.wakeOperation(caller.futexWaiter(), word, word2, shared, value, (int) timeout, value3);
            default -> -ENOSYS;
        };
    }

    /** Waits; the time is relative for FUTEX_WAIT, and absolute for FUTEX_WAIT_BITSET. */
    private static long await(
            UserThread caller,
            Futexes futexes,
            long word,
            boolean shared,
            int value,
            int bits,
            long timeout,
            int operation,
            boolean absolute) {
        Deadline deadline = Deadline.NEVER;
        if (timeout != 0) {
            long nanos = Structures.readTimespec(caller.memory(), timeout);
            if (nanos < 0) {
                return nanos;
            }
            boolean realTime = (operation & Futex.CLOCK_REALTIME) != 0;
            deadline = !absolute
                    ? Deadline.at(Deadlines.after(caller, nanos))
                    : realTime ? Deadlines.atTimeOfDay(caller, nanos) : Deadline.at(nanos);
        }
        long result = futexes.await(caller.futexWaiter(), word, shared, value, bits, deadline);
        return result == -ETIMEDOUT || timeout == 0 ? result : Interrupted.unlessRestartable(result);
    }
}

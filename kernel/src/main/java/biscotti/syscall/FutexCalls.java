package biscotti.syscall;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOSYS;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Futex;
import biscotti.abi.Restart;
import biscotti.machine.UserContext;
import biscotti.process.SleepRestart;
import biscotti.process.UserThread;
import biscotti.process.futex.FutexWaiter;
import biscotti.process.futex.Futexes;
import biscotti.sched.Deadline;
import java.util.Optional;

/** Futexes, futex(7), and the lists of robust ones. */
public final class FutexCalls {
    /** The family has no state. */
    public FutexCalls() {}

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
        if (!thread.get().process().mayBeInspectedBy(caller)) {
            return -EPERM;
        }
        int error = caller.memory().writeLong(length, Futex.ROBUST_HEAD_BYTES);
        return error < 0
                ? error
                : caller.memory().writeLong(head, thread.get().robustList().head());
    }

    /** futex(2). */
    @SystemCall(number = 202, name = "futex")
    public long futex(UserThread caller, long word, int operation, int value, long timeout, long word2, int value3) {
        Futexes futexes = caller.process().system().futexes();
        FutexWaiter self = caller.futexWaiter();
        boolean shared = (operation & Futex.PRIVATE_FLAG) == 0;
        int command = operation & Futex.COMMAND;
        if ((operation & Futex.CLOCK_REALTIME) != 0 && !takesClock(command)) {
            return -ENOSYS;
        }
        return switch (command) {
            case Futex.WAIT, Futex.WAIT_BITSET, Futex.LOCK_PI, Futex.LOCK_PI2, Futex.WAIT_REQUEUE_PI ->
                await(caller, word, operation, value, timeout, word2, value3);
            case Futex.WAKE -> futexes.wake(self, word, shared, Math.max(1, value), -1);
            case Futex.WAKE_BITSET ->
                value3 == 0 ? -EINVAL : futexes.wake(self, word, shared, Math.max(1, value), value3);
            case Futex.REQUEUE, Futex.CMP_REQUEUE -> {
                int moved = (int) timeout;
                boolean compared = command == Futex.CMP_REQUEUE;
                yield value < 0 || moved < 0
                        ? -EINVAL
                        : futexes.requeue(self, word, shared, word2, shared, value, moved, compared, value3);
            }
            case Futex.WAKE_OP ->
                futexes.wakeOperation(
                        self, word, word2, shared, Math.max(1, value), Math.max(1, (int) timeout), value3);
            case Futex.UNLOCK_PI -> futexes.owned().unlock(self, word, shared);
            case Futex.TRYLOCK_PI -> futexes.owned().lock(self, word, shared, false, Deadline.NEVER);
            case Futex.CMP_REQUEUE_PI ->
                value != 1 || (int) timeout < 0
                        ? -EINVAL
                        : futexes.requeues().requeue(self, word, word2, shared, (int) timeout, value3);
            default -> -ENOSYS;
        };
    }

    private static boolean takesClock(int command) {
        return command == Futex.WAIT_BITSET || command == Futex.WAIT_REQUEUE_PI || command == Futex.LOCK_PI2;
    }

    /** FUTEX_WAIT with the arguments in the caller's registers, but until a time; restart_syscall(2) goes on with it. */
    static long awaitUntil(UserThread caller, long deadline) {
        UserContext registers = caller.context();
        boolean shared = (registers.argument(1) & Futex.PRIVATE_FLAG) == 0;
        int value = (int) registers.argument(2);
        Futexes futexes = caller.process().system().futexes();
        long result =
                futexes.await(caller.futexWaiter(), registers.argument(0), shared, value, -1, Deadline.at(deadline));
        if (result != -EINTR) {
            return result;
        }
        caller.sleepRestart().set(SleepRestart.Kind.FUTEX, deadline);
        return -Restart.ERESTART_RESTARTBLOCK;
    }

    /** The operations with a timeout: relative for FUTEX_WAIT, else absolute, of the clock that the flag says. */
    private static long await(
            UserThread caller, long word, int operation, int value, long timeout, long word2, int value3) {
        int command = operation & Futex.COMMAND;
        boolean realTime = command == Futex.LOCK_PI || (operation & Futex.CLOCK_REALTIME) != 0;
        Deadline deadline = Deadline.NEVER;
        if (timeout != 0) {
            long nanos = Structures.readTimespec(caller.memory(), timeout);
            if (nanos < 0 || command == Futex.WAIT) {
                return nanos < 0 ? nanos : awaitUntil(caller, Deadlines.after(caller, nanos));
            }
            deadline = realTime ? Deadlines.atTimeOfDay(caller, nanos) : Deadline.at(nanos);
        }
        Futexes futexes = caller.process().system().futexes();
        FutexWaiter self = caller.futexWaiter();
        boolean shared = (operation & Futex.PRIVATE_FLAG) == 0;
        if (command == Futex.WAIT || command == Futex.WAIT_BITSET) {
            int bits = command == Futex.WAIT ? -1 : value3;
            if (bits == 0) {
                return -EINVAL;
            }
            return futexes.await(self, word, shared, value, bits, deadline);
        }
        long result = command == Futex.WAIT_REQUEUE_PI
                ? futexes.requeues().await(self, word, word2, shared, value, deadline)
                : futexes.owned().lock(self, word, shared, true, deadline);
        return result == -EINTR ? -Restart.ERESTARTNOINTR : result;
    }
}

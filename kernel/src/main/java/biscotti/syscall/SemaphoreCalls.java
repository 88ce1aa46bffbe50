package biscotti.syscall;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ERANGE;
import static biscotti.abi.LittleEndian.getShort;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;
import static biscotti.abi.LittleEndian.putShort;

import biscotti.abi.Ipc;
import biscotti.abi.Restart;
import biscotti.ipc.IpcSpace;
import biscotti.ipc.IpcTable;
import biscotti.ipc.SemaphoreSet;
import biscotti.memory.UserMemory;
import biscotti.process.UserThread;
import biscotti.sched.Waiter;

/** System calls of System V semaphores: semget(2), semop(2), semctl(2). */
public final class SemaphoreCalls {
    private static final int OPERATION_BYTES = 6;
    private static final int SET_BYTES = 104;
    private static final int INFO_BYTES = 40;
    /** SEMUSZ: bytes of what is to be undone in one set, on Linux. */
    private static final int UNDO_BYTES = 20;

    /** semget(2). */
    @SystemCall(number = 64, name = "semget")
    public long semget(UserThread caller, int key, int count, int flags) {
        return SemaphoreSet.get(IpcControl.space(caller), caller.identity(), key, count, flags, caller.rounds());
    }

    /** semop(2). */
    @SystemCall(number = 65, name = "semop")
    public long semop(UserThread caller, int id, long operations, int count) {
        return semtimedop(caller, id, operations, count, 0);
    }

    /** semtimedop(2): never restarted after a signal handler. */
    @SystemCall(number = 220, name = "semtimedop")
    public long semtimedop(UserThread caller, int id, long operations, int count, long timeout) {
        long nanos = timeout == 0 ? Waiter.FOREVER : Structures.readTimespec(caller.memory(), timeout);
        if (nanos < 0) {
            return nanos;
        }
        if (id < 0 || count <= 0) {
            return count < 0 ? -E2BIG : -EINVAL;
        }
        if (count > IpcControl.space(caller).operations()) {
            return -E2BIG;
        }
        byte[] bytes = new byte[Math.min(count, IpcSpace.OPERATIONS) * OPERATION_BYTES];
        int error = caller.memory().read(operations, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        IpcTable<SemaphoreSet> sets = IpcControl.space(caller).sets();
        SemaphoreSet set = sets.get(id);
        if (sets.isAbsent(set)) {
            return -EINVAL;
        }
        long result = set.operate(
                caller.identity(),
                caller.process().id(),
                bytes,
                count,
                caller.semaphoreUndo().list(),
                caller.kernelThread().waiter(),
                timeout == 0 ? Waiter.FOREVER : Deadlines.after(caller, nanos));
        return result == -EINTR ? -Restart.EINTR_ALWAYS : result;
    }

    /** semctl(2). */
    @SystemCall(number = 66, name = "semctl")
    public long semctl(UserThread caller, int id, int number, int command, long argument) {
        if (id < 0) {
            return -EINVAL;
        }
        IpcTable<SemaphoreSet> sets = IpcControl.space(caller).sets();
        return switch (command) {
            case Ipc.IPC_INFO, Ipc.SEM_INFO -> info(caller, command == Ipc.SEM_INFO, argument);
            case Ipc.IPC_STAT -> describe(caller, sets.get(id), 0, false, argument);
            case Ipc.SEM_STAT, Ipc.SEM_STAT_ANY -> {
                SemaphoreSet set = sets.atIndex(id);
                yield describe(caller, set, set.id(), command == Ipc.SEM_STAT_ANY, argument);
            }
            case Ipc.GETVAL, Ipc.GETPID, Ipc.GETNCNT, Ipc.GETZCNT, Ipc.GETALL, Ipc.SETVAL, Ipc.SETALL ->
                values(caller, sets.get(id), number, command, argument);
            case Ipc.IPC_SET -> change(caller, sets.get(id), argument);
            case Ipc.IPC_RMID -> {
                int error = IpcControl.checkControl(caller, sets, sets.get(id));
                yield error < 0 ? error : sets.get(id).remove();
            }
            default -> -EINVAL;
        };
    }

    private static long values(UserThread caller, SemaphoreSet set, int number, int command, long argument) {
        int value = (int) argument;
        if (command == Ipc.SETVAL && (value < 0 || value > Ipc.SEMVMX)) {
            return -ERANGE;
        }
        boolean write = command == Ipc.SETVAL || command == Ipc.SETALL;
        if (IpcControl.space(caller).sets().isAbsent(set)) {
            return -EINVAL;
        }
        boolean all = command == Ipc.GETALL || command == Ipc.SETALL;
        boolean beyond = !all && (number < 0 || number >= set.count());
        if (command == Ipc.SETVAL && beyond) {
            return -EINVAL;
        }
        if (!set.permits(caller.identity(), write ? Ipc.WRITE : Ipc.READ)) {
            return -EACCES;
        }
        if (beyond) {
            return -EINVAL;
        }
        int process = caller.process().id();
        return switch (command) {
            case Ipc.GETVAL -> set.value(number);
            case Ipc.GETPID -> set.process(number);
            case Ipc.GETNCNT -> set.waiting(number, false);
            case Ipc.GETZCNT -> set.waiting(number, true);
            case Ipc.GETALL -> getAll(caller.memory(), set, argument);
            case Ipc.SETALL -> setAll(caller.memory(), set, process, argument);
            default -> {
                byte[] one = new byte[Short.BYTES];
                putShort(one, 0, (short) value);
                yield set.setValues(number, one, 1, process);
            }
        };
    }

    private static long getAll(UserMemory memory, SemaphoreSet set, long address) {
        byte[] values = new byte[Math.min(set.count(), IpcSpace.SEMAPHORES_OF_SET) * Short.BYTES];
        for (int i = 0; i < values.length / Short.BYTES; i++) {
            int value = set.value(i);
            if (value < 0) {
                return value;
            }
            putShort(values, i * Short.BYTES, (short) value);
        }
        return memory.write(address, values, 0, values.length);
    }

    private static long setAll(UserMemory memory, SemaphoreSet set, int process, long address) {
        byte[] values = new byte[Math.min(set.count(), IpcSpace.SEMAPHORES_OF_SET) * Short.BYTES];
        int error = memory.read(address, values, 0, values.length);
        if (error < 0) {
            return error;
        }
        int count = values.length / Short.BYTES;
        for (int i = 0; i < count; i++) {
            if (getShort(values, i * Short.BYTES) < 0) {
                return -ERANGE;
            }
        }
        return set.setValues(0, values, count, process);
    }

    private static long change(UserThread caller, SemaphoreSet set, long buffer) {
        byte[] bytes = new byte[SET_BYTES];
        int error = caller.memory().read(buffer, bytes, 0, bytes.length);
        if (error == 0) {
            error = IpcControl.checkControl(caller, IpcControl.space(caller).sets(), set);
        }
        if (error == 0 && (IpcControl.user(bytes) == -1 || IpcControl.group(bytes) == -1)) {
            error = -EINVAL;
        }
        if (error == 0) {
            long now = caller.process().system().wallClock().nanos();
            set.change(IpcControl.user(bytes), IpcControl.group(bytes), IpcControl.mode(bytes), now);
        }
        return error;
    }

    private static long describe(UserThread caller, SemaphoreSet set, int result, boolean any, long buffer) {
        int error = IpcControl.checkRead(caller, IpcControl.space(caller).sets(), set, any);
        if (error < 0) {
            return error;
        }
        byte[] bytes = new byte[SET_BYTES];
        set.putPermissions(bytes);
        putLong(bytes, 48, IpcControl.seconds(set.operationTime()));
        putLong(bytes, 64, IpcControl.seconds(set.changeTime()));
        putLong(bytes, 80, set.count());
        error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : result;
    }

    /** {@code struct seminfo}; the result is the highest index in use. */
    private static long info(UserThread caller, boolean usage, long buffer) {
        IpcSpace space = IpcControl.space(caller);
        int[] values = {
            IpcSpace.SEMAPHORES, // semmap
            space.sets().limit(), // semmni
            space.allSemaphores(), // semmns
            IpcSpace.SEMAPHORES, // semmnu
            space.semaphoresOfSet(), // semmsl
            space.operations(), // semopm
            IpcSpace.OPERATIONS, // semume
            usage ? space.sets().size() : UNDO_BYTES, // semusz
            Ipc.SEMVMX, // semvmx
            usage ? (int) space.semaphores() : Ipc.SEMVMX, // semaem
        };
        byte[] bytes = new byte[INFO_BYTES];
        for (int i = 0; i < values.length; i++) {
            putInt(bytes, i * Integer.BYTES, values[i]);
        }
        int error = caller.memory().write(buffer, bytes, 0, bytes.length);
        return error < 0 ? error : space.sets().highestIndex();
    }
}

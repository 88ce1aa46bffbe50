package biscotti.syscall;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Ipc;
import biscotti.abi.LittleEndian;
import biscotti.ipc.IpcObject;
import biscotti.ipc.IpcSpace;
import biscotti.ipc.IpcTable;
import biscotti.process.UserThread;
import java.util.concurrent.TimeUnit;

/** What shmctl(2), semctl(2) and msgctl(2) have in common. */
final class IpcControl {
    private static final int USER = 4;
    private static final int GROUP = 8;
    private static final int MODE = 20;

    private IpcControl() {}

    static IpcSpace space(UserThread caller) {
        return caller.process().system().ipc();
    }

    /**
     * Whether a caller may have an object's description.
     *
     * @param any whether permissions do not matter: SHM_STAT_ANY and its like
     * @return 0; -EINVAL for no object, -EACCES
     */
    static <T extends IpcObject> int checkRead(UserThread caller, IpcTable<T> table, T object, boolean any) {
        if (table.isAbsent(object)) {
            return -EINVAL;
        }
        return any || object.permits(caller.identity(), Ipc.READ) ? 0 : -EACCES;
    }

    /** Whether a caller may change or remove an object: 0; -EINVAL for no object, -EPERM. */
    static <T extends IpcObject> int checkControl(UserThread caller, IpcTable<T> table, T object) {
        if (table.isAbsent(object)) {
            return -EINVAL;
        }
        return object.isControlledBy(caller.identity()) ? 0 : -EPERM;
    }

    /** The owner that IPC_SET asks for; -1 is nobody. */
    static int user(byte[] structure) {
        return LittleEndian.getInt(structure, USER);
    }

    static int group(byte[] structure) {
        return LittleEndian.getInt(structure, GROUP);
    }

    static int mode(byte[] structure) {
        return LittleEndian.getInt(structure, MODE);
    }

    /** Seconds of a time in nanoseconds. */
    static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}

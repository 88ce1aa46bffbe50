package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.process.Priorities;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;

/** System calls about the priority of threads towards disks. */
public final class IoPriorityCalls {
    private static final int CLASS_SHIFT = 13;
    private static final int CLASSES = 7;
    private static final int LEVELS = 7;

    private static final int NONE = 0;
    private static final int REAL_TIME = 1;
    private static final int BEST_EFFORT = 2;
    private static final int IDLE = 3;

    /** The family has no state. */
    public IoPriorityCalls() {}

    /** ioprio_set(2). */
    @SystemCall(
            number = 251,
            name = "ioprio_set",
            support = Support.PARTIAL,
            note = "kept and inherited; no disk is scheduled by it")
    public long set(UserThread caller, int which, int who, int priority) {
        int level = priority & LEVELS;
        Credentials own = caller.identity();
        boolean privileged = own.has(Credentials.CAP_SYS_NICE) || own.has(Credentials.CAP_SYS_ADMIN);
        int error = switch (priority >>> CLASS_SHIFT & CLASSES) {
            case REAL_TIME -> privileged ? 0 : -EPERM;
            case BEST_EFFORT, IDLE -> 0;
            case NONE -> level == 0 ? 0 : -EINVAL;
            default -> -EINVAL;
        };
        return error < 0 ? error : Priorities.setIo(caller, which - 1, who, priority & 0xffff);
    }

    /** ioprio_get(2). */
    @SystemCall(number = 252, name = "ioprio_get")
    public long get(UserThread caller, int which, int who) {
        return Priorities.getIo(caller, which - 1, who);
    }
}

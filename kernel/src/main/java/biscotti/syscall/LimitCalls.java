package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Resource;
import biscotti.file.FileTable;
import biscotti.memory.UserMemory;
import biscotti.process.Process;
import biscotti.process.ProcessTimes;
import biscotti.process.ResourceLimits;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** System calls about resource limits and usage. */
public final class LimitCalls {

    /** The family has no state. */
    public LimitCalls() {}

    /** getrlimit(2). */
    @SystemCall(number = 97, name = "getrlimit")
    public long getrlimit(UserThread caller, int resource, long limit) {
        return prlimit(caller, 0, resource, 0, limit);
    }

    /** setrlimit(2). */
    @SystemCall(
            number = 160,
            name = "setrlimit",
            support = Support.PARTIAL,
            note = "RSS, LOCKS and MSGQUEUE are kept and bind nothing")
    public long setrlimit(UserThread caller, int resource, long limit) {
        return prlimit(caller, 0, resource, limit, 0);
    }

    /** prlimit64: prlimit(2). */
    @SystemCall(
            number = 302,
            name = "prlimit64",
            support = Support.PARTIAL,
            note = "RSS, LOCKS and MSGQUEUE are kept and bind nothing")
    public long prlimit(UserThread caller, int pid, int resource, long newLimit, long oldLimit) {
        if (resource < 0 || resource >= Resource.COUNT) {
            return -EINVAL;
        }
        Optional<Process> found = pid == 0
                ? Optional.of(caller.process())
                : caller.process().system().table().process(pid);
        if (found.isEmpty()) {
            return -ESRCH;
        }
        Process target = found.get();
        if (target != caller.process() && !mayTouch(caller, target)) {
            return -EPERM;
        }
        ResourceLimits limits = target.limits();
        long soft = limits.soft(resource);
        long hard = limits.hard(resource);
        if (newLimit != 0) {
            long error = set(caller, target, resource, newLimit);
            if (error < 0) {
                return error;
            }
        }
        if (oldLimit == 0) {
            return 0;
        }
        int error = caller.memory().writeLong(oldLimit, soft);
        return error < 0 ? error : caller.memory().writeLong(oldLimit + 8, hard);
    }

    private static boolean mayTouch(UserThread caller, Process target) {
        Credentials own = caller.identity();
        Credentials other = target.credentials();
        boolean same = other.user().areAll(own.user().real())
                && other.group().areAll(own.group().real());
        return same || own.has(Credentials.CAP_SYS_RESOURCE);
    }

    private static long set(UserThread caller, Process target, int resource, long address) {
        UserMemory memory = caller.memory();
        int error = memory.readLong(address);
        long soft = memory.value();
        if (error == 0) {
            error = memory.readLong(address + 8);
        }
        long hard = memory.value();
        if (error < 0) {
            return error;
        }
        ResourceLimits limits = target.limits();
        if (Long.compareUnsigned(soft, hard) > 0) {
            return -EINVAL;
        }
        boolean mayRaise = caller.identity().has(Credentials.CAP_SYS_RESOURCE);
        boolean tooMany = resource == Resource.NOFILE && Long.compareUnsigned(hard, FileTable.most()) > 0;
        if (tooMany || (Long.compareUnsigned(hard, limits.hard(resource)) > 0 && !mayRaise)) {
            return -EPERM;
        }
        limits.set(resource, soft, hard);
        target.applyMemoryLimits();
        return 0;
    }

    /** getrusage(2). */
    @SystemCall(
            number = 98,
            name = "getrusage",
            support = Support.PARTIAL,
            note = "all page faults count as minor; blocks read and written are not counted")
    public long getrusage(UserThread caller, int who, long usage) {
        ProcessTimes times = caller.process().times();
        return switch (who) {
            case Resource.RUSAGE_SELF -> Structures.writeUsage(caller.memory(), usage, times.total());
            case Resource.RUSAGE_CHILDREN -> Structures.writeUsage(caller.memory(), usage, times.children());
            case Resource.RUSAGE_THREAD -> Structures.writeUsage(caller.memory(), usage, ProcessTimes.of(caller));
            default -> -EINVAL;
        };
    }
}

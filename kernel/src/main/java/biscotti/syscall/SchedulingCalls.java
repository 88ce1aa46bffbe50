package biscotti.syscall;

import static biscotti.abi.Errno.E2BIG;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.process.LastScheduling;
import biscotti.process.Priorities;
import biscotti.process.Process;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import biscotti.sched.KernelThread;
import biscotti.sched.RoundRobin;
import biscotti.sched.SchedulingPolicy;
import java.util.Optional;

/** System calls about scheduling (sched(7)). */
public final class SchedulingCalls {
    private static final int AFFINITY_BYTES = 8;
    private static final int HIGHEST_PRIORITY = 99;
    private static final int RESET_ON_FORK = 0x40000000;
    private static final int DEADLINE = 6;

    // struct sched_attr: its size, that of its first version, and that of any to come.
    private static final int ATTRIBUTES_BYTES = 56;
    private static final int FIRST_ATTRIBUTES_BYTES = 48;
    private static final int MOST_ATTRIBUTES_BYTES = 4096;

    private static final long FLAG_RESET_ON_FORK = 0x01;
    private static final long FLAG_KEEP_POLICY = 0x08;
    private static final long FLAG_KEEP_PARAMETERS = 0x10;
    private static final long FLAG_CLAMPS = 0x60;
    private static final long FLAGS = 0x7f;

    /** The family has no state. */
    public SchedulingCalls() {}

    private static Optional<UserThread> find(UserThread caller, int tid) {
        return tid == 0
                ? Optional.of(caller)
                : caller.process().system().table().thread(tid);
    }

    /** sched_yield(2). */
    @SystemCall(number = 24, name = "sched_yield")
    public long yield(UserThread caller) {
        caller.kernelThread().yieldCpu();
        return 0;
    }

    /** getpriority(2), as the kernel has it: 20 minus the nice value. */
    @SystemCall(number = 140, name = "getpriority")
    public long getpriority(UserThread caller, int which, int who) {
        return Priorities.get(caller, which, who);
    }

    /** setpriority(2). */
    @SystemCall(number = 141, name = "setpriority")
    public long setpriority(UserThread caller, int which, int who, int nice) {
        return Priorities.set(caller, which, who, Math.clamp(nice, -20, 19));
    }

    /** sched_setparam(2). */
    @SystemCall(number = 142, name = "sched_setparam")
    public long setParameters(UserThread caller, int tid, long parameters) {
        return setScheduler(caller, tid, parameters, SchedulingChange.KEEP_POLICY, false);
    }

    /** sched_getparam(2). */
    @SystemCall(number = 143, name = "sched_getparam")
    public long getParameters(UserThread caller, int tid, long parameters) {
        if (parameters == 0 || tid < 0) {
            return -EINVAL;
        }
        Optional<LastScheduling> ended = ended(caller, tid);
        if (ended.isPresent()) {
            return caller.memory().writeInt(parameters, ended.get().priority());
        }
        return find(caller, tid)
                .map(thread -> (long) caller.memory()
                        .writeInt(parameters, thread.kernelThread().realTimePriority()))
                .orElse(-(long) ESRCH);
    }

    /** sched_setscheduler(2). */
    @SystemCall(number = 144, name = "sched_setscheduler", support = Support.PARTIAL, note = "no SCHED_DEADLINE")
    public long setScheduler(UserThread caller, int tid, int policy, long parameters) {
        if (policy < 0) {
            return -EINVAL;
        }
        return setScheduler(caller, tid, parameters, policy & ~RESET_ON_FORK, (policy & RESET_ON_FORK) != 0);
    }

    private static long setScheduler(UserThread caller, int tid, long parameters, int policy, boolean resets) {
        if (parameters == 0 || tid < 0) {
            return -EINVAL;
        }
        long priority = caller.memory().readInt(parameters);
        if (priority < 0) {
            return priority;
        }
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        boolean keeps = policy == SchedulingChange.KEEP_POLICY;
        boolean reset = keeps ? thread.get().settings().resetsOnFork() : resets;
        int nice = thread.get().kernelThread().nice();
        return new SchedulingChange(policy, (int) priority, nice, reset, false).apply(caller, thread.get());
    }

    /** sched_getscheduler(2). */
    @SystemCall(number = 145, name = "sched_getscheduler")
    public long getScheduler(UserThread caller, int tid) {
        if (tid < 0) {
            return -EINVAL;
        }
        Optional<LastScheduling> ended = ended(caller, tid);
        if (ended.isPresent()) {
            return ended.get().policy().number();
        }
        return find(caller, tid)
                .map(thread -> (long) thread.kernelThread().policy().number()
                        | (thread.settings().resetsOnFork() ? RESET_ON_FORK : 0))
                .orElse(-(long) ESRCH);
    }

    /** sched_get_priority_max(2). */
    @SystemCall(number = 146, name = "sched_get_priority_max")
    public long highestPriority(UserThread caller, int policy) {
        return boundary(policy, HIGHEST_PRIORITY);
    }

    /** sched_get_priority_min(2). */
    @SystemCall(number = 147, name = "sched_get_priority_min")
    public long lowestPriority(UserThread caller, int policy) {
        return boundary(policy, 1);
    }

    private static long boundary(int number, int realTime) {
        SchedulingPolicy policy = SchedulingPolicy.ofNumber(number, SchedulingPolicy.NORMAL);
        if (policy.number() != number && number != DEADLINE) {
            return -EINVAL;
        }
        return policy.isRealTime() ? realTime : 0;
    }

    /** sched_rr_get_interval(2). */
    @SystemCall(number = 148, name = "sched_rr_get_interval")
    public long roundRobinInterval(UserThread caller, int tid, long time) {
        if (tid < 0) {
            return -EINVAL;
        }
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        boolean turns = thread.get().kernelThread().policy() == SchedulingPolicy.ROUND_ROBIN;
        return Structures.writeTimespec(caller.memory(), time, turns ? RoundRobin.turnNanos() : 0);
    }

    /** sched_setaffinity(2). */
    @SystemCall(number = 203, name = "sched_setaffinity")
    public long setAffinity(UserThread caller, int tid, int length, long mask) {
        byte[] bytes = new byte[AFFINITY_BYTES];
        int error = caller.memory().read(mask, bytes, 0, Math.clamp(length, 0, AFFINITY_BYTES));
        if (error < 0) {
            return error;
        }
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        if (!Priorities.mayChange(caller, thread.get())) {
            return -EPERM;
        }
        long cpus = getLong(bytes, 0) & caller.process().system().scheduler().allCpus();
        if (cpus == 0) {
            return -EINVAL;
        }
        thread.get().kernelThread().setAffinity(cpus);
        return 0;
    }

    /** sched_getaffinity(2), as the kernel has it: it answers with the size of the mask. */
    @SystemCall(number = 204, name = "sched_getaffinity")
    public long getAffinity(UserThread caller, int tid, int length, long mask) {
        if (length < AFFINITY_BYTES || (length & AFFINITY_BYTES - 1) != 0) {
            return -EINVAL;
        }
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        long cpus = thread.get().kernelThread().affinity()
                & caller.process().system().scheduler().allCpus();
        int error = caller.memory().writeLong(mask, cpus);
        return error < 0 ? error : AFFINITY_BYTES;
    }

    /** getcpu(2). */
    @SystemCall(number = 309, name = "getcpu")
    public long getcpu(UserThread caller, long cpu, long node) {
        int error = cpu == 0
                ? 0
                : caller.memory().writeInt(cpu, caller.kernelThread().cpu());
        return error < 0 || node == 0 ? error : caller.memory().writeInt(node, 0);
    }

    /** sched_setattr(2). */
    @SystemCall(
            number = 314,
            name = "sched_setattr",
            support = Support.PARTIAL,
            note = "no SCHED_DEADLINE, no utilization clamps")
    public long setAttributes(UserThread caller, int tid, long attributes, int flags) {
        if (attributes == 0 || tid < 0 || flags != 0) {
            return -EINVAL;
        }
        byte[] bytes = new byte[ATTRIBUTES_BYTES];
        long error = readAttributes(caller, attributes, bytes);
        if (error < 0) {
            return error;
        }
        int policy = getInt(bytes, 4);
        long wanted = getLong(bytes, 8);
        if (policy < 0) {
            return -EINVAL;
        }
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        if ((wanted & ~FLAGS) != 0) {
            return -EINVAL;
        }
        if ((wanted & FLAG_CLAMPS) != 0) {
            return -EOPNOTSUPP;
        }
        KernelThread kernel = thread.get().kernelThread();
        boolean keepsPolicy = (wanted & FLAG_KEEP_POLICY) != 0;
        boolean keeps = (wanted & FLAG_KEEP_PARAMETERS) != 0;
        SchedulingChange change = new SchedulingChange(
                keepsPolicy ? SchedulingChange.KEEP_POLICY : policy,
                keeps ? kernel.realTimePriority() : getInt(bytes, 20),
                keeps ? kernel.nice() : Math.clamp(getInt(bytes, 16), -20, 19),
                keepsPolicy ? thread.get().settings().resetsOnFork() : (wanted & FLAG_RESET_ON_FORK) != 0,
                keeps);
        return change.apply(caller, thread.get());
    }

    /** Reads what sched_setattr(2) is given, of any version: 0; -E2BIG, and the size that is known is told; -EFAULT, -EINVAL. */
    private static long readAttributes(UserThread caller, long attributes, byte[] bytes) {
        long told = caller.memory().readInt(attributes);
        if (told < 0) {
            return told;
        }
        long size = told == 0 ? FIRST_ATTRIBUTES_BYTES : told;
        boolean fits = size >= FIRST_ATTRIBUTES_BYTES && size <= MOST_ATTRIBUTES_BYTES;
        int error = fits ? caller.memory().read(attributes, bytes, 0, (int) Math.min(size, ATTRIBUTES_BYTES)) : -E2BIG;
        if (error == 0) {
            int given = (int) Math.min(size, MOST_ATTRIBUTES_BYTES);
            error = Structures.checkUnknown(caller.memory(), attributes, ATTRIBUTES_BYTES, given);
        }
        if (error == -E2BIG) {
            caller.memory().writeInt(attributes, ATTRIBUTES_BYTES);
        }
        boolean clamps = (getLong(bytes, 8) & FLAG_CLAMPS) != 0;
        return error == 0 && clamps && size < ATTRIBUTES_BYTES ? -EINVAL : error;
    }

    /** sched_getattr(2). */
    @SystemCall(number = 315, name = "sched_getattr")
    public long getAttributes(UserThread caller, int tid, long attributes, int size, int flags) {
        boolean fits = size >= FIRST_ATTRIBUTES_BYTES && size <= MOST_ATTRIBUTES_BYTES;
        if (attributes == 0 || tid < 0 || !fits || flags != 0) {
            return -EINVAL;
        }
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        KernelThread kernel = thread.get().kernelThread();
        int told = Math.clamp(size, FIRST_ATTRIBUTES_BYTES, ATTRIBUTES_BYTES);
        byte[] bytes = new byte[ATTRIBUTES_BYTES];
        putInt(bytes, 0, told);
        putInt(bytes, 4, kernel.policy().number());
        putLong(bytes, 8, thread.get().settings().resetsOnFork() ? FLAG_RESET_ON_FORK : 0);
        putInt(bytes, 16, kernel.policy().isRealTime() ? 0 : kernel.nice());
        putInt(bytes, 20, kernel.realTimePriority());
        return caller.memory().write(attributes, bytes, 0, told);
    }

    /** How a thread was scheduled that has ended as the first of its process, which is still there. */
    private static Optional<LastScheduling> ended(UserThread caller, int tid) {
        ProcessTable table = caller.process().system().table();
        return tid == 0 || table.thread(tid).isPresent()
                ? Optional.empty()
                : table.process(tid).map(Process::lastScheduling);
    }
}

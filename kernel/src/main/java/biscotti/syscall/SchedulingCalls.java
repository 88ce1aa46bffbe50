package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getLong;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putLong;

import biscotti.process.Priorities;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import biscotti.sched.KernelThread;
import biscotti.sched.SchedulingPolicy;
import java.util.Optional;

/** System calls about scheduling (sched(7)). */
public final class SchedulingCalls {
    private static final int AFFINITY_BYTES = 8;
    private static final int HIGHEST_PRIORITY = 99;
    private static final int RESET_ON_FORK = 0x40000000;
    private static final int ATTRIBUTES_BYTES = 48;
    private static final long TURN_NANOS = 100_000_000;

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
        return find(caller, tid)
                .map(thread -> setScheduler(
                        caller, thread, thread.kernelThread().policy().number(), parameters))
                .orElse(-(long) ESRCH);
    }

    /** sched_getparam(2). */
    @SystemCall(number = 143, name = "sched_getparam")
    public long getParameters(UserThread caller, int tid, long parameters) {
        return find(caller, tid)
                .map(thread -> (long) caller.memory()
                        .writeInt(parameters, thread.kernelThread().realTimePriority()))
                .orElse(-(long) ESRCH);
    }

    /** sched_setscheduler(2). */
    @SystemCall(
            number = 144,
            name = "sched_setscheduler",
            support = Support.PARTIAL,
            note = "SCHED_RESET_ON_FORK is accepted and not kept; no SCHED_DEADLINE")
    public long setScheduler(UserThread caller, int tid, int policy, long parameters) {
        return find(caller, tid)
                .map(thread -> setScheduler(caller, thread, policy & ~RESET_ON_FORK, parameters))
                .orElse(-(long) ESRCH);
    }

    private static long setScheduler(UserThread caller, UserThread thread, int policy, long parameters) {
        long priority = caller.memory().readInt(parameters);
        return priority < 0 ? priority : apply(caller, thread, policy, (int) priority);
    }

    private static long apply(UserThread caller, UserThread thread, int number, int priority) {
        SchedulingPolicy policy = SchedulingPolicy.ofNumber(number, SchedulingPolicy.NORMAL);
        boolean fits = policy.isRealTime() ? priority >= 1 && priority <= HIGHEST_PRIORITY : priority == 0;
        if (policy.number() != number || !fits) {
            return -EINVAL;
        }
        if (policy.isRealTime() && !caller.identity().has(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        thread.kernelThread().setPolicy(policy, priority);
        return 0;
    }

    /** sched_getscheduler(2). */
    @SystemCall(number = 145, name = "sched_getscheduler")
    public long getScheduler(UserThread caller, int tid) {
        return find(caller, tid)
                .map(thread -> (long) thread.kernelThread().policy().number())
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
        if (policy.number() != number) {
            return -EINVAL;
        }
        return policy.isRealTime() ? realTime : 0;
    }

    /** sched_rr_get_interval(2). */
    @SystemCall(number = 148, name = "sched_rr_get_interval")
    public long roundRobinInterval(UserThread caller, int tid, long time) {
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        boolean turns = thread.get().kernelThread().policy() == SchedulingPolicy.ROUND_ROBIN;
        return Structures.writeTimespec(caller.memory(), time, turns ? TURN_NANOS : 0);
    }

    /** sched_setaffinity(2). */
    @SystemCall(number = 203, name = "sched_setaffinity")
    public long setAffinity(UserThread caller, int tid, int length, long mask) {
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty()) {
            return -ESRCH;
        }
        byte[] bytes = new byte[AFFINITY_BYTES];
        int error = caller.memory().read(mask, bytes, 0, Math.clamp(length, 0, AFFINITY_BYTES));
        if (error < 0) {
            return error;
        }
        long cpus = getLong(bytes, 0) & caller.process().system().scheduler().allCpus();
        if (cpus == 0) {
            return -EINVAL;
        }
        if (!Priorities.mayChange(caller, thread.get().process())) {
            return -EPERM;
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
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty() || flags != 0) {
            return thread.isEmpty() ? -ESRCH : -EINVAL;
        }
        byte[] bytes = new byte[ATTRIBUTES_BYTES];
        int error = caller.memory().read(attributes, bytes, 0, ATTRIBUTES_BYTES);
        if (error < 0) {
            return error;
        }
        int nice = Math.clamp(getInt(bytes, 16), -20, 19);
        KernelThread kernel = thread.get().kernelThread();
        boolean raises = nice < kernel.nice();
        if (raises && !caller.identity().has(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        long result = apply(caller, thread.get(), getInt(bytes, 4), getInt(bytes, 20));
        if (result == 0 && !kernel.policy().isRealTime()) {
            kernel.setNice(nice);
        }
        return result;
    }

    /** sched_getattr(2). */
    @SystemCall(number = 315, name = "sched_getattr")
    public long getAttributes(UserThread caller, int tid, long attributes, int size, int flags) {
        Optional<UserThread> thread = find(caller, tid);
        if (thread.isEmpty() || flags != 0 || size < ATTRIBUTES_BYTES) {
            return thread.isEmpty() ? -ESRCH : -EINVAL;
        }
        KernelThread kernel = thread.get().kernelThread();
        byte[] bytes = new byte[ATTRIBUTES_BYTES];
        putInt(bytes, 0, ATTRIBUTES_BYTES);
        putInt(bytes, 4, kernel.policy().number());
        putLong(bytes, 8, 0);
        putInt(bytes, 16, kernel.nice());
        putInt(bytes, 20, kernel.realTimePriority());
        return caller.memory().write(attributes, bytes, 0, ATTRIBUTES_BYTES);
    }
}

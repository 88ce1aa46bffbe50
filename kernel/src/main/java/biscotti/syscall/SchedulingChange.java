package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Resource;
import biscotti.process.Priorities;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import biscotti.sched.KernelThread;
import biscotti.sched.SchedulingPolicy;

/**
 * How a thread is to be scheduled: what sched_setscheduler(2), sched_setparam(2) and sched_setattr(2) ask for.
 *
 * @param policy a number of sched(7), or {@link #KEEP_POLICY}
 * @param priority 1..99 for a real-time policy, else 0
 * @param nice for SCHED_OTHER and SCHED_BATCH
 * @param resetsOnFork whether children begin as ordinary threads
 * @param keeps whether only that is to change
 */
record SchedulingChange(int policy, int priority, int nice, boolean resetsOnFork, boolean keeps) {
    /** The policy that the thread has. */
    static final int KEEP_POLICY = -1;

    private static final int HIGHEST_PRIORITY = 99;

    /** Makes the change, if the caller may: 0, -EINVAL, -EPERM. */
    long apply(UserThread caller, UserThread thread) {
        KernelThread kernel = thread.kernelThread();
        int number = policy == KEEP_POLICY ? kernel.policy().number() : policy;
        SchedulingPolicy wanted = SchedulingPolicy.ofNumber(number, SchedulingPolicy.NORMAL);
        boolean fits = wanted.isRealTime() ? priority >= 1 && priority <= HIGHEST_PRIORITY : priority == 0;
        if (wanted.number() != number || !fits) {
            return -EINVAL;
        }
        if (!isFree(caller, thread, wanted) && !caller.identity().has(Credentials.CAP_SYS_NICE)) {
            return -EPERM;
        }
        thread.settings().setResetsOnFork(resetsOnFork);
        if (!keeps) {
            kernel.setPolicy(wanted, priority);
        }
        caller.process().system().futexes().owned().priorityChanged(thread.futexWaiter());
        if (!keeps && isFair(wanted) && nice != kernel.nice()) {
            kernel.setNice(nice);
        }
        return 0;
    }

    private static boolean isFair(SchedulingPolicy policy) {
        return policy == SchedulingPolicy.NORMAL || policy == SchedulingPolicy.BATCH;
    }

    /** Whether it takes no privilege: sched(7), "Privileges and resource limits". */
    private boolean isFree(UserThread caller, UserThread thread, SchedulingPolicy wanted) {
        KernelThread kernel = thread.kernelThread();
        if (isFair(wanted) && nice < kernel.nice() && !Priorities.allowsNice(thread, nice)) {
            return false;
        }
        if (wanted.isRealTime() && !allowsRealTime(thread, wanted)) {
            return false;
        }
        boolean leavesIdle = kernel.policy() == SchedulingPolicy.IDLE && wanted != SchedulingPolicy.IDLE;
        if (leavesIdle && !Priorities.allowsNice(thread, kernel.nice())) {
            return false;
        }
        boolean keepsReset = resetsOnFork || !thread.settings().resetsOnFork();
        return keepsReset && Priorities.isSameUser(caller, thread);
    }

    /** RLIMIT_RTPRIO of getrlimit(2): the ceiling of the priority, if it is raised. */
    private boolean allowsRealTime(UserThread thread, SchedulingPolicy wanted) {
        long limit = thread.process().limits().soft(Resource.RTPRIO);
        KernelThread kernel = thread.kernelThread();
        boolean changes = wanted != kernel.policy() && limit == 0;
        boolean raises = priority > kernel.realTimePriority() && Long.compareUnsigned(priority, limit) > 0;
        return !changes && !raises;
    }
}

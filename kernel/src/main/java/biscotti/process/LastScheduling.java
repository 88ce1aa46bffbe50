package biscotti.process;

import biscotti.sched.KernelThread;
import biscotti.sched.SchedulingPolicy;

/**
 * How a thread was scheduled that has ended, but whose process is still asked about: by getpriority(2) and sched_getscheduler(2).
 *
 * @param policy its policy
 * @param priority its real-time priority; 0 for none
 * @param nice its nice value
 */
public record LastScheduling(SchedulingPolicy policy, int priority, int nice) {
    /** What is told of a thread that never was otherwise. */
    static final LastScheduling ORDINARY = new LastScheduling(SchedulingPolicy.NORMAL, 0, 0);

    /** How a thread is scheduled that is about to end. */
    static LastScheduling of(UserThread thread) {
        KernelThread kernel = thread.kernelThread();
        boolean ordinary = kernel.policy() == SchedulingPolicy.NORMAL && kernel.nice() == 0;
        return ordinary ? ORDINARY : new LastScheduling(kernel.policy(), kernel.realTimePriority(), kernel.nice());
    }
}

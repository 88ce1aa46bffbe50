/**
 * Kernel threads and who runs when: carriers, run queues, timers, waiting, locks with ranks, the kernel log.
 *
 * <p>A {@link biscotti.sched.KernelThread} is a virtual thread of the JDK whose executor is the kernel thread itself: when
 * the JDK hands it the continuation to run, it puts itself on a {@link biscotti.sched.RunQueue}. One {@link
 * biscotti.sched.Carrier} per CPU, a pinned platform thread, runs them. So everything that blocks a virtual thread ({@code
 * java.util.concurrent} locks, {@link biscotti.sched.WaitQueue}) gives the CPU to another kernel thread, and the policy is
 * here.
 *
 * <p>Two traps of the JDK's virtual threads to keep away from: a timed park ({@code parkNanos}, {@code await} with a timeout,
 * {@code Thread.sleep}) starts the JDK's own timer threads, so deadlines are for {@link biscotti.sched.Timer}; and a park
 * inside a static initialiser or below a native frame blocks the whole carrier.
 *
 * <p>Kernel threads are not preempted in ring 0. In ring 3 they are: see {@link biscotti.sched.KernelThread#onInterrupt}.
 */
package biscotti.sched;

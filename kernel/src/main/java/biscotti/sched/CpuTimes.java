package biscotti.sched;

/**
 * What a CPU did with its time.
 *
 * @param userNanos in ring 3
 * @param systemNanos in ring 0, for kernel threads
 * @param idleNanos with nothing to run
 */
public record CpuTimes(long userNanos, long systemNanos, long idleNanos) {}

package biscotti.sched;

/** How a thread competes for its CPU (sched(7)). */
public enum SchedulingPolicy {
    /** Shares the CPU fairly by weight (SCHED_OTHER). */
    NORMAL(0),
    /** A real-time thread that runs until it blocks, yields or a higher priority comes (SCHED_FIFO). */
    FIFO(1),
    /** As FIFO, but takes turns with its own priority (SCHED_RR). */
    ROUND_ROBIN(2),
    /** As NORMAL, for long computations: never preempts another on waking (SCHED_BATCH). */
    BATCH(3),
    /** As NORMAL with the least weight of all (SCHED_IDLE). */
    IDLE(5);

    private final int number;

    SchedulingPolicy(int number) {
        this.number = number;
    }

    /** Linux's number for it. */
    public int number() {
        return number;
    }

    /** Whether it runs before all that share fairly. */
    public boolean isRealTime() {
        return this == FIFO || this == ROUND_ROBIN;
    }

    /** The policy with a Linux number, or {@code otherwise} if there is none. */
    public static SchedulingPolicy ofNumber(int number, SchedulingPolicy otherwise) {
        for (SchedulingPolicy policy : values()) {
            if (policy.number == number) {
                return policy;
            }
        }
        return otherwise;
    }
}

package biscotti.process;

import biscotti.abi.Resource;

/** The resource limits of a process (getrlimit(2)). Each method is atomic. */
public final class ResourceLimits {
    private static final long STACK = 8L << 20;
    private static final long FILES = 1024;
    private static final long FILES_HARD = 1 << 20;
    private static final long LOCKED = 8L << 20;
    private static final long PROCESSES = 30000;
    private static final long QUEUE_BYTES = 819200;

    private final long[] soft = new long[Resource.COUNT];
    private final long[] hard = new long[Resource.COUNT];
    private volatile boolean limitsCpu;

    /** Linux's defaults for its first process. */
    ResourceLimits() {
        java.util.Arrays.fill(soft, Resource.INFINITY);
        java.util.Arrays.fill(hard, Resource.INFINITY);
        soft[Resource.STACK] = STACK;
        soft[Resource.CORE] = 0;
        preset(Resource.NPROC, PROCESSES, PROCESSES);
        preset(Resource.NOFILE, FILES, FILES_HARD);
        preset(Resource.MEMLOCK, LOCKED, LOCKED);
        preset(Resource.SIGPENDING, SignalQuota.MOST, SignalQuota.MOST);
        preset(Resource.MSGQUEUE, QUEUE_BYTES, QUEUE_BYTES);
        preset(Resource.NICE, 0, 0);
        preset(Resource.RTPRIO, 0, 0);
    }

    /** A copy, for a child. */
    ResourceLimits(ResourceLimits other) {
        synchronized (other) {
            System.arraycopy(other.soft, 0, soft, 0, Resource.COUNT);
            System.arraycopy(other.hard, 0, hard, 0, Resource.COUNT);
            limitsCpu = other.limitsCpu;
        }
    }

    private void preset(int resource, long softLimit, long hardLimit) {
        soft[resource] = softLimit;
        hard[resource] = hardLimit;
    }

    /** The limit that holds; -1 for none. */
    public synchronized long soft(int resource) {
        return soft[resource];
    }

    /** The limit to which it may be raised; -1 for none. */
    public synchronized long hard(int resource) {
        return hard[resource];
    }

    /** Sets both. */
    public synchronized void set(int resource, long softLimit, long hardLimit) {
        soft[resource] = softLimit;
        hard[resource] = hardLimit;
        limitsCpu = soft[Resource.CPU] != Resource.INFINITY || hard[Resource.CPU] != Resource.INFINITY;
    }

    /** Whether CPU time is limited. */
    boolean limitsCpu() {
        return limitsCpu;
    }

    /** If so many seconds of CPU time reach the soft limit, moves that one second on, as Linux does. */
    synchronized boolean raiseCpu(long seconds) {
        boolean reached = Long.compareUnsigned(seconds, soft[Resource.CPU]) >= 0;
        if (reached) {
            soft[Resource.CPU]++;
        }
        return reached;
    }

    /** A soft limit as an int for counts that fit in one. */
    int count(int resource) {
        long limit = soft(resource);
        return Long.compareUnsigned(limit, Integer.MAX_VALUE) > 0 ? Integer.MAX_VALUE : (int) limit;
    }
}

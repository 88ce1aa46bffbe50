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

    /** Linux's defaults for its first process. */
    ResourceLimits() {
        java.util.Arrays.fill(soft, Resource.INFINITY);
        java.util.Arrays.fill(hard, Resource.INFINITY);
        soft[Resource.STACK] = STACK;
        soft[Resource.CORE] = 0;
        preset(Resource.NPROC, PROCESSES, PROCESSES);
        preset(Resource.NOFILE, FILES, FILES_HARD);
        preset(Resource.MEMLOCK, LOCKED, LOCKED);
        preset(Resource.SIGPENDING, PendingSignals.LIMIT, PendingSignals.LIMIT);
        preset(Resource.MSGQUEUE, QUEUE_BYTES, QUEUE_BYTES);
        preset(Resource.NICE, 0, 0);
        preset(Resource.RTPRIO, 0, 0);
    }

    /** A copy, for a child. */
    ResourceLimits(ResourceLimits other) {
        synchronized (other) {
            System.arraycopy(other.soft, 0, soft, 0, Resource.COUNT);
            System.arraycopy(other.hard, 0, hard, 0, Resource.COUNT);
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
    }

    /** A soft limit as an int for counts that fit in one. */
    int count(int resource) {
        long limit = soft(resource);
        return Long.compareUnsigned(limit, Integer.MAX_VALUE) > 0 ? Integer.MAX_VALUE : (int) limit;
    }
}

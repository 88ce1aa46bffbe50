package biscotti.sched;

/** Runnable real-time threads: a first-in first-out list for each priority 1..99. The caller locks. */
final class RealTimeQueue {
    static final int PRIORITIES = 100;

    private final KernelThread[] heads = new KernelThread[PRIORITIES];
    private final KernelThread[] tails = new KernelThread[PRIORITIES];
    private long nonEmptyLow;
    private long nonEmptyHigh;

    /** The highest priority that has a thread; 0 if none has. */
    int highest() {
        if (nonEmptyHigh != 0) {
            return 127 - Long.numberOfLeadingZeros(nonEmptyHigh);
        }
        return nonEmptyLow == 0 ? 0 : 63 - Long.numberOfLeadingZeros(nonEmptyLow);
    }

    /** The first thread of the highest priority; null if there is none. */
    KernelThread first() {
        return heads[highest()];
    }

    void add(KernelThread thread, int priority, boolean atHead) {
        thread.queuedPriority = priority;
        KernelThread head = heads[priority];
        if (head == null) {
            heads[priority] = thread;
            tails[priority] = thread;
            mark(priority, true);
        } else if (atHead) {
            thread.nextInList = head;
            head.previousInList = thread;
            heads[priority] = thread;
        } else {
            KernelThread tail = tails[priority];
            thread.previousInList = tail;
            tail.nextInList = thread;
            tails[priority] = thread;
        }
    }

    void remove(KernelThread thread) {
        int priority = thread.queuedPriority;
        KernelThread previous = thread.previousInList;
        KernelThread next = thread.nextInList;
        if (previous == null) {
            heads[priority] = next;
        } else {
            previous.nextInList = next;
        }
        if (next == null) {
            tails[priority] = previous;
        } else {
            next.previousInList = previous;
        }
        thread.previousInList = null;
        thread.nextInList = null;
        if (heads[priority] == null) {
            mark(priority, false);
        }
    }

    /** The first thread, by priority, that may run on a CPU; null if there is none. */
    KernelThread firstAllowed(int cpu) {
        for (int priority = highest(); priority > 0; priority--) {
            for (KernelThread t = heads[priority]; t != null; t = t.nextInList) {
                if (t.allows(cpu)) {
                    return t;
                }
            }
        }
        return null;
    }

    private void mark(int priority, boolean nonEmpty) {
        long bit = 1L << (priority & 63);
        if (priority >= 64) {
            nonEmptyHigh = nonEmpty ? nonEmptyHigh | bit : nonEmptyHigh & ~bit;
        } else {
            nonEmptyLow = nonEmpty ? nonEmptyLow | bit : nonEmptyLow & ~bit;
        }
    }
}

package biscotti.sched;

/**
 * The threads that can run on one CPU, without the one that runs: real-time threads first, the others by virtual runtime.
 *
 * <p>A thread's virtual runtime counts from its home queue's {@code minimum}, which follows the least virtual runtime on the
 * CPU and never goes back. A thread that changes queue keeps its distance to it, and a thread that slept comes back at most
 * {@link #SLEEPER_CREDIT} behind it, so that sleeping soon after is rewarded but not hoarded.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
final class RunQueue {
    /** How long a thread runs before one that has had less takes its place. */
    static final long SLICE_NANOS = 3_000_000;

    /** How far behind the others a thread must be to take the CPU from one when it wakes. */
    private static final long WAKE_GRANULARITY = 1_000_000;

    private static final long SLEEPER_CREDIT = 1_500_000;

    private final SpinLock lock = new SpinLock();
    private final RealTimeQueue realTime = new RealTimeQueue();
    private final PairingHeap<KernelThread> fair = new PairingHeap<>() {
        @Override
        boolean before(KernelThread a, KernelThread b) {
            long difference = a.virtualRuntime - b.virtualRuntime;
            return difference < 0 || (difference == 0 && a.sequence < b.sequence);
        }
    };
    private volatile long minimum;
    private long sequence;
    private volatile int length;

    /** How many threads wait. */
    int length() {
        return length;
    }

    /**
     * Adds a thread that can run.
     *
     * @param slept whether it comes back from a sleep, or is new
     */
    void add(KernelThread thread, boolean slept) {
        lock.acquire();
        thread.settle();
        int urgency = thread.urgency();
        if (urgency > 0) {
            realTime.add(thread, urgency, thread.keepsTurn && !slept);
        } else {
            moveHere(thread);
            if (slept) {
                thread.virtualRuntime = Math.max(thread.virtualRuntime, minimum - SLEEPER_CREDIT);
            }
            thread.sequence = sequence++;
            thread.queuedPriority = 0;
            fair.add(thread);
        }
        thread.keepsTurn = false;
        thread.queue = this;
        length++;
        lock.release();
    }

    private void moveHere(KernelThread thread) {
        if (thread.home != this) {
            thread.virtualRuntime =
                    thread.home == null ? minimum : thread.virtualRuntime - thread.home.minimum + minimum;
            thread.home = this;
        }
    }

    /**
     * Takes the thread that runs next; null if none waits.
     *
     * @param fairFirst whether real-time threads have had their {@link RealTimeShare}
     */
    KernelThread take(boolean fairFirst) {
        if (length == 0) {
            return null;
        }
        lock.acquire();
        KernelThread best = fairFirst ? fair.first() : null;
        if (best == null) {
            best = realTime.first();
        }
        if (best == null) {
            best = fair.first();
        }
        if (best != null) {
            unlink(best);
            if (best.queuedPriority == 0) {
                minimum = Math.max(minimum, best.virtualRuntime);
            }
        }
        lock.release();
        return best;
    }

    /** Takes a thread for another CPU, which has nothing to run; null if none may go there. */
    KernelThread steal(int cpu) {
        if (length == 0) {
            return null;
        }
        lock.acquire();
        KernelThread found = realTime.firstAllowed(cpu);
        if (found == null) {
            found = fair.first();
            while (found != null && !found.allows(cpu)) {
                found = fair.after(found);
            }
        }
        if (found != null) {
            unlink(found);
        }
        lock.release();
        return found;
    }

    /** Takes a certain thread out if it is here. */
    boolean remove(KernelThread thread) {
        lock.acquire();
        boolean here = thread.queue == this;
        if (here) {
            unlink(thread);
        }
        lock.release();
        return here;
    }

    private void unlink(KernelThread thread) {
        if (thread.queuedPriority == 0) {
            fair.remove(thread);
        } else {
            realTime.remove(thread);
        }
        thread.queue = null;
        length--;
    }

    /** Sets a running thread's virtual runtime so that the first one that waits comes before it. */
    void goBehindFirst(KernelThread running) {
        if (length == 0) {
            return;
        }
        lock.acquire();
        running.settle();
        moveHere(running);
        KernelThread first = fair.first();
        if (first != null) {
            running.virtualRuntime = Math.max(running.virtualRuntime, first.virtualRuntime);
        }
        lock.release();
    }

    /**
     * At a tick: whether a waiting thread should run now instead of the running one.
     *
     * @param fairFirst whether real-time threads have had their {@link RealTimeShare}
     */
    boolean isBetterThan(KernelThread running, boolean fairFirst) {
        lock.acquire();
        running.settle();
        boolean better;
        int highest = realTime.highest();
        int own = running.urgency();
        if (own > 0) {
            better = highest > own || (highest == own && turnIsOver(running)) || (fairFirst && fair.first() != null);
        } else {
            moveHere(running);
            KernelThread first = fair.first();
            long least =
                    first == null ? running.virtualRuntime : Math.min(running.virtualRuntime, first.virtualRuntime);
            minimum = Math.max(minimum, least);
            better = (highest > 0 && !fairFirst)
                    || (first != null
                            && running.turnNanos >= SLICE_NANOS
                            && first.virtualRuntime < running.virtualRuntime);
        }
        lock.release();
        return better;
    }

    private static boolean turnIsOver(KernelThread running) {
        return running.policy() == SchedulingPolicy.ROUND_ROBIN && running.turnNanos >= RoundRobin.turnNanos();
    }

    /** Whether a thread that was just added here should take the CPU from the one that runs. */
    static boolean preempts(KernelThread woken, KernelThread running) {
        int urgency = running.urgency();
        if (woken.urgency() > 0) {
            return woken.urgency() > urgency;
        }
        if (urgency > 0 || woken.policy() != SchedulingPolicy.NORMAL) {
            return false;
        }
        return running.policy() == SchedulingPolicy.IDLE
                || woken.virtualRuntime + WAKE_GRANULARITY < running.virtualRuntime;
    }
}

package biscotti.heap;

import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.machine.HeapCounter;
import biscotti.machine.Machine;
import biscotti.sched.Interruption;
import biscotti.sched.KernelThread;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The part of the heap that may be in use, and who has how much of it.
 *
 * <p>One number says how much is taken: {@code committed = used + completed + reserved}. <i>Used</i> is what the collector said
 * was in use when it was asked last; <i>completed</i> is what has been allocated since by work that has accounted for it;
 * <i>reserved</i> is what running work may still allocate, what threads keep for their whole life, and the credits of the
 * CPUs. What lives is never more than that, and {@code committed} is never more than the limit, but for what is allocated
 * without a reservation.
 *
 * <p>A reservation that becomes completed allocation changes nothing in the sum: so the end of a system call touches its
 * CPU's credit only. {@link #settle} asks for a new <i>used</i>, and garbage falls out of the sum.
 */
public final class HeapBudget {
    /** The part of the heap that may be committed: collectors need the rest to work in, and the Java machine for itself. */
    public static final int PERCENT = 70;

    /** No unit of work may ask for more than this part of the budget. */
    private static final int LARGEST_SHARE = 4;

    /** All CPUs' credits together are at most this part of the budget. */
    private static final int CREDIT_SHARE = 16;

    private static final long MOST_CREDIT = 1 << 20;

    private final HeapCounter counter;
    private final Machine machine;
    private final long limit;
    private final CpuCredit[] credits;
    private final long plentifulCredit;
    private final AtomicLong committed = new AtomicLong();
    private final ReservationQueue queue = new ReservationQueue();
    private final HeapStatistics statistics;

    /** Guards the fields behind it; nobody waits for it. */
    private final AtomicBoolean settling = new AtomicBoolean();

    private volatile long lastUsed;
    private long lastSettled;
    private volatile int lastCollections;

    /** What threads keep for their whole life; part of {@code committed}. */
    private final AtomicLong kept = new AtomicLong();

    /** The most credit that a CPU keeps; 0 while somebody waits. */
    private volatile long mostCredit;

    private volatile Runnable shortage = () -> {};

    /**
     * A budget of which what is in use now is taken.
     *
     * @param bytes the limit of the sum
     */
    public HeapBudget(Machine machine, long bytes) {
        this.machine = machine;
        this.counter = machine.heap();
        this.limit = bytes;
        this.statistics = new HeapStatistics(machine.clock());
        this.credits = new CpuCredit[machine.processors().count()];
        for (int i = 0; i < credits.length; i++) {
            credits[i] = new CpuCredit();
        }
        this.plentifulCredit = Math.min(MOST_CREDIT, bytes / CREDIT_SHARE / credits.length);
        this.mostCredit = plentifulCredit;
        this.lastCollections = counter.collections();
        this.lastUsed = counter.used();
        committed.set(lastUsed);
    }

    /** The usual budget of a machine: {@link #PERCENT} of its heap. */
    public static HeapBudget of(Machine machine) {
        return new HeapBudget(machine, machine.heap().size() / 100 * PERCENT);
    }

    /** Says who hears that somebody waits: it must be short and must not block. */
    void onShortage(Runnable listener) {
        shortage = listener;
    }

    /**
     * A reservation for a thread, of nothing at first.
     *
     * @param fatal says whether the thread must die, which ends its waits
     */
    public Reservation newReservation(KernelThread thread, Interruption fatal) {
        Reservation reservation = new Reservation(this, thread, fatal);
        thread.setRunListener(reservation);
        return reservation;
    }

    HeapCounter counter() {
        return counter;
    }

    CpuCredit credit(int cpu) {
        return credits[cpu];
    }

    long mostCredit() {
        return mostCredit;
    }

    // Taking.

    /** Reserves when the CPU has no credit to spare, or has not looked for long how much that is. */
    int take(Reservation reservation, CpuCredit credit, long bytes) {
        if (bytes > limit / LARGEST_SHARE) {
            statistics.refused();
            return -ENOMEM;
        }
        if (refill(credit, bytes)) {
            reservation.granted(bytes);
            if (credit.spare > plentifulCredit) { // threads that came here have brought it
                giveBack(credit);
            }
            return 0;
        }
        giveBack(credit);
        return await(reservation, bytes);
    }

    /** Makes what is not allocated of a credit at least so large, if the budget allows it and nobody waits; that much is reserved then. */
    boolean refill(CpuCredit credit, long bytes) {
        account(credit);
        if (counter.collections() != lastCollections) {
            settle();
        }
        boolean enough = queue.length() == 0
                && (credit.limit - credit.settled >= bytes
                        || takeFor(credit, bytes)
                        || settle() && takeFor(credit, bytes));
        if (enough) {
            credit.reserve(bytes);
        }
        return enough;
    }

    private boolean takeFor(CpuCredit credit, long bytes) {
        long missing = bytes - (credit.limit - credit.settled);
        while (true) {
            long now = committed.get();
            long free = limit - now - missing;
            if (free < 0) {
                return false;
            }
            long ahead = Math.max(0, Math.min(plentifulCredit / 2, free / CREDIT_SHARE / credits.length));
            if (committed.compareAndSet(now, now + missing + ahead)) {
                credit.limit += missing + ahead;
                return true;
            }
        }
    }

    private int await(Reservation reservation, long bytes) {
        KernelThread thread = reservation.thread();
        long since = statistics.waitBegins();
        queue.acquire();
        reservation.wanted = bytes;
        queue.add(reservation);
        mostCredit = 0;
        grant();
        queue.release();
        shortage.run();
        thread.waiter().reset();
        while (reservation.state == Reservation.State.WAITING) {
            if (reservation.sleep() != 0) {
                leave(reservation);
            }
            thread.waiter().reset();
        }
        statistics.waitEnds(since);
        return switch (reservation.state) {
            case GRANTED -> {
                bring(reservation, bytes);
                yield 0;
            }
            case REFUSED -> -ENOMEM;
            default -> -EINTR;
        };
    }

    /** What somebody has waited for belongs to the credit of the CPU where it goes on. */
    private void bring(Reservation reservation, long bytes) {
        CpuCredit credit = reservation.credit();
        account(credit);
        credit.limit += bytes;
        credit.reserve(bytes);
        reservation.granted(bytes);
    }

    /** The thread must die: it waits no longer, unless it has been granted at the same time. */
    private void leave(Reservation reservation) {
        queue.acquire();
        if (reservation.state == Reservation.State.WAITING) {
            queue.remove(reservation, Reservation.State.IDLE);
            grant();
        }
        queue.release();
    }

    /** Gives to those who wait, in turn, as long as there is enough. Queue locked. */
    private void grant() {
        for (Reservation first = queue.head(); first != null; first = queue.head()) {
            if (committed.addAndGet(first.wanted) > limit) {
                committed.addAndGet(-first.wanted);
                return;
            }
            queue.remove(first, Reservation.State.GRANTED);
            first.thread().waiter().wake();
        }
        mostCredit = plentifulCredit;
    }

    /**
     * Counts what was allocated on a CPU since the last time as completed; what was not reserved is taken from the budget
     * now, whatever the limit. For what runs on that CPU.
     */
    private void account(CpuCredit credit) {
        long allocated = counter.allocatedExactly();
        credit.settled = allocated;
        if (credit.limit < allocated) {
            committed.addAndGet(allocated - credit.limit);
            credit.limit = allocated;
        }
    }

    private void grantIfWaiting() {
        if (queue.length() != 0) {
            queue.acquire();
            grant();
            queue.release();
        }
    }

    // Giving back.

    /** Returns what a CPU's credit has beyond half of what it may have. For what runs on that CPU. */
    void giveBack(CpuCredit credit) {
        account(credit);
        long excess = credit.free() - mostCredit / 2;
        if (excess > 0) {
            credit.limit -= excess;
            committed.addAndGet(-excess);
            grantIfWaiting();
        }
        credit.reserve(credit.held);
    }

    /**
     * Returns the credit of the calling thread's CPU if somebody waits: for CPUs that may not come to the end of a system call
     * soon, because they idle or run a program. Nothing runs here that has reserved anything.
     */
    public void giveBackIfShort(int cpu) {
        if (mostCredit == 0) {
            credits[cpu].arrive(0);
            giveBack(credits[cpu]);
        }
    }

    /** Takes what a thread keeps for its whole life, whatever the limit: for the kernel's own threads, at boot. */
    public void charge(long bytes) {
        kept.addAndGet(bytes);
        committed.addAndGet(bytes);
    }

    /** Counts what a reservation has taken to keep. */
    void keep(long bytes) {
        kept.addAndGet(bytes);
    }

    /** Returns what a thread has kept for its whole life. */
    public void release(long bytes) {
        kept.addAndGet(-bytes);
        committed.addAndGet(-bytes);
        grantIfWaiting();
    }

    /**
     * Asks how much of the heap is in use, and forgets what was counted as completed until now, which is in that.
     *
     * @return false if another CPU is at it
     */
    boolean settle() {
        if (!settling.compareAndSet(false, true)) {
            return false;
        }
        lastCollections = counter.collections();
        long settled = settledBytes();
        long used = counter.used();
        long change = used - lastUsed - (settled - lastSettled);
        lastUsed = used;
        lastSettled = settled;
        settling.set(false);
        committed.addAndGet(change);
        grantIfWaiting();
        return true;
    }

    /** Read before the heap's use is: what the CPUs have accounted for is in use, or was garbage already. */
    private long settledBytes() {
        long sum = 0;
        for (CpuCredit credit : credits) {
            sum += credit.settled;
        }
        return sum;
    }

    // For the killer.

    /** Whether somebody waits. */
    boolean isShort() {
        return queue.length() != 0;
    }

    /** Has all CPUs return their credits soon. */
    void recall() {
        for (int cpu = 0; cpu < credits.length; cpu++) {
            machine.processors().wake(cpu);
        }
    }

    /**
     * Whether the first who waits will get what it wants as soon as the work that runs now has ended. Meaningful right after a
     * collection.
     */
    boolean willSuffice() {
        return lastUsed + kept.get() + firstWanted() <= limit;
    }

    /**
     * Whether what lives leaves less than the first who waits wants, or less than a part of the budget: then waiting for the
     * work that runs now would not help for long. Meaningful right after a collection.
     */
    boolean isTight(int part) {
        return lastUsed + kept.get() + Math.max(firstWanted(), limit / part) > limit;
    }

    private long firstWanted() {
        queue.acquire();
        Reservation first = queue.head();
        long wanted = first == null ? 0 : first.wanted;
        queue.release();
        return wanted;
    }

    /** Tells the first who waits that it waits in vain. */
    void refuseFirst() {
        queue.acquire();
        Reservation first = queue.head();
        if (first != null) {
            queue.remove(first, Reservation.State.REFUSED);
            statistics.refused();
            first.thread().waiter().wake();
            grant();
        }
        queue.release();
    }

    // For those who look.

    /** The limit, in bytes. */
    public long limit() {
        return limit;
    }

    /** How much is taken of it: what lives or may live. */
    public long committed() {
        return committed.get();
    }

    /** What may be living: in use, or allocated since by completed work. */
    public long living() {
        return lastUsed + Math.max(0, settledBytes() - lastSettled);
    }

    /** What threads keep for their whole life. */
    public long kept() {
        return kept.get();
    }

    /** How many reservations wait. */
    public int waiting() {
        return queue.length();
    }

    /** What has happened so far. */
    public HeapStatistics statistics() {
        return statistics;
    }
}

package biscotti.memory;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.ENOMEM;

import biscotti.bounded.Rounds;
import biscotti.sched.Interruption;
import java.util.Optional;

/** Pages that are locked in memory: mlock(2), mlockall(2). */
public final class PageLocks {
    private final AddressSpace space;
    private final RegionEditor editor;
    private volatile boolean future;
    private volatile boolean futureWhenTouched;

    PageLocks(AddressSpace space, RegionEditor editor) {
        this.space = space;
        this.editor = editor;
    }

    /**
     * Locks a range of whole pages.
     *
     * @param limit how many bytes may be locked in all
     * @return 0; -ENOMEM if part of it is not mapped, or it would be too much; -EINTR if the caller must die
     */
    public long lock(long start, long length, long limit, Rounds rounds) {
        return change(start, length, limit, true, rounds);
    }

    /** Unlocks a range of whole pages: 0 or -ENOMEM; -EINTR if the caller must die. */
    public long unlock(long start, long length, Rounds rounds) {
        return change(start, length, Long.MAX_VALUE, false, rounds);
    }

    /** Locks or unlocks all that is mapped, as far as it is. */
    public void changeAll(boolean locked, Rounds rounds) {
        change(UserRange.LOW_START, UserRange.HIGH_END - UserRange.LOW_START, Long.MAX_VALUE, locked, rounds);
    }

    /** Whether what is mapped from now on is locked: MCL_FUTURE. */
    public boolean future() {
        return future;
    }

    /** Whether that is brought in when it is touched only: MCL_ONFAULT. */
    public boolean futureWhenTouched() {
        return futureWhenTouched;
    }

    /** Sets {@link #future} and {@link #futureWhenTouched}. */
    public void setFuture(boolean locked, boolean whenTouched) {
        future = locked;
        futureWhenTouched = locked && whenTouched;
    }

    /** Brings in all that is mapped, as far as it can be; what cannot comes when it is touched. */
    public void bringAllIn(Rounds rounds, Interruption fatal) {
        Optional<Region> region = space.regionBehind(0);
        while (region.isPresent() && rounds.awaitRound()) {
            long start = region.get().start();
            long end = region.get().end();
            space.populate(start, end - start, AddressSpace.AS_MAPPED, fatal);
            region = space.regionBehind(end);
        }
    }

    private long change(long start, long length, long limit, boolean locked, Rounds rounds) {
        long result;
        do {
            result = changeRound(start, length, limit, locked, rounds);
        } while (result == -EAGAIN && rounds.awaitRound());
        return result == -EAGAIN ? -EINTR : result;
    }

    /** As {@link RegionEditor#changeFlags}: what it has done before it found the heap short, it finds done the next time. */
    private long changeRound(long start, long length, long limit, boolean locked, Rounds rounds) {
        space.lock.lock();
        try {
            long more = length - editor.lockedBytes(start, start + length);
            if (limit < Long.MAX_VALUE && space.regions.lockedBytes() + more > limit) {
                return -ENOMEM;
            }
            return editor.changeFlags(start, start + length, Region.LOCKED, locked ? Region.LOCKED : 0, rounds);
        } finally {
            space.lock.unlock();
        }
    }
}

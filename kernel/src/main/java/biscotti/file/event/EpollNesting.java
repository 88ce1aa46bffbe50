package biscotti.file.event;

import static biscotti.abi.Errno.ELOOP;

import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Keeps epolls that watch epolls from forming loops and long chains (epoll_ctl(2), ELOOP). There is one for the system: what
 * passes from an epoll to the one that watches it goes through so many hands at most.
 */
public final class EpollNesting {
    /** The longest chain: Linux's EP_MAX_NESTS. */
    static final int LONGEST = 4;

    private final RankedLock lock = new RankedLock(LockRank.EPOLL_NESTING);
    /** Tells the visits of this search from those of earlier ones. */
    private long search;

    /** The epolls to look at, in a queue. */
    private EpollFile first;

    private EpollFile last;

    /** No epoll watches another yet. */
    public EpollNesting() {}

    /** What a search knows of an epoll. Guarded by the lock. */
    static final class Visit {
        private long search;
        private int distance;
        private boolean queued;
        private EpollFile next;
    }

    /**
     * Lets an epoll watch another.
     *
     * @param insert makes it so
     * @return what {@code insert} returns, or -ELOOP
     */
    int add(EpollFile outer, EpollFile inner, IntSupplier insert) {
        lock.lock();
        try {
            int below = farthest(inner, outer, EpollFile::forEachInner);
            int above = farthest(outer, inner, EpollFile::forEachOuter);
            return below + 1 + above > LONGEST ? -ELOOP : insert.getAsInt();
        } finally {
            lock.unlock();
        }
    }

    /** Tells the neighbours of an epoll in one direction. */
    private interface Neighbours {
        void forEach(EpollFile epoll, Consumer<EpollFile> receiver);
    }

    /** How long the longest chain is from an epoll on; more than the longest allowed if it comes to {@code forbidden}. */
    private int farthest(EpollFile from, EpollFile forbidden, Neighbours neighbours) {
        search++;
        int farthest = 0;
        reach(from, 0);
        while (first != null) {
            EpollFile epoll = first;
            first = epoll.visit.next;
            epoll.visit.queued = false;
            farthest = Math.max(farthest, epoll == forbidden ? LONGEST + 1 : epoll.visit.distance);
            if (farthest <= LONGEST) {
                int next = epoll.visit.distance + 1;
                neighbours.forEach(epoll, neighbour -> reach(neighbour, next));
            }
        }
        return farthest;
    }

    /** Comes to an epoll, maybe by a longer way than before. */
    private void reach(EpollFile epoll, int distance) {
        Visit visit = epoll.visit;
        if (visit.search == search && visit.distance >= distance) {
            return;
        }
        visit.search = search;
        visit.distance = distance;
        if (!visit.queued) {
            visit.queued = true;
            visit.next = null;
            if (first == null) {
                first = epoll;
            } else {
                last.visit.next = epoll;
            }
            last = epoll;
        }
    }
}

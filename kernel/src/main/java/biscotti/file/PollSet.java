package biscotti.file;

import biscotti.abi.Poll;
import biscotti.sched.KernelThread;
import biscotti.sched.Waiter;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A set of open files that a thread waits for: what poll(2), select(2) and their kin have in common. Made for one call.
 *
 * <p>The thread becomes a watcher of all files only when none is ready, and looks at them again after that, so no change is
 * missed.
 */
public final class PollSet implements Iterable<PollSet.Entry> {
    /** Reported whether asked for or not (poll(2)). */
    private static final int ALWAYS = Poll.POLLERR | Poll.POLLHUP | Poll.POLLNVAL;

    private final Waiter waiter = KernelThread.current().waiter();
    private Entry first;
    private Entry last;

    /** An empty set, for the calling thread. */
    public PollSet() {}

    /** One file of the set. */
    public static final class Entry extends Watchers.Watch {
        private final PollSet set;
        private final long key;
        private final OpenFile file;
        private final int wanted;
        private int ready;
        private Entry next;

        private Entry(PollSet set, long key, OpenFile file, int wanted) {
            this.set = set;
            this.key = key;
            this.file = file;
            this.wanted = wanted;
        }

        /** What the caller knows it by. */
        public long key() {
            return key;
        }

        /** What its file was ready for, of what was wanted, when {@link PollSet#await} returned. */
        public int ready() {
            return ready;
        }

        @Override
        protected boolean changed(int events) {
            if ((events & wanted) != 0) {
                set.waiter.wake();
            }
            return true;
        }
    }

    /**
     * Adds a file at the end.
     *
     * @param key by which the caller knows it again
     * @param wanted {@link Poll} events; errors and hang-ups are wanted always
     */
    public void add(long key, OpenFile file, int wanted) {
        append(new Entry(this, key, file, wanted | ALWAYS));
    }

    /** Adds an entry that is never ready. */
    public void addNothing(long key) {
        append(new Entry(this, key, OpenFile.CLOSED, 0));
    }

    private void append(Entry entry) {
        if (first == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
    }

    /** The entries, in the order in which they were added. */
    @Override
    public Iterator<Entry> iterator() {
        return new Entries(first);
    }

    private static final class Entries implements Iterator<Entry> {
        private Entry next;

        Entries(Entry first) {
            next = first;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Entry next() {
            Entry entry = next;
            if (entry == null) {
                throw new NoSuchElementException();
            }
            next = entry.next;
            return entry;
        }
    }

    /**
     * Waits until some file is ready.
     *
     * @param deadline on the monotonic clock; {@link Waiter#FOREVER}; or 0 to not wait at all
     * @return how many entries have events, 0 after the deadline, or -EINTR
     */
    public int await(long deadline) {
        int count = look();
        if (count > 0 || deadline == 0) {
            return count;
        }
        watch();
        try {
            while (true) {
                waiter.reset();
                count = look();
                if (count > 0) {
                    return count;
                }
                int result = waiter.sleep(deadline);
                if (result < 0) {
                    count = look();
                    return count > 0 || result == Waiter.TIMED_OUT ? count : result;
                }
            }
        } finally {
            unwatch();
        }
    }

    private int look() {
        int count = 0;
        for (Entry entry = first; entry != null; entry = entry.next) {
            entry.ready = entry.wanted == 0 ? 0 : entry.file.events() & entry.wanted;
            count += entry.ready != 0 ? 1 : 0;
        }
        return count;
    }

    private void watch() {
        for (Entry entry = first; entry != null; entry = entry.next) {
            entry.file.watchers().add(entry);
        }
    }

    private void unwatch() {
        for (Entry entry = first; entry != null; entry = entry.next) {
            entry.file.watchers().remove(entry);
        }
    }
}

package biscotti.memory;

import biscotti.machine.PhysicalMemory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The address spaces that map a source's pages shared, so that pages can be taken out of all of them when the source loses
 * them: a file that is cut short (mmap(2): an access behind the end of the file is SIGBUS).
 *
 * <p>Private mappings are only counted, since each program has some of its own file and of libraries, which are never cut: if there
 * are any when a file is, all address spaces are looked through. Of a hole, they keep what they have seen. The lock is held for
 * short times, and no other is taken under it. The list can be walked without it: who leaves it still leads to those behind.
 */
public final class Mappings {
    /** Of sources that never lose pages. */
    public static final Mappings NONE = new Mappings();

    private final ReentrantLock lock = new ReentrantLock();
    private volatile User first;
    private User last;
    /** How many regions may be made writable, and mappings are under way that will be. */
    private int writers;

    private boolean writersDenied;

    /** Changes with each {@link #drop}. */
    private volatile long version;

    /** How many regions map it private. */
    private final AtomicInteger privates = new AtomicInteger();

    /** Where those are; null as long as there has been none. */
    private volatile AddressSpaces spaces;

    /** An address space with regions that map the source. */
    private static final class User {
        final AddressSpace space;
        int regions;
        User previous;
        volatile User next;

        User(AddressSpace space) {
            this.space = space;
        }
    }

    /** No mappings yet. */
    public Mappings() {}

    /**
     * A mapping that may be made writable is coming; {@link #writerCame} follows.
     *
     * @return false if those are denied
     */
    boolean admitWriter() {
        lock.lock();
        try {
            if (!writersDenied && this != NONE) {
                writers++;
            }
            return !writersDenied;
        } finally {
            lock.unlock();
        }
    }

    /** The mapping that {@link #admitWriter} let in is there, or has failed. */
    void writerCame() {
        if (this == NONE) {
            return;
        }
        lock.lock();
        writers--;
        lock.unlock();
    }

    /** Lets no more shared mappings be writable, if there is none that is or may become so: the seals of fcntl(2). */
    public boolean denyWriters() {
        lock.lock();
        try {
            writersDenied |= writers == 0;
            return writersDenied;
        } finally {
            lock.unlock();
        }
    }

    /** One more region of an address space, which may or may not be made writable. */
    void add(AddressSpace space, boolean writable) {
        if (this == NONE) {
            return;
        }
        lock.lock();
        try {
            writers += writable ? 1 : 0;
            User user = find(space);
            if (user == null) {
                user = append(space);
            }
            user.regions++;
        } finally {
            lock.unlock();
        }
    }

    private User append(AddressSpace space) {
        User user = new User(space);
        user.previous = last;
        if (last == null) {
            first = user;
        } else {
            last.next = user;
        }
        last = user;
        return user;
    }

    /** One region less of an address space. */
    void remove(AddressSpace space, boolean writable) {
        if (this == NONE) {
            return;
        }
        lock.lock();
        try {
            writers -= writable ? 1 : 0;
            User user = find(space);
            user.regions--;
            if (user.regions == 0) {
                unlink(user);
            }
        } finally {
            lock.unlock();
        }
    }

    /** One more region of an address space maps the source private. */
    void addPrivate(AddressSpace space) {
        if (this != NONE) {
            spaces = space.all();
            privates.incrementAndGet();
        }
    }

    /** One region less maps the source private. */
    void removePrivate() {
        if (this != NONE) {
            privates.decrementAndGet();
        }
    }

    private void unlink(User user) {
        if (user.previous == null) {
            first = user.next;
        } else {
            user.previous.next = user.next;
        }
        if (user.next == null) {
            last = user.previous;
        } else {
            user.next.previous = user.previous;
        }
    }

    private User find(AddressSpace space) {
        User user = first;
        while (user != null && user.space != space) {
            user = user.next;
        }
        return user;
    }

    /** Tells whether a page that was asked for may have been dropped since: it differs then. */
    long version() {
        return version;
    }

    /**
     * Takes pages out of all address spaces that map them. Called after the source has given them up, without a lock that a
     * page fault would take.
     *
     * @param from number of the first page
     * @param to number of the last page
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    public void drop(long from, long to) {
        lock.lock();
        version++;
        lock.unlock();
        for (User user = first; user != null; user = user.next) {
            user.space.drop(this, from, to, true);
        }
    }

    /**
     * Has the next write to some pages fault, in all address spaces that map them shared: so the source hears of it. Called as {@link #drop}.
     *
     * @param from number of the first page
     * @param to number of the last page
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    public void protect(long from, long to) {
        if (first == null) {
            return;
        }
        lock.lock();
        version++;
        lock.unlock();
        for (User user = first; user != null; user = user.next) {
            user.space.protectShared(this, from, to);
        }
    }

    /**
     * The source ends before a page from now on: takes it and all behind it out of all address spaces, private copies of them too.
     * Called as {@link #drop}.
     */
    public void cut(long from) {
        drop(from, Long.MAX_VALUE >>> PhysicalMemory.FRAME_SHIFT);
        if (privates.get() != 0) {
            spaces.dropPrivate(this, from);
        }
    }
}

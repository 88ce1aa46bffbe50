package biscotti.memory;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The address spaces that map a source's pages shared, so that pages can be taken out of all of them when the source loses
 * them: a file that is cut short (mmap(2): an access behind the end of the file is SIGBUS).
 *
 * <p>Private mappings are not among them: they keep what they have seen. The lock is held for short times, and no other is
 * taken under it.
 */
public final class Mappings {
    /** Of sources that never lose pages. */
    public static final Mappings NONE = new Mappings();

    private final ReentrantLock lock = new ReentrantLock();
    private AddressSpace[] spaces = new AddressSpace[1];
    /** How many regions of each address space map the source. */
    private int[] regions = new int[1];

    private int count;

    /** Changes with each {@link #drop}. */
    private volatile long version;

    /** No mappings yet. */
    public Mappings() {}

    /** One more region of an address space. */
    void add(AddressSpace space) {
        if (this == NONE) {
            return;
        }
        lock.lock();
        try {
            int index = find(space);
            if (index == count) {
                if (count == spaces.length) {
                    spaces = Arrays.copyOf(spaces, 2 * count);
                    regions = Arrays.copyOf(regions, 2 * count);
                }
                spaces[count++] = space;
            }
            regions[index]++;
        } finally {
            lock.unlock();
        }
    }

    /** One region less of an address space. */
    void remove(AddressSpace space) {
        if (this == NONE) {
            return;
        }
        lock.lock();
        try {
            int index = find(space);
            if (--regions[index] == 0) {
                count--;
                spaces[index] = spaces[count];
                regions[index] = regions[count];
                spaces[count] = null;
                regions[count] = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    private int find(AddressSpace space) {
        int index = 0;
        while (index < count && spaces[index] != space) {
            index++;
        }
        return index;
    }

    /** Tells whether a page that was asked for may have been dropped since: it differs then. */
    long version() {
        return version;
    }

    /**
     * Takes pages out of all address spaces that map them. Called after the source has given them up, without a lock that a
     * page fault would take.
     *
     * @param first number of the first page
     * @param last number of the last page
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    public void drop(long first, long last) {
        AddressSpace[] now;
        lock.lock();
        try {
            version++;
            now = Arrays.copyOf(spaces, count);
        } finally {
            lock.unlock();
        }
        for (AddressSpace space : now) {
            space.dropShared(this, first, last);
        }
    }
}

package biscotti.file;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ESTALE;

import biscotti.abi.LittleEndian;
import biscotti.bounded.BoundedMap;
import biscotti.heap.HeapShare;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.Optional;

/**
 * The files of one file system in memory that handles lead to (name_to_handle_at(2)). A file is entered when its first handle is made, and
 * stays until it dies; so files that nobody asks for cost nothing, and a handle of a file that is gone finds none.
 *
 * <p>A handle is the file's number and the time when it was made, in place of Linux's generation: numbers are given once in a file system,
 * and the time tells a handle of another one.
 */
public final class FileHandles {
    /** Bytes of a handle: as of Linux's tmpfs, a generation and a number in two halves. */
    public static final int BYTES = 12;

    /** {@code handle_type} of such a handle. */
    public static final int TYPE = 1;

    /** About what an entry takes of the heap. */
    private static final int ENTRY_BYTES = 150;

    private static final int NUMBER = 4;
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private final HeapShare heap;
    private final RankedLock lock = new RankedLock(LockRank.LEAF);

    /** By the number of a file: the file, and where it was when it was last named. */
    private final BoundedMap<Long, Optional<Place>> places = new BoundedMap<>(
            Integer.MAX_VALUE, number -> (int) (number * MULTIPLIER >>> Integer.SIZE), Optional.empty());

    private boolean closed;

    /** No file has a handle yet; entries take a part of a heap. */
    public FileHandles(HeapShare heap) {
        this.heap = heap;
    }

    /**
     * Makes a handle of a file of this file system.
     *
     * @param handle where to put its {@link #BYTES}
     * @return 0; -ESTALE if the file has died meanwhile; -ENOMEM if there is no room to keep it in mind
     */
    public int make(Place place, byte[] handle, int offset) {
        Vnode file = place.vnode();
        if (!file.retain()) {
            return -ESTALE;
        }
        boolean entered = enter(place);
        LittleEndian.putInt(handle, offset, generation(file));
        LittleEndian.putLong(handle, offset + NUMBER, file.number());
        file.release();
        return entered ? 0 : -ENOMEM;
    }

    /** Keeps a file in mind that the caller uses, so that its end comes later; false if there is no room. */
    private boolean enter(Place place) {
        Vnode file = place.vnode();
        lock.lock();
        try {
            if (places.get(file.number()).isPresent()) {
                return true;
            }
            if (closed || !heap.hasRoom()) {
                return false;
            }
            heap.take(ENTRY_BYTES);
            file.setHasHandle();
            return places.put(file.number(), Optional.of(place));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Finds the file of a handle.
     *
     * @param handle its bytes
     * @param length how many they are
     * @param mount through which the file is reached
     * @return 0, or -ESTALE if there is no such file any more
     */
    public int find(byte[] handle, int length, Mount mount, Slot<Place> found) {
        if (length < BYTES) {
            return -ESTALE;
        }
        Optional<Place> entered = places.get(LittleEndian.getLong(handle, NUMBER));
        if (entered.isEmpty() || generation(entered.get().vnode()) != LittleEndian.getInt(handle, 0)) {
            return -ESTALE;
        }
        Place place = entered.get();
        return found.put(new Place(place.kind(), mount, place.vnode(), place.directory(), place.name()));
    }

    private static int generation(Vnode file) {
        return Long.hashCode(file.birthTime());
    }

    /** A file has got a name, by which it is known from now on. The directory's lock is held. */
    public void named(Vnode file, Directory directory, String name) {
        if (!file.hasHandle() || file instanceof Directory) {
            return;
        }
        lock.lock();
        try {
            Optional<Place> entered = places.get(file.number());
            if (entered.isPresent()) {
                Mount mount = entered.get().mount();
                places.put(file.number(), Optional.of(new Place(Place.Kind.NAMED, mount, file, directory, name)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A file has died. */
    void forget(Vnode file) {
        lock.lock();
        try {
            if (!closed && places.remove(file.number()).isPresent()) {
                heap.give(ENTRY_BYTES);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing leads to the file system any more: gives back what the entries took, and takes no more. */
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                heap.give((long) places.size() * ENTRY_BYTES);
                closed = true;
            }
        } finally {
            lock.unlock();
        }
    }
}

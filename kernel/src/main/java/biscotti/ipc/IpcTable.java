package biscotti.ipc;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOSPC;

import biscotti.abi.Ipc;
import biscotti.bounded.BoundedMap;
import biscotti.bounded.IdTable;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.heap.HeapShare;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The objects of one kind, by number and by key. A number is an index, and above it how many objects were made before it; so that a
 * number that was removed is not soon another object's. Look-ups by number take no lock.
 *
 * @param <T> the kind
 */
public final class IpcTable<T extends IpcObject> {
    /** How many indexes there can be. */
    static final int INDEXES = 1 << 15;

    private static final int SEQUENCES = (1 << 16) - 1;
    /** While there are few objects, indexes are taken in turn from so many. */
    private static final int FIRST_INDEXES = 64;

    /** About what an object takes of the heap; semaphores and messages are elsewhere. */
    private static final int OBJECT_BYTES = 400;

    /** Guards the tables; no other lock is taken under it, and no user memory touched. */
    private final ReentrantLock lock = new ReentrantLock();

    private final IdTable<T> objects;
    private final BoundedMap<Integer, T> keys;
    private final T absent;
    private final HeapShare heap;
    private volatile int limit;
    private int lastIndex = -1;
    private int sequence;
    private volatile int highest = -1;
    /** The number that the next object is to have; negative if any will do. */
    private volatile int wanted = -1;

    /**
     * An empty table.
     *
     * @param limit the most objects, at first
     * @param absent in the place of no object
     * @param heap of which objects take a part
     */
    IpcTable(int limit, T absent, HeapShare heap) {
        this.limit = limit;
        this.absent = absent;
        this.heap = heap;
        this.objects = new IdTable<>(INDEXES, absent);
        this.keys = new BoundedMap<>(INDEXES, key -> key * 0x9e3779b9, absent);
    }

    /** The most objects. */
    public int limit() {
        return limit;
    }

    /** Sets {@link #limit}: 0, or -EINVAL if there cannot be so many. */
    public int setLimit(long most) {
        if (most < 0 || most > INDEXES) {
            return -EINVAL;
        }
        limit = (int) most;
        return 0;
    }

    /** The number that the next object gets, or one with a higher index if it is taken; -1 if any will do: msg_next_id of proc(5). */
    public int wantedNumber() {
        return wanted;
    }

    /** Sets {@link #wantedNumber}: 0, or -EINVAL if there is no such number. */
    public int setWantedNumber(long number) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            return -EINVAL;
        }
        wanted = (int) number;
        return 0;
    }

    /** How many objects there are. */
    public int size() {
        return objects.size();
    }

    /** The highest index in use; 0 if there is none. */
    public int highestIndex() {
        return Math.max(0, highest);
    }

    /** Whether an object is none. */
    public boolean isAbsent(T object) {
        return object == absent;
    }

    /** The object with a number; the absent one if there is none. */
    public T get(int id) {
        T found = id < 0 ? absent : objects.get(id % INDEXES);
        return found != absent && found.id() == id ? found : absent;
    }

    /** The object with an index; the absent one if there is none. */
    public T atIndex(int index) {
        return objects.get(index);
    }

    /** The next index in use from one on; -1 if there is none. */
    public int next(int index) {
        return objects.next(index);
    }

    /**
     * The object of a key, for shmget(2) and its like, if it is there.
     *
     * @param flags IPC_CREAT, IPC_EXCL and the permissions wanted
     * @return 0 with the object; 1 if it is to be made; -ENOENT, -EEXIST, -EACCES
     */
    public int find(Identity who, int key, int flags, Slot<T> slot) {
        if (key == Ipc.IPC_PRIVATE) {
            return 1;
        }
        T found = keys.get(key);
        if (found == absent) {
            return (flags & Ipc.IPC_CREAT) != 0 ? 1 : -ENOENT;
        }
        if ((flags & Ipc.IPC_CREAT) != 0 && (flags & Ipc.IPC_EXCL) != 0) {
            return -EEXIST;
        }
        slot.put(found);
        return found.permits(who, flags) ? 0 : -EACCES;
    }

    /**
     * Adds an object, and gives it a number.
     *
     * @return the number; -ENOSPC; -EEXIST if somebody was faster with the key
     */
    int add(T made) {
        lock.lock();
        try {
            if (objects.size() >= limit || !heap.hasRoom()) {
                return -ENOSPC;
            }
            boolean keyed = made.key() != Ipc.IPC_PRIVATE;
            if (keyed && keys.get(made.key()) != absent) {
                return -EEXIST;
            }
            int asked = wanted;
            int index = asked >= 0 ? objects.firstFree(asked % INDEXES, INDEXES) : nextIndex();
            if (index < 0 || keyed && !keys.put(made.key(), made)) {
                return -ENOSPC;
            }
            if (index <= lastIndex && asked < 0) {
                sequence = (sequence + 1) % SEQUENCES;
            }
            lastIndex = asked < 0 ? index : lastIndex;
            wanted = -1;
            made.setId((asked < 0 ? sequence : asked / INDEXES) * INDEXES + index);
            objects.put(index, made);
            heap.take(OBJECT_BYTES);
            highest = Math.max(highest, index);
            return made.id();
        } finally {
            lock.unlock();
        }
    }

    private int nextIndex() {
        int most = Math.min(INDEXES, Math.max(FIRST_INDEXES, objects.size() / 2 * 3));
        int index = objects.firstFree(lastIndex + 1, most);
        return index < 0 ? objects.firstFree(0, INDEXES) : index;
    }

    /** Lets nobody find an object by its key any more. */
    void forgetKey(T object) {
        lock.lock();
        try {
            int key = object.key();
            if (key != Ipc.IPC_PRIVATE && keys.get(key) == object) {
                keys.remove(key);
                object.forgetKey();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes an object, unless somebody was faster: whether it was here. */
    boolean remove(T object) {
        lock.lock();
        try {
            int index = object.id() % INDEXES;
            if (objects.get(index) != object) {
                return false;
            }
            forgetKey(object);
            objects.remove(index);
            heap.give(OBJECT_BYTES);
            while (highest >= 0 && objects.get(highest) == absent) {
                highest--;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}

package biscotti.file.attribute;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ERANGE;

import biscotti.abi.Latin1;
import biscotti.abi.Xattr;
import biscotti.memory.FrameChains;
import biscotti.memory.UserMemory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The extended attributes of a file in memory: names on the heap, in the order of their bytes, as Linux lists them; values off the heap.
 * All names together are no longer than what listxattr(2) can tell.
 */
public final class MemoryAttributes implements Attributes {
    private static final String TRUSTED = "trusted.";

    private final AttributeStore store;

    /** Guards all below; held while user memory is touched, so it is taken with no other lock that a page fault takes. */
    private final ReentrantLock lock = new ReentrantLock();

    private Attribute first;
    private int nameBytes;
    private boolean closed;

    private static final class Attribute {
        final String name;
        long value;
        int length;
        Attribute next;

        Attribute(String name, long value, int length) {
            this.name = name;
            this.value = value;
            this.length = length;
        }
    }

    /** No attributes yet. */
    public MemoryAttributes(AttributeStore store) {
        this.store = store;
    }

    /** The last attribute before a name's place; null if that place is the first. */
    private Attribute before(String name) {
        Attribute previous = null;
        Attribute at = first;
        while (at != null && at.name.compareTo(name) < 0) {
            previous = at;
            at = at.next;
        }
        return previous;
    }

    private Attribute behind(Attribute previous) {
        return previous == null ? first : previous.next;
    }

    private static boolean isNamed(Attribute attribute, String name) {
        return attribute != null && attribute.name.equals(name);
    }

    @Override
    public long get(String name, UserMemory to, long address, long size) {
        lock.lock();
        try {
            Attribute found = behind(before(name));
            if (!isNamed(found, name)) {
                return -ENODATA;
            }
            if (size == 0) {
                return found.length;
            }
            if (found.length > size) {
                return -ERANGE;
            }
            int error = store.chains().write(found.value, to, address, found.length);
            return error < 0 ? error : found.length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int get(String name, byte[] to) {
        lock.lock();
        try {
            Attribute found = behind(before(name));
            if (!isNamed(found, name)) {
                return -ENODATA;
            }
            if (found.length > to.length) {
                return -ERANGE;
            }
            store.chains().copyTo(found.value, to, found.length);
            return found.length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long set(String name, UserMemory from, long address, int length, int flags) {
        long frames = FrameChains.framesFor(length);
        if (!store.charge(frames)) {
            return -ENOSPC;
        }
        long value = store.chains().read(from, address, length);
        if (value < 0) {
            store.credit(frames);
            return value;
        }
        Attribute given = new Attribute(name, value, length);
        lock.lock();
        int error;
        try {
            error = closed ? -ENODATA : put(given, flags);
        } finally {
            lock.unlock();
        }
        if (error < 0) {
            discard(value, length);
        }
        return error;
    }

    private int put(Attribute given, int flags) {
        Attribute previous = before(given.name);
        Attribute found = behind(previous);
        if (isNamed(found, given.name)) {
            if ((flags & Xattr.XATTR_CREATE) != 0) {
                return -EEXIST;
            }
            discard(found.value, found.length);
            found.value = given.value;
            found.length = given.length;
            return 0;
        }
        if ((flags & Xattr.XATTR_REPLACE) != 0) {
            return -ENODATA;
        }
        if (nameBytes + given.name.length() + 1 > Xattr.XATTR_LIST_MAX || !store.addAttribute()) {
            return -ENOSPC;
        }
        given.next = found;
        if (previous == null) {
            first = given;
        } else {
            previous.next = given;
        }
        nameBytes += given.name.length() + 1;
        return 0;
    }

    private void discard(long value, int length) {
        store.chains().release(value);
        store.credit(FrameChains.framesFor(length));
    }

    @Override
    public int remove(String name) {
        lock.lock();
        try {
            Attribute previous = before(name);
            Attribute found = behind(previous);
            if (!isNamed(found, name)) {
                return -ENODATA;
            }
            if (previous == null) {
                first = found.next;
            } else {
                previous.next = found.next;
            }
            nameBytes -= name.length() + 1;
            discard(found.value, found.length);
            store.removeAttribute();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long list(UserMemory to, long address, long size, boolean privileged) {
        byte[] name = new byte[Xattr.XATTR_NAME_MAX + 1];
        lock.lock();
        try {
            long done = 0;
            for (Attribute at = first; at != null; at = at.next) {
                int length = Math.min(at.name.length(), Xattr.XATTR_NAME_MAX);
                if (!privileged && at.name.startsWith(TRUSTED)) {
                    continue;
                }
                if (size != 0 && done + length + 1 > size) {
                    return -ERANGE;
                }
                Latin1.copy(at.name, 0, name, 0, length);
                name[length] = 0;
                int error = size == 0 ? 0 : to.write(address + done, name, 0, length + 1);
                if (error < 0) {
                    return error;
                }
                done += length + 1;
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            while (first != null) {
                discard(first.value, first.length);
                store.removeAttribute();
                first = first.next;
            }
        } finally {
            lock.unlock();
        }
    }
}

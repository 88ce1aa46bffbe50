package biscotti.file;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMFILE;

import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The descriptors of a process: small numbers that refer to open file descriptions. Threads share a table; fork copies it.
 *
 * <p>{@link #get} takes no lock. The table grows by doubling, up to the limit that the caller of a growing method hands in
 * (RLIMIT_NOFILE); a slot that is not open holds {@link OpenFile#CLOSED}.
 */
public final class FileTable {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(OpenFile[].class);
    private static final int INITIAL_SIZE = 16;
    /** Linux's sysctl fs.nr_open: no table is larger, whatever the limit. */
    private static final int MAXIMUM = 1 << 20;

    /** Guards all changes. */
    private final RankedLock lock = new RankedLock(LockRank.FILE_TABLE);

    private volatile OpenFile[] files;
    /** One bit for each descriptor that execve(2) closes. */
    private long[] closeOnExec;
    /** No descriptor below this one is free. */
    private int firstFree;
    /** How many tasks use this table. */
    private int users = 1;

    /** A table without open descriptors, used by one task. */
    public FileTable() {
        this(INITIAL_SIZE);
    }

    private FileTable(int size) {
        files = new OpenFile[size];
        Arrays.fill(files, OpenFile.CLOSED);
        closeOnExec = new long[wordsFor(size)];
    }

    private static int wordsFor(int size) {
        return size + 63 >>> 6;
    }

    /** What a descriptor refers to; {@link OpenFile#CLOSED} if it is not open. */
    public OpenFile get(int descriptor) {
        OpenFile[] now = files;
        if (descriptor < 0 || descriptor >= now.length) {
            return OpenFile.CLOSED;
        }
        return (OpenFile) SLOT.getAcquire(now, descriptor);
    }

    /** As {@link #get}, and with one more owner that the caller has to release, unless it is not open. */
    public OpenFile getRetained(int descriptor) {
        lock.lock();
        try {
            OpenFile file = get(descriptor);
            if (file != OpenFile.CLOSED) {
                file.retain();
            }
            return file;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens the lowest free descriptor on a description, whose reference the table takes over.
     *
     * @param limit one more than the highest descriptor allowed: RLIMIT_NOFILE
     * @return the descriptor; or -EMFILE, and the reference stays with the caller
     */
    public int install(OpenFile file, boolean closedByExec, int limit) {
        return install(file, closedByExec, 0, limit);
    }

    /** As {@link #install(OpenFile, boolean, int)}, the lowest one not below {@code from}: -EINVAL if that is no descriptor. */
    public int install(OpenFile file, boolean closedByExec, int from, int limit) {
        int end = Math.min(limit, MAXIMUM);
        if (from < 0 || from >= end) {
            return from == 0 ? -EMFILE : -EINVAL;
        }
        lock.lock();
        try {
            int descriptor = Math.max(from, firstFree);
            while (descriptor < files.length && files[descriptor] != OpenFile.CLOSED) {
                descriptor++;
            }
            if (descriptor >= end) {
                return -EMFILE;
            }
            put(descriptor, file, closedByExec);
            if (from <= firstFree) {
                firstFree = descriptor + 1;
            }
            return descriptor;
        } finally {
            lock.unlock();
        }
    }

    /**
     * dup(2), F_DUPFD: opens the lowest free descriptor not below {@code from} on what another refers to.
     *
     * @return the descriptor; -EBADF, -EMFILE, -EINVAL
     */
    public int duplicate(int descriptor, boolean closedByExec, int from, int limit) {
        OpenFile file = getRetained(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        int copy = install(file, closedByExec, from, limit);
        if (copy < 0) {
            file.release();
        }
        return copy;
    }

    /**
     * dup2(2), dup3(2): makes one descriptor refer to what another refers to, and closes what it referred to before, in one
     * step.
     *
     * @return {@code copy}; -EBADF if {@code descriptor} is not open or {@code copy} is beyond the limit
     */
    public int duplicateTo(Caller caller, int descriptor, int copy, boolean closedByExec) {
        if (copy < 0 || copy >= Math.min(caller.openFilesLimit(), MAXIMUM)) {
            return -EBADF;
        }
        OpenFile before;
        lock.lock();
        try {
            OpenFile file = get(descriptor);
            if (file == OpenFile.CLOSED) {
                return -EBADF;
            }
            if (descriptor == copy) {
                return copy;
            }
            file.retain();
            before = get(copy);
            put(copy, file, closedByExec);
        } finally {
            lock.unlock();
        }
        drop(caller, before);
        return copy;
    }

    /** Stores a description; the lock is held. */
    private void put(int descriptor, OpenFile file, boolean closedByExec) {
        if (descriptor >= files.length) {
            grow(descriptor + 1);
        }
        mark(descriptor, closedByExec);
        SLOT.setRelease(files, descriptor, file);
    }

    private void grow(int atLeast) {
        int size = files.length;
        while (size < atLeast) {
            size <<= 1;
        }
        OpenFile[] larger = Arrays.copyOf(files, size);
        Arrays.fill(larger, files.length, size, OpenFile.CLOSED);
        closeOnExec = Arrays.copyOf(closeOnExec, wordsFor(size));
        files = larger;
    }

    private void mark(int descriptor, boolean closedByExec) {
        long bit = 1L << descriptor;
        if (closedByExec) {
            closeOnExec[descriptor >>> 6] |= bit;
        } else {
            closeOnExec[descriptor >>> 6] &= ~bit;
        }
    }

    private boolean marked(int descriptor) {
        return (closeOnExec[descriptor >>> 6] >>> descriptor & 1) != 0;
    }

    /** F_SETFD with FD_CLOEXEC: 0 or -EBADF. */
    public int setCloseOnExec(int descriptor, boolean closedByExec) {
        lock.lock();
        try {
            if (get(descriptor) == OpenFile.CLOSED) {
                return -EBADF;
            }
            mark(descriptor, closedByExec);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** F_GETFD: 1 if execve(2) closes the descriptor, 0 if not, -EBADF. */
    public int closeOnExec(int descriptor) {
        lock.lock();
        try {
            return get(descriptor) == OpenFile.CLOSED ? -EBADF : marked(descriptor) ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    /** close(2): 0, -EBADF, or what the file has to report. */
    public int close(Caller caller, int descriptor) {
        OpenFile file;
        lock.lock();
        try {
            file = take(descriptor);
        } finally {
            lock.unlock();
        }
        return file == OpenFile.CLOSED ? -EBADF : drop(caller, file);
    }

    private OpenFile take(int descriptor) {
        OpenFile file = get(descriptor);
        if (file != OpenFile.CLOSED) {
            SLOT.setRelease(files, descriptor, OpenFile.CLOSED);
            mark(descriptor, false);
            firstFree = Math.min(firstFree, descriptor);
        }
        return file;
    }

    private static int drop(Caller caller, OpenFile file) {
        if (file == OpenFile.CLOSED) {
            return 0;
        }
        int error = file.flush(caller);
        file.release();
        return error;
    }

    /** close_range(2): closes the open descriptors of a range, both ends among them. */
    public void closeRange(Caller caller, int first, int last) {
        int end = Math.min(last, size() - 1);
        for (int descriptor = first; descriptor <= end; descriptor++) {
            if (get(descriptor) != OpenFile.CLOSED) {
                close(caller, descriptor);
            }
        }
    }

    /** close_range(2) with CLOSE_RANGE_CLOEXEC: marks the open descriptors of a range. */
    public void markRange(int first, int last) {
        int end = Math.min(last, size() - 1);
        for (int descriptor = first; descriptor <= end; descriptor++) {
            setCloseOnExec(descriptor, true);
        }
    }

    /** execve(2): closes the descriptors that are marked for it. Nobody else uses the table. */
    public void closeForExec(Caller caller) {
        int size = size();
        for (int descriptor = 0; descriptor < size; descriptor++) {
            if (get(descriptor) != OpenFile.CLOSED && closeOnExec(descriptor) == 1) {
                close(caller, descriptor);
            }
        }
    }

    /** One more than the highest descriptor that may be open. */
    public int size() {
        return files.length;
    }

    /** A copy that refers to the same descriptions: fork(2), unshare(2), execve(2) of a shared table. */
    public FileTable copy() {
        lock.lock();
        try {
            FileTable copy = new FileTable(files.length);
            for (int descriptor = 0; descriptor < files.length; descriptor++) {
                OpenFile file = files[descriptor];
                if (file != OpenFile.CLOSED) {
                    file.retain();
                    copy.files[descriptor] = file;
                }
            }
            copy.closeOnExec = closeOnExec.clone();
            copy.firstFree = firstFree;
            return copy;
        } finally {
            lock.unlock();
        }
    }

    /** One more task uses this table: clone(2) with CLONE_FILES. */
    public void share() {
        lock.lock();
        users++;
        lock.unlock();
    }

    /** Whether more than one task uses this table. */
    public boolean shared() {
        lock.lock();
        try {
            return users > 1;
        } finally {
            lock.unlock();
        }
    }

    /** A task stops using this table; after the last one all descriptors are closed. */
    public void leave(Caller caller) {
        lock.lock();
        try {
            if (--users > 0) {
                return;
            }
        } finally {
            lock.unlock();
        }
        closeRange(caller, 0, Integer.MAX_VALUE);
    }
}

package biscotti.file;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EMFILE;

import biscotti.bounded.IdTable;
import biscotti.file.lock.LockOwner;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.Optional;

/**
 * The descriptors of a process: small numbers that refer to open file descriptions. Threads share a table; fork copies it.
 *
 * <p>{@link #get} takes no lock; {@link OpenFile#CLOSED} stands for a descriptor that is not open. The methods that open one
 * are told the limit to keep to (RLIMIT_NOFILE). The descriptors that execve(2) closes are those with a mark.
 */
public final class FileTable extends LockOwner {
    /** No table is ever larger. */
    public static final int MAXIMUM = 1 << 20;

    private static final int LEAST_MOST = 64;

    /** {@code /proc/sys/fs/nr_open}: no descriptor is given beyond, whatever the limit. */
    private static volatile int most = MAXIMUM;

    private static final int LEAST_SIZE = 64;

    /** Guards all changes. */
    private final RankedLock lock = new RankedLock(LockRank.FILE_TABLE);

    private final IdTable<OpenFile> files = new IdTable<>(MAXIMUM, OpenFile.CLOSED);
    private volatile int size = LEAST_SIZE;
    /** How many tasks use this table. */
    private int users = 1;

    /** The most descriptors of a table, and so the highest that RLIMIT_NOFILE can be set to. */
    public static int most() {
        return most;
    }

    /** Sets {@link #most}; descriptors that are open stay. 0, or -EINVAL if it is below 64 or there cannot be so many. */
    public static int setMost(long wanted) {
        if (wanted < LEAST_MOST || wanted > MAXIMUM) {
            return -EINVAL;
        }
        most = (int) wanted;
        return 0;
    }

    /** A table without open descriptors, used by one task. */
    public FileTable() {}

    /** What a descriptor refers to; {@link OpenFile#CLOSED} if it is not open. */
    public OpenFile get(int descriptor) {
        return files.get(descriptor);
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

    /** Whether a descriptor below a limit is free: 0, or -EMFILE. Another thread may be faster. */
    public int checkRoom(int limit) {
        lock.lock();
        try {
            return files.firstFree(0, Math.min(limit, most)) < 0 ? -EMFILE : 0;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #install(OpenFile, boolean, int)}, the lowest one not below {@code from}: -EINVAL if that is no descriptor. */
    public int install(OpenFile file, boolean closedByExec, int from, int limit) {
        if (from < 0 || from >= limit) {
            return from == 0 ? -EMFILE : -EINVAL;
        }
        int end = Math.min(limit, most);
        if (from >= end) {
            return -EMFILE;
        }
        lock.lock();
        try {
            int descriptor = files.firstFree(from, end);
            if (descriptor < 0) {
                return -EMFILE;
            }
            put(descriptor, file, closedByExec);
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
        if (copy < 0 || copy >= Math.min(caller.openFilesLimit(), most)) {
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
        files.put(descriptor, file);
        files.mark(descriptor, closedByExec);
        if (descriptor >= size) {
            size = Integer.highestOneBit(descriptor) << 1;
        }
    }

    /** F_SETFD with FD_CLOEXEC: 0 or -EBADF. */
    public int setCloseOnExec(int descriptor, boolean closedByExec) {
        lock.lock();
        try {
            if (get(descriptor) == OpenFile.CLOSED) {
                return -EBADF;
            }
            files.mark(descriptor, closedByExec);
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** F_GETFD: 1 if execve(2) closes the descriptor, 0 if not, -EBADF. */
    public int closeOnExec(int descriptor) {
        lock.lock();
        try {
            return get(descriptor) == OpenFile.CLOSED ? -EBADF : files.isMarked(descriptor) ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    /** close(2): 0, -EBADF, or what the file has to report. */
    public int close(Caller caller, int descriptor) {
        OpenFile file;
        lock.lock();
        try {
            file = files.remove(descriptor);
        } finally {
            lock.unlock();
        }
        return file == OpenFile.CLOSED ? -EBADF : drop(caller, file);
    }

    private int drop(Caller caller, OpenFile file) {
        if (file == OpenFile.CLOSED) {
            return 0;
        }
        int error = file.flush(caller);
        file.vnode().unlock(this); // with any descriptor of the file, fcntl(2)
        file.release();
        return error;
    }

    /** close_range(2): closes the open descriptors of a range, both ends among them. */
    public void closeRange(Caller caller, int first, int last) {
        int descriptor = next(first);
        while (descriptor >= 0 && descriptor <= last) {
            close(caller, descriptor);
            descriptor = next(descriptor + 1);
        }
    }

    /** close_range(2) with CLOSE_RANGE_CLOEXEC: marks the open descriptors of a range. */
    public void markRange(int first, int last) {
        int descriptor = next(first);
        while (descriptor >= 0 && descriptor <= last) {
            setCloseOnExec(descriptor, true);
            descriptor = next(descriptor + 1);
        }
    }

    /** execve(2): closes the descriptors that are marked for it. Nobody else uses the table. */
    public void closeForExec(Caller caller) {
        int descriptor = next(0);
        while (descriptor >= 0) {
            if (closeOnExec(descriptor) == 1) {
                close(caller, descriptor);
            }
            descriptor = next(descriptor + 1);
        }
    }

    /** How many descriptors are open; without the lock, so only about. */
    public int openCount() {
        return files.size();
    }

    /** The lowest open descriptor that is not below this one; -1 if there is none. Takes no lock. */
    public int next(int from) {
        return files.next(from);
    }

    /** How many descriptors the table has had room for at its fullest: FDSize of proc(5). */
    public int size() {
        return size;
    }

    /**
     * A copy that refers to the same descriptions: fork(2), unshare(2), execve(2) of a shared table. What other threads open or
     * close meanwhile may be in it or not. Nothing if the caller must die.
     */
    public Optional<FileTable> copy(Caller caller) {
        FileTable copy = new FileTable();
        int descriptor = copyBlock(copy, 0);
        while (descriptor >= 0) {
            if (!caller.rounds().awaitRound()) {
                copy.leave(caller);
                return Optional.empty();
            }
            descriptor = copyBlock(copy, descriptor);
        }
        return Optional.of(copy);
    }

    /** Copies a block of descriptors, the first that has one from a number on: an open descriptor behind it, -1 if there is none. */
    private int copyBlock(FileTable copy, int from) {
        lock.lock();
        try {
            int first = files.next(from);
            if (first < 0) {
                return -1;
            }
            int start = first & -IdTable.BLOCK;
            copy.files.copyBlock(files, first);
            copy.size = size;
            for (int i = 0; i < IdTable.BLOCK; i++) {
                OpenFile file = files.get(start + i);
                if (file != OpenFile.CLOSED) {
                    file.retain();
                }
            }
            return files.next(start + IdTable.BLOCK);
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

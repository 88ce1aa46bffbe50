package biscotti.procfs;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;
import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Transfer;
import biscotti.file.Vnode;
import biscotti.memory.AddressSpace;
import biscotti.process.Process;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** A file of /proc/PID whose positions are places in the memory that the process had when it was opened. */
abstract class AddressSpaceFile extends Vnode {
    private final Process process;

    AddressSpaceFile(ProcessDirectory in, long number, int permissions, Process process) {
        super(
                in.proc(),
                number,
                FileMode.S_IFREG | permissions,
                ProcessDirectory.owner(process),
                ProcessDirectory.ownerGroup(process));
        this.process = process;
        addLink();
    }

    /** {@inheritDoc} Nothing is cut. */
    @Override
    public final int truncate(long length) {
        return 0;
    }

    @Override
    public final int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return ProcessText.mayInspect(caller, process) ? opened.put(opened(process, place, flags)) : -EACCES;
    }

    /** The open file. */
    abstract Opened opened(Process of, Place place, int flags);

    /** Such a file, with a position that readers and writers share. */
    abstract static class Opened extends OpenFile {
        private final Process process;
        private final AddressSpace space;
        private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);
        private long position;

        Opened(Process process, Place place, int flags) {
            super(place, flags);
            this.process = process;
            this.space = process.space();
        }

        /** Whose memory it is. */
        final Process process() {
            return process;
        }

        /** The memory. */
        final AddressSpace space() {
            return space;
        }

        /** Whether the process still has that memory, and not another program's. */
        final boolean isPresent() {
            return process.space() == space;
        }

        /** Whether a number can be a position. */
        abstract boolean isPosition(long number);

        @Override
        protected final long doRead(Caller caller, Transfer to) {
            long from = position();
            return moved(from, doReadAt(caller, to, from));
        }

        /** Where the next read or write without a position begins. */
        final long position() {
            lock.lock();
            long now = position;
            lock.unlock();
            return now;
        }

        /** So many bytes from a position on have been read or written, or an errno, which is the answer. */
        final long moved(long from, long count) {
            lock.lock();
            position = from + Math.max(count, 0);
            lock.unlock();
            return count;
        }

        @Override
        public final long seek(long offset, int whence) {
            lock.lock();
            try {
                if (whence != Seek.SEEK_SET && whence != Seek.SEEK_CUR) {
                    return -EINVAL;
                }
                long target = whence == Seek.SEEK_SET ? offset : position + offset;
                if (!isPosition(target)) {
                    return -EINVAL;
                }
                position = target;
                return target;
            } finally {
                lock.unlock();
            }
        }
    }
}

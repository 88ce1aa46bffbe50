package biscotti.procfs;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;

import biscotti.abi.FileMode;
import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Transfer;
import biscotti.file.Vnode;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserMemory;
import biscotti.process.Process;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** /proc/PID/mem (proc(5)): the memory of a process, each byte at the position that is its address. */
final class MemoryFile extends Vnode {
    private static final int PIECE = 4096;

    private final Process process;

    MemoryFile(ProcessDirectory in, long number, Process process) {
        super(
                in.proc(),
                number,
                FileMode.S_IFREG | 0600,
                ProcessDirectory.owner(process),
                ProcessDirectory.ownerGroup(process));
        this.process = process;
        addLink();
    }

    /** {@inheritDoc} Nothing is cut. */
    @Override
    public int truncate(long length) {
        return 0;
    }

    @Override
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        return ProcessText.mayInspect(caller, process) ? opened.put(new Opened(process, place, flags)) : -EACCES;
    }

    /** The memory that the process had when this was opened; after its end, or another program, there is nothing. */
    private static final class Opened extends OpenFile {
        private final Process process;
        private final AddressSpace space;
        private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);
        private long position;

        Opened(Process process, Place place, int flags) {
            super(place, flags);
            this.process = process;
            this.space = process.space();
        }

        @Override
        protected long doRead(Caller caller, Transfer to) {
            return move(caller, to, false);
        }

        @Override
        protected long doWrite(Caller caller, Transfer from) {
            return move(caller, from, true);
        }

        @Override
        protected long doReadAt(Caller caller, Transfer to, long at) {
            return move(caller, to, at, false);
        }

        @Override
        protected long doWriteAt(Caller caller, Transfer from, long at) {
            return move(caller, from, at, true);
        }

        private long move(Caller caller, Transfer transfer, boolean write) {
            lock.lock();
            long from = position;
            lock.unlock();
            long count = move(caller, transfer, from, write);
            lock.lock();
            position = from + Math.max(count, 0);
            lock.unlock();
            return count;
        }

        private long move(Caller caller, Transfer transfer, long from, boolean write) {
            UserMemory memory = new UserMemory(space);
            byte[] piece = new byte[PIECE];
            long done = 0;
            while (transfer.remaining() > 0 && !process.isZombie() && process.space() == space) {
                long at = from + done;
                int part = (int) Math.min(transfer.remaining(), PIECE - (at & PIECE - 1));
                int error = write ? transfer.take(piece, 0, part) : 0;
                if (error == 0) {
                    boolean moved =
                            write ? memory.write(at, piece, 0, part) == 0 : memory.read(at, piece, 0, part) == 0;
                    error = !moved ? -EIO : write ? 0 : transfer.put(piece, 0, part);
                }
                if (error < 0) {
                    return done > 0 ? done : error;
                }
                done += part;
                if (!caller.rounds().nextRound()) {
                    return done;
                }
            }
            return done;
        }

        @Override
        public int truncate(Caller caller, long length) {
            return writable() ? 0 : -EINVAL;
        }

        /** {@inheritDoc} Any address is a position, those with the highest bit, too. */
        @Override
        public long seek(long offset, int whence) {
            lock.lock();
            try {
                switch (whence) {
                    case Seek.SEEK_SET -> position = offset;
                    case Seek.SEEK_CUR -> position += offset;
                    default -> {
                        return -EINVAL;
                    }
                }
                return position;
            } finally {
                lock.unlock();
            }
        }
    }
}

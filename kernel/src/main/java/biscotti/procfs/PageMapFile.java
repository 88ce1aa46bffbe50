package biscotti.procfs;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.FileMode;
import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Transfer;
import biscotti.file.Vnode;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserRange;
import biscotti.process.Process;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/** /proc/PID/pagemap (proc(5)): a word for each page of a process, by its number. */
final class PageMapFile extends Vnode {
    private static final int WORD = 8;
    private static final int PIECE = 512;
    private static final long LAST_PAGE = UserRange.HIGH_END >>> PhysicalMemory.FRAME_SHIFT;
    /** The bits of a word that are the frame's number, which programs may not know. */
    private static final long FRAME_NUMBER = (1L << 55) - 1;

    private final Process process;

    PageMapFile(ProcessDirectory in, long number, Process process) {
        super(
                in.proc(),
                number,
                FileMode.S_IFREG | 0400,
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

    /** The pages of the memory that the process had when this was opened. */
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
            lock.lock();
            long from = position;
            lock.unlock();
            long count = doReadAt(caller, to, from);
            lock.lock();
            position = from + Math.max(count, 0);
            lock.unlock();
            return count;
        }

        @Override
        protected long doReadAt(Caller caller, Transfer to, long at) {
            if ((at | to.remaining()) % WORD != 0) {
                return -EINVAL;
            }
            long visible = caller.identity().has(Identity.CAP_SYS_ADMIN) ? -1 : ~FRAME_NUMBER;
            byte[] words = new byte[PIECE * WORD];
            long done = 0;
            while (to.remaining() > 0 && (at + done) / WORD < LAST_PAGE && process.space() == space) {
                long page = (at + done) / WORD;
                int count = (int) Math.min(Math.min(to.remaining() / WORD, PIECE), LAST_PAGE - page);
                for (int i = 0; i < count; i++) {
                    long word = space.usage().pageMap(page + i << PhysicalMemory.FRAME_SHIFT) & visible;
                    for (int each = 0; each < WORD; each++) {
                        words[i * WORD + each] = (byte) (word >>> each * Byte.SIZE);
                    }
                }
                int error = to.put(words, 0, count * WORD);
                if (error < 0) {
                    return done > 0 ? done : error;
                }
                done += (long) count * WORD;
                if (!caller.rounds().nextRound()) {
                    return done;
                }
            }
            return done;
        }

        @Override
        public long seek(long offset, int whence) {
            lock.lock();
            try {
                long target = whence == Seek.SEEK_SET ? offset : whence == Seek.SEEK_CUR ? position + offset : -1;
                if (target < 0) {
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

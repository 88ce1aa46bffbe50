package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.UserRange;
import biscotti.process.Process;

/** /proc/PID/pagemap (proc(5)): a word for each page of a process, by its number. */
final class PageMapFile extends AddressSpaceFile {
    private static final int WORD = 8;
    private static final int PIECE = 512;
    private static final long LAST_PAGE = UserRange.HIGH_END >>> PhysicalMemory.FRAME_SHIFT;
    /** The bits of a word that are the frame's number, which programs may not know. */
    private static final long FRAME_NUMBER = (1L << 55) - 1;

    PageMapFile(ProcessDirectory in, long number, Process process) {
        super(in, number, 0400, process);
    }

    @Override
    Opened opened(Process of, Place place, int flags) {
        return new OpenedPages(of, place, flags);
    }

    private static final class OpenedPages extends Opened {
        OpenedPages(Process process, Place place, int flags) {
            super(process, place, flags);
        }

        @Override
        boolean isPosition(long number) {
            return number >= 0;
        }

        @Override
        protected long doReadAt(Caller caller, Transfer to, long at) {
            if ((at | to.remaining()) % WORD != 0) {
                return -EINVAL;
            }
            long visible = caller.identity().has(Identity.CAP_SYS_ADMIN) ? -1 : ~FRAME_NUMBER;
            byte[] words = new byte[PIECE * WORD];
            long done = 0;
            while (to.remaining() > 0 && (at + done) / WORD < LAST_PAGE && isPresent()) {
                long page = (at + done) / WORD;
                int count = (int) Math.min(Math.min(to.remaining() / WORD, PIECE), LAST_PAGE - page);
                for (int i = 0; i < count; i++) {
                    long word = space().usage().pageMap(page + i << PhysicalMemory.FRAME_SHIFT) & visible;
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
    }
}

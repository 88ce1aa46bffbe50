package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.memory.UserMemory;
import biscotti.process.Process;

/** /proc/PID/mem (proc(5)): the memory of a process, each byte at the position that is its address. */
final class MemoryFile extends AddressSpaceFile {
    private static final int PIECE = 4096;

    MemoryFile(ProcessDirectory in, long number, Process process) {
        super(in, number, 0600, process);
    }

    @Override
    Opened opened(Process of, Place place, int flags) {
        return new OpenedMemory(of, place, flags);
    }

    /** After the end of the process, or another program, there is nothing. */
    private static final class OpenedMemory extends Opened {
        OpenedMemory(Process process, Place place, int flags) {
            super(process, place, flags);
        }

        /** {@inheritDoc} Any address is one, those with the highest bit, too. */
        @Override
        boolean isPosition(long number) {
            return true;
        }

        @Override
        protected long doWrite(Caller caller, Transfer from) {
            long to = position();
            return moved(to, doWriteAt(caller, from, to));
        }

        @Override
        protected long doReadAt(Caller caller, Transfer to, long at) {
            return move(caller, to, at, false);
        }

        @Override
        protected long doWriteAt(Caller caller, Transfer from, long at) {
            return move(caller, from, at, true);
        }

        private long move(Caller caller, Transfer transfer, long from, boolean write) {
            UserMemory memory = new UserMemory(space());
            byte[] piece = new byte[PIECE];
            long done = 0;
            while (transfer.remaining() > 0 && !process().isZombie() && isPresent()) {
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
    }
}

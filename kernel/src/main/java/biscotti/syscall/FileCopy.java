package biscotti.syscall;

import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EOVERFLOW;

import biscotti.abi.Limits;
import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.KernelTransfer;
import biscotti.file.OpenFile;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.UserMemory;

/**
 * Copies bytes from one open file to another inside the kernel: sendfile(2), copy_file_range(2). It goes in pieces through a
 * small array; what the receiver did not take of a piece is read again by the next call.
 */
final class FileCopy {
    private static final int PIECE = 16 << 10;
    /** An address of 0: the file's own position is used. */
    private static final long OWN_POSITION = -1;

    private final PhysicalMemory memory;
    private final Caller caller;
    private final OpenFile from;
    private final OpenFile to;
    private boolean range;

    FileCopy(PhysicalMemory memory, Caller caller, OpenFile from, OpenFile to) {
        this.memory = memory;
        this.caller = caller;
        this.from = from;
        this.to = to;
    }

    /**
     * Copies for copy_file_range(2): the ranges of one file may not overlap.
     *
     * @return as {@link #copy}; -EOVERFLOW for a range that ends beyond the largest offset
     */
    long copyRange(long fromAddress, long toAddress, long count) {
        this.range = true;
        return copy(fromAddress, toAddress, count);
    }

    /** Whether both ranges are as copy_file_range(2) wants them: 0, -EOVERFLOW, -EINVAL. */
    private int checkRange(boolean fromGiven, long fromPosition, boolean toGiven, long toPosition, long count) {
        long source = fromGiven ? fromPosition : from.seek(0, Seek.SEEK_CUR);
        long target = toGiven ? toPosition : to.seek(0, Seek.SEEK_CUR);
        if (wraps(source, count) || wraps(target, count)) {
            return -EOVERFLOW;
        }
        if (source < 0 || target < 0) {
            return -EINVAL;
        }
        long rest = Math.max(0, from.vnode().size() - source);
        long length = count < 0 ? rest : Math.min(count, rest);
        boolean overlap = from.vnode() == to.vnode() && source < target + length && target < source + length;
        return overlap ? -EINVAL : 0;
    }

    /** Whether the end of a range, as an unsigned number, lies before its start: what the manual page calls an overflow. */
    private static boolean wraps(long position, long count) {
        return Long.compareUnsigned(position + count, position) < 0;
    }

    /**
     * Copies.
     *
     * @param fromAddress where the position to read at is kept in user memory; 0 to use the file's own
     * @param toAddress the same for the position to write at
     * @return how many bytes, or a negative errno
     */
    long copy(long fromAddress, long toAddress, long count) {
        UserMemory user = caller.memory();
        long fromPosition = OWN_POSITION;
        long toPosition = OWN_POSITION;
        if (fromAddress != 0) {
            int error = user.readLong(fromAddress);
            fromPosition = user.value();
            if (error < 0) {
                return error;
            }
        }
        if (toAddress != 0) {
            int error = user.readLong(toAddress);
            toPosition = user.value();
            if (error < 0) {
                return error;
            }
        }
        int error = range
                ? checkRange(fromAddress != 0, fromPosition, toAddress != 0, toPosition, count)
                : fromAddress != 0 && (fromPosition < 0 || fromPosition + count < 0) ? -EINVAL : 0;
        if (error < 0) {
            return error;
        }
        long room = Long.MAX_VALUE - Math.max(0, Math.max(fromPosition, toPosition));
        if (range && room == 0 && count != 0 && toPosition == Long.MAX_VALUE) {
            return -EFBIG;
        }
        long most = count < 0 ? Limits.MAX_TRANSFER : Math.min(count, Math.min(room, Limits.MAX_TRANSFER));
        long done = move(fromPosition, toPosition, most);
        if (done > 0 && fromAddress != 0) {
            user.writeLong(fromAddress, fromPosition + done);
        }
        if (done > 0 && toAddress != 0) {
            user.writeLong(toAddress, toPosition + done);
        }
        return done;
    }

    private long move(long fromPosition, long toPosition, long count) {
        byte[] piece = new byte[(int) Math.max(0, Math.min(count, PIECE))];
        long done = 0;
        while (done < count) {
            if (!caller.rounds().awaitRound()) {
                return done > 0 ? done : -EINTR;
            }
            int wanted = (int) Math.min(count - done, piece.length);
            KernelTransfer in = transfer(piece, wanted);
            long got =
                    fromPosition == OWN_POSITION ? from.read(caller, in) : from.readAt(caller, in, fromPosition + done);
            if (got <= 0) {
                return done > 0 ? done : got;
            }
            KernelTransfer out = transfer(piece, (int) got);
            long put = toPosition == OWN_POSITION ? to.write(caller, out) : to.writeAt(caller, out, toPosition + done);
            if (fromPosition == OWN_POSITION && put < got) {
                from.seek(Math.max(put, 0) - got, Seek.SEEK_CUR);
            }
            if (put < 0) {
                return done > 0 ? done : put;
            }
            done += put;
            if (put < got) {
                return done;
            }
        }
        return done;
    }

    private KernelTransfer transfer(byte[] bytes, int length) {
        return new KernelTransfer(memory, bytes, 0, length);
    }
}

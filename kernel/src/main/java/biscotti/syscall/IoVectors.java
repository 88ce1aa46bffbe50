package biscotti.syscall;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Limits;
import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.UserTransfer;
import biscotti.memory.UserMemory;
import biscotti.memory.UserRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The segments of readv(2) and writev(2): pairs of address and length. */
final class IoVectors {
    private static final int SEGMENT_SIZE = 16;

    private IoVectors() {}

    /**
     * Reads segments that need not be in the caller's memory.
     *
     * @param segments gets address and length of each, as many as it has room for
     * @return 0; -EINVAL for a negative length, -EFAULT
     */
    static int readSegments(Caller caller, long address, long[] segments) {
        int length = (int) Math.min(segments.length, 2L * Limits.IOV_MAX) * Long.BYTES;
        byte[] bytes = new byte[length];
        int error = caller.memory().read(address, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(segments);
        for (int i = 1; i < segments.length; i += 2) {
            if (segments[i] < 0) {
                return -EINVAL;
            }
        }
        return 0;
    }

    /**
     * Reads them.
     *
     * @return 0; -EINVAL for too many segments, a negative length, or lengths whose sum overflows; -EFAULT, also for a segment that
     *     cannot be user memory
     */
    static int read(Caller caller, long address, int count, Slot<UserTransfer> transfer) {
        if (count < 0 || count > Limits.IOV_MAX) {
            return -EINVAL;
        }
        UserMemory memory = caller.memory();
        byte[] bytes = new byte[count * SEGMENT_SIZE];
        int error = memory.read(address, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        long[] segments = new long[2 * count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(segments);
        long total = 0;
        for (int i = 1; i < segments.length; i += 2) {
            total += segments[i];
            if (segments[i] < 0 || total < 0) {
                return -EINVAL;
            }
            if (segments[i - 1] < 0 || segments[i] > UserRange.HIGH_END - segments[i - 1]) {
                return -EFAULT;
            }
        }
        return transfer.put(new UserTransfer(memory, segments, Math.min(total, Limits.MAX_TRANSFER)));
    }
}

package biscotti.machine;

import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import jdk.internal.misc.Unsafe;

/**
 * The kernel log, through the shim.
 *
 * <p>Unsafe memory is written only inside the buffer, which is allocated for ever, and read only inside the range of the array
 * that was checked.
 */
final class RealLogPort extends LogPort {
    private static final int BUFFER_BYTES = 4096;

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final ReentrantLock lock = new ReentrantLock();
    private final long buffer = Arena.global().allocate(BUFFER_BYTES).address();

    @Override
    public void write(byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        lock.lock();
        try {
            for (int done = 0; done < length; ) {
                int count = Math.min(BUFFER_BYTES, length - done);
                UNSAFE.copyMemory(from, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset + done, null, buffer, count);
                Shim.logWrite(buffer, count);
                done += count;
            }
        } finally {
            lock.unlock();
        }
    }
}

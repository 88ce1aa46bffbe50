package biscotti.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;

/** The kernel log, through the shim. */
final class RealLogPort extends LogPort {
    private static final int BUFFER_BYTES = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final MemorySegment buffer = Arena.global().allocate(BUFFER_BYTES);

    @Override
    public void write(byte[] from, int offset, int length) {
        lock.lock();
        try {
            for (int done = 0; done < length; ) {
                int count = Math.min(BUFFER_BYTES, length - done);
                MemorySegment.copy(from, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, count);
                Shim.logWrite(buffer.address(), count);
                done += count;
            }
        } finally {
            lock.unlock();
        }
    }
}

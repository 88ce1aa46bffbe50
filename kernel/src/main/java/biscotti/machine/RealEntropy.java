package biscotti.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.ReentrantLock;

/** Unpredictable bytes from the C library's getentropy(3), which the shim answers. */
final class RealEntropy extends Entropy {
    /** The most that getentropy gives at once. */
    private static final int BUFFER_BYTES = 256;

    private static final MethodHandle GETENTROPY = Linker.nativeLinker()
            .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("getentropy"), Shim.WAITING);

    private final ReentrantLock lock = new ReentrantLock();
    private final MemorySegment buffer = Arena.global().allocate(BUFFER_BYTES);

    @Override
    public void fill(byte[] to, int offset, int length) {
        lock.lock();
        try {
            for (int done = 0; done < length; ) {
                int count = Math.min(BUFFER_BYTES, length - done);
                refill(count);
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, to, offset + done, count);
                done += count;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long nextLong() {
        lock.lock();
        try {
            refill(Long.BYTES);
            return buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        } finally {
            lock.unlock();
        }
    }

    private void refill(int bytes) {
        int error;
        try {
            error = (int) (long) GETENTROPY.invokeExact(buffer.address(), (long) bytes, 0L);
        } catch (Throwable t) {
            throw new AssertionError("a downcall threw", t);
        }
        if (error != 0) {
            throw new IllegalStateException("the shim has no entropy");
        }
    }
}

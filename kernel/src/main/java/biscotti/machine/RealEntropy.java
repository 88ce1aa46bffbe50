package biscotti.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import jdk.internal.misc.Unsafe;

/**
 * Unpredictable bytes from the C library's getentropy(3), which the shim answers.
 *
 * <p>Unsafe memory is read only inside the buffer, which is allocated for ever, and written only inside the range of the array
 * that was checked.
 */
final class RealEntropy extends Entropy {
    /** The most that getentropy gives at once. */
    private static final int BUFFER_BYTES = 256;

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final MethodHandle GETENTROPY = Linker.nativeLinker()
            .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("getentropy"), Shim.WAITING);

    private final ReentrantLock lock = new ReentrantLock();
    private final long buffer = Arena.global().allocate(BUFFER_BYTES).address();

    @Override
    public void fill(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        lock.lock();
        try {
            for (int done = 0; done < length; ) {
                int count = Math.min(BUFFER_BYTES, length - done);
                refill(count);
                UNSAFE.copyMemory(null, buffer, to, Unsafe.ARRAY_BYTE_BASE_OFFSET + offset + done, count);
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
            return UNSAFE.getLong(buffer);
        } finally {
            lock.unlock();
        }
    }

    private void refill(int bytes) {
        int error;
        try {
            error = (int) (long) GETENTROPY.invokeExact(buffer, (long) bytes, 0L);
        } catch (Throwable t) {
            throw new AssertionError("a downcall threw", t);
        }
        if (error != 0) {
            throw new IllegalStateException("the shim has no entropy");
        }
    }
}

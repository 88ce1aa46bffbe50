package biscotti.machine;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/**
 * The heap of this JVM.
 *
 * <p>What a thread has allocated is what {@code JavaThread::cooked_allocated_bytes} computes: the bytes of the allocation
 * buffers that it has given up, and of objects that went into none, and how far its present buffer is filled. Read here from
 * HotSpot's own structures, five loads, because the public way (com.sun.management.ThreadMXBean) costs ten times as much and
 * does not answer on a virtual thread.
 *
 * <p>Unsafe memory is read only inside the native part of the thread that the caller runs on, which lives as long as it runs,
 * and of the heap, which lives for ever.
 */
final class RealHeapCounter extends HeapCounter {
    private static final JavaLangAccess JAVA_LANG = SharedSecrets.getJavaLangAccess();
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    /** The field of Thread with the address of its native part. */
    private static final long NATIVE_THREAD = UNSAFE.objectFieldOffset(Thread.class, "eetop");

    private static final VmStructs STRUCTS = new VmStructs();
    private static final long ALLOCATED = STRUCTS.offset("Thread", "_allocated_bytes");
    private static final long BUFFER = STRUCTS.offset("Thread", "_tlab");
    private static final long BUFFER_START = BUFFER + STRUCTS.offset("ThreadLocalAllocBuffer", "_start");
    private static final long BUFFER_TOP = BUFFER + STRUCTS.offset("ThreadLocalAllocBuffer", "_top");
    private static final long COLLECTIONS = UNSAFE.getLong(STRUCTS.address("Universe", "_collectedHeap"))
            + STRUCTS.offset("CollectedHeap", "_total_collections");

    @Override
    public long allocated() {
        long thread = UNSAFE.getLong(JAVA_LANG.currentCarrierThread(), NATIVE_THREAD);
        return UNSAFE.getLong(thread + ALLOCATED)
                + UNSAFE.getLong(thread + BUFFER_TOP)
                - UNSAFE.getLong(thread + BUFFER_START);
    }

    @Override
    public long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Override
    public long size() {
        return Runtime.getRuntime().totalMemory();
    }

    @Override
    public int collections() {
        return UNSAFE.getIntVolatile(null, COLLECTIONS);
    }

    @Override
    public void collect() {
        Runtime.getRuntime().gc();
    }
}

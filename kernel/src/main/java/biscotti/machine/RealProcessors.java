package biscotti.machine;

import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/** The CPUs, through the shim. */
@SuppressWarnings("ReferenceEquality") // threads are themselves
final class RealProcessors extends Processors {
    private static final JavaLangAccess JAVA_LANG = SharedSecrets.getJavaLangAccess();
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final int COUNT = (int) Shim.TABLE.get("cpus");
    private static final long PENDING = Shim.TABLE.get("pending");
    private static final int PENDING_STRIDE = 64;

    private final Thread[] carriers = new Thread[COUNT];

    @Override
    public int count() {
        return COUNT;
    }

    /** Looked up among the carriers, which is cheaper than a downcall on a machine of a few CPUs. */
    @Override
    public int current() {
        Thread carrier = JAVA_LANG.currentCarrierThread();
        for (int i = 0; i < COUNT; i++) {
            if (carriers[i] == carrier) {
                return i;
            }
        }
        return Shim.cpuCurrent();
    }

    @Override
    public void pin(int cpu) {
        Shim.cpuPin(cpu);
        carriers[cpu] = Thread.currentThread();
    }

    @Override
    public void idle(long deadline) {
        Shim.cpuIdle(deadline);
    }

    @Override
    public void wake(int cpu) {
        Shim.cpuWake(cpu);
    }

    @Override
    public long takePending(int cpu) {
        long address = PENDING + (long) cpu * PENDING_STRIDE;
        return UNSAFE.getLongVolatile(null, address) == 0 ? 0 : UNSAFE.getAndSetLong(null, address, 0);
    }
}

package biscotti.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The shim's functions. The handles are constants, so that HotSpot compiles each call into a direct one. Those that return at
 * once are <i>critical</i>: the calling thread does not pass into the state 'in native', so they must not wait for anything.
 *
 * <p>All of a kind are called with the same number of arguments, those that a function does not have being 0: the JDK
 * generates code for each signature, which takes longer at boot than all the zeros ever will.
 */
final class Shim {
    /** What the shim publishes. */
    static final ShimTable TABLE = ShimTable.read();

    /** Virtual address of physical address 0. */
    static final long DIRECT_MAP = TABLE.get("direct_map");

    /** How functions are called that may wait, those of the C library as well: the result of an int function is its lower half. */
    static final FunctionDescriptor WAITING = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final FunctionDescriptor CRITICAL =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle ENTER_USER = waiting("enter_user");
    private static final MethodHandle CPU_PIN = waiting("cpu_pin");
    private static final MethodHandle CPU_IDLE = waiting("cpu_idle");
    private static final MethodHandle TLB_FLUSH = waiting("tlb_flush");
    private static final MethodHandle USER_ROOT_LEAVE = waiting("user_root_leave");
    private static final MethodHandle CPU_CURRENT = critical("cpu_current");
    private static final MethodHandle CPU_WAKE = critical("cpu_wake");
    private static final MethodHandle PORT_READ = critical("port_read");
    private static final MethodHandle PORT_WRITE = critical("port_write");
    private static final MethodHandle INTERRUPT_ROUTE = critical("interrupt_route");
    private static final MethodHandle INTERRUPT_ENABLE = critical("interrupt_enable");
    private static final MethodHandle INTERRUPT_MESSAGE = critical("interrupt_message");
    private static final MethodHandle DEVICE_MAP = critical("device_map");
    private static final MethodHandle LOG_WRITE = critical("log_write");
    private static final MethodHandle MACHINE_STOP = critical("machine_stop");

    private Shim() {}

    private static MethodHandle waiting(String name) {
        return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(TABLE.get(name)), WAITING);
    }

    private static MethodHandle critical(String name) {
        return Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(TABLE.get(name)), CRITICAL, Linker.Option.critical(false));
    }

    /** A function of the shim throws nothing. */
    private static AssertionError impossible(Throwable t) {
        return new AssertionError("a downcall threw", t);
    }

    static int enterUser(long frameAddress, long root) {
        try {
            return (int) (long) ENTER_USER.invokeExact(frameAddress, root, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static int cpuCurrent() {
        try {
            return (int) (long) CPU_CURRENT.invokeExact(0L, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void cpuPin(long cpu) {
        try {
            long ignored = (long) CPU_PIN.invokeExact(cpu, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void cpuIdle(long deadline) {
        try {
            long ignored = (long) CPU_IDLE.invokeExact(deadline, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void cpuWake(long cpu) {
        try {
            long ignored = (long) CPU_WAKE.invokeExact(cpu, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void tlbFlush(long cpus, long address, long pages) {
        try {
            long ignored = (long) TLB_FLUSH.invokeExact(cpus, address, pages);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void userRootLeave() {
        try {
            long ignored = (long) USER_ROOT_LEAVE.invokeExact(0L, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static long portRead(long port, long bytes) {
        try {
            return (long) PORT_READ.invokeExact(port, bytes, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void portWrite(long port, long bytes, long value) {
        try {
            long ignored = (long) PORT_WRITE.invokeExact(port, bytes, value, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void interruptRoute(long line, long cpu, long bit, long level) {
        try {
            long ignored = (long) INTERRUPT_ROUTE.invokeExact(line, cpu, bit, level);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void interruptEnable(long line) {
        try {
            long ignored = (long) INTERRUPT_ENABLE.invokeExact(line, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static long interruptMessage(long cpu, long bit) {
        try {
            return (long) INTERRUPT_MESSAGE.invokeExact(cpu, bit, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static long deviceMap(long address, long length) {
        try {
            return (long) DEVICE_MAP.invokeExact(address, length, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void logWrite(long address, long length) {
        try {
            long ignored = (long) LOG_WRITE.invokeExact(address, length, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }

    static void machineStop(long code) {
        try {
            long ignored = (long) MACHINE_STOP.invokeExact(code, 0L, 0L, 0L);
        } catch (Throwable t) {
            throw impossible(t);
        }
    }
}

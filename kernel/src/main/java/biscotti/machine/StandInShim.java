package biscotti.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import jdk.internal.misc.Unsafe;

/**
 * What takes the shim's place when a boot is rehearsed in an ordinary process of Linux, so that HotSpot's AOT cache gets all
 * classes, linked, and the code that the JDK generates for downcalls.
 *
 * <p>Physical memory is an allocation of the process. A few bytes of machine code stand for the functions: most return 0 at once, the
 * ports are those of a UART that is always ready to send, stopping the machine is noted. Ring 3 is played by {@link
 * RehearsedProgram}. There is one CPU, and idling returns at once, which is allowed.
 *
 * <p>Unsafe memory is touched only inside the allocations made here.
 */
public final class StandInShim {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private static final long MEMORY_BYTES = 96L << 20;
    private static final long PAGE = PhysicalMemory.FRAME_SIZE;
    private static final long FIRST_FRAME = 2L << 20;

    private static final int CODE_BYTES = 4096;
    private static final int NOTHING = 0;
    private static final int READ_PORT = 64;
    private static final int STOP = 128;
    private static final int STOPPED = 256;

    /** {@code xor eax, eax; ret}. */
    private static final byte[] NOTHING_CODE = {0x31, (byte) 0xc0, (byte) 0xc3};

    /** Offset 4 and up of a UART's registers read as 0x60, its transmitter is empty; below as 1, no interrupt is pending. */
    private static final byte[] READ_PORT_CODE = {
        (byte) 0xb8,
        1,
        0,
        0,
        0, // mov eax, 1
        0x40,
        (byte) 0xf6,
        (byte) 0xc7,
        4, // test dil, 4
        0x74,
        5, // je to ret
        (byte) 0xb8,
        0x60,
        0,
        0,
        0, // mov eax, 0x60
        (byte) 0xc3 // ret
    };

    /** {@code mov dword [rip + STOPPED - STOP - 10], 1; xor eax, eax; ret}. */
    private static final byte[] STOP_CODE = {
        (byte) 0xc7, 0x05, STOPPED - STOP - 10, 0, 0, 0, 1, 0, 0, 0, 0x31, (byte) 0xc0, (byte) 0xc3
    };

    private final long code;

    private StandInShim(long code) {
        this.code = code;
    }

    /**
     * Makes the {@link RealMachine} that is opened next one over this shim, with the root archive in the file {@code root}.
     *
     * @param commandLine the boot command line
     */
    public static StandInShim install(Path root, String commandLine) throws IOException {
        StandInShim shim = new StandInShim(mapCode());
        StringBuilder table = new StringBuilder();
        shim.table(Files.readAllBytes(root), commandLine.getBytes(StandardCharsets.ISO_8859_1))
                .forEach((name, value) -> table.append(name)
                        .append(' ')
                        .append(Long.toHexString(value))
                        .append('\n'));
        Path file = Files.createTempFile("shim", "");
        file.toFile().deleteOnExit();
        ShimTable.replace(Files.writeString(file, table));
        return shim;
    }

    /** Whether the kernel has stopped the machine. */
    public boolean stopped() {
        return UNSAFE.getIntVolatile(null, code + STOPPED) != 0;
    }

    private Map<String, Long> table(byte[] root, byte[] commandLine) {
        long memory = (UNSAFE.allocateMemory(MEMORY_BYTES + PAGE) + PAGE - 1) & -PAGE;
        UNSAFE.setMemory(memory, FIRST_FRAME, (byte) 0);
        long rootStart = MEMORY_BYTES - ((root.length + PAGE - 1) & -PAGE);
        UNSAFE.copyMemory(root, Unsafe.ARRAY_BYTE_BASE_OFFSET, null, memory + rootStart, root.length);
        Map<String, Long> values = new HashMap<>();
        for (String name : new String[] {
            "cpu_pin",
            "cpu_idle",
            "tlb_flush",
            "user_root_leave",
            "cpu_current",
            "cpu_wake",
            "port_write",
            "interrupt_route",
            "interrupt_enable",
            "interrupt_message",
            "device_map",
            "log_write"
        }) {
            values.put(name, code + NOTHING);
        }
        values.put("port_read", code + READ_PORT);
        values.put("machine_stop", code + STOP);
        values.put("enter_user", ring3(memory));
        values.put("direct_map", memory);
        values.put("kernel_root", 0L);
        values.put("pending", memory + PAGE);
        values.put("command_line", memory + 2 * PAGE);
        put(memory + 2 * PAGE, commandLine);
        values.put("frames_0_start", FIRST_FRAME);
        values.put("frames_0_end", rootStart);
        values.put("root_start", rootStart);
        values.put("root_end", rootStart + root.length);
        values.put("cpus", 1L);
        values.put("xsave_size", 832L);
        values.put("features", 1L);
        values.put("tsc_base", 0L);
        values.put("tsc_multiplier", 1L << 32);
        return values;
    }

    /** The address of a native function that calls {@link RehearsedProgram#enter}. */
    private static long ring3(long memory) {
        try {
            MethodHandle enter = MethodHandles.lookup()
                    .findVirtual(
                            RehearsedProgram.class,
                            "enter",
                            MethodType.methodType(long.class, long.class, long.class, long.class))
                    .bindTo(new RehearsedProgram(memory));
            return Linker.nativeLinker()
                    .upcallStub(
                            enter, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Arena.global())
                    .address();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the method is there", e);
        }
    }

    /** mmap(2) of a page that may be executed, with the code above in it. */
    private static long mapCode() {
        Linker linker = Linker.nativeLinker();
        MethodHandle mmap = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("mmap"),
                FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        try {
            int readWriteExecute = 7;
            int privateAnonymous = 0x22;
            long page = (long)
                    mmap.invokeExact(MemorySegment.NULL, (long) CODE_BYTES, readWriteExecute, privateAnonymous, -1, 0L);
            put(page + NOTHING, NOTHING_CODE);
            put(page + READ_PORT, READ_PORT_CODE);
            put(page + STOP, STOP_CODE);
            return page;
        } catch (Throwable t) {
            throw new IllegalStateException("no memory for code", t);
        }
    }

    private static void put(long address, byte[] bytes) {
        UNSAFE.copyMemory(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET, null, address, bytes.length);
    }
}

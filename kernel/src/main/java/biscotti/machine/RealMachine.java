package biscotti.machine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.internal.misc.Unsafe;

/** The machine that this JVM runs on, in ring 0, over the shim. */
public final class RealMachine extends Machine {
    private final RealMemory memory = new RealMemory();
    private final RealProcessors processors = new RealProcessors();
    private final RealTlb tlb = new RealTlb();
    private final RealClock clock = new RealClock();
    private final RealPorts ports = new RealPorts();
    private final RealInterruptLines interruptLines = new RealInterruptLines();
    private final RealLogPort logPort = new RealLogPort();
    private final BootInformation boot = readBoot(Shim.TABLE);

    private RealMachine() {}

    /** The machine; throws IllegalStateException if this JVM does not run on the shim. To be called once. */
    public static RealMachine open() {
        return new RealMachine();
    }

    /** Built when first asked for, as it takes loading a library. */
    private static final class EntropyHolder {
        private static final RealEntropy ENTROPY = new RealEntropy();
    }

    /** Built when first asked for, as it takes looking through the Java machine's library. */
    private static final class HeapHolder {
        private static final RealHeapCounter HEAP = new RealHeapCounter();
    }

    /** Built when first asked for, for the same reason. */
    private static final class ClassesHolder {
        private static final RealClassCounter CLASSES = new RealClassCounter();
    }

    private static BootInformation readBoot(ShimTable table) {
        List<PhysicalRange> frames = new ArrayList<>();
        for (int i = 0; table.has("frames_" + i + "_start"); i++) {
            frames.add(new PhysicalRange(table.get("frames_" + i + "_start"), table.get("frames_" + i + "_end")));
        }
        frames.sort(Comparator.comparingLong(PhysicalRange::start));
        return new BootInformation(
                text(table.get("command_line")),
                List.copyOf(frames),
                new PhysicalRange(table.get("root_start"), table.get("root_end")),
                table.get("kernel_root"),
                (int) table.get("xsave_size"),
                table.get("features"));
    }

    /** The text that ends in a zero at a virtual address of the shim. */
    private static String text(long address) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long at = address; Unsafe.getUnsafe().getByte(at) != 0; at++) {
            bytes.write(Unsafe.getUnsafe().getByte(at));
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public Processors processors() {
        return processors;
    }

    @Override
    public Tlb tlb() {
        return tlb;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Ports ports() {
        return ports;
    }

    @Override
    public InterruptLines interruptLines() {
        return interruptLines;
    }

    @Override
    public DeviceRegisters deviceRegisters(long address, long length) {
        long base = Shim.deviceMap(address, length);
        if (base == 0) {
            throw new IllegalStateException("no memory to map registers at 0x" + Long.toHexString(address));
        }
        return new RealDeviceRegisters(base, length);
    }

    @Override
    public LogPort logPort() {
        return logPort;
    }

    @Override
    public Entropy entropy() {
        return EntropyHolder.ENTROPY;
    }

    @Override
    public HeapCounter heap() {
        return HeapHolder.HEAP;
    }

    @Override
    public ClassCounter classes() {
        return ClassesHolder.CLASSES;
    }

    @Override
    public BootInformation boot() {
        return boot;
    }

    @Override
    protected UserContext userContext(long frame) {
        return new RealUserContext(this, frame);
    }

    @Override
    public void stop(int code) {
        Shim.machineStop(code);
    }
}

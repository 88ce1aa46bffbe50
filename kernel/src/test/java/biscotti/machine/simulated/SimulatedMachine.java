package biscotti.machine.simulated;

import biscotti.machine.BootInformation;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.Entropy;
import biscotti.machine.InterruptLines;
import biscotti.machine.InterruptMessage;
import biscotti.machine.LogPort;
import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.PhysicalRange;
import biscotti.machine.Tlb;
import biscotti.machine.UserContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine inside an ordinary JVM, for tests: see the package's description for how to use it.
 */
public final class SimulatedMachine extends Machine implements AutoCloseable {
    /** Physical address of the first byte that exists. */
    public static final long MEMORY_START = 0x10_0000;

    /** Bytes of an XSAVE image: x87, SSE and AVX. */
    public static final int XSAVE_BYTES = 832;

    /** Where messages of devices are written to, as on a PC. */
    private static final int MESSAGES_ADDRESS = 0xfee0_0000;

    /** The data of the first message; those of lines come before. */
    private static final int FIRST_MESSAGE = 144;

    private static final int MESSAGES = 64;

    private static final long TICK_NANOS = 1_000_000;

    private record Route(int cpu, int bit, boolean level) {}

    private final SimulatedMemory memory;
    private final SimulatedProcessors processors;
    private final SimulatedHeap heap;
    private final SimulatedClasses classes = new SimulatedClasses();
    private final SimulatedClock clock;
    private final SimulatedPorts ports = new SimulatedPorts();
    private final SimulatedRegisters registers = new SimulatedRegisters();
    private final AtomicInteger messages = new AtomicInteger(FIRST_MESSAGE);
    private final SimulatedUserMode userMode;
    private final BootInformation boot;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final ConcurrentMap<Integer, Route> routes = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, Boolean> masked = new ConcurrentHashMap<>();
    private final CompletableFuture<Integer> stopped = new CompletableFuture<>();
    private final Random random;
    private final boolean ticks;

    /** What a simulated machine has. */
    public static final class Builder {
        private int cpus = 1;
        private long memoryBytes = 32 << 20;
        private boolean manualClock;
        private boolean ticks;
        private long seed = 1;
        private String commandLine = "";
        private byte[] rootArchive = {};

        private Builder() {}

        /** How many CPUs; 1 if not said. */
        public Builder cpus(int count) {
            cpus = count;
            return this;
        }

        /** Bytes of memory that belong to Java, a multiple of the frame size; 32 MB if not said. */
        public Builder memory(long bytes) {
            memoryBytes = bytes;
            return this;
        }

        /** The clock stands still until {@link SimulatedClock#advance}. */
        public Builder manualClock() {
            manualClock = true;
            return this;
        }

        /** Programs in ring 3 are interrupted by a tick for each millisecond of the clock. */
        public Builder ticks() {
            ticks = true;
            return this;
        }

        /** Seed of the injected randomness and of the machine's entropy. */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /** The kernel command line. */
        public Builder commandLine(String line) {
            commandLine = line;
            return this;
        }

        /** The root file system's cpio archive. */
        public Builder rootArchive(byte[] cpio) {
            rootArchive = cpio.clone();
            return this;
        }

        /** Builds it. */
        public SimulatedMachine build() {
            return new SimulatedMachine(this);
        }
    }

    /** Describes a machine. */
    public static Builder builder() {
        return new Builder();
    }

    private SimulatedMachine(Builder built) {
        // First the kernel's own page table, then Java's frames, then the archive.
        long framesStart = MEMORY_START + PhysicalMemory.FRAME_SIZE;
        long framesEnd = framesStart + built.memoryBytes;
        long end = framesEnd + built.rootArchive.length;
        memory = new SimulatedMemory(MEMORY_START, end + PhysicalMemory.FRAME_MASK & ~PhysicalMemory.FRAME_MASK);
        memory.copyIn(framesEnd, built.rootArchive, 0, built.rootArchive.length);
        processors = new SimulatedProcessors(built.cpus, built.seed);
        heap = new SimulatedHeap(processors);
        clock = new SimulatedClock(built.manualClock, processors);
        processors.setClock(clock);
        userMode = new SimulatedUserMode(this);
        random = new Random(built.seed);
        ticks = built.ticks;
        boot = new BootInformation(
                built.commandLine,
                List.of(new PhysicalRange(framesStart, framesEnd)),
                new PhysicalRange(framesEnd, end),
                MEMORY_START,
                XSAVE_BYTES,
                BootInformation.FEATURE_AVX);
    }

    /** Registers what runs in ring 3 when a thread starts at {@code rip}. */
    public void register(long rip, UserCode code) {
        userMode.register(rip, code);
    }

    /** A device pulls an interrupt line: the routed pending bit is set, unless the line is masked or not routed. */
    public void interrupt(int line) {
        Route route = routes.get(line);
        if (route == null || masked.containsKey(line)) {
            return;
        }
        if (route.level) {
            masked.put(line, true);
        }
        processors.setPending(route.cpu, route.bit);
    }

    /** A device writes a message, which must be one that was given out. */
    public void interrupt(int address, int data) {
        if (address != MESSAGES_ADDRESS || data < FIRST_MESSAGE || data >= messages.get()) {
            throw new AssertionError("message " + data + " to 0x" + Integer.toHexString(address));
        }
        interrupt(data);
    }

    /** Attaches a device to a range of physical addresses that are no memory. */
    public void attach(long address, long length, SimulatedPorts.Device device) {
        registers.attach(address, length, device);
    }

    /** What was written to the kernel log. */
    public String log() {
        synchronized (log) {
            return log.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** Waits for {@link #stop}; its code. */
    public int awaitStop(long seconds) throws Exception {
        return stopped.get(seconds, TimeUnit.SECONDS);
    }

    /** Whether a CPU in ring 3 has a tick to take now. */
    boolean tickDue(SimulatedProcessors.Cpu cpu) {
        if (!ticks) {
            return false;
        }
        long now = clock.monotonicNanos();
        if (now < cpu.nextTick) {
            return false;
        }
        cpu.nextTick = now - now % TICK_NANOS + TICK_NANOS;
        return true;
    }

    @Override
    public SimulatedMemory memory() {
        return memory;
    }

    @Override
    public SimulatedProcessors processors() {
        return processors;
    }

    @Override
    public Tlb tlb() {
        return new Tlb() {
            @Override
            public void flush(long cpus, long address, long pages) {
                for (int i = 0; i < processors.count(); i++) {
                    if ((cpus >>> i & 1) != 0) {
                        processors.cpu(i).translations.flush(address, pages);
                    }
                }
            }

            @Override
            public void leaveUserRoot() {
                processors.cpu(processors.current()).translations.load(MEMORY_START);
            }
        };
    }

    @Override
    public SimulatedClock clock() {
        return clock;
    }

    @Override
    public SimulatedPorts ports() {
        return ports;
    }

    @Override
    public InterruptLines interruptLines() {
        return new InterruptLines() {
            @Override
            public void route(int line, int cpu, int bit, boolean level) {
                routes.put(line, new Route(cpu, bit, level));
            }

            @Override
            public void enable(int line) {
                masked.remove(line);
            }

            @Override
            public Optional<InterruptMessage> message(int cpu, int bit) {
                int data = messages.getAndIncrement();
                if (data >= FIRST_MESSAGE + MESSAGES) {
                    return Optional.empty();
                }
                routes.put(data, new Route(cpu, bit, false));
                return Optional.of(new InterruptMessage(MESSAGES_ADDRESS, data));
            }
        };
    }

    @Override
    public DeviceRegisters deviceRegisters(long address, long length) {
        return registers.at(address, length);
    }

    @Override
    public LogPort logPort() {
        return new LogPort() {
            @Override
            public void write(byte[] from, int offset, int length) {
                synchronized (log) {
                    log.write(from, offset, length);
                }
            }
        };
    }

    @Override
    public Entropy entropy() {
        return new Entropy() {
            @Override
            public void fill(byte[] to, int offset, int length) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                System.arraycopy(bytes, 0, to, offset, length);
            }

            @Override
            public long nextLong() {
                return random.nextLong();
            }
        };
    }

    @Override
    public SimulatedClasses classes() {
        return classes;
    }

    @Override
    public SimulatedHeap heap() {
        return heap;
    }

    @Override
    public BootInformation boot() {
        return boot;
    }

    @Override
    protected UserContext userContext(long frame) {
        return new SimulatedUserContext(this, userMode, frame);
    }

    @Override
    public void stop(int code) {
        stopped.complete(code);
    }

    /** Ends all host threads of the machine: simulated programs, and carriers that idle. */
    @Override
    public void close() {
        userMode.close();
        processors.close();
        memory.close();
    }
}

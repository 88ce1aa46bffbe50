package biscotti.driver.ahci;

import biscotti.driver.DeviceFrames;
import biscotti.driver.disk.QueuedDevice;
import biscotti.driver.pci.PciFunction;
import biscotti.driver.pci.PciMessages;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import biscotti.sched.InterruptThread;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** An AHCI controller. Its one message interrupts for all ports; a thread of its own tells those that it is for. */
public final class AhciController {
    /** Mass storage, Serial ATA, AHCI (PCI Code and ID Assignment, 1.2). */
    private static final int CLASS = 0x010601;

    private static final int BAR = 5;

    // Registers of the controller: AHCI, 3.1.
    private static final int CAP = 0x00;
    private static final int GHC = 0x04;
    private static final int IS = 0x08;
    private static final int PI = 0x0c;
    private static final int PORTS = 0x100;
    private static final int PORT_BYTES = 0x80;

    private static final int CAP_SLOTS_SHIFT = 8;
    private static final int CAP_SLOTS = 0x1f;
    private static final int CAP_QUEUES = 1 << 30;
    private static final int CAP_64_BITS = 1 << 31;
    private static final int GHC_INTERRUPTS = 1 << 1;
    private static final int GHC_AHCI = 1 << 31;

    /** How many ports a controller has at most. */
    public static final int MOST_PORTS = 32;

    /** How often the thread looks for more before it lets others run. */
    private static final int LOOKS = 64;

    private final Machine machine;
    private final Scheduler scheduler;
    private final FrameAllocator frames;
    private final KernelLog log;
    private final PciFunction function;
    private final DeviceRegisters registers;
    private final AhciDisk[] disks = new AhciDisk[MOST_PORTS];
    private final InterruptThread thread;
    private volatile int used;

    private AhciController(
            Machine machine,
            Scheduler scheduler,
            FrameAllocator frames,
            KernelLog log,
            PciFunction function,
            DeviceRegisters registers) {
        this.machine = machine;
        this.scheduler = scheduler;
        this.frames = frames;
        this.log = log;
        this.function = function;
        this.registers = registers;
        this.thread = new InterruptThread(scheduler, "ahci", this::serve);
    }

    /** Whether a function is such a controller. */
    public static boolean isController(PciFunction function) {
        return function.classCode() == CLASS;
    }

    /** Takes a controller over from the firmware; nothing, with a line on the log, if it cannot be used, or has no disk. */
    public static Optional<AhciController> open(
            Machine machine, Scheduler scheduler, FrameAllocator frames, KernelLog log, PciFunction function) {
        long base = function.registers(BAR);
        if (base == 0) {
            return Optional.empty();
        }
        function.enable();
        DeviceRegisters registers = machine.deviceRegisters(base, PORTS + (long) MOST_PORTS * PORT_BYTES);
        registers.writeInt(GHC, registers.readInt(GHC) | GHC_AHCI);
        if (!hasDisk(registers)) {
            function.disable();
            return Optional.empty();
        }
        if ((registers.readInt(CAP) & CAP_64_BITS) == 0) {
            log.warning("AHCI at " + function + ": reaches only 4 GB of memory, not supported");
            function.disable();
            return Optional.empty();
        }
        registers.writeInt(GHC, registers.readInt(GHC) & ~GHC_INTERRUPTS);
        AhciController controller = new AhciController(machine, scheduler, frames, log, function, registers);
        if (!new PciMessages(machine, function).route(0, 0, controller.thread.bit())) {
            log.warning("AHCI at " + function + ": no interrupt for it");
            function.disable();
            return Optional.empty();
        }
        return Optional.of(controller);
    }

    private static boolean hasDisk(DeviceRegisters registers) {
        int implemented = registers.readInt(PI);
        for (int port = 0; port < MOST_PORTS; port++) {
            if ((implemented & 1 << port) != 0 && AhciPort.isConnected(registers, base(port))) {
                return true;
            }
        }
        return false;
    }

    private static long base(int port) {
        return PORTS + (long) port * PORT_BYTES;
    }

    /** Whether there is a device at a port. */
    public boolean isConnected(int port) {
        return (registers.readInt(PI) & 1 << port) != 0 && AhciPort.isConnected(registers, base(port));
    }

    /** Starts the disk at a port; nothing if there is none, or another kind of device. */
    public Optional<QueuedDevice> disk(int port, String name, int number) {
        Optional<DeviceFrames> memory = DeviceFrames.take(frames, AhciPort.FRAMES);
        if (memory.isEmpty()) {
            log.warning("AHCI at " + function + ", port " + port + ": no memory for its commands");
            return Optional.empty();
        }
        AhciPort at = new AhciPort(registers, base(port), machine.memory(), machine.clock(), memory.get());
        if (!at.start() || !at.identify() || !at.identity().isUsable()) {
            log.information("AHCI at " + function + ", port " + port + ": no disk");
            if (at.halt()) {
                memory.get().giveBack(frames);
            }
            return Optional.empty();
        }
        int capabilities = registers.readInt(CAP);
        AhciDisk disk = AhciDisk.of(
                at,
                (capabilities >>> CAP_SLOTS_SHIFT & CAP_SLOTS) + 1,
                (capabilities & CAP_QUEUES) != 0,
                name,
                number,
                scheduler,
                log);
        disks[port] = disk;
        at.enableInterrupts();
        used |= 1 << port; // the thread may see the disk now
        registers.writeInt(IS, 1 << port);
        registers.writeInt(GHC, registers.readInt(GHC) | GHC_INTERRUPTS);
        return Optional.of(disk);
    }

    /** A message says that a port's bit has come up: all that are up are seen to, and none is left (AHCI, 10.7.2). */
    private void serve() {
        int pending = registers.readInt(IS);
        for (int i = 0; i < LOOKS && pending != 0; i++) {
            for (int rest = pending & used; rest != 0; rest &= rest - 1) {
                disks[Integer.numberOfTrailingZeros(rest)].interrupted();
            }
            registers.writeInt(IS, pending);
            pending = registers.readInt(IS);
        }
        if (pending != 0) {
            thread.raise();
        }
    }
}

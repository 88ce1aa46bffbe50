package biscotti.driver.nvme;

import biscotti.driver.DeviceFrames;
import biscotti.driver.Polling;
import biscotti.driver.disk.BlockDevice;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.CommandLimits;
import biscotti.driver.disk.DiskIdentity;
import biscotti.driver.disk.QueuedDevice;
import biscotti.driver.pci.PciFunction;
import biscotti.driver.pci.PciMessages;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.Machine;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import java.util.Optional;

/** An NVMe controller. Its admin queue is used at boot only, without interrupts; each of its namespaces is a disk. */
public final class NvmeController {
    /** Mass storage, non-volatile memory, NVM Express (PCI Code and ID Assignment, 1.2). */
    private static final int CLASS = 0x010802;

    /** The namespaces that are looked at. */
    public static final int MOST_NAMESPACES = 8;

    private static final int BAR = 0;

    // Registers: NVMe, 3.1.
    private static final int CAP = 0x00;
    private static final int CC = 0x14;
    private static final int CSTS = 0x1c;
    private static final int AQA = 0x24;
    private static final int ASQ = 0x28;
    private static final int ACQ = 0x30;
    private static final int DOORBELLS = 0x1000;

    private static final int CAP_ENTRIES = 0xffff;
    private static final int CAP_TIMEOUT_SHIFT = 24;
    private static final int CAP_STRIDE_SHIFT = 32;
    private static final int CAP_LEAST_PAGE_SHIFT = 48;
    private static final int TIMEOUT_UNIT_MILLISECONDS = 500;
    private static final int CC_ENABLE = 1;
    private static final int CC_ENTRY_SIZES = 6 << 16 | 4 << 20;
    private static final int CSTS_READY = 1;
    private static final int CSTS_FATAL = 2;

    // Admin commands: NVMe, chapter 5.
    private static final int DELETE_SUBMISSION_QUEUE = 0x00;
    private static final int CREATE_SUBMISSION_QUEUE = 0x01;
    private static final int DELETE_COMPLETION_QUEUE = 0x04;
    private static final int CREATE_COMPLETION_QUEUE = 0x05;
    private static final int IDENTIFY = 0x06;
    private static final int SET_FEATURES = 0x09;
    private static final int FEATURE_QUEUES = 7;
    private static final int IDENTIFY_NAMESPACE = 0;
    private static final int IDENTIFY_CONTROLLER = 1;
    private static final int QUEUE_CONTIGUOUS = 1;
    private static final int QUEUE_INTERRUPTS = 2;

    // What a controller and a namespace say of themselves: NVMe, 5.15.2.
    private static final int CONTROLLER_MDTS = 77;
    private static final int CONTROLLER_NN = 516;
    private static final int CONTROLLER_VWC = 525;
    private static final int NAMESPACE_FLBAS = 26;
    private static final int NAMESPACE_FORMATS = 128;

    private static final int ADMIN_MILLISECONDS = 10_000;
    private static final int COMMAND_FRAME = 0;
    private static final int COMPLETION_FRAME = 1;
    private static final int IDENTITY_FRAME = 2;
    private static final int FRAMES = 3;

    private final Machine machine;
    private final PhysicalMemory memory;
    private final Scheduler scheduler;
    private final FrameAllocator allocator;
    private final KernelLog log;
    private final PciFunction function;
    private final PciMessages messages;
    private final DeviceRegisters registers;
    private final DeviceFrames frames;
    private final long capabilities;
    private final int doorbellBytes;
    private final QueuePair admin;

    /** Guards the admin queue. */
    private final RankedLock lock = new RankedLock(LockRank.DEVICE);

    private int namespaces;
    private int mostBytes;
    private boolean caches;
    private int queues;

    private NvmeController(
            Machine machine,
            Scheduler scheduler,
            FrameAllocator allocator,
            KernelLog log,
            PciFunction function,
            DeviceRegisters registers,
            DeviceFrames frames) {
        this.machine = machine;
        this.memory = machine.memory();
        this.scheduler = scheduler;
        this.allocator = allocator;
        this.log = log;
        this.function = function;
        this.messages = new PciMessages(machine, function);
        this.registers = registers;
        this.frames = frames;
        capabilities = registers.readLong(CAP);
        doorbellBytes = Integer.BYTES << (capabilities >>> CAP_STRIDE_SHIFT & 0xf);
        admin = pair(0, frames.frame(COMMAND_FRAME), frames.frame(COMPLETION_FRAME));
    }

    /** Whether a function is such a controller. */
    public static boolean isController(PciFunction function) {
        return function.classCode() == CLASS;
    }

    /** Starts a controller; nothing, with a line on the log, if it cannot be used. */
    public static Optional<NvmeController> open(
            Machine machine, Scheduler scheduler, FrameAllocator allocator, KernelLog log, PciFunction function) {
        long base = function.registers(BAR);
        Optional<DeviceFrames> frames = DeviceFrames.take(allocator, FRAMES);
        if (base == 0 || frames.isEmpty()) {
            return Optional.empty();
        }
        function.enable();
        DeviceRegisters registers = machine.deviceRegisters(base, 2L * DOORBELLS);
        NvmeController controller =
                new NvmeController(machine, scheduler, allocator, log, function, registers, frames.get());
        if (!controller.start()) {
            log.warning("NVMe at " + function + ": the controller does not start");
            function.disable();
            return Optional.empty();
        }
        return Optional.of(controller);
    }

    private QueuePair pair(int number, long commands, long completions) {
        int entries = (int) Math.min((capabilities & CAP_ENTRIES) + 1, QueuePair.MOST_ENTRIES);
        long doorbell = DOORBELLS + 2L * number * doorbellBytes;
        return new QueuePair(memory, registers, doorbell, doorbellBytes, entries, commands, completions);
    }

    /** NVMe, 7.6.1. */
    private boolean start() {
        if ((capabilities >>> CAP_LEAST_PAGE_SHIFT & 0xf) != 0) {
            return false; // its pages are larger than frames
        }
        if (2 * (MOST_NAMESPACES + 1) * doorbellBytes > DOORBELLS) {
            return false; // its doorbells are farther apart than those of any device known
        }
        int patience = (int) ((capabilities >>> CAP_TIMEOUT_SHIFT & 0xff) + 1) * TIMEOUT_UNIT_MILLISECONDS;
        registers.writeInt(CC, registers.readInt(CC) & ~CC_ENABLE);
        if (!await(patience, 0)) {
            return false;
        }
        registers.writeInt(AQA, admin.entries() - 1 << Short.SIZE | admin.entries() - 1);
        registers.writeLong(ASQ, admin.commands());
        registers.writeLong(ACQ, admin.completions());
        registers.writeInt(CC, CC_ENABLE | CC_ENTRY_SIZES);
        return await(patience, CSTS_READY) && identify();
    }

    private boolean await(int milliseconds, int ready) {
        return Polling.await(
                machine.clock(), milliseconds, () -> (registers.readInt(CSTS) & (CSTS_READY | CSTS_FATAL)) == ready);
    }

    /** Does a command of the admin queue, one at a time; whether it succeeded. */
    private boolean command(int operation, int namespace, long data, long place, int word12) {
        lock.lock();
        try {
            return commandLocked(operation, namespace, data, place, word12);
        } finally {
            lock.unlock();
        }
    }

    private boolean commandLocked(int operation, int namespace, long data, long place, int word12) {
        admin.submit(operation, 0, namespace, data, 0, place, word12);
        boolean ended = Polling.await(machine.clock(), ADMIN_MILLISECONDS, () -> admin.take() >= 0);
        admin.release();
        return ended && admin.status() == 0;
    }

    private boolean identify() {
        long said = frames.frame(IDENTITY_FRAME);
        long queuePairs = MOST_NAMESPACES - 1;
        if (!command(IDENTIFY, 0, said, IDENTIFY_CONTROLLER, 0)
                || !command(SET_FEATURES, 0, 0, FEATURE_QUEUES | (queuePairs << 16 | queuePairs) << 32, 0)) {
            return false;
        }
        int most = memory.readByte(said + CONTROLLER_MDTS) & 0xff;
        mostBytes = most == 0 || most > 18 ? Integer.MAX_VALUE : PhysicalMemory.FRAME_SIZE << most;
        namespaces = Math.clamp(memory.readInt(said + CONTROLLER_NN) & 0xffff_ffffL, 0, MOST_NAMESPACES);
        caches = (memory.readByte(said + CONTROLLER_VWC) & 1) != 0;
        return true;
    }

    /** How many namespaces it may have, with the numbers from 1. */
    public int namespaces() {
        return namespaces;
    }

    /** Starts the disk that is a namespace; nothing if that is not there. */
    public Optional<QueuedDevice> disk(int namespace, String name, int number) {
        long said = frames.frame(IDENTITY_FRAME);
        memory.zero(said, PhysicalMemory.FRAME_SIZE);
        if (!command(IDENTIFY, namespace, said, IDENTIFY_NAMESPACE, 0) || memory.readLong(said) <= 0) {
            return Optional.empty();
        }
        int format = memory.readInt(
                said + NAMESPACE_FORMATS + (long) Integer.BYTES * (memory.readByte(said + NAMESPACE_FLBAS) & 0xf));
        int shift = format >>> Short.SIZE & 0xff;
        if (shift < BlockDevice.SECTOR_SHIFT || shift > PhysicalMemory.FRAME_SHIFT || (format & 0xffff) != 0) {
            log.warning(name + ": has blocks of 2^" + shift + " bytes, or with metadata: not supported");
            return Optional.empty();
        }
        Optional<DeviceFrames> memoryOfDisk = DeviceFrames.take(allocator, NvmeDisk.FRAMES);
        if (memoryOfDisk.isEmpty()) {
            log.warning(name + ": no memory for its queues");
            return Optional.empty();
        }
        DeviceFrames own = memoryOfDisk.get();
        int queue = queues + 1;
        int vector = messages.count() > 1 ? queue : queues; // the first is the admin queue's, where there are several
        QueuePair pair = pair(queue, own.frame(NvmeDisk.COMMAND_FRAME), own.frame(NvmeDisk.COMPLETION_FRAME));
        NvmeDisk disk = new NvmeDisk(
                new DiskIdentity(
                        name, number, memory.readLong(said) << shift - BlockDevice.SECTOR_SHIFT, 1 << shift, false),
                new CommandLimits(pair.entries() - 1, BlockRequest.MOST_SEGMENTS, mostBytes, true, caches, true),
                namespace,
                pair,
                own,
                renewed -> renew(pair, queue, vector, renewed),
                scheduler,
                log);
        if (!messages.route(vector, 0, disk.bit()) || !createQueues(pair, queue, vector)) {
            log.warning(name + ": no queues or no interrupt for it");
            return Optional.empty();
        }
        queues++;
        return Optional.of(disk);
    }

    /** Gives the controller a pair of queues, whose completions interrupt by a message. */
    private boolean createQueues(QueuePair pair, int queue, int vector) {
        long size = pair.entries() - 1L << Short.SIZE | queue;
        long completion = QUEUE_CONTIGUOUS | QUEUE_INTERRUPTS | (long) vector << Short.SIZE;
        long submission = QUEUE_CONTIGUOUS | (long) queue << Short.SIZE;
        return command(CREATE_COMPLETION_QUEUE, 0, pair.completions(), size | completion << Integer.SIZE, 0)
                && command(CREATE_SUBMISSION_QUEUE, 0, pair.commands(), size | submission << Integer.SIZE, 0);
    }

    /** Takes a pair of queues back, which ends all commands in it (NVMe, 5.6), and gives it anew. */
    private boolean renew(QueuePair pair, int queue, int vector, NvmeDisk disk) {
        boolean deleted =
                command(DELETE_SUBMISSION_QUEUE, 0, 0, queue, 0) && command(DELETE_COMPLETION_QUEUE, 0, 0, queue, 0);
        if (!deleted) {
            registers.writeInt(CC, registers.readInt(CC) & ~CC_ENABLE); // it touches no memory any more
            function.disable();
        }
        disk.clearQueues();
        return deleted && createQueues(pair, queue, vector);
    }

    /** Where it was found. */
    @Override
    public String toString() {
        return function.toString();
    }
}

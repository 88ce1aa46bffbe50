package biscotti.driver.virtio;

import static biscotti.abi.Errno.EIO;

import biscotti.driver.DeviceFrames;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.CommandLimits;
import biscotti.driver.disk.DiskCommand;
import biscotti.driver.disk.DiskIdentity;
import biscotti.driver.disk.QueuedDevice;
import biscotti.driver.disk.SlottedDisk;
import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import java.util.Optional;

/**
 * A virtio disk (VIRTIO, 5.2), by one queue. A slot of the disk is a descriptor that names a table with the pieces of its
 * command. To a device without such tables, a slot is a stretch of the queue's own table.
 */
public final class VirtioDisk extends SlottedDisk {
    // Features: VIRTIO, 5.2.3.
    private static final long SIZE_MAX = 1L << 1;
    private static final long SEG_MAX = 1L << 2;
    private static final long RO = 1L << 5;
    private static final long BLK_SIZE = 1L << 6;
    private static final long FLUSH = 1L << 9;
    private static final long KNOWN = SIZE_MAX
            | SEG_MAX
            | RO
            | BLK_SIZE
            | FLUSH
            | VirtioFeatures.INDIRECT_DESCRIPTORS
            | VirtioFeatures.ACCESS_PLATFORM;

    // Device configuration: VIRTIO, 5.2.4.
    private static final int CONFIG_CAPACITY = 0;
    private static final int CONFIG_SIZE_MAX = 8;
    private static final int CONFIG_SEG_MAX = 12;
    private static final int CONFIG_BLK_SIZE = 20;

    // Requests: VIRTIO, 5.2.6.
    private static final int TYPE_IN = 0;
    private static final int TYPE_OUT = 1;
    private static final int TYPE_FLUSH = 4;
    private static final int HEADER_SECTOR = 8;
    private static final int HEADER_BYTES = 16;
    private static final int STATUS_OK = 0;
    private static final byte STATUS_NONE = (byte) 0xff;

    private static final int QUEUE = 0;
    private static final int INTERRUPT = 0;

    /** The pieces of a command with its header and status. */
    private static final int DESCRIPTORS = BlockRequest.MOST_SEGMENTS + 2;

    // What a slot has in memory.
    private static final int SLOT_BYTES = 2048;
    private static final int SLOT_STATUS = HEADER_BYTES;
    private static final int SLOT_TABLE = 64;
    private static final int SLOT_FRAMES = 2;
    private static final int FRAMES = SLOT_FRAMES + CommandLimits.MOST_SLOTS * SLOT_BYTES / PhysicalMemory.FRAME_SIZE;

    private final VirtioTransport transport;
    private final PhysicalMemory memory;
    private final DeviceFrames frames;
    private final SplitQueue queue;
    private final boolean tables;
    private final long features;
    private final Clock clock;

    /** Slots whose commands the device has. */
    private long given;

    private boolean broken;

    private VirtioDisk(
            DiskIdentity identity,
            CommandLimits limits,
            VirtioTransport transport,
            DeviceFrames frames,
            SplitQueue queue,
            long features,
            Scheduler scheduler,
            KernelLog log) {
        super(identity, limits, scheduler, log);
        this.transport = transport;
        this.memory = scheduler.machine().memory();
        this.frames = frames;
        this.queue = queue;
        this.features = features;
        this.tables = (features & VirtioFeatures.INDIRECT_DESCRIPTORS) != 0;
        this.clock = scheduler.machine().clock();
    }

    /**
     * Starts a disk.
     *
     * @return the disk; nothing, and a line on the log, if the device cannot be used
     */
    public static Optional<QueuedDevice> open(
            VirtioTransport transport,
            String name,
            int number,
            Scheduler scheduler,
            FrameAllocator allocator,
            KernelLog log) {
        long features = transport.negotiate(scheduler.machine().clock(), KNOWN);
        boolean tables = (features & VirtioFeatures.INDIRECT_DESCRIPTORS) != 0;
        int size = Integer.highestOneBit(Math.min(transport.queueSize(QUEUE), SplitQueue.MOST_DESCRIPTORS));
        if (features == 0 || size < (tables ? 1 : DESCRIPTORS)) {
            transport.refuse();
            log.warning("virtio disk at " + transport.place() + ": cannot agree with the device on how to speak");
            return Optional.empty();
        }
        Optional<DeviceFrames> frames = DeviceFrames.take(allocator, FRAMES);
        if (frames.isEmpty()) {
            transport.refuse();
            log.warning("virtio disk at " + transport.place() + ": no memory for its queue");
            return Optional.empty();
        }
        PhysicalMemory memory = scheduler.machine().memory();
        SplitQueue queue =
                new SplitQueue(memory, size, frames.get().frame(0), frames.get().frame(1));
        VirtioDisk disk = new VirtioDisk(
                identity(name, number, features, transport.configuration()),
                limits(features, transport.configuration(), tables ? size : size / DESCRIPTORS),
                transport,
                frames.get(),
                queue,
                features,
                scheduler,
                log);
        if (!transport.routeInterrupt(INTERRUPT, 0, disk.interruptBit())
                || !transport.assignInterrupt(QUEUE, INTERRUPT)) {
            transport.refuse();
            frames.get().giveBack(allocator);
            log.warning("virtio disk at " + transport.place() + ": no interrupt for it");
            return Optional.empty();
        }
        transport.enableQueue(QUEUE, queue);
        transport.start();
        return Optional.of(disk);
    }

    private static DiskIdentity identity(String name, int number, long features, DeviceRegisters configuration) {
        int blockSize = (features & BLK_SIZE) != 0 ? configuration.readInt(CONFIG_BLK_SIZE) : SECTOR_SIZE;
        boolean usual =
                Integer.bitCount(blockSize) == 1 && blockSize >= SECTOR_SIZE && blockSize <= PhysicalMemory.FRAME_SIZE;
        return new DiskIdentity(
                name,
                number,
                configuration.readLong(CONFIG_CAPACITY),
                usual ? blockSize : SECTOR_SIZE, // a hint only: the device takes any sectors
                (features & RO) != 0);
    }

    private static CommandLimits limits(long features, DeviceRegisters configuration, int slots) {
        int bytes = (features & SIZE_MAX) != 0 ? configuration.readInt(CONFIG_SIZE_MAX) : Integer.MAX_VALUE;
        int segments = (features & SEG_MAX) != 0 ? configuration.readInt(CONFIG_SEG_MAX) : 1;
        return new CommandLimits(
                slots, segments, bytes < 0 ? Integer.MAX_VALUE : bytes, false, (features & FLUSH) != 0, false);
    }

    private long slot(int slot) {
        return frames.piece(SLOT_FRAMES, slot, SLOT_BYTES);
    }

    @Override
    protected void issue(DiskCommand command) {
        int slot = command.slot();
        long at = slot(slot);
        boolean reads = command.operation() == BlockRequest.Operation.READ;
        memory.writeInt(at, type(command.operation()));
        memory.writeInt(at + Integer.BYTES, 0);
        memory.writeLong(
                at + HEADER_SECTOR, command.operation() == BlockRequest.Operation.FLUSH ? 0 : command.sector());
        memory.writeByte(at + SLOT_STATUS, STATUS_NONE);
        long table = tables ? at + SLOT_TABLE : queue.descriptors();
        int first = tables ? 0 : slot * DESCRIPTORS;
        int last = command.segments() + 1;
        queue.describe(table, first, at, HEADER_BYTES, false, false);
        for (int i = 0; i < command.segments(); i++) {
            queue.describe(table, first + 1 + i, command.address(i), command.length(i), reads, false);
        }
        queue.describe(table, first + last, at + SLOT_STATUS, 1, true, true);
        if (tables) {
            queue.describeTable(slot, table, last + 1);
        }
        given |= 1L << slot;
        if (queue.offer(tables ? slot : first)) {
            transport.notifyDevice(QUEUE);
        }
    }

    private static int type(BlockRequest.Operation operation) {
        return switch (operation) {
            case READ -> TYPE_IN;
            case WRITE -> TYPE_OUT;
            case FLUSH -> TYPE_FLUSH;
        };
    }

    @Override
    protected long reap() {
        transport.interruptSeen();
        long ended = 0;
        for (int head = queue.take(); head >= 0; head = queue.take()) {
            int slot = tables ? head : head / DESCRIPTORS;
            if (slot >= limits().slots() || (given & 1L << slot) == 0) {
                broken = true;
                return ended;
            }
            given &= ~(1L << slot);
            ended |= 1L << slot;
            if (memory.readByte(slot(slot) + SLOT_STATUS) != STATUS_OK) {
                command(slot).fail(-EIO);
            }
        }
        return ended;
    }

    @Override
    protected long underWay() {
        return given;
    }

    @Override
    protected boolean restart() {
        boolean agreed = transport.negotiate(clock, KNOWN) == features;
        locked(this::forgetAll);
        if (!agreed || !transport.assignInterrupt(QUEUE, INTERRUPT)) {
            transport.refuse();
            return false;
        }
        transport.enableQueue(QUEUE, queue);
        transport.start();
        return true;
    }

    /** The device has been reset. The lock is held. */
    private void forgetAll() {
        queue.clear();
        given = 0;
    }

    @Override
    protected void attend() {
        if (broken) {
            broken = false;
            transport.refuse();
            die("the device speaks of requests that it was not given");
        }
        transport.interruptServed();
    }
}

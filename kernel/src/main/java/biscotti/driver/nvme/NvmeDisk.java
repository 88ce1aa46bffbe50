package biscotti.driver.nvme;

import static biscotti.abi.Errno.EIO;

import biscotti.driver.DeviceFrames;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.CommandLimits;
import biscotti.driver.disk.DiskCommand;
import biscotti.driver.disk.DiskIdentity;
import biscotti.driver.disk.SlottedDisk;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;

/**
 * A namespace of an NVMe controller, with a pair of queues of its own. Commands name memory by "physical region pages": the first
 * may begin inside a frame, the others are whole frames (NVMe, 4.3).
 */
final class NvmeDisk extends SlottedDisk {
    /** Where its queues are among its frames. */
    static final int COMMAND_FRAME = 0;

    static final int COMPLETION_FRAME = 1;

    private static final int LIST_FRAMES = 2;

    /** A list has a page for each frame that a command touches. */
    private static final int LIST_BYTES = 1024;

    /** How many frames it needs. */
    static final int FRAMES = LIST_FRAMES + QueuePair.MOST_ENTRIES * LIST_BYTES / PhysicalMemory.FRAME_SIZE;

    // Commands: NVM Command Set, NVMe 6.
    private static final int FLUSH = 0x00;
    private static final int WRITE = 0x01;
    private static final int READ = 0x02;
    private static final int FORCE_UNIT_ACCESS = 1 << 30;

    private final int namespace;
    private final int blockShift;
    private final QueuePair queues;
    private final DeviceFrames frames;
    private final PhysicalMemory memory;
    private final Renewal renewal;

    /** How its queues are made anew. */
    @FunctionalInterface
    interface Renewal {
        /** Has the controller give up the queues, clears them, and gives them to it again; false if it does not. */
        boolean renew(NvmeDisk disk);
    }

    /** Slots whose commands the controller has. */
    private long given;

    private boolean broken;

    NvmeDisk(
            DiskIdentity identity,
            CommandLimits limits,
            int namespace,
            QueuePair queues,
            DeviceFrames frames,
            Renewal renewal,
            Scheduler scheduler,
            KernelLog log) {
        super(identity, limits, scheduler, log);
        this.namespace = namespace;
        this.blockShift = Integer.numberOfTrailingZeros(identity.blockSize());
        this.queues = queues;
        this.frames = frames;
        this.renewal = renewal;
        this.memory = scheduler.machine().memory();
    }

    /** The pending bit that its interrupts set. */
    int bit() {
        return interruptBit();
    }

    @Override
    protected void issue(DiskCommand command) {
        int slot = command.slot();
        given |= 1L << slot;
        if (command.operation() == BlockRequest.Operation.FLUSH) {
            queues.submit(FLUSH, slot, namespace, 0, 0, 0, 0);
            return;
        }
        long list = frames.piece(LIST_FRAMES, slot, LIST_BYTES);
        int pages = writePages(command, list);
        queues.submit(
                command.operation() == BlockRequest.Operation.WRITE ? WRITE : READ,
                slot,
                namespace,
                command.address(0),
                pages == 0 ? 0 : pages == 1 ? memory.readLong(list) : list,
                command.sector() << SECTOR_SHIFT >>> blockShift,
                (command.bytes() >>> blockShift) - 1 | (command.forcesUnitAccess() ? FORCE_UNIT_ACCESS : 0));
    }

    /** Lists all frames of a command but the first; how many. */
    private int writePages(DiskCommand command, long list) {
        int pages = 0;
        for (int i = 0; i < command.segments(); i++) {
            long start = command.address(i);
            long end = start + command.length(i);
            long page = i == 0 ? (start & -PhysicalMemory.FRAME_SIZE) + PhysicalMemory.FRAME_SIZE : start;
            for (; page < end; page += PhysicalMemory.FRAME_SIZE) {
                memory.writeLong(list + (long) pages * Long.BYTES, page);
                pages++;
            }
        }
        return pages;
    }

    @Override
    protected long reap() {
        long ended = 0;
        for (int slot = queues.take(); slot >= 0; slot = queues.take()) {
            if (slot >= limits().slots() || (given & 1L << slot) == 0) {
                broken = true;
                break;
            }
            given &= ~(1L << slot);
            ended |= 1L << slot;
            if (queues.status() != 0) {
                command(slot).fail(-EIO);
            }
        }
        if (ended != 0) {
            queues.release();
        }
        return ended;
    }

    @Override
    protected long underWay() {
        return given;
    }

    @Override
    protected boolean restart() {
        return renewal.renew(this);
    }

    /** The controller does not know the queues any more. */
    void clearQueues() {
        locked(() -> {
            queues.clear();
            given = 0;
        });
    }

    @Override
    protected void attend() {
        if (broken) {
            broken = false;
            die("the controller speaks of commands that it was not given");
        }
    }
}

package biscotti.driver.ahci;

import static biscotti.abi.Errno.EIO;

import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.CommandLimits;
import biscotti.driver.disk.DiskCommand;
import biscotti.driver.disk.DiskIdentity;
import biscotti.driver.disk.SlottedDisk;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;

/**
 * A SATA disk. Reads and writes are queued in the disk (Serial ATA 3.1, 13.6); a flush is not, and must be alone there, so what
 * comes after it waits, too.
 *
 * <p>After an error the disk has forgotten all that was queued, and did not say which command failed. It is reset, then each of them
 * is tried again, alone: the one that fails then is the one.
 */
final class AhciDisk extends SlottedDisk {
    private final AhciPort port;
    private final int blockShift;
    private final boolean queues;

    // Sets of slots, guarded by the disk's lock.

    /** Commands that the disk has. */
    private long given;

    /** Whether what the disk has must be alone, and is not queued. */
    private boolean alone;

    private long waiting;
    private long waitingFlushes;
    private long suspects;

    /** Those that failed when they were alone. */
    private long failed;

    /** Whether the port has told of an error, and is not reset yet. */
    private volatile boolean halted;

    private AhciDisk(
            DiskIdentity identity,
            CommandLimits limits,
            AhciPort port,
            boolean queues,
            Scheduler scheduler,
            KernelLog log) {
        super(identity, limits, scheduler, log);
        this.port = port;
        this.queues = queues;
        this.blockShift = Integer.numberOfTrailingZeros(identity.blockSize());
    }

    /**
     * The disk at a port that has been identified.
     *
     * @param slots how many commands the controller takes
     * @param controllerQueues whether it knows queued commands
     */
    static AhciDisk of(
            AhciPort port,
            int slots,
            boolean controllerQueues,
            String name,
            int number,
            Scheduler scheduler,
            KernelLog log) {
        AtaIdentity said = port.identity();
        int depth = said.queueDepth();
        boolean queues = controllerQueues && depth > 0;
        int shift = Integer.numberOfTrailingZeros(said.blockSize()) - SECTOR_SHIFT;
        return new AhciDisk(
                new DiskIdentity(name, number, said.blocks() << shift, said.blockSize(), false),
                new CommandLimits(
                        queues ? Math.min(slots, depth) : slots,
                        BlockRequest.MOST_SEGMENTS,
                        BlockRequest.MOST_BYTES,
                        false,
                        said.caches(),
                        said.forcesUnitAccess()),
                port,
                queues,
                scheduler,
                log);
    }

    /** The controller's thread saw an interrupt of the port. */
    void interrupted() {
        if (port.takeInterrupt()) {
            halted = true;
        }
        look();
    }

    @Override
    protected void issue(DiskCommand command) {
        long bit = 1L << command.slot();
        if (command.wasLate()) {
            suspects |= bit;
        } else if (command.operation() == BlockRequest.Operation.FLUSH) {
            waitingFlushes |= bit;
        } else {
            waiting |= bit;
        }
        giveMore();
    }

    /** Gives the disk what it may have now. The lock is held. */
    private void giveMore() {
        if (halted || given != 0 && alone) {
            return;
        }
        long first = suspects != 0 ? suspects : waitingFlushes != 0 || queues ? waitingFlushes : waiting;
        if (first != 0) {
            if (given == 0) {
                long bit = Long.lowestOneBit(first);
                suspects &= ~bit;
                waitingFlushes &= ~bit;
                waiting &= ~bit;
                alone = true;
                give(command(Long.numberOfTrailingZeros(bit)));
            }
            return;
        }
        while (waiting != 0) {
            long bit = Long.lowestOneBit(waiting);
            waiting &= ~bit;
            alone = false;
            give(command(Long.numberOfTrailingZeros(bit)));
        }
    }

    private void give(DiskCommand command) {
        int slot = command.slot();
        given |= 1L << slot;
        takesTimeFromNow(command);
        if (command.operation() == BlockRequest.Operation.FLUSH) {
            port.issue(slot, 0, false, false, AtaCommands.FLUSH_CACHE_EXT, 0, 0, 0, AtaCommands.DEVICE_LBA);
            return;
        }
        for (int i = 0; i < command.segments(); i++) {
            port.region(slot, i, command.address(i), command.length(i));
        }
        boolean write = command.operation() == BlockRequest.Operation.WRITE;
        long block = command.sector() << SECTOR_SHIFT >>> blockShift;
        int count = command.bytes() >>> blockShift;
        if (alone) {
            int code = !write
                    ? AtaCommands.READ_DMA_EXT
                    : command.forcesUnitAccess() ? AtaCommands.WRITE_DMA_FUA_EXT : AtaCommands.WRITE_DMA_EXT;
            port.issue(slot, command.segments(), write, false, code, 0, block, count, AtaCommands.DEVICE_LBA);
        } else {
            int device =
                    AtaCommands.DEVICE_LBA | (command.forcesUnitAccess() ? AtaCommands.DEVICE_FORCE_UNIT_ACCESS : 0);
            int code = write ? AtaCommands.WRITE_FPDMA_QUEUED : AtaCommands.READ_FPDMA_QUEUED;
            port.issue(
                    slot, command.segments(), write, true, code, count, block, slot << AtaCommands.TAG_SHIFT, device);
        }
    }

    @Override
    protected long reap() {
        long ended = given == 0 ? 0 : given & ~port.running();
        given &= ~ended;
        if (ended != 0 && alone && port.hasFailed()) {
            command(Long.numberOfTrailingZeros(ended)).fail(-EIO);
            halted = true;
        }
        ended |= failed;
        failed = 0;
        giveMore();
        return ended;
    }

    @Override
    protected long underWay() {
        return given;
    }

    @Override
    protected boolean restart() {
        halted = true;
        if (!port.reset()) {
            return false;
        }
        port.enableInterrupts();
        locked(this::forgetAll);
        return true;
    }

    /** The disk has been reset, and all will be issued again. The lock is held. */
    private void forgetAll() {
        given = 0;
        waiting = 0;
        waitingFlushes = 0;
        suspects = 0;
        halted = false;
    }

    @Override
    protected void attend() {
        if (!halted) {
            return;
        }
        pause();
        if (!port.reset()) {
            die("the disk does not come back after an error");
            return;
        }
        port.enableInterrupts();
        locked(this::tryAgain);
        resume();
        look();
    }

    /** The disk has been reset. The lock is held. */
    private void tryAgain() {
        if (alone && given != 0) {
            command(Long.numberOfTrailingZeros(given)).fail(-EIO);
            failed |= given;
        } else {
            suspects |= given;
        }
        given = 0;
        halted = false;
        giveMore();
    }
}

package biscotti.driver.disk;

import static biscotti.abi.Errno.EIO;

import biscotti.sched.InterruptThread;
import biscotti.sched.KernelLog;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;

/**
 * A disk that performs requests by commands, each in one of its slots until it has ended. A request that is more than one command
 * can name stays in its slot for several, one after another; so does a write that must be lasting at its end, if the disk has
 * only a flush for that.
 *
 * <p>The interrupt of the disk has its thread look which commands have ended; the thread ends their requests.
 */
public abstract class SlottedDisk extends QueuedDevice {
    private final CommandLimits limits;
    private final DiskCommand[] commands;
    private final InterruptThread thread;
    private final KernelLog log;

    /** Guards the slots, and what the driver has of the device's state. */
    private final RankedLock lock = new RankedLock(LockRank.LEAF);

    private long free;

    /** Slots of requests for which there is nothing to do. */
    private long idle;

    /** Whether no command is given to the device for now. */
    private boolean paused;

    /** Whether the device does nothing any more. */
    private boolean dead;

    /** A disk, with its thread, whose pending bit is {@link #interruptBit}. */
    protected SlottedDisk(DiskIdentity identity, CommandLimits limits, Scheduler scheduler, KernelLog log) {
        super(identity.name(), identity.number(), identity.sectors(), identity.blockSize(), identity.readOnly());
        this.limits = limits;
        this.log = log;
        commands = new DiskCommand[limits.slots()];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = new DiskCommand(i, limits);
        }
        free = all();
        thread = new InterruptThread(scheduler, identity.name(), this::serve);
    }

    /** The set of all slots. */
    private long all() {
        return -1L >>> Long.SIZE - commands.length;
    }

    /** The pending bit that its interrupts set. */
    protected final int interruptBit() {
        return thread.bit();
    }

    /** What its commands can do. */
    protected final CommandLimits limits() {
        return limits;
    }

    /** The command in a slot; the lock is held. */
    protected final DiskCommand command(int slot) {
        return commands[slot];
    }

    /** The slots whose commands have not ended; the lock is held. */
    protected final long busy() {
        return all() & ~free & ~idle;
    }

    /** Gives a command to the device. The lock is held. */
    protected abstract void issue(DiskCommand command);

    /**
     * Looks which commands the device has ended, and marks with {@link DiskCommand#fail} those that went wrong. The lock is held.
     *
     * @return the slots of those that ended since the last call
     */
    protected abstract long reap();

    /** After an interrupt, when the commands that ended have been seen to; no lock is held, and this may wait. */
    protected void attend() {}

    /** Has the thread look at the device. */
    protected final void look() {
        thread.raise();
    }

    @Override
    protected final boolean start(BlockRequest request) {
        boolean nothing;
        lock.lock();
        try {
            if (free == 0 || paused) {
                return false;
            }
            int slot = Long.numberOfTrailingZeros(free);
            free &= free - 1;
            DiskCommand command = commands[slot];
            command.begin(request);
            if (dead) {
                command.fail(-EIO);
            }
            nothing = dead || !command.next();
            if (nothing) {
                idle |= 1L << slot;
            } else {
                issue(command);
            }
        } finally {
            lock.unlock();
        }
        if (nothing) {
            look();
        }
        return true;
    }

    private void serve() {
        long ended;
        do {
            ended = ended();
            for (long rest = ended; rest != 0; rest &= rest - 1) {
                end(Long.numberOfTrailingZeros(rest));
            }
            if (ended != 0) {
                slotFreed();
            }
        } while (ended != 0);
        attend();
    }

    /** The slots whose requests have ended. Those of whose requests more is to be done go on. */
    private long ended() {
        lock.lock();
        try {
            long ended = idle;
            idle = 0;
            long reaped;
            do { // a command that goes on may end at once: nobody would look again
                reaped = dead ? busy() & ~ended : reap();
                for (long rest = reaped; rest != 0; rest &= rest - 1) {
                    DiskCommand command = commands[Long.numberOfTrailingZeros(rest)];
                    if (dead) {
                        command.fail(-EIO);
                    }
                    if (command.error() == 0 && command.next()) {
                        issue(command);
                    } else {
                        ended |= 1L << command.slot();
                    }
                }
            } while (reaped != 0);
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private void end(int slot) {
        BlockRequest request;
        int error;
        lock.lock();
        try {
            DiskCommand command = commands[slot];
            request = command.request();
            error = command.error();
            if (error != 0 && !dead) {
                report(command);
            }
            free |= 1L << slot;
        } finally {
            lock.unlock();
        }
        request.end(error);
    }

    private void report(DiskCommand command) {
        switch (command.operation()) {
            case READ -> log.error(name() + ": cannot read sector " + command.sector());
            case WRITE -> log.error(name() + ": cannot write sector " + command.sector());
            case FLUSH -> log.error(name() + ": cannot flush");
        }
    }

    /** From now on no command is given to the device, until {@link #resume}. */
    protected final void pause() {
        lock.lock();
        paused = true;
        lock.unlock();
    }

    /** Commands are given to the device again; no lock is held. */
    protected final void resume() {
        lock.lock();
        paused = false;
        lock.unlock();
        slotFreed();
    }

    /** Runs something under the disk's lock. */
    protected final void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** The device does nothing any more: all requests end with -EIO from now on. */
    protected final void die(String why) {
        log.error(name() + ": " + why + ": all that is asked of it fails");
        lock.lock();
        dead = true;
        paused = false;
        lock.unlock();
        look();
    }
}

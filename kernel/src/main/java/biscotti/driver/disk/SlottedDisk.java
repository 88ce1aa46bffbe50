package biscotti.driver.disk;

import static biscotti.abi.Errno.EIO;

import biscotti.machine.Clock;
import biscotti.sched.InterruptThread;
import biscotti.sched.KernelLog;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.Scheduler;
import biscotti.sched.Timer;
import java.util.concurrent.TimeUnit;

/**
 * A disk that performs requests by commands, each in one of its slots until it has ended. A request that is more than one command
 * can name stays in its slot for several, one after another; so does a write that must be lasting at its end, if the disk has
 * only a flush for that.
 *
 * <p>The interrupt of the disk has its thread look which commands have ended; the thread ends their requests.
 *
 * <p>A command for which the device takes longer than {@linkplain #setPatience its patience} has the device reset, and is then tried once more;
 * if that takes too long again, its request fails. A device that is reset again and again and does nothing between is given up.
 */
public abstract class SlottedDisk extends QueuedDevice {
    /** How long a command may take: as long as on Linux. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    /** The most resets between which nothing succeeds. */
    private static final int MOST_RESETS = 2;

    private final CommandLimits limits;
    private final DiskCommand[] commands;

    /** When each command was given to the device. */
    private final long[] given;

    private final Clock clock;
    private final Timer watch;
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

    /** Whether the watch is set. */
    private boolean watched;

    /** Those for which the device takes too long. */
    private long late;

    /** Resets since a command succeeded. */
    private int resets;

    private volatile boolean watchRang;
    private volatile long patience = PATIENCE;

    /** A disk, with its thread, whose pending bit is {@link #interruptBit}. */
    protected SlottedDisk(DiskIdentity identity, CommandLimits limits, Scheduler scheduler, KernelLog log) {
        super(identity.name(), identity.number(), identity.sectors(), identity.blockSize(), identity.readOnly());
        this.limits = limits;
        this.log = log;
        commands = new DiskCommand[limits.slots()];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = new DiskCommand(i, limits);
        }
        given = new long[commands.length];
        clock = scheduler.machine().clock();
        watch = new Timer(scheduler, this::ring);
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

    /** Sets how long the device may take for a command, in nanoseconds; 30 s if this is not called. */
    public final void setPatience(long nanos) {
        patience = nanos;
    }

    /** The slots whose commands have not ended; the lock is held. */
    protected final long busy() {
        return all() & ~free & ~idle;
    }

    /** Gives a command to the device. The lock is held. */
    protected abstract void issue(DiskCommand command);

    /** The slots whose commands the device has; the lock is held. */
    protected abstract long underWay();

    /**
     * Resets the device, so that it forgets its commands and leaves their memory alone; no lock is held, and this may wait. What it had will be
     * {@linkplain #issue issued} anew.
     *
     * @return false if the device does not come back
     */
    protected abstract boolean restart();

    private void give(DiskCommand command) {
        takesTimeFromNow(command);
        issue(command);
        if (!watched) {
            watched = true;
            watch.arm(given[command.slot()] + patience);
        }
    }

    /** The device gets a command only now, after it was issued. The lock is held. */
    protected final void takesTimeFromNow(DiskCommand command) {
        given[command.slot()] = clock.monotonicNanos();
    }

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
                give(command);
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
        if (watchRang) {
            watchRang = false;
            lookAtTime();
        }
    }

    /** On a carrier. */
    private void ring() {
        watchRang = true;
        look();
    }

    /** Resets the device if it takes too long for a command, and gives it again what it had. */
    private void lookAtTime() {
        if (!isLate()) {
            return;
        }
        log.warning(name() + ": no answer for " + TimeUnit.NANOSECONDS.toMillis(patience) + " ms: it is reset");
        pause();
        if (!restart()) {
            die("it does not come back after a reset");
            return;
        }
        if (resets > MOST_RESETS) {
            die("it does not answer");
            return;
        }
        locked(this::giveAgain);
        resume();
        look();
    }

    /** Whether the device takes too long for a command; if not, the watch is set for the one that it has had longest. */
    private boolean isLate() {
        lock.lock();
        try {
            long now = clock.monotonicNanos();
            long first = now;
            late = 0;
            for (long rest = underWay(); rest != 0; rest &= rest - 1) {
                int slot = Long.numberOfTrailingZeros(rest);
                first = Math.min(first, given[slot]);
                late |= now - given[slot] >= patience ? 1L << slot : 0;
            }
            watched = busy() != 0;
            if (late != 0) {
                resets++;
            } else if (watched) {
                watch.arm(first + patience);
            }
            return late != 0;
        } finally {
            lock.unlock();
        }
    }

    /** After a reset: who was late twice fails. The lock is held. */
    private void giveAgain() {
        watched = false;
        for (long rest = busy(); rest != 0; rest &= rest - 1) {
            DiskCommand command = commands[Long.numberOfTrailingZeros(rest)];
            boolean wasLate = (late & 1L << command.slot()) != 0;
            if (wasLate && command.isLateAgain()) {
                command.fail(-EIO);
                idle |= 1L << command.slot();
            } else {
                give(command);
            }
        }
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
                    resets = command.error() == 0 ? 0 : resets;
                    if (command.error() == 0 && command.next()) {
                        give(command);
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
        watched = true; // never again
        paused = false;
        lock.unlock();
        look();
    }
}

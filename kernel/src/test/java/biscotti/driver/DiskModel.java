package biscotti.driver;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * What simulated disks have in common, whatever their registers: content, a cache that flushes make lasting, bad sectors, and a
 * thread that ends commands late and in any order. What a driver must not do is noted: {@link #violations}.
 */
public abstract class DiskModel implements AutoCloseable {
    /** Bytes of a sector. */
    protected static final int SECTOR = 512;

    private final SimulatedMachine machine;
    private final byte[] content;
    private final List<Runnable> accepted = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final BitSet bad = new BitSet();
    private final BitSet unflushed = new BitSet();
    private final Thread server =
            Thread.ofPlatform().daemon().name("disk model").unstarted(this::serve);
    private Random order;
    private boolean stalled;
    private int forgetful;
    private boolean closed;
    private int most;

    /** A disk of so many sectors. */
    protected DiskModel(SimulatedMachine machine, int sectors) {
        this.machine = machine;
        this.content = new byte[sectors * SECTOR];
        server.start();
    }

    /** The machine that it is part of. */
    protected final SimulatedMachine machine() {
        return machine;
    }

    /** Its size. */
    public final int sectors() {
        return content.length / SECTOR;
    }

    /** From now on, commands end in an order that a seed gives. */
    public final synchronized void shuffle(long seed) {
        order = new Random(seed);
    }

    /** From now on, reads and writes of some sectors fail. */
    public final synchronized void fail(int first, int last) {
        bad.set(first, last + 1);
    }

    /** Lets commands wait, or go on. */
    public final synchronized void stall(boolean waits) {
        stalled = waits;
        notifyAll();
    }

    /** Never does anything about the next commands, so many of them. */
    public final synchronized void forgetNext(int commands) {
        forgetful = commands;
    }

    /** How many sectors a loss of power would take back. */
    public final synchronized int unflushed() {
        return unflushed.cardinality();
    }

    /** The most commands that it had at once. */
    public final synchronized int mostAtOnce() {
        return most;
    }

    /** What the driver did that it must not. */
    public final synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** A byte of its content, past all commands. */
    public final synchronized byte at(int sector, int offset) {
        return content[sector * SECTOR + offset];
    }

    /** Fails if the driver breaks a rule. */
    protected final void rule(boolean kept, String rule) {
        if (!kept) {
            synchronized (this) {
                violations.add(rule);
            }
            throw new AssertionError(rule);
        }
    }

    /** Takes a command, which is performed later. */
    protected final synchronized void accept(Runnable command) {
        if (forgetful > 0) {
            forgetful--;
            return;
        }
        accepted.add(command);
        most = Math.max(most, accepted.size());
        notifyAll();
    }

    /** Forgets the commands that it has: a reset. */
    protected final synchronized void forget() {
        accepted.clear();
    }

    private synchronized void serve() {
        while (!closed) {
            try {
                if (stalled || accepted.isEmpty()) {
                    wait();
                } else {
                    accepted.remove(order == null ? 0 : order.nextInt(accepted.size()))
                            .run();
                }
            } catch (InterruptedException e) {
                closed = true;
            } catch (AssertionError | RuntimeException e) {
                violations.add("in the device: " + e);
            }
        }
    }

    /** A piece of memory. */
    public record Piece(long address, int length) {}

    /** Moves sectors between the disk and memory; false if a sector is bad, or not there. */
    protected final synchronized boolean move(boolean write, boolean lasting, long sector, ArrayDeque<Piece> pieces) {
        int bytes = pieces.stream().mapToInt(Piece::length).sum();
        rule(bytes % SECTOR == 0, bytes + " bytes are not whole sectors");
        int count = bytes / SECTOR;
        if (sector < 0 || sector + count > sectors()) {
            return false;
        }
        int firstBad = bad.nextSetBit((int) sector);
        if (firstBad >= 0 && firstBad < sector + count) {
            return false;
        }
        int at = (int) sector * SECTOR;
        for (Piece piece : pieces) {
            if (write) {
                machine.memory().copyOut(piece.address, content, at, piece.length);
            } else {
                machine.memory().copyIn(piece.address, content, at, piece.length);
            }
            at += piece.length;
        }
        if (write) {
            unflushed.set((int) sector, (int) sector + count, !lasting);
        }
        return true;
    }

    /** Makes all lasting. */
    protected final synchronized void flush() {
        unflushed.clear();
    }

    @Override
    public final synchronized void close() {
        closed = true;
        notifyAll();
    }
}

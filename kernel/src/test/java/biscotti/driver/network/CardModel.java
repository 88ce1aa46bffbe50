package biscotti.driver.network;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What simulated network cards have in common, whatever their registers: a wire on which a test sees frames and puts frames, and a thread that does
 * what the card does by itself. What a driver must not do is noted: {@link #violations}.
 */
public abstract class CardModel implements AutoCloseable {
    /** The card's own address. */
    public static final long ADDRESS = 0x5254_0012_3456L;

    private final SimulatedMachine machine;
    private final List<String> violations = new ArrayList<>();
    private final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final Thread server =
            Thread.ofPlatform().daemon().name("card model").unstarted(this::serve);
    private boolean stalled;
    private boolean closed;
    private boolean linkUp = true;

    /** A card with its cable in. */
    protected CardModel(SimulatedMachine machine) {
        this.machine = machine;
        server.start();
    }

    /** The machine that it is part of. */
    protected final SimulatedMachine machine() {
        return machine;
    }

    /** What the driver did that it must not. */
    public final synchronized List<String> violations() {
        return List.copyOf(violations);
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

    /** Does something soon, on the card's own thread, with its monitor held. */
    public final synchronized void later(Runnable action) {
        work.add(action);
        notifyAll();
    }

    /** Lets what is sent wait, or go on. */
    public final synchronized void stall(boolean waits) {
        stalled = waits;
        notifyAll();
    }

    private synchronized void serve() {
        while (!closed) {
            try {
                if (stalled || work.isEmpty()) {
                    wait();
                } else {
                    work.remove().run();
                }
            } catch (InterruptedException e) {
                closed = true;
            } catch (AssertionError | RuntimeException e) {
                violations.add("in the device: " + e);
            }
        }
    }

    /** A frame as the card has put it on the wire; fails after some seconds without one. */
    public final byte[] awaitSent() {
        try {
            byte[] frame = sent.poll(10, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("nothing was sent, violations: " + violations());
            }
            return frame;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many frames are on the wire that no test has looked at. */
    public final int sentCount() {
        return sent.size();
    }

    /** Puts frames on the wire: for the model. */
    protected final void transmit(List<byte[]> frames) {
        sent.addAll(frames);
    }

    /** A frame comes by the wire, for a queue of those that the card has; how it says which is its own matter. */
    public final void arrive(int queue, byte[] frame) {
        later(() -> receive(queue, frame));
    }

    /** Receives a frame into memory, if it is for the card, and there is a place. */
    protected abstract void receive(int queue, byte[] frame);

    /** Plugs the cable in, or out. */
    public final void setLink(boolean up) {
        later(() -> {
            linkUp = up;
            linkChanged();
        });
    }

    /** Whether the cable is in. */
    protected final boolean linkUp() {
        return linkUp;
    }

    /** The cable was plugged in, or out. */
    protected abstract void linkChanged();

    /** Whether a frame is for a card that is not promiscuous. */
    protected static boolean isForCard(byte[] frame) {
        long to = 0;
        for (int i = 0; i < 6; i++) {
            to = to << 8 | frame[i] & 0xff;
        }
        return to == ADDRESS || (frame[0] & 1) != 0;
    }

    @Override
    public final synchronized void close() {
        closed = true;
        notifyAll();
    }
}

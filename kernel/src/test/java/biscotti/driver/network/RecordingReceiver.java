package biscotti.driver.network;

import biscotti.machine.simulated.SimulatedMachine;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps the bytes of what a card receives, for a test. */
public final class RecordingReceiver implements PacketReceiver {
    private record Received(byte[] frame, int queue, int cpu) {}

    private static final int SECONDS = 10;

    private final SimulatedMachine machine;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final boolean[] room = new boolean[64];
    private Received last;

    /** Nothing yet. */
    public RecordingReceiver(SimulatedMachine machine) {
        this.machine = machine;
    }

    @Override
    public void receive(int queue, PacketQueue packets) {
        for (Packet each = packets.take(); !each.isNone(); each = packets.take()) {
            received.add(
                    new Received(Frames.bytes(each), queue, machine.processors().current()));
            each.release();
        }
    }

    @Override
    public synchronized void canSend(int queue) {
        room[queue] = true;
        notifyAll();
    }

    @Override
    public synchronized void linkChanged() {
        notifyAll();
    }

    /** The next frame that came. */
    public byte[] await() {
        try {
            last = received.poll(SECONDS, TimeUnit.SECONDS);
            if (last == null) {
                throw new AssertionError("nothing came");
            }
            return last.frame;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a certain frame, and forgets those before it. */
    public void awaitUntil(byte[] frame) {
        while (!Arrays.equals(frame, await())) {
            Thread.onSpinWait();
        }
    }

    /** The queue that the last frame came by. */
    public int lastQueue() {
        return last.queue;
    }

    /** The CPU where the last frame was received. */
    public int lastCpu() {
        return last.cpu;
    }

    /** Waits until a queue that was full has room again. */
    public synchronized void awaitRoom(int queue) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!room[queue]) {
            await(deadline);
        }
    }

    /** Waits until a card has a link, or none. */
    public synchronized void awaitLink(NetworkCard card, boolean up) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (card.linkUp() != up) {
            await(deadline);
        }
    }

    private void await(long deadline) {
        try {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not happen");
            }
            wait(10);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Forgets all. */
    public void release() {
        received.clear();
    }
}

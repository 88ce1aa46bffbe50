package biscotti.driver.network;

import biscotti.machine.Clock;
import biscotti.sched.InterruptThread;
import biscotti.sched.Scheduler;

/**
 * A queue of a card: a ring to receive by, a ring to send by, and the kernel thread that serves both after an interrupt. While it has something to
 * do, the card does not interrupt.
 */
public final class CardQueue {
    /** The most packets that are handed on at once. */
    private static final int BATCH = 64;

    /** What a card does about the interrupts of its queues. */
    public interface Interrupts {
        /** Has a queue interrupt no more. */
        void mask(int queue);

        /**
         * Has a queue interrupt again.
         *
         * @return whether something may have come before, of which no interrupt tells
         */
        boolean unmask(int queue);
    }

    private final int index;
    private final ReceiveRing receive;
    private final TransmitRing transmit;
    private final Interrupts interrupts;
    private final Clock clock;
    private final PacketQueue batch = new PacketQueue();
    private final InterruptThread thread;
    private volatile PacketReceiver receiver;

    /** A queue with its thread, which stays on a CPU. */
    public CardQueue(
            Scheduler scheduler,
            String name,
            int index,
            ReceiveRing receive,
            TransmitRing transmit,
            Interrupts interrupts) {
        this.index = index;
        this.receive = receive;
        this.transmit = transmit;
        this.interrupts = interrupts;
        this.clock = scheduler.machine().clock();
        thread = new InterruptThread(scheduler, name, this::serve);
        thread.setAffinity(1L << cpu());
    }

    /** The CPU that it belongs to. */
    public int cpu() {
        return index;
    }

    /** The pending bit that its interrupts set. */
    public int bit() {
        return thread.bit();
    }

    /** Its packets to receive. */
    public ReceiveRing receiveRing() {
        return receive;
    }

    /** Its packets to send. */
    public TransmitRing transmitRing() {
        return transmit;
    }

    /** From now on packets that come go to a receiver. */
    public void start(PacketReceiver newReceiver) {
        receiver = newReceiver;
        thread.raise();
    }

    private void serve() {
        PacketReceiver to = receiver;
        if (to == null) {
            return;
        }
        boolean more = true;
        while (more) {
            interrupts.mask(index);
            poll(to);
            more = interrupts.unmask(index);
        }
    }

    private void poll(PacketReceiver to) {
        boolean full = true;
        while (full) {
            receive.receive(batch, BATCH);
            full = batch.size() >= BATCH;
            if (!batch.isEmpty()) {
                note();
                to.receive(index, batch);
            }
            if (transmit.reclaim()) {
                to.canSend(index);
            }
        }
    }

    /** Notes when they came. */
    private void note() {
        long now = clock.monotonicNanos();
        for (Packet each = batch.first(); !each.isNone(); each = batch.after(each)) {
            each.setTime(now);
        }
    }
}

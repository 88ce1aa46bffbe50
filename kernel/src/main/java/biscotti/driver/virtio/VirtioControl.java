package biscotti.driver.virtio;

import biscotti.driver.Polling;
import biscotti.machine.Clock;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import java.util.function.BooleanSupplier;

/** The queue by which commands are given to a virtio network card (VIRTIO, 5.1.6.5), one at a time. */
final class VirtioControl {
    // Commands: a class in the upper byte, a command of it in the lower.
    private static final int RX_PROMISC = 0x0000;
    private static final int RX_ALLMULTI = 0x0001;
    private static final int MQ_VQ_PAIRS_SET = 0x0400;

    // Where what belongs to a command lies in its frame.
    private static final int COMMAND = 0;
    private static final int DATA = 16;
    private static final int ACK = 32;

    private static final int ACK_OK = 0;
    private static final byte ACK_NONE = (byte) 0xff;
    private static final int PATIENCE_MILLISECONDS = 2000;

    private final RankedLock lock = new RankedLock(LockRank.DEVICE);
    private final PhysicalMemory memory;
    private final Clock clock;
    private final VirtioTransport transport;
    private final int number;
    private final SplitQueue queue;
    private final long frame;
    private final BooleanSupplier hasEnded;
    private boolean silent;

    VirtioControl(
            PhysicalMemory memory, Clock clock, VirtioTransport transport, int number, SplitQueue queue, long frame) {
        this.memory = memory;
        this.clock = clock;
        this.transport = transport;
        this.number = number;
        this.queue = queue;
        this.frame = frame;
        hasEnded = queue::hasUsed;
    }

    /** Has packets for anybody be received. */
    boolean setPromiscuous(boolean on) {
        return command(RX_PROMISC, on ? 1 : 0, Byte.BYTES);
    }

    /** Has packets for all groups be received. */
    boolean setAllMulticast(boolean on) {
        return command(RX_ALLMULTI, on ? 1 : 0, Byte.BYTES);
    }

    /** Says how many pairs of queues are used. */
    boolean setPairs(int pairs) {
        return command(MQ_VQ_PAIRS_SET, pairs, Short.BYTES);
    }

    /** Gives a command, on a kernel thread; false if the device does not do it. */
    private boolean command(int command, int data, int dataBytes) {
        lock.lock();
        try {
            if (silent) {
                return false;
            }
            memory.writeByte(frame + COMMAND, (byte) (command >>> Byte.SIZE));
            memory.writeByte(frame + COMMAND + 1, (byte) command);
            memory.writeShort(frame + DATA, (short) data);
            memory.writeByte(frame + ACK, ACK_NONE);
            queue.describe(queue.descriptors(), 0, frame + COMMAND, Short.BYTES, false, false);
            queue.describe(queue.descriptors(), 1, frame + DATA, dataBytes, false, false);
            queue.describe(queue.descriptors(), 2, frame + ACK, Byte.BYTES, true, true);
            queue.offer(0);
            transport.notifyDevice(number);
            silent = !Polling.await(clock, PATIENCE_MILLISECONDS, hasEnded);
            return !silent && queue.take() == 0 && memory.readByte(frame + ACK) == ACK_OK;
        } finally {
            lock.unlock();
        }
    }
}

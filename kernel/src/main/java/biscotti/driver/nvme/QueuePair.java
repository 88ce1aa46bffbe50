package biscotti.driver.nvme;

import biscotti.machine.DeviceRegisters;
import biscotti.machine.PhysicalMemory;

/**
 * A submission queue and the completion queue for its commands (NVMe, 4.1), a frame each. The owner has fewer commands on their
 * way than the queues have entries. Guarded by a lock of its owner.
 */
final class QueuePair {
    /** Entries of each queue: as many commands as fill a frame. */
    static final int MOST_ENTRIES = 64;

    private static final int COMMAND_BYTES = 64;
    private static final int COMPLETION_BYTES = 16;
    private static final int COMPLETION_STATUS = 12;
    private static final int PHASE = 1 << 16;
    private static final int STATUS_SHIFT = 17;

    // A command: NVMe, 4.2, figure 105.
    private static final int NAMESPACE = 4;
    private static final int DATA = 24;
    private static final int MORE_DATA = 32;
    private static final int WORD_10 = 40;

    private final PhysicalMemory memory;
    private final DeviceRegisters registers;
    private final long doorbell;
    private final int doorbellBytes;
    private final int entries;
    private final long commands;
    private final long completions;
    private int tail;
    private int head;
    private int phase = PHASE;
    private int status;

    /**
     * Queues in two frames full of zeros.
     *
     * @param doorbell where its two doorbells are among the registers
     * @param doorbellBytes how far one is from the other
     */
    QueuePair(
            PhysicalMemory memory,
            DeviceRegisters registers,
            long doorbell,
            int doorbellBytes,
            int entries,
            long commands,
            long completions) {
        this.memory = memory;
        this.registers = registers;
        this.doorbell = doorbell;
        this.doorbellBytes = doorbellBytes;
        this.entries = entries;
        this.commands = commands;
        this.completions = completions;
    }

    /** Makes both empty, before the controller is given them again. */
    void clear() {
        memory.zero(commands, PhysicalMemory.FRAME_SIZE);
        memory.zero(completions, PhysicalMemory.FRAME_SIZE);
        tail = 0;
        head = 0;
        phase = PHASE;
    }

    int entries() {
        return entries;
    }

    long commands() {
        return commands;
    }

    long completions() {
        return completions;
    }

    /**
     * Submits a command.
     *
     * @param identifier what its completion is known by
     * @param data the first entry of its physical region pages
     * @param moreData the second one, or where the list of them is
     * @param place words 10 and 11
     * @param word12 word 12
     */
    void submit(int operation, int identifier, int namespace, long data, long moreData, long place, int word12) {
        long at = commands + (long) tail * COMMAND_BYTES;
        memory.zero(at, COMMAND_BYTES);
        memory.writeInt(at, operation | identifier << Short.SIZE);
        memory.writeInt(at + NAMESPACE, namespace);
        memory.writeLong(at + DATA, data);
        memory.writeLong(at + MORE_DATA, moreData);
        memory.writeLong(at + WORD_10, place);
        memory.writeInt(at + WORD_10 + Long.BYTES, word12);
        tail = tail + 1 == entries ? 0 : tail + 1;
        registers.writeInt(doorbell, tail);
    }

    /** Takes the next completion: the identifier of its command; negative if there is none. */
    int take() {
        int last = memory.readIntVolatile(completions + (long) head * COMPLETION_BYTES + COMPLETION_STATUS);
        if ((last & PHASE) != phase) {
            return -1;
        }
        head++;
        if (head == entries) {
            head = 0;
            phase ^= PHASE;
        }
        status = last >>> STATUS_SHIFT;
        return last & 0xffff;
    }

    /** The status of what was taken last: 0 for success (NVMe, 4.6.1). */
    int status() {
        return status & 0x7ff;
    }

    /** Tells the controller which completions have been taken. */
    void release() {
        registers.writeInt(doorbell + doorbellBytes, head);
    }
}

package biscotti.driver.virtio;

import biscotti.driver.pci.SimulatedFunction;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.util.ArrayList;
import java.util.List;

/** The registers of a virtio device on PCI and its split queues (VIRTIO 1.2, 2.7 and 4.1), which check the driver. */
final class VirtioRegistersModel implements SimulatedPorts.Device {
    /** Where they are: above 4 GB. */
    private static final long REGISTERS = 0x38_0000_0000L;

    private static final long MESSAGES = 0xfd00_0000L;
    private static final int COMMON = 0;
    private static final int DEVICE = 0x1000;
    private static final int NOTIFY = 0x2000;
    private static final int LENGTH = 0x3000;
    private static final int NOTIFY_MULTIPLIER = 4;
    private static final int NO_VECTOR = 0xffff;

    static final long INDIRECT = 1L << 28;
    static final long VERSION_1 = 1L << 32;

    /** The device behind the registers. */
    interface Device {
        /** A register that only devices of its type have. */
        int configuration(int offset, int bytes);

        /** There is something new in a queue. */
        void notified(int queue);

        /** All is forgotten. */
        void reset();

        /** Fails if the driver breaks a rule. */
        void check(boolean kept, String rule);
    }

    /** A piece of a chain. */
    record Piece(long address, int length, boolean writable) {}

    /** A chain of descriptors. */
    record Chain(int head, List<Piece> pieces) {}

    /** A queue. */
    final class Queue {
        private int size;
        private int vector = NO_VECTOR;
        private boolean enabled;
        private long descriptors;
        private long available;
        private long used;
        private int seen;
        private int ended;

        /** Whether a chain is available. */
        boolean hasNext() {
            return enabled && (memory.readShort(available + 2) & 0xffff) != seen;
        }

        /** Takes the next chain that is available. */
        Chain next() {
            function.checkMaster();
            int index = memory.readShort(available + 2) & 0xffff;
            device.check((index - seen & 0xffff) <= size, "more is available than the queue holds");
            int head = memory.readShort(available + 4 + 2L * (seen % size)) & 0xffff;
            device.check(head < size, "a descriptor beyond the table");
            seen = seen + 1 & 0xffff;
            return new Chain(head, pieces(head));
        }

        private List<Piece> pieces(int head) {
            long table = descriptors;
            int at = head;
            int limit = size;
            if ((flags(table, at) & 4) != 0) {
                device.check((accepted & INDIRECT) != 0, "an indirect descriptor, which was not agreed upon");
                int bytes = memory.readInt(table + 16L * at + 8);
                device.check(
                        bytes % 16 == 0 && (flags(table, at) & 1) == 0,
                        "an indirect descriptor is alone, its table of whole ones");
                table = memory.readLong(table + 16L * at);
                limit = bytes / 16;
                at = 0;
            }
            List<Piece> pieces = new ArrayList<>();
            for (boolean more = true; more; ) {
                device.check(at < limit && pieces.size() < limit, "a chain that leaves its table, or goes round");
                int flags = flags(table, at);
                boolean writable = (flags & 2) != 0;
                device.check(
                        writable || pieces.isEmpty() || !pieces.getLast().writable(),
                        "a piece to be read behind one to be written");
                pieces.add(
                        new Piece(memory.readLong(table + 16L * at), memory.readInt(table + 16L * at + 8), writable));
                more = (flags & 1) != 0;
                at = memory.readShort(table + 16L * at + 14) & 0xffff;
            }
            return pieces;
        }

        private int flags(long table, int index) {
            return memory.readShort(table + 16L * index + 12);
        }

        /** Says that a chain is used; {@link #publish} shows it to the driver. */
        void use(Chain chain, int written) {
            memory.writeInt(used + 4 + 8L * (ended % size), chain.head());
            memory.writeInt(used + 8 + 8L * (ended % size), written);
            ended = ended + 1 & 0xffff;
        }

        /** Shows what is used, and interrupts if the driver wants that. */
        void publish() {
            memory.writeIntVolatile(used, ended << 16);
            if (vector != NO_VECTOR && (memory.readShort(available) & 1) == 0) {
                function.interrupt(vector);
            }
        }
    }

    private final SimulatedFunction function;
    private final PhysicalMemory memory;
    private final Device device;
    private final long offered;
    private final int queueSize;
    private final Queue[] queues;
    private int status;
    private int featureSelect;
    private int queueSelect;
    private long accepted;
    private int configurationVector = NO_VECTOR;

    /** Registers of a device with a number of its type, features, and so many queues. */
    VirtioRegistersModel(
            SimulatedMachine machine,
            int type,
            int classCode,
            long features,
            int queueCount,
            int queueSize,
            Device device) {
        this.memory = machine.memory();
        this.device = device;
        this.queueSize = queueSize;
        offered = features | VERSION_1 | 1L << 40; // and one that nobody knows
        queues = new Queue[queueCount];
        forgetAll();
        function = new SimulatedFunction(machine, 0x1af4, 0x1040 + type, classCode);
        function.bar(4, REGISTERS);
        function.messages(1, MESSAGES, queueCount + 1);
        structure(1, COMMON, 56);
        structure(3, 0x800, 4);
        structure(4, DEVICE, 68);
        structure(2, NOTIFY, 0x100, (byte) NOTIFY_MULTIPLIER, (byte) 0, (byte) 0, (byte) 0);
        machine.attach(REGISTERS, LENGTH, this);
    }

    private void forgetAll() {
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Queue();
            queues[i].size = queueSize;
        }
        status = 0;
        accepted = 0;
        configurationVector = NO_VECTOR;
    }

    private void structure(int type, int offset, int length, byte... more) {
        byte[] bytes = new byte[14 + more.length];
        bytes[0] = (byte) (bytes.length + 2);
        bytes[1] = (byte) type;
        bytes[2] = 4;
        bytes[7] = (byte) (offset >> 8);
        bytes[10] = (byte) length;
        bytes[11] = (byte) (length >> 8);
        System.arraycopy(more, 0, bytes, 14, more.length);
        function.capability(9, bytes);
    }

    /** The device's place on the bus. */
    SimulatedFunction function() {
        return function;
    }

    /** One of the queues. */
    Queue queue(int index) {
        return queues[index];
    }

    /** The features that were agreed upon. */
    long accepted() {
        return accepted;
    }

    /** Tells that the configuration has changed. */
    void configurationChanged() {
        if (configurationVector != NO_VECTOR && (status & 4) != 0) {
            function.interrupt(configurationVector);
        }
    }

    /** A queue's place among the registers by which the device is told. */
    private int notifyOffset(int queue) {
        return 2 * queue + 3;
    }

    @Override
    public int read(int offset, int bytes) {
        synchronized (device) {
            if (offset >= DEVICE && offset < NOTIFY) {
                return device.configuration(offset - DEVICE, bytes);
            }
            Queue queue = queues[queueSelect];
            return switch (offset) {
                case 4 -> (int) (offered >>> featureSelect * 32);
                case 16 -> configurationVector;
                case 18 -> queues.length;
                case 20 -> status;
                case 24 -> queue.size;
                case 26 -> queue.vector;
                case 28 -> queue.enabled ? 1 : 0;
                case 30 -> notifyOffset(queueSelect);
                default -> 0;
            };
        }
    }

    @Override
    public void write(int offset, int bytes, int value) {
        synchronized (device) {
            if (offset >= NOTIFY) {
                device.check(
                        value < queues.length
                                && offset == NOTIFY + notifyOffset(value) * NOTIFY_MULTIPLIER
                                && bytes == 2,
                        "notify of a queue that is not there");
                device.check((status & 0xf) == 0xf, "notify of a device that is not started");
                device.check(queues[value].enabled, "notify of a queue that is not enabled");
                device.notified(value);
                return;
            }
            switch (offset) {
                case 0, 8 -> featureSelect = value;
                case 12 -> accept(value);
                case 16 -> configurationVector = value;
                case 20 -> setStatus(value);
                case 22 -> {
                    device.check(value < queues.length, "a queue is selected that is not there");
                    queueSelect = value;
                }
                default -> writeQueue(queues[queueSelect], offset, value);
            }
        }
    }

    private void writeQueue(Queue queue, int offset, int value) {
        device.check((status & 0xc) == 8, "queues are set up between FEATURES_OK and DRIVER_OK");
        device.check(!queue.enabled, "a queue that is enabled is changed");
        switch (offset) {
            case 24 -> queue.size = value;
            case 26 -> queue.vector = value;
            case 28 -> queue.enabled = value != 0;
            case 32 -> queue.descriptors = low(queue.descriptors, value);
            case 36 -> queue.descriptors = high(queue.descriptors, value);
            case 40 -> queue.available = low(queue.available, value);
            case 44 -> queue.available = high(queue.available, value);
            case 48 -> queue.used = low(queue.used, value);
            case 52 -> queue.used = high(queue.used, value);
            default -> device.check(false, "write of the register at " + offset);
        }
    }

    private void accept(int features) {
        device.check((status & 0xb) == 3, "features are said between DRIVER and FEATURES_OK");
        accepted = featureSelect == 0 ? low(accepted, features) : high(accepted, features);
    }

    private static long low(long old, int value) {
        return old & ~0xffff_ffffL | value & 0xffff_ffffL;
    }

    private static long high(long old, int value) {
        return old & 0xffff_ffffL | (long) value << 32;
    }

    private void setStatus(int value) {
        if (value == 0) {
            device.reset();
            forgetAll();
            return;
        }
        device.check((value & 0x80) != 0 || (value & status) == status, "a bit of the status is taken back");
        if ((value & 8) != 0 && (status & 8) == 0) {
            device.check((accepted & ~offered) == 0, "a feature is accepted that was not offered");
            device.check((accepted & VERSION_1) != 0, "VERSION_1 is not accepted");
        }
        device.check((value & 4) == 0 || queues[0].enabled, "started without its queue");
        status = value;
    }
}

package biscotti.driver.virtio;

import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.util.ArrayDeque;

/** A virtio disk on PCI (VIRTIO 1.2, 4.1 and 5.2), which checks its driver. */
public final class VirtioDiskModel extends DiskModel implements SimulatedPorts.Device {
    /** Where its registers are: above 4 GB. */
    private static final long REGISTERS = 0x38_0000_0000L;

    private static final long MESSAGES = 0xfd00_0000L;
    private static final int COMMON = 0;
    private static final int DEVICE = 0x1000;
    private static final int NOTIFY = 0x2000;
    private static final int LENGTH = 0x3000;
    private static final int NOTIFY_MULTIPLIER = 4;
    private static final int NOTIFY_OFFSET = 3;

    private static final long FLUSH = 1L << 9;
    private static final long SEG_MAX = 1L << 2;
    private static final long BLK_SIZE = 1L << 6;
    private static final long INDIRECT = 1L << 28;
    private static final long VERSION_1 = 1L << 32;

    private final SimulatedFunction function;
    private final PhysicalMemory memory;
    private final long offered;
    private final int queueSize;
    private final int mostSegments;

    private int status;
    private int featureSelect;
    private long accepted;
    private int vector = 0xffff;
    private int size;
    private boolean enabled;
    private long descriptors;
    private long available;
    private long used;
    private int seen;
    private int ended;

    /** A disk with or without a cache and tables of descriptors. */
    public VirtioDiskModel(
            SimulatedMachine machine, int sectors, boolean cache, boolean indirect, int queueSize, int mostSegments) {
        super(machine, sectors);
        this.memory = machine.memory();
        this.queueSize = queueSize;
        this.mostSegments = mostSegments;
        this.size = queueSize;
        offered = VERSION_1
                | BLK_SIZE
                | 1L << 40 // a feature that nobody knows
                | (cache ? FLUSH : 0)
                | (indirect ? INDIRECT : 0)
                | (mostSegments > 1 ? SEG_MAX : 0);
        function = new SimulatedFunction(machine, 0x1af4, 0x1042, 0x018000);
        function.bar(4, REGISTERS);
        function.messages(1, MESSAGES);
        structure(1, COMMON, 56);
        structure(3, 0x800, 4);
        structure(4, DEVICE, 60);
        structure(2, NOTIFY, 0x100, (byte) NOTIFY_MULTIPLIER, (byte) 0, (byte) 0, (byte) 0);
        machine.attach(REGISTERS, LENGTH, this);
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

    /** Its place on the bus. */
    public SimulatedFunction function() {
        return function;
    }

    @Override
    public synchronized int read(int offset, int bytes) {
        if (offset >= DEVICE && offset < NOTIFY) {
            return switch (offset - DEVICE) {
                case 0 -> sectors();
                case 12 -> mostSegments;
                case 20 -> SECTOR;
                default -> 0;
            };
        }
        return switch (offset) {
            case 4 -> (int) (offered >>> featureSelect * 32);
            case 20 -> status;
            case 24 -> size;
            case 26 -> vector;
            case 28 -> enabled ? 1 : 0;
            case 30 -> NOTIFY_OFFSET;
            default -> 0;
        };
    }

    @Override
    public synchronized void write(int offset, int bytes, int value) {
        if (offset >= NOTIFY) {
            rule(
                    offset == NOTIFY + NOTIFY_OFFSET * NOTIFY_MULTIPLIER && bytes == 2,
                    "notify of a queue that is not there");
            rule((status & 0xf) == 0xf, "notify of a device that is not started");
            look();
            return;
        }
        switch (offset) {
            case 0, 8 -> featureSelect = value;
            case 12 -> accept(value);
            case 20 -> setStatus(value);
            case 22 -> rule(value == 0, "there is one queue");
            case 24 -> size = beforeStart(value);
            case 26 -> vector = beforeStart(value);
            case 28 -> enabled = beforeStart(value) != 0;
            case 32 -> descriptors = low(descriptors, value);
            case 36 -> descriptors = high(descriptors, value);
            case 40 -> available = low(available, value);
            case 44 -> available = high(available, value);
            case 48 -> used = low(used, value);
            case 52 -> used = high(used, value);
            default -> rule(false, "write of the register at " + offset);
        }
    }

    private void accept(int features) {
        rule((status & 0xb) == 3, "features are said between DRIVER and FEATURES_OK");
        accepted = featureSelect == 0 ? low(accepted, features) : high(accepted, features);
    }

    private int beforeStart(int value) {
        rule((status & 0xc) == 8, "queues are set up between FEATURES_OK and DRIVER_OK");
        return value;
    }

    private static long low(long old, int value) {
        return old & ~0xffff_ffffL | value & 0xffff_ffffL;
    }

    private static long high(long old, int value) {
        return old & 0xffff_ffffL | (long) value << 32;
    }

    private void setStatus(int value) {
        if (value == 0) {
            forget();
            status = 0;
            enabled = false;
            size = queueSize;
            seen = 0;
            ended = 0;
            return;
        }
        rule((value & 0x80) != 0 || (value & status) == status, "a bit of the status is taken back");
        if ((value & 8) != 0 && (status & 8) == 0) {
            rule((accepted & ~offered) == 0, "a feature is accepted that was not offered");
            rule((accepted & VERSION_1) != 0, "VERSION_1 is not accepted");
        }
        rule((value & 4) == 0 || enabled, "started without its queue");
        status = value;
    }

    /** Takes what is new in the available ring. */
    private void look() {
        int index = memory.readShort(available + 2) & 0xffff;
        rule((index - seen & 0xffff) <= size, "more is available than the queue holds");
        for (; seen != index; seen = seen + 1 & 0xffff) {
            int head = memory.readShort(available + 4 + 2L * (seen % size)) & 0xffff;
            rule(head < size, "a descriptor beyond the table");
            accept(() -> perform(head));
        }
    }

    private void perform(int head) {
        function.checkMaster();
        ArrayDeque<Piece> pieces = new ArrayDeque<>();
        ArrayDeque<Boolean> writable = new ArrayDeque<>();
        long table = descriptors;
        int at = head;
        int limit = size;
        if ((flags(table, at) & 4) != 0) {
            rule((accepted & INDIRECT) != 0, "an indirect descriptor, which was not agreed upon");
            int bytes = memory.readInt(table + 16L * at + 8);
            rule(
                    bytes % 16 == 0 && (flags(table, at) & 1) == 0,
                    "an indirect descriptor is alone, its table of whole ones");
            table = memory.readLong(table + 16L * at);
            limit = bytes / 16;
            at = 0;
        }
        for (boolean more = true; more; ) {
            rule(at < limit && pieces.size() < limit, "a chain that leaves its table, or goes round");
            int flags = flags(table, at);
            pieces.add(new Piece(memory.readLong(table + 16L * at), memory.readInt(table + 16L * at + 8)));
            writable.add((flags & 2) != 0);
            more = (flags & 1) != 0;
            at = memory.readShort(table + 16L * at + 14) & 0xffff;
        }
        memory.writeByte(pieces.peekLast().address(), (byte) request(pieces, writable));
        memory.writeInt(used + 4 + 8L * (ended % size), head);
        memory.writeInt(used + 8 + 8L * (ended % size), 1);
        ended = ended + 1 & 0xffff;
        memory.writeIntVolatile(used, ended << 16);
        if (vector != 0xffff) {
            function.interrupt(vector);
        }
    }

    private int flags(long table, int index) {
        return memory.readShort(table + 16L * index + 12);
    }

    private int request(ArrayDeque<Piece> all, ArrayDeque<Boolean> writable) {
        ArrayDeque<Piece> pieces = new ArrayDeque<>(all);
        Piece header = pieces.removeFirst();
        rule(header.length() == 16 && !writable.removeFirst(), "a request begins with its header");
        rule(pieces.removeLast().length() == 1 && writable.removeLast(), "a request ends with its status");
        rule(pieces.size() <= Math.max(mostSegments, 1), "more pieces than the device takes");
        int type = memory.readInt(header.address());
        long sector = memory.readLong(header.address() + 8);
        rule(writable.stream().allMatch(each -> each == (type == 0)), "the direction of a piece");
        return switch (type) {
            case 0 -> move(false, false, sector, pieces) ? 0 : 1;
            case 1 -> move(true, (accepted & FLUSH) == 0, sector, pieces) ? 0 : 1;
            case 4 -> {
                rule((accepted & FLUSH) != 0, "a flush, which was not agreed upon");
                flush();
                yield 0;
            }
            default -> 2;
        };
    }
}

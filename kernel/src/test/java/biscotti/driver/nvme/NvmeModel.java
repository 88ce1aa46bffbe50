package biscotti.driver.nvme;

import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.util.ArrayDeque;
import java.util.BitSet;

/** An NVMe controller (NVMe 1.4) with one namespace, which checks its driver. */
public final class NvmeModel extends DiskModel implements SimulatedPorts.Device {
    private static final long REGISTERS = 0xfebf_0000L;
    private static final long MESSAGES = 0xfebe_0000L;
    private static final int LENGTH = 0x2000;
    private static final int FRAME = PhysicalMemory.FRAME_SIZE;
    private static final int SUCCESS = 0;
    private static final int INVALID_FIELD = 2;
    private static final int UNRECOVERED_READ = 0x281;
    private static final int QUEUES = 3;

    /** A submission queue and its completion queue. */
    private static final class Queue {
        private long commands;
        private int commandEntries;
        private long completions;
        private int completionEntries;
        private int vector;
        private boolean interrupts;
        private int commandHead;
        private int completionTail;
        private int completionHead;
        private int phase = 1 << 16;
        private final BitSet identifiers = new BitSet();
    }

    private final SimulatedFunction function;
    private final PhysicalMemory memory;
    private final int entries;
    private final int mostTransfer;
    private final Queue[] queues = new Queue[QUEUES];
    private int configuration;
    private int adminSizes;
    private long adminCommands;
    private long adminCompletions;

    /**
     * A disk with a volatile cache.
     *
     * @param entries how many entries its queues may have
     * @param mostTransfer the most that a command moves: a power of 2 of frames; 0 for no limit
     */
    public NvmeModel(SimulatedMachine machine, int sectors, int entries, int mostTransfer) {
        super(machine, sectors);
        this.memory = machine.memory();
        this.entries = entries;
        this.mostTransfer = mostTransfer;
        function = new SimulatedFunction(machine, 0x1b36, 0x0010, 0x010802);
        function.bar(0, REGISTERS);
        function.messages(2, MESSAGES);
        machine.attach(REGISTERS, LENGTH, this);
    }

    /** Its place on the bus. */
    public SimulatedFunction function() {
        return function;
    }

    @Override
    public synchronized int read(int offset, int bytes) {
        rule(bytes == 4, "registers are read whole");
        return switch (offset) {
            case 0 -> entries - 1 | 1 << 16 | 10 << 24;
            case 4 -> 1 | 1 << 5; // doorbells 8 bytes apart
            case 8 -> 0x10400;
            case 0x14 -> configuration;
            case 0x1c -> configuration & 1;
            default -> 0;
        };
    }

    @Override
    public synchronized void write(int offset, int bytes, int value) {
        rule(bytes == 4, "registers are written whole");
        if (offset >= 0x1000) {
            int number = (offset - 0x1000) / 8;
            rule(offset % 8 == 0 && number < 2 * QUEUES && queues[number / 2] != null, "a doorbell that is not there");
            ring(number / 2, number % 2 == 1, value);
            return;
        }
        switch (offset) {
            case 0x14 -> enable(value);
            case 0x24 -> adminSizes = disabled(value);
            case 0x28 -> adminCommands = adminCommands & ~0xffff_ffffL | disabled(value) & 0xffff_ffffL;
            case 0x2c -> adminCommands = adminCommands & 0xffff_ffffL | (long) disabled(value) << 32;
            case 0x30 -> adminCompletions = adminCompletions & ~0xffff_ffffL | disabled(value) & 0xffff_ffffL;
            case 0x34 -> adminCompletions = adminCompletions & 0xffff_ffffL | (long) disabled(value) << 32;
            default -> rule(false, "write of the register at " + offset);
        }
    }

    private int disabled(int value) {
        rule((configuration & 1) == 0, "the admin queue is moved under a running controller");
        return value;
    }

    private void enable(int value) {
        if ((value & 1) != 0 && (configuration & 1) == 0) {
            rule((value >>> 16 & 0xff) == 0x46 && (value >>> 7 & 0xf) == 0, "sizes of entries and pages");
            Queue admin = new Queue();
            admin.commands = aligned(adminCommands);
            admin.completions = aligned(adminCompletions);
            admin.commandEntries = (adminSizes & 0xfff) + 1;
            admin.completionEntries = (adminSizes >>> 16 & 0xfff) + 1;
            queues[0] = admin;
        }
        if ((value & 1) == 0) {
            forget();
            java.util.Arrays.fill(queues, null);
        }
        configuration = value;
    }

    private long aligned(long address) {
        rule(address != 0 && address % FRAME == 0, "a queue begins with a page");
        return address;
    }

    private void ring(int number, boolean completion, int value) {
        Queue queue = queues[number];
        if (completion) {
            rule(value < queue.completionEntries, "a head beyond the queue");
            queue.completionHead = value;
            return;
        }
        rule(value < queue.commandEntries, "a tail beyond the queue");
        while (queue.commandHead != value) {
            long at = queue.commands + 64L * queue.commandHead;
            queue.commandHead = (queue.commandHead + 1) % queue.commandEntries;
            // The entry may be written anew once the command is fetched.
            int[] words = new int[16];
            for (int i = 0; i < words.length; i++) {
                words[i] = memory.readInt(at + 4L * i);
            }
            int identifier = words[0] >>> 16;
            rule(!queue.identifiers.get(identifier), "an identifier is used twice");
            queue.identifiers.set(identifier);
            if (number == 0) {
                end(queue, identifier, administer(words)); // the driver does not wait for interrupts here
            } else {
                accept(() -> end(queue, identifier, perform(words)));
            }
        }
    }

    private void end(Queue queue, int identifier, int status) {
        function.checkMaster();
        int next = (queue.completionTail + 1) % queue.completionEntries;
        rule(next != queue.completionHead, "the completion queue is full");
        long at = queue.completions + 16L * queue.completionTail;
        memory.writeInt(at + 8, queue.commandHead);
        queue.identifiers.clear(identifier);
        memory.writeIntVolatile(at + 12, identifier | queue.phase | status << 17);
        queue.completionTail = next;
        if (next == 0) {
            queue.phase ^= 1 << 16;
        }
        if (queue.interrupts) {
            function.interrupt(queue.vector);
        }
    }

    private static long wide(int[] words, int first) {
        return words[first] & 0xffff_ffffL | (long) words[first + 1] << 32;
    }

    private int administer(int[] words) {
        long data = wide(words, 6);
        int number = words[10] & 0xffff;
        switch (words[0] & 0xff) {
            case 0x06 -> {
                rule(data % FRAME == 0, "an identity goes to a page of its own here");
                memory.zero(data, FRAME);
                if (words[10] == 1) {
                    memory.writeByte(data + 77, (byte) mostTransfer);
                    memory.writeInt(data + 516, 256);
                    memory.writeByte(data + 525, (byte) 1);
                } else if (words[1] == 1) {
                    memory.writeLong(data, sectors());
                    memory.writeByte(data + 26, (byte) 1);
                    memory.writeInt(data + 128, 12 << 16);
                    memory.writeInt(data + 132, 9 << 16);
                }
                return SUCCESS;
            }
            case 0x09 -> {
                return number == 7 ? SUCCESS : INVALID_FIELD;
            }
            case 0x00 -> {
                rule(queues[number] != null && queues[number].commands != 0, "a submission queue that is not there");
                forget();
                queues[number].commands = 0;
                return SUCCESS;
            }
            case 0x04 -> {
                rule(queues[number] != null && queues[number].commands == 0, "a completion queue without submissions");
                queues[number] = null;
                return SUCCESS;
            }
            case 0x05 -> {
                rule(queues[number] == null && (words[11] & 1) != 0, "a completion queue");
                Queue queue = new Queue();
                queue.completions = aligned(data);
                queue.completionEntries = (words[10] >>> 16) + 1;
                queue.interrupts = (words[11] & 2) != 0;
                queue.vector = words[11] >>> 16;
                rule(queue.completionEntries <= entries, "more entries than there may be");
                queues[number] = queue;
                return SUCCESS;
            }
            case 0x01 -> {
                rule(queues[number] != null && words[11] >>> 16 == number, "a submission queue without completions");
                queues[number].commands = aligned(data);
                queues[number].commandEntries = (words[10] >>> 16) + 1;
                rule(queues[number].commandEntries <= entries, "more entries than there may be");
                return SUCCESS;
            }
            default -> {
                return 1;
            }
        }
    }

    private int perform(int[] words) {
        int operation = words[0] & 0xff;
        rule(words[1] == 1, "the namespace of a command");
        if (operation == 0) {
            flush();
            return SUCCESS;
        }
        int bytes = ((words[12] & 0xffff) + 1) * SECTOR;
        rule(mostTransfer == 0 || bytes <= FRAME << mostTransfer, "more than a command may move");
        boolean moved = move(
                operation == 1,
                (words[12] & 1 << 30) != 0,
                wide(words, 10),
                pages(wide(words, 6), wide(words, 8), bytes));
        return moved ? SUCCESS : UNRECOVERED_READ;
    }

    private ArrayDeque<Piece> pages(long first, long second, int bytes) {
        ArrayDeque<Piece> pieces = new ArrayDeque<>();
        rule(first % 4 == 0, "the first page's offset");
        int inFirst = (int) Math.min(bytes, FRAME - first % FRAME);
        pieces.add(new Piece(first, inFirst));
        int left = bytes - inFirst;
        if (left > FRAME) {
            rule(second % 8 == 0 && second % FRAME + 8L * ((left + FRAME - 1) / FRAME) <= FRAME, "a list in one page");
            for (int i = 0; left > 0; i++) {
                left = addPage(pieces, memory.readLong(second + 8L * i), left);
            }
        } else if (left > 0) {
            addPage(pieces, second, left);
        }
        return pieces;
    }

    private int addPage(ArrayDeque<Piece> pieces, long page, int left) {
        rule(page != 0 && page % FRAME == 0, "a page that is not the first begins inside a frame");
        int count = Math.min(left, FRAME);
        pieces.add(new Piece(page, count));
        return left - count;
    }
}

package biscotti.driver.ahci;

import biscotti.driver.DiskModel;
import biscotti.driver.pci.SimulatedFunction;
import biscotti.machine.PhysicalMemory;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.SimulatedPorts;
import java.util.ArrayDeque;

/** An AHCI controller (AHCI 1.3.1) with one SATA disk, which checks its driver. */
public final class AhciModel extends DiskModel implements SimulatedPorts.Device {
    private static final long REGISTERS = 0xfebf_0000L;
    private static final int LENGTH = 0x1100;
    private static final int PORT = 2;
    private static final int PORT_BASE = 0x100 + 0x80 * PORT;
    private static final int DRIVE_READY = 0x50;
    private static final int ERROR = 0x41;
    private static final int TASK_FILE_ERROR = 1 << 30;

    private final SimulatedFunction function;
    private final PhysicalMemory memory;
    private final boolean queues;
    private final boolean caches;

    private int control;
    private int status;
    private long list;
    private int portStatus;
    private int portInterrupts;
    private int command;
    private int taskFile = DRIVE_READY;
    private int linkControl;
    private int active;
    private int issued;
    private boolean inError;
    private int resets;

    /** A disk with or without native command queuing, a cache and writes that force unit access. */
    public AhciModel(SimulatedMachine machine, int sectors, boolean queues, boolean caches) {
        super(machine, sectors);
        this.memory = machine.memory();
        this.queues = queues;
        this.caches = caches;
        function = new SimulatedFunction(machine, 0x8086, 0x2922, 0x010601);
        function.bar(5, REGISTERS);
        function.message();
        machine.attach(REGISTERS, LENGTH, this);
    }

    /** Its place on the bus. */
    public SimulatedFunction function() {
        return function;
    }

    /** How often the disk was reset. */
    public synchronized int resets() {
        return resets;
    }

    @Override
    public synchronized int read(int offset, int bytes) {
        if (offset >= PORT_BASE && offset < PORT_BASE + 0x80) {
            return readPort(offset - PORT_BASE);
        }
        return switch (offset) {
            case 0 -> 1 << 31 | (queues ? 1 << 30 : 0) | 31 << 8 | 5;
            case 4 -> control;
            case 8 -> status;
            case 0x0c -> 0x3f;
            default -> 0;
        };
    }

    private int readPort(int register) {
        return switch (register) {
            case 0x10 -> portStatus;
            case 0x14 -> portInterrupts;
            case 0x18 -> command | ((command & 1) != 0 ? 1 << 15 : 0) | ((command & 1 << 4) != 0 ? 1 << 14 : 0);
            case 0x20 -> taskFile;
            case 0x24 -> 0x101;
            case 0x28 -> (linkControl & 0xf) == 1 ? 0 : 0x123;
            case 0x2c -> linkControl;
            case 0x34 -> active;
            case 0x38 -> issued;
            default -> 0;
        };
    }

    @Override
    public synchronized void write(int offset, int bytes, int value) {
        rule(bytes == 4, "registers are written whole");
        if (offset >= PORT_BASE && offset < PORT_BASE + 0x80) {
            writePort(offset - PORT_BASE, value);
            return;
        }
        switch (offset) {
            case 4 -> {
                rule((value & 1 << 31) != 0, "AHCI mode is left");
                control = value;
                check();
            }
            case 8 -> {
                status &= ~value;
                check();
            }
            default -> rule(false, "write of the register at " + offset);
        }
    }

    private void writePort(int register, int value) {
        switch (register) {
            case 0x00 -> list = stopped(list & ~0xffff_ffffL | value & 0xffff_ffffL);
            case 0x04 -> list = stopped(list & 0xffff_ffffL | (long) value << 32);
            case 0x08, 0x0c -> stopped(0);
            case 0x10 -> portStatus &= ~value;
            case 0x14 -> portInterrupts = value;
            case 0x18 -> control(value);
            case 0x2c -> link(value);
            case 0x30 -> {}
            case 0x34 -> {
                rule((command & 1) != 0, "a queued command on a stopped port");
                active |= value;
            }
            case 0x38 -> issue(value);
            default -> rule(false, "write of the port's register at " + register);
        }
        check();
    }

    private long stopped(long value) {
        rule((command & 0x11) == 0, "memory is moved under a running port");
        return value;
    }

    private void control(int value) {
        if ((value & 1) != 0 && (command & 1) == 0) {
            rule((value & 1 << 4) != 0, "started without a place for what is received");
            rule((taskFile & 0x88) == 0, "started while the disk is busy");
            rule(list != 0, "started without a command list");
        }
        if ((value & 1) == 0) {
            forget();
            active = 0;
            issued = 0;
        }
        command = value;
    }

    private void link(int value) {
        rule((value & 0xf) == 0 || (command & 1) == 0, "reset of a running port");
        if ((linkControl & 0xf) == 1 && (value & 0xf) == 0) {
            taskFile = DRIVE_READY;
            inError = false;
            resets++;
            portStatus |= 1 << 22 | 1 << 6 | 1;
        }
        linkControl = value;
    }

    private void issue(int slots) {
        rule((command & 1) != 0, "a command for a stopped port");
        rule((issued & slots) == 0, "a slot is used twice");
        issued |= slots;
        for (int rest = slots; rest != 0; rest &= rest - 1) {
            int slot = Integer.numberOfTrailingZeros(rest);
            int code = memory.readByte(table(slot) + 2) & 0xff;
            boolean queued = code == 0x60 || code == 0x61;
            int others = (active | issued) & ~(1 << slot);
            if (queued) {
                rule(queues, "a queued command for a disk that has no queue");
                rule((active & 1 << slot) != 0, "a queued command that is not active");
                rule((issued & ~active) == 0, "a queued command beside one that is not");
                issued &= ~(1 << slot);
            } else {
                rule(others == 0, "a command that is not queued beside others");
            }
            if (!inError) { // else it is not looked at before a reset; the driver may not know yet
                accept(() -> perform(slot, code, queued));
            }
        }
    }

    private long table(int slot) {
        return memory.readLong(list + 32L * slot + 8);
    }

    private void perform(int slot, int code, boolean queued) {
        function.checkMaster();
        if (run(slot, code, queued)) {
            active &= ~(1 << slot);
            issued &= ~(1 << slot);
            taskFile = DRIVE_READY;
            portStatus |= queued ? 1 << 3 : 1;
        } else {
            taskFile = ERROR;
            inError = true;
            portStatus |= TASK_FILE_ERROR;
            forget();
        }
        check();
    }

    private boolean run(int slot, int code, boolean queued) {
        long header = list + 32L * slot;
        long fis = table(slot);
        int flags = memory.readInt(header);
        rule((flags & 0x1f) == 5, "the length of a register FIS");
        rule((memory.readInt(fis) & 0xffff) == 0x8027, "a register FIS that is a command");
        ArrayDeque<Piece> pieces = new ArrayDeque<>();
        for (int i = 0; i < flags >>> 16; i++) {
            long at = fis + 0x80 + 16L * i;
            int count = memory.readInt(at + 12) & 0x3f_ffff;
            rule((count & 1) == 1 && (memory.readLong(at) & 1) == 0, "a region of whole words");
            pieces.add(new Piece(memory.readLong(at), count + 1));
        }
        long sector = memory.readInt(fis + 4) & 0xff_ffffL | (memory.readInt(fis + 8) & 0xff_ffffL) << 24;
        int features = memory.readByte(fis + 3) & 0xff | (memory.readByte(fis + 11) & 0xff) << 8;
        int count = memory.readShort(fis + 12) & 0xffff;
        int device = memory.readByte(fis + 7) & 0xff;
        boolean write = code == 0x35 || code == 0x3d || code == 0x61;
        rule((flags & 1 << 6) != 0 == write, "the direction of a command");
        if (code == 0xec) {
            return identify(pieces.getFirst());
        }
        rule((device & 0x40) != 0, "an address of a block");
        if (code == 0xea) {
            flush();
            return true;
        }
        rule(!queued || count == slot << 3, "the tag of a queued command");
        int bytes = pieces.stream().mapToInt(Piece::length).sum();
        rule(bytes == (queued ? features : count) * SECTOR, "as many bytes as sectors");
        return switch (code) {
            case 0x25, 0x60 -> move(false, false, sector, pieces);
            case 0x35, 0x61 -> move(true, !caches || (device & 0x80) != 0, sector, pieces);
            case 0x3d -> move(true, true, sector, pieces);
            default -> false;
        };
    }

    private boolean identify(Piece into) {
        rule(into.length() == SECTOR, "the length of an identity");
        memory.zero(into.address(), SECTOR);
        word(into, 75, 31);
        word(into, 76, queues ? 1 << 8 : 0);
        word(into, 83, 1 << 10 | 1 << 13 | 1 << 14);
        word(into, 84, 1 << 14 | (queues ? 1 << 6 : 0));
        word(into, 85, caches ? 1 << 5 : 0);
        word(into, 100, sectors());
        word(into, 106, 1 << 14);
        return true;
    }

    private void word(Piece into, int number, int value) {
        memory.writeShort(into.address() + 2L * number, (short) value);
    }

    /** Raises the controller's bit, and with it a message, as long as the port has something to tell. */
    private void check() {
        if ((portStatus & portInterrupts) != 0) {
            status |= 1 << PORT;
            if ((control & 2) != 0) {
                function.interrupt(0);
            }
        }
    }
}

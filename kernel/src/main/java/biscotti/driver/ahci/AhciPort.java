package biscotti.driver.ahci;

import biscotti.driver.DeviceFrames;
import biscotti.driver.Polling;
import biscotti.driver.disk.BlockRequest;
import biscotti.machine.Clock;
import biscotti.machine.DeviceRegisters;
import biscotti.machine.PhysicalMemory;
import biscotti.sched.KernelThread;
import java.util.concurrent.TimeUnit;

/** A port of the controller: its registers (AHCI, 3.3), and the commands in memory (AHCI, 4.2). */
final class AhciPort {
    /** The most commands that a port takes. */
    static final int MOST_SLOTS = 32;

    // Registers of a port, from its first one.
    private static final int CLB = 0x00;
    private static final int FB = 0x08;
    private static final int IS = 0x10;
    private static final int IE = 0x14;
    private static final int CMD = 0x18;
    private static final int TFD = 0x20;
    private static final int SIG = 0x24;
    private static final int SSTS = 0x28;
    private static final int SCTL = 0x2c;
    private static final int SERR = 0x30;
    private static final int SACT = 0x34;
    private static final int CI = 0x38;

    private static final int CMD_ST = 1;
    private static final int CMD_SUD = 1 << 1;
    private static final int CMD_POD = 1 << 2;
    private static final int CMD_FRE = 1 << 4;
    private static final int CMD_FR = 1 << 14;
    private static final int CMD_CR = 1 << 15;
    private static final int TFD_ERR = 1;
    private static final int TFD_DRQ = 1 << 3;
    private static final int TFD_DF = 1 << 5;
    private static final int TFD_BSY = 1 << 7;
    private static final int DET = 0xf;
    private static final int DET_PRESENT = 3;
    private static final int DET_RESET = 1;
    private static final int SIGNATURE_DISK = 0x101;

    /** A command has ended: register, set-device-bits and PIO FISes. */
    private static final int IS_ENDED = 1 | 1 << 1 | 1 << 3;

    /** Task file error; host bus fatal and data, interface fatal and non-fatal errors, overflow; the link came or went. */
    private static final int IS_FAILED = 1 << 30 | 1 << 29 | 1 << 28 | 1 << 27 | 1 << 26 | 1 << 24 | 1 << 22 | 1 << 6;

    // Command header: AHCI, 4.2.2; the command FIS has five double words.
    private static final int HEADER_BYTES = 32;
    private static final int HEADER_FIS_WORDS = 5;
    private static final int HEADER_WRITE = 1 << 6;
    private static final int HEADER_TABLE = 8;

    // Command table: AHCI, 4.2.3.
    private static final int TABLE_REGIONS = 0x80;
    private static final int REGION_BYTES = 16;
    private static final int REGION_COUNT = 12;

    // The port's memory.
    private static final int LIST_FRAME = 0;
    private static final int RECEIVED = 1024;
    private static final int IDENTITY_FRAME = 1;
    private static final int TABLE_FRAMES = 2;
    private static final int TABLE_BYTES = 2048;

    /** How many frames a port needs. */
    static final int FRAMES = TABLE_FRAMES + MOST_SLOTS * TABLE_BYTES / PhysicalMemory.FRAME_SIZE;

    /** A stop takes at most 500 ms (AHCI, 10.1.2); a disk that starts up, and one that answers, seconds. */
    private static final int STOP_MILLISECONDS = 500;

    private static final int LINK_MILLISECONDS = 1000;
    private static final int READY_MILLISECONDS = 30_000;

    private final DeviceRegisters registers;
    private final long base;
    private final PhysicalMemory memory;
    private final Clock clock;
    private final DeviceFrames frames;

    AhciPort(DeviceRegisters registers, long base, PhysicalMemory memory, Clock clock, DeviceFrames frames) {
        this.registers = registers;
        this.base = base;
        this.memory = memory;
        this.clock = clock;
        this.frames = frames;
    }

    private int read(int register) {
        return registers.readInt(base + register);
    }

    private void write(int register, int value) {
        registers.writeInt(base + register, value);
    }

    private boolean await(int milliseconds, int register, int mask, int value) {
        return Polling.await(clock, milliseconds, () -> (read(register) & mask) == value);
    }

    /** Whether something is connected to a port. */
    static boolean isConnected(DeviceRegisters registers, long base) {
        return (registers.readInt(base + SSTS) & DET) == DET_PRESENT;
    }

    /** Takes the port over from the firmware, and starts it (AHCI, 10.1.2); false if there is no disk that answers. */
    boolean start() {
        if (!stop()) {
            return false;
        }
        write(CMD, read(CMD) & ~CMD_FRE);
        if (!await(STOP_MILLISECONDS, CMD, CMD_FR, 0)) {
            return false;
        }
        write(IE, 0);
        registers.writeLong(base + CLB, frames.frame(LIST_FRAME));
        registers.writeLong(base + FB, frames.frame(LIST_FRAME) + RECEIVED);
        write(CMD, read(CMD) | CMD_FRE | CMD_SUD | CMD_POD);
        return begin() && read(SIG) == SIGNATURE_DISK;
    }

    /** Gives the port up; whether it reaches no memory any more. */
    boolean halt() {
        boolean stopped = stop();
        write(CMD, read(CMD) & ~CMD_FRE);
        return stopped && await(STOP_MILLISECONDS, CMD, CMD_FR, 0);
    }

    /** Stops taking commands; those that the port has are forgotten. */
    private boolean stop() {
        write(CMD, read(CMD) & ~CMD_ST);
        return await(STOP_MILLISECONDS, CMD, CMD_CR, 0);
    }

    private boolean begin() {
        write(SERR, -1);
        write(IS, -1);
        if (!await(READY_MILLISECONDS, TFD, TFD_BSY | TFD_DRQ, 0)) {
            return false;
        }
        write(CMD, read(CMD) | CMD_ST);
        return true;
    }

    /** Resets the disk and the link to it (AHCI, 10.4.2): all commands are forgotten. False if it does not come back. */
    boolean reset() {
        write(IE, 0);
        stop(); // one that does not stop is reset as well
        write(SCTL, read(SCTL) & ~DET | DET_RESET);
        KernelThread.current().sleepUntil(clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(2));
        write(SCTL, read(SCTL) & ~DET);
        return await(LINK_MILLISECONDS, SSTS, DET, DET_PRESENT) && begin();
    }

    /** Lets it interrupt for what happens from now on. */
    void enableInterrupts() {
        write(SERR, -1);
        write(IS, -1);
        write(IE, IS_ENDED | IS_FAILED);
    }

    /** Takes back what it interrupts for; whether that is an error. */
    boolean takeInterrupt() {
        int causes = read(IS);
        boolean failed = (causes & IS_FAILED & read(IE)) != 0; // while it is reset, errors are told, too
        write(IS, causes);
        return failed;
    }

    /** The slots whose commands are on their way. */
    int running() {
        return read(SACT) | read(CI);
    }

    /** Whether the last command that was not queued has failed. */
    boolean hasFailed() {
        return (read(TFD) & (TFD_ERR | TFD_DF)) != 0;
    }

    /** Adds a region of memory to a command that is about to be written. */
    void region(int slot, int index, long address, int length) {
        long at = table(slot) + TABLE_REGIONS + (long) index * REGION_BYTES;
        memory.writeLong(at, address);
        memory.writeInt(at + Long.BYTES, 0);
        memory.writeInt(at + REGION_COUNT, length - 1);
    }

    private long table(int slot) {
        return frames.piece(TABLE_FRAMES, slot, TABLE_BYTES);
    }

    /**
     * Gives a command to the port. Its register FIS (Serial ATA 3.1, 10.3.4) is made of these:
     *
     * @param regions how many regions of memory it has
     * @param command the command's code
     * @param features 16 bits
     * @param block number of its first block
     * @param count 16 bits
     * @param device the device register
     */
    void issue(
            int slot,
            int regions,
            boolean write,
            boolean queued,
            int command,
            int features,
            long block,
            int count,
            int device) {
        long fis = table(slot);
        memory.writeInt(fis, 0x8027 | command << 16 | (features & 0xff) << 24);
        memory.writeInt(fis + 4, (int) block & 0xff_ffff | device << 24);
        memory.writeInt(fis + 8, (int) (block >>> 24) & 0xff_ffff | (features >>> 8) << 24);
        memory.writeInt(fis + 12, count & 0xffff);
        memory.writeInt(fis + 16, 0);
        long header = frames.frame(LIST_FRAME) + (long) slot * HEADER_BYTES;
        memory.writeInt(header, HEADER_FIS_WORDS | (write ? HEADER_WRITE : 0) | regions << 16);
        memory.writeInt(header + 4, 0);
        memory.writeLong(header + HEADER_TABLE, fis);
        if (queued) {
            write(SACT, 1 << slot);
        }
        write(CI, 1 << slot);
    }

    /** Asks the disk what it is, without interrupts; false if it does not say. */
    boolean identify() {
        region(0, 0, frames.frame(IDENTITY_FRAME), AtaCommands.IDENTITY_BYTES);
        issue(0, 1, false, false, AtaCommands.IDENTIFY_DEVICE, 0, 0, 0, 0);
        return await(READY_MILLISECONDS, CI, 1, 0) && !hasFailed();
    }

    /** What the disk said. */
    AtaIdentity identity() {
        return new AtaIdentity(memory, frames.frame(IDENTITY_FRAME));
    }

    static {
        assert TABLE_REGIONS + BlockRequest.MOST_SEGMENTS * REGION_BYTES <= TABLE_BYTES;
    }
}

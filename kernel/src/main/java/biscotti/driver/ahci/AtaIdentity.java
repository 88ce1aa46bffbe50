package biscotti.driver.ahci;

import biscotti.driver.disk.BlockDevice;
import biscotti.machine.PhysicalMemory;

/** What a disk says of itself in answer to IDENTIFY DEVICE: 256 words in memory (ACS, 7.12.7). */
final class AtaIdentity {
    private static final int QUEUE_DEPTH = 75;
    private static final int SATA_CAPABILITIES = 76;
    private static final int SUPPORTED = 83;
    private static final int SUPPORTED_MORE = 84;
    private static final int ENABLED = 85;
    private static final int SECTORS = 100;
    private static final int SECTOR_SIZES = 106;
    private static final int SECTOR_WORDS = 117;

    private static final int NCQ = 1 << 8;
    private static final int LBA48 = 1 << 10;
    private static final int WRITE_CACHE = 1 << 5;
    private static final int FORCE_UNIT_ACCESS = 1 << 6;
    private static final int LONG_SECTORS = 1 << 12;

    private final PhysicalMemory memory;
    private final long address;

    AtaIdentity(PhysicalMemory memory, long address) {
        this.memory = memory;
        this.address = address;
    }

    private int word(int number) {
        return memory.readShort(address + (long) number * Short.BYTES) & 0xffff;
    }

    /** Whether sectors have numbers of 48 bits, as those of all SATA disks, and a length that is known here. */
    boolean isUsable() {
        int size = blockSize();
        return (word(SUPPORTED) & LBA48) != 0
                && Integer.bitCount(size) == 1
                && size >= BlockDevice.SECTOR_SIZE
                && size <= PhysicalMemory.FRAME_SIZE;
    }

    /** Its size in sectors of its own. */
    long blocks() {
        return memory.readLong(address + SECTORS * Short.BYTES);
    }

    /** Bytes of a sector of its own. */
    int blockSize() {
        boolean longer = (word(SECTOR_SIZES) & LONG_SECTORS) != 0;
        return longer ? (word(SECTOR_WORDS) | word(SECTOR_WORDS + 1) << Short.SIZE) * Short.BYTES : 512;
    }

    /** How many commands it takes at once by "native command queuing"; 0 if it has not that. */
    int queueDepth() {
        boolean queues = (word(SATA_CAPABILITIES) & NCQ) != 0 && word(SATA_CAPABILITIES) != 0xffff;
        return queues ? (word(QUEUE_DEPTH) & 0x1f) + 1 : 0;
    }

    /** Whether writes stay in a cache until they are flushed. */
    boolean caches() {
        return (word(ENABLED) & WRITE_CACHE) != 0;
    }

    /** Whether a write can be asked to be lasting at its end. */
    boolean forcesUnitAccess() {
        return (word(SUPPORTED_MORE) & FORCE_UNIT_ACCESS) != 0;
    }
}

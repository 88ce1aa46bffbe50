package biscotti.driver.ahci;

/** Codes of ATA commands (ACS, table 4). */
final class AtaCommands {
    static final int READ_DMA_EXT = 0x25;
    static final int WRITE_DMA_EXT = 0x35;
    static final int WRITE_DMA_FUA_EXT = 0x3d;
    static final int READ_FPDMA_QUEUED = 0x60;
    static final int WRITE_FPDMA_QUEUED = 0x61;
    static final int FLUSH_CACHE_EXT = 0xea;
    static final int IDENTIFY_DEVICE = 0xec;

    /** Bytes of the answer to the last. */
    static final int IDENTITY_BYTES = 512;

    /** In the device register: blocks have numbers. */
    static final int DEVICE_LBA = 1 << 6;

    /** In the device register of a queued write: it ends when it is lasting (ACS, 7.62). */
    static final int DEVICE_FORCE_UNIT_ACCESS = 1 << 7;

    /** Where the count field of a queued command has its slot. */
    static final int TAG_SHIFT = 3;

    private AtaCommands() {}
}

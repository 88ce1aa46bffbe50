package biscotti.ext4.journal;

/** Numbers of the journal's blocks, all of which are big-endian: "Journal (jbd2)" in the kernel's documentation of ext4. */
final class JournalFormat {
    static final int MAGIC = 0xC03B3998;

    // struct journal_header_s, with which each block of the journal's own begins
    static final int HEADER_MAGIC = 0;
    static final int HEADER_TYPE = 4;
    static final int HEADER_SEQUENCE = 8;
    static final int HEADER_SIZE = 12;

    static final int DESCRIPTOR = 1;
    static final int COMMIT = 2;
    static final int SUPERBLOCK_V1 = 3;
    static final int SUPERBLOCK_V2 = 4;
    static final int REVOKE = 5;

    // struct journal_superblock_s
    static final int SUPER_BLOCK_SIZE = 0xC;
    static final int SUPER_LENGTH = 0x10;
    static final int SUPER_FIRST = 0x14;
    static final int SUPER_SEQUENCE = 0x18;
    static final int SUPER_START = 0x1C;
    static final int SUPER_ERROR = 0x20;
    static final int SUPER_COMPATIBLE = 0x24;
    static final int SUPER_INCOMPATIBLE = 0x28;
    static final int SUPER_UUID = 0x30;
    static final int SUPER_CHECKSUM_TYPE = 0x50;
    static final int SUPER_CHECKSUM = 0xFC;
    static final int SUPER_SIZE = 1024;

    static final int UUID_SIZE = 16;

    /** s_checksum_type: CRC-32C. */
    static final int CHECKSUM_CRC32C = 4;

    static final int COMPATIBLE_CHECKSUM = 0x1;
    static final int INCOMPATIBLE_REVOKE = 0x1;
    static final int INCOMPATIBLE_64BIT = 0x2;
    static final int INCOMPATIBLE_ASYNC_COMMIT = 0x4;
    static final int INCOMPATIBLE_CHECKSUM_V2 = 0x8;
    static final int INCOMPATIBLE_CHECKSUM_V3 = 0x10;
    static final int INCOMPATIBLE_FAST_COMMIT = 0x20;

    // struct journal_block_tag_s, and journal_block_tag3_s with checksums of version 3
    static final int TAG_NUMBER = 0;
    static final int TAG_CHECKSUM = 4;
    static final int TAG_FLAGS = 6;
    static final int TAG_NUMBER_HIGH = 8;
    static final int TAG3_FLAGS = 4;
    static final int TAG3_CHECKSUM = 12;
    static final int TAG3_SIZE = 16;

    /** The block began with the magic number, which was replaced with zeros. */
    static final int TAG_ESCAPED = 0x1;

    /** No UUID follows the tag. */
    static final int TAG_SAME_UUID = 0x2;

    static final int TAG_LAST = 0x8;

    /** struct jbd2_journal_block_tail: the checksum at the end of descriptor and revoke blocks. */
    static final int TAIL_SIZE = 4;

    // struct jbd2_journal_revoke_header_s: how many bytes are used, the header among them
    static final int REVOKE_BYTES = 12;
    static final int REVOKE_RECORDS = 16;

    // struct commit_header
    static final int COMMIT_CHECKSUM = 16;
    static final int COMMIT_SECONDS = 48;
    static final int COMMIT_NANOSECONDS = 56;

    private JournalFormat() {}
}

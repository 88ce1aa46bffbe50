package biscotti.ext4.journal;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EUCLEAN;
import static biscotti.ext4.journal.JournalFormat.CHECKSUM_CRC32C;
import static biscotti.ext4.journal.JournalFormat.COMPATIBLE_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.HEADER_MAGIC;
import static biscotti.ext4.journal.JournalFormat.HEADER_TYPE;
import static biscotti.ext4.journal.JournalFormat.INCOMPATIBLE_64BIT;
import static biscotti.ext4.journal.JournalFormat.INCOMPATIBLE_ASYNC_COMMIT;
import static biscotti.ext4.journal.JournalFormat.INCOMPATIBLE_CHECKSUM_V2;
import static biscotti.ext4.journal.JournalFormat.INCOMPATIBLE_CHECKSUM_V3;
import static biscotti.ext4.journal.JournalFormat.INCOMPATIBLE_FAST_COMMIT;
import static biscotti.ext4.journal.JournalFormat.INCOMPATIBLE_REVOKE;
import static biscotti.ext4.journal.JournalFormat.MAGIC;
import static biscotti.ext4.journal.JournalFormat.SUPERBLOCK_V1;
import static biscotti.ext4.journal.JournalFormat.SUPERBLOCK_V2;
import static biscotti.ext4.journal.JournalFormat.SUPER_BLOCK_SIZE;
import static biscotti.ext4.journal.JournalFormat.SUPER_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.SUPER_CHECKSUM_TYPE;
import static biscotti.ext4.journal.JournalFormat.SUPER_COMPATIBLE;
import static biscotti.ext4.journal.JournalFormat.SUPER_ERROR;
import static biscotti.ext4.journal.JournalFormat.SUPER_FIRST;
import static biscotti.ext4.journal.JournalFormat.SUPER_INCOMPATIBLE;
import static biscotti.ext4.journal.JournalFormat.SUPER_LENGTH;
import static biscotti.ext4.journal.JournalFormat.SUPER_SEQUENCE;
import static biscotti.ext4.journal.JournalFormat.SUPER_SIZE;
import static biscotti.ext4.journal.JournalFormat.SUPER_START;
import static biscotti.ext4.journal.JournalFormat.SUPER_UUID;
import static biscotti.ext4.journal.JournalFormat.TAG3_SIZE;
import static biscotti.ext4.journal.JournalFormat.TAIL_SIZE;
import static biscotti.ext4.journal.JournalFormat.UUID_SIZE;

import biscotti.block.Crc32c;

/** The first block of the journal: how long it is, where its oldest transaction begins, and how its blocks look. */
final class JournalSuperblock {
    private static final int KNOWN = INCOMPATIBLE_REVOKE
            | INCOMPATIBLE_64BIT
            | INCOMPATIBLE_ASYNC_COMMIT
            | INCOMPATIBLE_CHECKSUM_V2
            | INCOMPATIBLE_CHECKSUM_V3
            | INCOMPATIBLE_FAST_COMMIT;

    /** How such a journal is replayed is not known here. */
    private static final int NOT_REPLAYED = INCOMPATIBLE_ASYNC_COMMIT | INCOMPATIBLE_FAST_COMMIT;

    /** What this journal never writes, and takes away before it writes. */
    private static final int NOT_WRITTEN = NOT_REPLAYED | INCOMPATIBLE_CHECKSUM_V2;

    /** The shortest journal that Linux takes: JBD2_MIN_JOURNAL_BLOCKS. */
    private static final int SHORTEST = 1024;

    private final LogBlocks log;
    private final LogBlock block;
    private int seed;
    private int length;
    private int first;

    JournalSuperblock(LogBlocks log, LogBlock block) {
        this.log = log;
        this.block = block;
    }

    /** Reads and checks it: 0; -EINVAL if it is not understood; -EUCLEAN if it is damaged; -EIO. */
    int read() {
        int error = log.read(0, block);
        if (error != 0) {
            return error;
        }
        int type = block.getInt(HEADER_TYPE);
        if (block.getInt(HEADER_MAGIC) != MAGIC || type != SUPERBLOCK_V1 && type != SUPERBLOCK_V2) {
            return -EUCLEAN;
        }
        if (type == SUPERBLOCK_V1) {
            block.zero(SUPER_COMPATIBLE, SUPER_SIZE - SUPER_COMPATIBLE);
        }
        length = block.getInt(SUPER_LENGTH);
        first = block.getInt(SUPER_FIRST);
        boolean sound = block.getInt(SUPER_BLOCK_SIZE) == block.size()
                && length >= SHORTEST
                && length <= log.length()
                && first >= 1
                && first <= length - SHORTEST / 2
                && start() >= 0
                && start() < length
                && (start() == 0 || start() >= first);
        if (!sound) {
            return -EUCLEAN;
        }
        if ((incompatible() & ~KNOWN) != 0 || needsRecovery() && (incompatible() & NOT_REPLAYED) != 0) {
            return -EINVAL;
        }
        return checkSums();
    }

    private int checkSums() {
        seed = Crc32c.START;
        for (int i = 0; i < UUID_SIZE; i++) {
            seed = Crc32c.update(seed, (byte) block.getByte(SUPER_UUID + i));
        }
        if (!hasChecksums()) {
            return 0;
        }
        if (block.getByte(SUPER_CHECKSUM_TYPE) != CHECKSUM_CRC32C) {
            return -EINVAL;
        }
        return block.checksumWithout(SUPER_CHECKSUM, Crc32c.START, SUPER_SIZE) == block.getInt(SUPER_CHECKSUM)
                ? 0
                : -EUCLEAN;
    }

    /** Has it say how blocks are written from now on; the journal is empty. */
    void setFeatures(boolean checksums, boolean wide) {
        int wanted = incompatible() & ~NOT_WRITTEN | INCOMPATIBLE_REVOKE;
        wanted = checksums ? wanted | INCOMPATIBLE_CHECKSUM_V3 : wanted & ~INCOMPATIBLE_CHECKSUM_V3;
        block.putInt(HEADER_TYPE, SUPERBLOCK_V2);
        block.putInt(SUPER_INCOMPATIBLE, wide ? wanted | INCOMPATIBLE_64BIT : wanted);
        block.putInt(SUPER_COMPATIBLE, block.getInt(SUPER_COMPATIBLE) & ~COMPATIBLE_CHECKSUM);
        block.putByte(SUPER_CHECKSUM_TYPE, checksums ? CHECKSUM_CRC32C : 0);
    }

    /** Writes it, lasting: where the oldest transaction begins and its number; 0 if there is none, and the next one's number. */
    int write(int start, long sequence) {
        block.putInt(SUPER_START, start);
        block.putInt(SUPER_SEQUENCE, (int) sequence);
        return write();
    }

    /** Writes why nothing was written any more, for e2fsck. */
    int writeError(int error) {
        block.putInt(SUPER_ERROR, error);
        return write();
    }

    private int write() {
        if (hasChecksums()) {
            block.putInt(SUPER_CHECKSUM, block.checksumWithout(SUPER_CHECKSUM, Crc32c.START, SUPER_SIZE));
        }
        return log.writeLasting(0, block);
    }

    private int incompatible() {
        return block.getInt(SUPER_INCOMPATIBLE);
    }

    boolean needsRecovery() {
        return start() != 0;
    }

    /** Where the oldest transaction begins, or 0. */
    int start() {
        return block.getInt(SUPER_START);
    }

    /** The number of the first transaction to be found, of which the journal has the low 32 bits. */
    int sequence() {
        return block.getInt(SUPER_SEQUENCE);
    }

    /** The first block of the log. */
    int first() {
        return first;
    }

    /** The block behind the last of the log. */
    int end() {
        return length;
    }

    /** The block of the log that follows another. */
    int next(int index) {
        return index + 1 == length ? first : index + 1;
    }

    /** Copies the journal's UUID into another block. */
    void copyUuid(LogBlock to, int offset) {
        to.copy(block, SUPER_UUID, offset, UUID_SIZE);
    }

    /** What all checksums but its own begin with: that of the UUID. */
    int seed() {
        return seed;
    }

    boolean hasChecksums() {
        return (incompatible() & (INCOMPATIBLE_CHECKSUM_V2 | INCOMPATIBLE_CHECKSUM_V3)) != 0;
    }

    boolean hasWideTags() {
        return (incompatible() & INCOMPATIBLE_CHECKSUM_V3) != 0;
    }

    /** Whether numbers of blocks have 64 bits. */
    boolean is64Bit() {
        return (incompatible() & INCOMPATIBLE_64BIT) != 0;
    }

    /** Bytes of a tag, as journal_tag_bytes() of jbd2. */
    int tagSize() {
        if (hasWideTags()) {
            return TAG3_SIZE;
        }
        return 8 + (hasChecksums() ? 2 : 0) + (is64Bit() ? 4 : 0);
    }

    /** Bytes of a block's number in a revoke block. */
    int revokeSize() {
        return is64Bit() ? Long.BYTES : Integer.BYTES;
    }

    /** Bytes at the end of descriptor and revoke blocks. */
    int tailSize() {
        return hasChecksums() ? TAIL_SIZE : 0;
    }
}

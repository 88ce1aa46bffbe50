package biscotti.ext4.journal;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.EUCLEAN;
import static biscotti.ext4.journal.JournalFormat.COMMIT;
import static biscotti.ext4.journal.JournalFormat.COMMIT_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.DESCRIPTOR;
import static biscotti.ext4.journal.JournalFormat.HEADER_SIZE;
import static biscotti.ext4.journal.JournalFormat.HEADER_TYPE;
import static biscotti.ext4.journal.JournalFormat.MAGIC;
import static biscotti.ext4.journal.JournalFormat.REVOKE;
import static biscotti.ext4.journal.JournalFormat.REVOKE_BYTES;
import static biscotti.ext4.journal.JournalFormat.REVOKE_RECORDS;
import static biscotti.ext4.journal.JournalFormat.TAG3_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.TAG3_FLAGS;
import static biscotti.ext4.journal.JournalFormat.TAG_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.TAG_ESCAPED;
import static biscotti.ext4.journal.JournalFormat.TAG_FLAGS;
import static biscotti.ext4.journal.JournalFormat.TAG_LAST;
import static biscotti.ext4.journal.JournalFormat.TAG_NUMBER;
import static biscotti.ext4.journal.JournalFormat.TAG_NUMBER_HIGH;
import static biscotti.ext4.journal.JournalFormat.TAG_SAME_UUID;
import static biscotti.ext4.journal.JournalFormat.UUID_SIZE;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.block.Crc32c;

/**
 * Replays the journal, in three passes over its log: the first finds where the last whole transaction ends, the second which blocks
 * were revoked, the third writes to their places those that were not.
 */
final class Recovery {
    private enum Pass {
        SCAN,
        REVOKE,
        REPLAY
    }

    private final BlockCache cache;
    private final LogBlocks log;
    private final JournalSuperblock superblock;
    private final LogBlock block;
    private final LogBlock data;
    private final LogBlock target;
    private final RevokeTable revoked;

    /** The number of the transaction behind the last whole one. */
    private int end;

    private long records;
    private int position;
    private int result;

    /** Over a journal whose superblock was read; the two blocks have a place in memory each. */
    Recovery(BlockCache cache, LogBlocks log, JournalSuperblock superblock, LogBlock block, LogBlock data) {
        this.cache = cache;
        this.log = log;
        this.superblock = superblock;
        this.block = block;
        this.data = data;
        this.target = new LogBlock(cache.memory(), cache.blockSize());
        this.revoked = new RevokeTable(cache.memory(), cache.frames());
    }

    /** Replays, and makes it lasting: 0; -EUCLEAN if a checksum is wrong; -EIO, -ENOMEM. The superblock is not changed. */
    int run() {
        end = superblock.sequence();
        int error = pass(Pass.SCAN);
        if (error == 0 && records > 0) {
            error = revoked.open(records) ? pass(Pass.REVOKE) : -ENOMEM;
        }
        if (error == 0) {
            error = pass(Pass.REPLAY);
        }
        revoked.close();
        error = error == 0 ? result : error;
        int written = cache.sync();
        return error == 0 ? written : error;
    }

    /** Only finds where the last whole transaction ends: 0, -EIO. */
    int skip() {
        end = superblock.sequence();
        return pass(Pass.SCAN);
    }

    /** The number of the transaction behind the last one that was replayed. */
    int end() {
        return end;
    }

    private int pass(Pass pass) {
        int sequence = superblock.sequence();
        int left = superblock.end() - superblock.first();
        position = superblock.start();
        while (left > 0 && (pass == Pass.SCAN || sequence - end < 0)) {
            int error = log.read(position, block);
            if (error != 0) {
                return error;
            }
            if (!block.isOf(sequence)) {
                break;
            }
            position = superblock.next(position);
            left--;
            int type = block.getInt(HEADER_TYPE);
            if (type == COMMIT) {
                if (pass == Pass.SCAN && !isSoundCommit()) {
                    break;
                }
                sequence++;
            } else if (type == DESCRIPTOR || type == REVOKE) {
                int blocks = isSound() ? take(pass, type, sequence, left) : -1;
                if (blocks < 0) {
                    break;
                }
                left -= blocks;
            } else {
                break;
            }
        }
        if (pass == Pass.SCAN) {
            end = sequence;
        } else if (sequence != end) {
            return -EUCLEAN; // it could be read in the first pass
        }
        return 0;
    }

    /** Takes a descriptor or revoke block; returns how many blocks of the log belong to it, or -1 if it cannot be right. */
    private int take(Pass pass, int type, int sequence, int left) {
        if (type == DESCRIPTOR) {
            return takeTags(pass, sequence, left);
        }
        return takeRevokes(pass, sequence);
    }

    private int takeTags(Pass pass, int sequence, int left) {
        int at = HEADER_SIZE;
        int last = block.size() - superblock.tailSize() - superblock.tagSize();
        int count = 0;
        while (at <= last) {
            if (count == left) {
                return -1;
            }
            count++;
            int flags = superblock.hasWideTags() ? block.getInt(at + TAG3_FLAGS) : block.getShort(at + TAG_FLAGS);
            if (pass == Pass.REPLAY) {
                replay(at, flags, sequence);
            }
            position = superblock.next(position);
            if ((flags & TAG_LAST) != 0) {
                break;
            }
            at += superblock.tagSize() + ((flags & TAG_SAME_UUID) == 0 ? UUID_SIZE : 0);
        }
        return count;
    }

    private void replay(int tag, int flags, int sequence) {
        long number = block.getUnsignedInt(tag + TAG_NUMBER)
                | (superblock.is64Bit() ? block.getUnsignedInt(tag + TAG_NUMBER_HIGH) << 32 : 0);
        if (records > 0 && revoked.revokes(number, sequence)) {
            return;
        }
        int error = log.read(position, data);
        if (error == 0 && !hasChecksum(tag, sequence)) {
            error = -EUCLEAN;
        }
        if (error == 0) {
            Block place = cache.get(number);
            error = place.error();
            if (error == 0) {
                target.moveTo(place.physical());
                target.copy(data, 0, 0, data.size());
                if ((flags & TAG_ESCAPED) != 0) {
                    target.putInt(0, MAGIC);
                }
                place.markDirty();
            }
            place.release();
        }
        result = result == 0 ? error : result;
    }

    private boolean hasChecksum(int tag, int sequence) {
        if (!superblock.hasChecksums()) {
            return true;
        }
        int sum = data.checksum(Crc32c.updateInt(superblock.seed(), Integer.reverseBytes(sequence)));
        return superblock.hasWideTags()
                ? sum == block.getInt(tag + TAG3_CHECKSUM)
                : (sum & 0xFFFF) == block.getShort(tag + TAG_CHECKSUM);
    }

    private int takeRevokes(Pass pass, int sequence) {
        int bytes = block.getInt(REVOKE_BYTES);
        if (bytes < REVOKE_RECORDS || bytes > block.size() - superblock.tailSize()) {
            return -1;
        }
        int size = superblock.revokeSize();
        int count = (bytes - REVOKE_RECORDS) / size;
        if (pass == Pass.SCAN) {
            records += count;
        } else if (pass == Pass.REVOKE) {
            for (int i = 0; i < count; i++) {
                int at = REVOKE_RECORDS + i * size;
                revoked.add(superblock.is64Bit() ? block.getLong(at) : block.getUnsignedInt(at), sequence);
            }
        }
        return 0;
    }

    private boolean isSound() {
        int tail = block.size() - Integer.BYTES;
        return !superblock.hasChecksums()
                || block.checksumWithout(tail, superblock.seed(), block.size()) == block.getInt(tail);
    }

    private boolean isSoundCommit() {
        return !superblock.hasChecksums()
                || block.checksumWithout(COMMIT_CHECKSUM, superblock.seed(), block.size())
                        == block.getInt(COMMIT_CHECKSUM);
    }
}

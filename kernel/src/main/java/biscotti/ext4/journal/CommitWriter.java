package biscotti.ext4.journal;

import static biscotti.ext4.journal.JournalFormat.COMMIT;
import static biscotti.ext4.journal.JournalFormat.COMMIT_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.COMMIT_NANOSECONDS;
import static biscotti.ext4.journal.JournalFormat.COMMIT_SECONDS;
import static biscotti.ext4.journal.JournalFormat.DESCRIPTOR;
import static biscotti.ext4.journal.JournalFormat.HEADER_SIZE;
import static biscotti.ext4.journal.JournalFormat.MAGIC;
import static biscotti.ext4.journal.JournalFormat.REVOKE;
import static biscotti.ext4.journal.JournalFormat.REVOKE_BYTES;
import static biscotti.ext4.journal.JournalFormat.REVOKE_RECORDS;
import static biscotti.ext4.journal.JournalFormat.TAG3_CHECKSUM;
import static biscotti.ext4.journal.JournalFormat.TAG3_FLAGS;
import static biscotti.ext4.journal.JournalFormat.TAG_ESCAPED;
import static biscotti.ext4.journal.JournalFormat.TAG_FLAGS;
import static biscotti.ext4.journal.JournalFormat.TAG_LAST;
import static biscotti.ext4.journal.JournalFormat.TAG_NUMBER;
import static biscotti.ext4.journal.JournalFormat.TAG_NUMBER_HIGH;
import static biscotti.ext4.journal.JournalFormat.TAG_SAME_UUID;
import static biscotti.ext4.journal.JournalFormat.UUID_SIZE;

import biscotti.block.BlockBatch;
import biscotti.block.BlockCache;
import biscotti.block.Crc32c;
import java.util.concurrent.TimeUnit;

/**
 * Writes a transaction to the log: revoke blocks, then descriptor blocks, each followed by the blocks that its tags name, and when all
 * that is lasting, the commit block. Two batches take turns, so that one is filled while the other is written.
 */
final class CommitWriter {
    /** Gives the content of a block that commits. */
    interface Source {
        /** Copies what the committing transaction made of the block. */
        void take(JournalBlock block, long to);
    }

    private final LogBlocks log;
    private final JournalSuperblock superblock;
    private final BlockBatch[] batches;
    private final LogBlock header;
    private final LogBlock data;
    private final LogBlock commit;
    private int turn;
    private int position;
    private int sequence;
    private int error;

    /** Where the descriptor's next tag goes; 0 while there is no descriptor. */
    private int tag;

    private int lastTag;

    CommitWriter(BlockCache cache, LogBlocks log, JournalSuperblock superblock, LogBlock commit) {
        this.log = log;
        this.superblock = superblock;
        this.commit = commit;
        batches = new BlockBatch[] {
            new BlockBatch(cache.device(), cache.frames(), cache.blockShift()),
            new BlockBatch(cache.device(), cache.frames(), cache.blockShift())
        };
        header = new LogBlock(cache.memory(), cache.blockSize());
        data = new LogBlock(cache.memory(), cache.blockSize());
    }

    /** Takes its memory; false if there is not enough. */
    boolean open() {
        return batches[0].prepare() && batches[1].prepare();
    }

    void close() {
        batches[0].close();
        batches[1].close();
    }

    /** A batch for other writes of the thread that commits, between commits. */
    BlockBatch batch() {
        return batches[turn];
    }

    /** The most blocks of the log that so many blocks and revoke records take. */
    int mostBlocks(int credits) {
        int perDescriptor = Math.min(BlockBatch.MOST - 1, tagsPerBlock());
        int revokes = credits / revokesPerBlock() + 1;
        return credits + revokes + (credits + revokes) / perDescriptor + 2 + 1;
    }

    private int tagsPerBlock() {
        return (data.size() - HEADER_SIZE - UUID_SIZE - superblock.tailSize()) / superblock.tagSize();
    }

    private int revokesPerBlock() {
        return (data.size() - REVOKE_RECORDS - superblock.tailSize()) / superblock.revokeSize();
    }

    /** The block of the log behind the last transaction that was written. */
    int position() {
        return position;
    }

    /** Writes a transaction from a block of the log on, lasting: 0 or a negative errno. */
    int write(Transaction transaction, int start, Source source, long wallNanos) {
        position = start;
        sequence = (int) transaction.tid;
        error = 0;
        writeRevokes(transaction.revoked());
        for (int i = 0; i < transaction.count(); i++) {
            JournalBlock block = transaction.block(i);
            if (block.commits) {
                add(block, source);
            }
        }
        submit();
        error = Math.min(error, batches[0].await());
        error = Math.min(error, batches[1].await());
        error = Math.min(error, log.flush());
        return error == 0 ? writeCommit(wallNanos) : error;
    }

    private long addBlock() {
        long place = batches[turn].add(log.place(position));
        position = superblock.next(position);
        return place;
    }

    /** Has the batch written, and goes on with the other. */
    private void submit() {
        if (tag != 0) {
            int flags = flagsPlace(lastTag);
            if (superblock.hasWideTags()) {
                header.putInt(flags, header.getInt(flags) | TAG_LAST);
            } else {
                header.putShort(flags, header.getShort(flags) | TAG_LAST);
            }
            seal();
            tag = 0;
        }
        batches[turn].submit();
        turn ^= 1;
        error = Math.min(error, batches[turn].await());
    }

    private int flagsPlace(int at) {
        return at + (superblock.hasWideTags() ? TAG3_FLAGS : TAG_FLAGS);
    }

    /** Puts the checksum at the end of a descriptor or revoke block. */
    private void seal() {
        if (superblock.hasChecksums()) {
            int tail = header.size() - Integer.BYTES;
            header.putInt(tail, header.checksumWithout(tail, superblock.seed(), header.size()));
        }
    }

    private void writeRevokes(BlockSet revoked) {
        int most = revokesPerBlock();
        int count = 0;
        for (int i = 0; i < revoked.slots(); i++) {
            long number = revoked.slot(i);
            if (number < 0) {
                continue;
            }
            if (count == 0) {
                beginHeader(REVOKE);
            }
            int at = REVOKE_RECORDS + count * superblock.revokeSize();
            if (superblock.is64Bit()) {
                header.putLong(at, number);
            } else {
                header.putInt(at, (int) number);
            }
            count++;
            if (count == most) {
                endRevokes(count);
                count = 0;
            }
        }
        if (count > 0) {
            endRevokes(count);
        }
    }

    private void endRevokes(int count) {
        header.putInt(REVOKE_BYTES, REVOKE_RECORDS + count * superblock.revokeSize());
        seal();
    }

    private void beginHeader(int type) {
        if (batches[turn].count() >= BlockBatch.MOST - 1) {
            submit();
        }
        header.moveTo(addBlock());
        header.begin(type, sequence);
    }

    private void add(JournalBlock block, Source source) {
        int end = header.size() - superblock.tailSize() - superblock.tagSize();
        if (tag != 0 && (batches[turn].isFull() || tag > end)) {
            submit();
        }
        int flags = TAG_SAME_UUID;
        if (tag == 0) {
            beginHeader(DESCRIPTOR);
            tag = HEADER_SIZE;
            flags = 0;
        }
        data.moveTo(addBlock());
        source.take(block, data.address());
        if (data.getInt(0) == MAGIC) {
            data.putInt(0, 0);
            flags |= TAG_ESCAPED;
        }
        writeTag(block.block.number(), flags);
        lastTag = tag;
        tag += superblock.tagSize() + ((flags & TAG_SAME_UUID) == 0 ? UUID_SIZE : 0);
    }

    private void writeTag(long number, int flags) {
        int sum = superblock.hasWideTags()
                ? data.checksum(Crc32c.updateInt(superblock.seed(), Integer.reverseBytes(sequence)))
                : 0;
        header.putInt(tag + TAG_NUMBER, (int) number);
        if (superblock.hasWideTags()) {
            header.putInt(tag + TAG3_FLAGS, flags);
            header.putInt(tag + TAG_NUMBER_HIGH, (int) (number >>> 32));
            header.putInt(tag + TAG3_CHECKSUM, sum);
        } else {
            header.putShort(tag + TAG_FLAGS, flags);
            if (superblock.is64Bit()) {
                header.putInt(tag + TAG_NUMBER_HIGH, (int) (number >>> 32));
            }
        }
        if ((flags & TAG_SAME_UUID) == 0) {
            superblock.copyUuid(header, tag + superblock.tagSize());
        }
    }

    private int writeCommit(long wallNanos) {
        commit.begin(COMMIT, sequence);
        commit.putLong(COMMIT_SECONDS, wallNanos / TimeUnit.SECONDS.toNanos(1));
        commit.putInt(COMMIT_NANOSECONDS, (int) (wallNanos % TimeUnit.SECONDS.toNanos(1)));
        if (superblock.hasChecksums()) {
            commit.putInt(COMMIT_CHECKSUM, commit.checksumWithout(COMMIT_CHECKSUM, superblock.seed(), commit.size()));
        }
        int at = position;
        position = superblock.next(at);
        return log.writeLasting(at, commit);
    }
}

package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.EUCLEAN;

import biscotti.abi.FileMode;
import biscotti.block.Block;
import biscotti.block.BlockBatch;
import biscotti.block.BlockCache;
import biscotti.block.BlockRun;
import biscotti.block.PageCache;
import biscotti.driver.disk.BlockDevice;
import biscotti.ext4.journal.DirectWrites;
import biscotti.ext4.journal.Journal;
import biscotti.ext4.journal.JournalArea;
import biscotti.ext4.journal.Transactions;
import biscotti.file.Slot;
import java.util.function.LongSupplier;

/**
 * Opens the file system on a device: reads its superblock, replays its journal, and has it say on the disk that it is in use if it will be
 * written.
 */
final class Opening {
    private static final int SMALL_SHIFT = 10;

    private final PageCache cache;
    private final BlockDevice device;
    private final boolean readOnly;
    private final LongSupplier wallClock;
    private final String optionText;
    private String problem = "";
    private Ext4Options options;

    /** Opens it to be read only, or to be written, too. */
    Opening(PageCache cache, BlockDevice device, boolean readOnly, String options, LongSupplier wallClock) {
        this.cache = cache;
        this.device = device;
        this.readOnly = readOnly;
        this.optionText = options;
        this.wallClock = wallClock;
    }

    /** Why {@link #open} has failed. */
    String problem() {
        return problem;
    }

    /** The options of the mount, if {@link #open} succeeded. */
    Ext4Options options() {
        return options;
    }

    private int refuse(String reason, int error) {
        if (problem.isEmpty()) {
            problem = reason;
        }
        return error;
    }

    /**
     * Opens it.
     *
     * @param type the name by which it was asked for: one of ext3 or ext2 has no feature that came later
     * @return 0; -EINVAL if there is none that is known; -EROFS if it can only be read; -EUCLEAN, -EIO, -ENOMEM
     */
    int open(String type, Slot<Volume> opened) {
        Slot<Superblock> read = new Slot<>();
        int error = readSuperblock(read);
        if (error < 0) {
            return refuse("the superblock cannot be read", error);
        }
        Superblock superblock = read.get();
        if (!superblock.problem().isEmpty()) {
            return refuse(superblock.problem(), -EINVAL);
        }
        if (!superblock.is(type)) {
            return refuse("it has features that " + type + " does not have", -EINVAL);
        }
        options = new Ext4Options(superblock);
        if (options.parse(optionText) < 0) {
            return refuse(options.problem(), -EINVAL);
        }
        String unfit = options.problem(readOnly, superblock.journalInode != 0);
        if (!unfit.isEmpty()) {
            return refuse(unfit, -EINVAL);
        }
        if (!readOnly && !superblock.writingProblem().isEmpty()) {
            return refuse(superblock.writingProblem(), -EROFS);
        }
        if (superblock.has(Features.RECOVER) && !options.has(Ext4Options.NO_RECOVERY)) {
            error = inCache(superblock, blocks -> replay(superblock, blocks));
            error = error == 0 ? readSuperblock(read) : error;
            if (error < 0) {
                return refuse("its journal cannot be replayed", error);
            }
        }
        Superblock current = read.get();
        return inCache(current, blocks -> begin(current, blocks, opened));
    }

    /** Reads what lies in the second KB of every file system: 0 or a negative errno. */
    private int readSuperblock(Slot<Superblock> read) {
        if (device.bytes() < Superblock.PLACE + Superblock.SIZE) {
            return -EUCLEAN;
        }
        BlockCache small = new BlockCache(device, cache.memory(), cache.frames(), SMALL_SHIFT, BlockBatch.MOST);
        Block block = small.read(Superblock.PLACE >>> SMALL_SHIFT);
        int error = block.error();
        if (error == 0) {
            read.put(new Superblock(block, 0, device.bytes()));
            block.release();
        }
        small.close();
        return error;
    }

    /** What is done with a new cache of blocks. */
    private interface Step {
        int take(BlockCache blocks);
    }

    /** Takes a step with a new cache, which goes if that fails. */
    private int inCache(Superblock superblock, Step step) {
        int capacity = (int) Math.min(BlockCache.MOST_BLOCKS, superblock.blocks);
        BlockCache blocks = new BlockCache(device, cache.memory(), cache.frames(), superblock.blockShift, capacity);
        int error = blocks.open();
        error = error == 0 ? step.take(blocks) : error;
        if (error < 0) {
            blocks.close();
        }
        return error;
    }

    private int replay(Superblock superblock, BlockCache blocks) {
        if (superblock.journalInode == 0) {
            return refuse("its journal is missing", -EINVAL);
        }
        if (device.readOnly()) {
            return refuse("its journal has to be replayed, but the disk cannot be written", -EROFS);
        }
        Slot<Journal> journal = new Slot<>();
        int error = journal(superblock, blocks, journal);
        error = error == 0 ? journal.get().load() : error;
        error = error == 0 ? journal.get().close() : error;
        error = error == 0 ? new SuperblockState(superblock, blocks, wallClock).noteRecovery() : error;
        // What was read of it before may be older than what was replayed.
        if (error == 0) {
            blocks.close();
        }
        return error;
    }

    private int begin(Superblock superblock, BlockCache blocks, Slot<Volume> opened) {
        Groups groups = new Groups(superblock, blocks);
        int error = groups.load();
        if (error < 0) {
            return refuse("a group's descriptor is wrong or cannot be read", error);
        }
        SuperblockState state = new SuperblockState(superblock, blocks, wallClock);
        Slot<Transactions> transactions = new Slot<>();
        boolean clean = state.isClean();
        error = readOnly ? transactions.put(noWriting(blocks)) : beginWriting(superblock, blocks, state, transactions);
        return error < 0 ? error : opened.put(new Volume(blocks, superblock, groups, state, clean, transactions.get()));
    }

    /** All changes are refused. */
    private static Transactions noWriting(BlockCache blocks) {
        DirectWrites none = new DirectWrites(blocks);
        none.abort(-EROFS);
        return none;
    }

    private int beginWriting(
            Superblock superblock, BlockCache blocks, SuperblockState state, Slot<Transactions> transactions) {
        if (superblock.journalInode == 0) {
            int error = state.begin();
            return error < 0 ? error : transactions.put(new DirectWrites(blocks));
        }
        Slot<Journal> made = new Slot<>();
        int error = journal(superblock, blocks, made);
        error = error == 0 ? made.get().loadEmpty() : error;
        if (error < 0) {
            return refuse("its journal cannot be used", error);
        }
        error = state.begin();
        error = error == 0 ? made.get().start(superblock.hasChecksums(), superblock.has(Features.WIDE)) : error;
        if (error < 0) {
            made.get().close();
            return error;
        }
        return transactions.put(made.get());
    }

    /** The journal, which is not read yet: 0; -EUCLEAN if it has no blocks; -EIO, -ENOMEM. */
    private int journal(Superblock superblock, BlockCache blocks, Slot<Journal> made) {
        Volume structures = new Volume(
                blocks,
                superblock,
                new Groups(superblock, blocks),
                new SuperblockState(superblock, blocks, wallClock),
                false,
                noWriting(blocks));
        Slot<Inode> found = new Slot<>();
        int error = structures.read(
                superblock.journalInode,
                record -> FileMode.isRegular(record.mode()) ? found.put(structures.inode(record)) : -EUCLEAN);
        if (error < 0) {
            return error;
        }
        Inode inode = found.get();
        JournalArea area = new JournalArea(JournalArea.MOST_RUNS);
        long length = Math.min(inode.size() >>> superblock.blockShift, Integer.MAX_VALUE);
        long at = 0;
        while (at < length) {
            long run = structures.find(inode, at, (int) Math.min(length - at, BlockRun.MOST));
            if (run < 0) {
                return (int) run;
            }
            if (BlockRun.isHole(run) || !area.add(BlockRun.start(run), BlockRun.count(run))) {
                return -EUCLEAN;
            }
            at += BlockRun.count(run);
        }
        return made.put(new Journal(cache.scheduler(), blocks, area, wallClock));
    }
}

package biscotti.ext4.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.driver.disk.BlockRequest;
import biscotti.driver.disk.SimulatedDisk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A thread that changes blocks of its own by random handles, frees some, and gives those freed another content past the journal once
 * that has committed. Each block that it has begins with a stamp: the handle that wrote it.
 */
final class CrashWorkload {
    static final int BLOCKS = 40;

    /** What a block holds says nobody: it is free. */
    static final int FREE = -1;

    /** What was known at a moment: so many handles are lasting. */
    record Lasting(int event, int handles) {}

    /** A block was written past the journal, and that was lasting at a moment. */
    record Data(int event, int block, int handles, int stamp) {}

    final List<int[]> states = new ArrayList<>();
    final List<Lasting> lasting = new ArrayList<>();
    final List<Data> data = new ArrayList<>();

    private final JournalFixture fixture;
    private final SimulatedDisk disk;
    private final BlockCache cache;
    private final Journal journal;
    private final int first;
    private final Random random;
    private final int magic;
    private final long[] freedBy = new long[BLOCKS];
    private int[] state = new int[BLOCKS];
    private int stamps;

    CrashWorkload(JournalFixture fixture, SimulatedDisk disk, BlockCache cache, Journal journal, int first, long seed) {
        this.fixture = fixture;
        this.disk = disk;
        this.cache = cache;
        this.journal = journal;
        this.first = first;
        this.random = new Random(seed);
        this.magic = Integer.reverseBytes(JournalFormat.MAGIC);
        Arrays.fill(state, FREE);
        states.add(state);
    }

    long number(int block) {
        return fixture.image.freeBlock(first + block);
    }

    void run(int handles) {
        for (int i = 0; i < handles; i++) {
            step();
            switch (random.nextInt(16)) {
                case 0 -> commit();
                case 1, 2 -> writeData();
                default -> {}
            }
        }
    }

    private void commit() {
        int count = states.size() - 1;
        assertEquals(0, journal.commit());
        lasting.add(new Lasting(disk.eventCount(), count));
    }

    private void step() {
        int credits = 1 + random.nextInt(8);
        Handle handle = journal.begin(credits);
        assertEquals(0, handle.error());
        int[] next = state.clone();
        stamps++;
        for (int i = 0; i < credits; i++) {
            int block = random.nextInt(BLOCKS);
            if (next[block] == FREE) {
                if (journal.isCommitted(freedBy[block]) && freedBy[block] != handle.tid()) {
                    write(handle, block, true);
                    next[block] = stamps;
                }
            } else if (random.nextInt(8) == 0) {
                assertEquals(0, handle.forget(number(block)));
                freedBy[block] = handle.tid();
                next[block] = FREE;
            } else {
                write(handle, block, false);
                next[block] = stamps;
            }
        }
        if (random.nextInt(4) == 0) {
            handle.extend(1);
        }
        state = next;
        states.add(next);
        assertEquals(0, handle.end());
    }

    private void write(Handle handle, int index, boolean create) {
        Block block = create ? cache.get(number(index)) : cache.read(number(index));
        assertEquals(0, block.error());
        if (!create) {
            assertEquals(state[index] == FREE ? stamps : block.getInt(4), block.getInt(4));
        }
        assertEquals(0, create ? handle.create(block) : handle.access(block));
        fill(block, stamps);
        handle.dirty(block);
        block.release();
    }

    /** Some contents look like blocks of the journal. */
    private void fill(Block block, int stamp) {
        block.putInt(0, stamp % 3 == 0 ? magic : stamp);
        for (int at = 4; at < block.size(); at += 4) {
            block.putInt(at, stamp);
        }
    }

    boolean holds(byte[] content, int stamp) {
        for (int at = 0; at < content.length; at += 4) {
            int value = content[at] & 0xFF
                    | (content[at + 1] & 0xFF) << 8
                    | (content[at + 2] & 0xFF) << 16
                    | (content[at + 3] & 0xFF) << 24;
            int expected = at == 0 && stamp % 3 == 0 ? magic : stamp;
            if (value != expected) {
                return false;
            }
        }
        return true;
    }

    private void writeData() {
        int block = random.nextInt(BLOCKS);
        if (state[block] != FREE || freedBy[block] == 0 || !journal.isCommitted(freedBy[block])) {
            return;
        }
        stamps++;
        long frame = fixture.frames.allocate();
        for (int at = 0; at < fixture.image.blockSize(); at += 4) {
            fixture.machine.memory().writeInt(frame + at, at == 0 && stamps % 3 == 0 ? magic : stamps);
        }
        BlockRequest request = disk.requests().take();
        request.begin(BlockRequest.Operation.WRITE, number(block) << fixture.image.blockShift() - 9);
        request.add(frame, fixture.image.blockSize());
        disk.submit(request);
        assertEquals(0, request.await());
        request.giveBack();
        fixture.frames.release(frame);
        assertEquals(0, disk.flush());
        data.add(new Data(disk.eventCount(), block, states.size() - 1, stamps));
    }

    /** The number of handles, of those that may be, that a disk shows; -1 if it shows none. */
    int handlesOn(SimulatedDisk replayed, int event) {
        int least = 0;
        for (Lasting one : lasting) {
            least = one.event() <= event ? Math.max(least, one.handles()) : least;
        }
        byte[][] contents = new byte[BLOCKS][];
        for (int i = 0; i < BLOCKS; i++) {
            contents[i] = fixture.block(replayed, number(i));
        }
        for (int k = least; k < states.size(); k++) {
            if (shows(contents, k, event)) {
                return k;
            }
        }
        return -1;
    }

    private boolean shows(byte[][] contents, int handles, int event) {
        for (int i = 0; i < BLOCKS; i++) {
            int stamp = states.get(handles)[i];
            if (stamp == FREE) {
                stamp = dataOf(i, handles, event);
            }
            if (stamp != FREE && !holds(contents[i], stamp)) {
                return false;
            }
        }
        return true;
    }

    /** What was written past the journal to a block that is free after so many handles. */
    private int dataOf(int block, int handles, int event) {
        int freeSince = handles;
        while (freeSince > 0 && states.get(freeSince - 1)[block] == FREE) {
            freeSince--;
        }
        int stamp = FREE;
        for (Data one : data) {
            if (one.block() == block && one.event() > event && one.handles() >= freeSince) {
                return FREE; // perhaps this, perhaps what was before
            }
            if (one.block() == block && one.handles() >= freeSince) {
                stamp = one.stamp();
            }
        }
        return stamp;
    }
}

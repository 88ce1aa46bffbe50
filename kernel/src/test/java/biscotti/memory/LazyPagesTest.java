package biscotti.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory that madvise(2) was told MADV_FREE of: "the kernel can free these pages when memory pressure occurs". */
class LazyPagesTest {
    private static final int PAGE = 4096;
    private static final int READ_WRITE = Mman.PROT_READ | Mman.PROT_WRITE;
    private static final long BASE = 0x40_0000;

    private final SimulatedMachine machine =
            SimulatedMachine.builder().cpus(2).memory(4 << 20).build();
    private final FrameAllocator frames = new FrameAllocator(machine);
    private final AddressSpaces spaces = new AddressSpaces(machine, frames);
    private final long free = frames.freeFrames();
    private final AddressSpace space =
            spaces.create(AddressLayout.fixed(8 << 20)).orElseThrow();
    private final UserMemory memory = new UserMemory(space);

    @AfterEach
    void close() {
        machine.close();
    }

    private void endsWithAllFramesFree() {
        space.leave();
        assertEquals(free, frames.freeFrames());
    }

    private void fill(int pages) {
        space.mapZeros(BASE, (long) pages * PAGE, READ_WRITE, 0);
        for (int i = 0; i < pages; i++) {
            assertEquals(0, memory.writeLong(BASE + (long) i * PAGE, i + 1));
        }
    }

    private void freeLazily(int from, int pages) {
        assertEquals(0, space.advise(BASE + (long) from * PAGE, (long) pages * PAGE, Mman.MADV_FREE, Rounds.FREE));
    }

    private long read(AddressSpace from, int page) {
        UserMemory view = new UserMemory(from);
        assertEquals(0, view.readLong(BASE + (long) page * PAGE));
        return view.value();
    }

    private long lazy() {
        return space.usage().residence().lazyPages();
    }

    private void writeAsTheCpuDoes(int page, long value) {
        long place = space.table.entry(BASE + (long) page * PAGE);
        long entry = space.table.change(place, 0, PageTable.DIRTY);
        machine.memory().writeLong(entry & PageTable.FRAME, value);
    }

    @Test
    void pagesStayUntilMemoryIsShort() {
        fill(4);
        freeLazily(1, 2);
        assertEquals(2, lazy());
        assertEquals(4 * PAGE, space.usage().residentBytes());
        assertEquals(2, read(space, 1));
        assertEquals(2, spaces.reclaim(Long.MAX_VALUE));
        assertEquals(2 * PAGE, space.usage().residentBytes());
        assertEquals(0, spaces.reclaim(Long.MAX_VALUE));
        assertEquals(1, read(space, 0));
        assertEquals(0, read(space, 1));
        assertEquals(0, read(space, 2));
        assertEquals(4, read(space, 3));
        endsWithAllFramesFree();
    }

    @Test
    void aWriteKeepsThePage() {
        fill(3);
        freeLazily(0, 3);
        memory.writeLong(BASE, 10);
        writeAsTheCpuDoes(1, 20);
        assertEquals(1, lazy());
        assertEquals(1, spaces.reclaim(Long.MAX_VALUE));
        assertEquals(10, read(space, 0));
        assertEquals(20, read(space, 1));
        assertEquals(0, read(space, 2));
        freeLazily(0, 2);
        assertEquals(2, spaces.reclaim(Long.MAX_VALUE), "what was kept once can be let go again");
        endsWithAllFramesFree();
    }

    @Test
    void anAtomicChangeKeepsThePage() {
        fill(1);
        freeLazily(0, 1);
        assertEquals(1, memory.compareAndSetInt(BASE, 1, 5));
        freeLazily(0, 1);
        assertNotEquals(1, UserWords.compareAndSet(space, BASE, 5, 6), "not before it was faulted in for writing");
        assertEquals(0, UserWords.fault(space, BASE));
        assertEquals(1, UserWords.compareAndSet(space, BASE, 5, 6));
        assertEquals(0, spaces.reclaim(Long.MAX_VALUE));
        assertEquals(6, read(space, 0));
        endsWithAllFramesFree();
    }

    @Test
    void whatAChildHasTooStays() {
        fill(2);
        freeLazily(0, 1);
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        freeLazily(1, 1);
        assertEquals(0, spaces.reclaim(Long.MAX_VALUE));
        assertEquals(1, read(child, 0));
        assertEquals(2, read(space, 1));
        child.leave();
        endsWithAllFramesFree();
    }

    @Test
    void movedAndLockedPagesAreWhatTheyWere() {
        fill(2);
        freeLazily(0, 2);
        assertEquals(0, space.pageLocks().lock(BASE + PAGE, PAGE, 8 * PAGE, Rounds.FREE));
        assertEquals(1, spaces.reclaim(Long.MAX_VALUE));
        assertEquals(2, read(space, 1));
        assertEquals(0, space.pageLocks().unlock(BASE + PAGE, PAGE, Rounds.FREE));
        long target = BASE + 100 * PAGE;
        int moving = Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED;
        assertEquals(target, space.remap(BASE + PAGE, PAGE, PAGE, moving, target));
        assertEquals(1, lazy());
        assertEquals(1, spaces.reclaim(Long.MAX_VALUE));
        endsWithAllFramesFree();
    }

    @Test
    void whoFindsNoFrameTakesOneThatSomebodyCanDoWithout() {
        fill(3);
        freeLazily(0, 2);
        AddressSpace other = spaces.create(AddressLayout.fixed(8 << 20)).orElseThrow();
        UserMemory its = new UserMemory(other);
        other.mapZeros(BASE, 4 * PAGE, READ_WRITE, 0);
        assertEquals(0, its.writeLong(BASE, 1));
        List<Long> hog = new ArrayList<>();
        while (frames.freeFrames() > 0) {
            hog.add(frames.allocate());
        }
        assertEquals(0, its.writeLong(BASE + PAGE, 2));
        assertEquals(0, its.writeLong(BASE + 2 * PAGE, 3));
        assertEquals(-biscotti.abi.Errno.ENOMEM, its.writeLong(BASE + 3 * PAGE, 4));
        assertEquals(3, read(space, 2));
        hog.forEach(frames::release);
        other.leave();
        endsWithAllFramesFree();
    }
}

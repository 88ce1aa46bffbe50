package biscotti.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.machine.Trap;
import biscotti.machine.simulated.SimulatedMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Private memory that is mapped by blocks of 2 MB looks to everybody but the page tables as if it were not. */
class HugePagesTest {
    private static final int PAGE = 4096;
    private static final long HUGE = HugePages.SIZE;
    private static final int READ = Mman.PROT_READ;
    private static final int READ_WRITE = Mman.PROT_READ | Mman.PROT_WRITE;
    private static final long BASE = 0x40_0000;
    private static final long NOTHING = -1;

    private final SimulatedMachine machine =
            SimulatedMachine.builder().cpus(2).memory(40 << 20).build();
    private final FrameAllocator frames = new FrameAllocator(machine);
    private final AddressSpaces spaces = new AddressSpaces(machine, frames);
    private final HugePages huge = spaces.hugePages();
    private final long free = frames.freeFrames();
    private final AddressSpace space =
            spaces.create(AddressLayout.fixed(8 << 20)).orElseThrow();
    private final UserMemory memory = new UserMemory(space);

    HugePagesTest() {
        huge.setPolicy(HugePages.Policy.ALWAYS);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private void endsWithAllFramesFree() {
        space.leave();
        assertEquals(0, huge.mapped());
        assertEquals(free, frames.freeFrames());
    }

    private void map(long blocks) {
        assertEquals(BASE, space.mapZeros(BASE, blocks * HUGE, READ_WRITE, 0));
    }

    private void write(long address, long value) {
        assertEquals(0, memory.writeLong(address, value));
    }

    private long read(long address) {
        assertEquals(0, memory.readLong(address));
        return memory.value();
    }

    /** What a program would read: the tables as the CPU walks them; -1 if it would fault. */
    private long byHardware(AddressSpace of, long address, boolean write) {
        long table = of.root();
        for (int shift = 39; ; shift -= 9) {
            long entry = machine.memory().readLong(table + ((address >>> shift & 511) << 3));
            boolean leaf = shift == 12 || (entry & PageTable.LARGE) != 0;
            if ((entry & PageTable.PRESENT) == 0 || write && (entry & PageTable.WRITABLE) == 0) {
                return NOTHING;
            }
            if (leaf) {
                long inside = (1L << shift) - 1;
                return machine.memory().readLong((entry & PageTable.FRAME & ~inside) | address & inside);
            }
            table = entry & PageTable.FRAME;
        }
    }

    private long hugeBytes(AddressSpace of) {
        return of.usage().residence().hugePages() * PAGE;
    }

    @Test
    void theFirstWriteBringsTwoMegabytesOfZeros() {
        map(2);
        write(BASE + 5 * PAGE, 7);
        assertEquals(1, huge.mapped());
        assertEquals(1, space.faults());
        assertEquals(HUGE, space.usage().residentBytes());
        assertEquals(HUGE, hugeBytes(space));
        for (long at = BASE; at < BASE + HUGE; at += PAGE) {
            assertEquals(at == BASE + 5 * PAGE ? 7 : 0, byHardware(space, at, true));
            assertEquals(1, space.usage().residence(at));
        }
        assertEquals(1, space.faults(), "looking costs no fault");
        assertEquals(NOTHING, byHardware(space, BASE + HUGE, false));
        assertEquals(0, space.usage().residence(BASE + HUGE));
        endsWithAllFramesFree();
    }

    @Test
    void onlyAWholeBlockOfPrivateMemoryIsHuge() {
        space.mapZeros(BASE + PAGE, HUGE, READ_WRITE, 0);
        write(BASE + HUGE - PAGE, 1);
        write(BASE + HUGE, 1);
        space.mapZeros(BASE + 2 * HUGE, HUGE, READ_WRITE, Region.GROWS_DOWN);
        write(BASE + 2 * HUGE, 1);
        SharedMemory shared = new SharedMemory(machine.memory(), frames, HUGE);
        space.map(BASE + 4 * HUGE, HUGE, READ_WRITE, Mman.MAP_FIXED, Region.SHARED, shared, 0);
        write(BASE + 4 * HUGE, 1);
        assertEquals(0, huge.allocated());
        endsWithAllFramesFree();
    }

    @Test
    void whoGetsThemIsAMatterOfPolicyAndAdvice() {
        huge.setPolicy(HugePages.Policy.MADVISE);
        map(4);
        write(BASE, 1);
        assertEquals(0, huge.mapped());
        assertEquals(0, space.advise(BASE + HUGE, HUGE, Mman.MADV_HUGEPAGE, Rounds.FREE));
        write(BASE + HUGE, 1);
        assertEquals(1, huge.mapped());
        huge.setPolicy(HugePages.Policy.ALWAYS);
        assertEquals(0, space.advise(BASE + 2 * HUGE, HUGE, Mman.MADV_NOHUGEPAGE, Rounds.FREE));
        write(BASE + 2 * HUGE, 1);
        assertEquals(1, huge.mapped());
        space.setRefusesHugePages(true);
        write(BASE + 3 * HUGE, 1);
        assertEquals(1, huge.mapped());
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        assertTrue(child.refusesHugePages());
        child.leave();
        assertEquals(-Errno.ENOMEM, space.advise(BASE, 5 * HUGE, Mman.MADV_HUGEPAGE, Rounds.FREE));
        endsWithAllFramesFree();
    }

    @Test
    void unmappingAPartLeavesTheRest() {
        map(1);
        write(BASE, 1);
        write(BASE + HUGE - PAGE, 2);
        assertEquals(0, space.unmap(BASE + PAGE, PAGE));
        assertEquals(0, huge.mapped());
        assertEquals(HUGE - PAGE, space.usage().residentBytes());
        assertEquals(NOTHING, byHardware(space, BASE + PAGE, false));
        assertEquals(1, byHardware(space, BASE, true));
        assertEquals(2, byHardware(space, BASE + HUGE - PAGE, true));
        endsWithAllFramesFree();
    }

    @Test
    void memoryThatIsMappedAgainIsHugeAgain() {
        for (int i = 0; i < 3; i++) {
            map(2);
            write(BASE, 1);
            write(BASE + HUGE, 1);
            assertEquals(2, huge.mapped());
            space.advise(BASE, HUGE, Mman.MADV_DONTNEED, Rounds.FREE);
            assertEquals(0, read(BASE));
            space.advise(BASE, HUGE, Mman.MADV_DONTNEED, Rounds.FREE);
            write(BASE, 1);
            assertEquals(2, huge.mapped(), "a block of small pages goes with its table");
            space.unmap(BASE, 2 * HUGE);
        }
        assertEquals(0, huge.splits());
        endsWithAllFramesFree();
    }

    @Test
    void protectionOfAPartIsThePartsOnly() {
        map(1);
        write(BASE, 1);
        assertEquals(0, space.protect(BASE + PAGE, PAGE, READ, Rounds.FREE));
        assertEquals(0, byHardware(space, BASE + PAGE, false));
        assertEquals(NOTHING, byHardware(space, BASE + PAGE, true));
        assertEquals(1, byHardware(space, BASE, true));
        assertEquals(-Errno.EFAULT, memory.writeLong(BASE + PAGE, 1));
        endsWithAllFramesFree();
    }

    @Test
    void movedPagesKeepWhatIsInThem() {
        map(2);
        write(BASE, 1);
        write(BASE + HUGE + PAGE, 2);
        long far = BASE + (1L << 31) + PAGE;
        assertEquals(far, space.remap(BASE, 2 * HUGE, 3 * HUGE, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED, far));
        assertEquals(1, byHardware(space, far, true));
        assertEquals(2, byHardware(space, far + HUGE + PAGE, true));
        assertEquals(NOTHING, byHardware(space, BASE, false));
        assertEquals(2 * HUGE, space.usage().residentBytes());
        endsWithAllFramesFree();
    }

    @Test
    void aChildSeesWhatWasThereAndNothingLater() {
        map(1);
        write(BASE, 1);
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        UserMemory childMemory = new UserMemory(child);
        assertEquals(NOTHING, byHardware(space, BASE, true));
        write(BASE, 2);
        childMemory.writeLong(BASE + PAGE, 3);
        assertEquals(1, byHardware(child, BASE, false));
        assertEquals(3, byHardware(child, BASE + PAGE, true));
        assertEquals(2, byHardware(space, BASE, true));
        assertEquals(0, byHardware(space, BASE + PAGE, false));
        child.leave();
        assertEquals(HUGE, space.usage().residentBytes());
        endsWithAllFramesFree();
    }

    @Test
    void withoutABlockThePagesAreSmall() {
        List<Long> hog = new ArrayList<>();
        for (long block = frames.allocateBlock(); block >= 0; block = frames.allocateBlock()) {
            hog.add(block);
        }
        map(1);
        write(BASE, 1);
        assertEquals(0, huge.mapped());
        assertEquals(1, huge.fallbacks());
        assertEquals(PAGE, space.usage().residentBytes());
        hog.forEach(frames::releaseBlock);
        endsWithAllFramesFree();
    }

    @Test
    void allMemoryIsUsedBeforeAWriteFails() {
        long size = frames.totalFrames() * PAGE + HUGE;
        int flags = Mman.MAP_FIXED | Mman.MAP_NORESERVE;
        assertEquals(BASE, space.map(BASE, size, READ_WRITE, flags, 0, AddressSpace.zeros(), 0));
        long at = BASE;
        while (memory.writeLong(at, at) == 0) {
            at += PAGE;
        }
        assertEquals(0, frames.freeFrames());
        for (long seen = BASE; seen < at; seen += PAGE) {
            assertEquals(seen, byHardware(space, seen, true));
        }
        assertNotEquals(0, huge.mapped());
        endsWithAllFramesFree();
    }

    @Test
    void aBlockIsWholeAgainWhenItsFramesHaveComeBackOneByOne() {
        long blocks = blocksFree();
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < 3 * FreeFrames.BLOCK_FRAMES; i++) {
            taken.add(frames.allocate());
        }
        assertTrue(blocksFree() < blocks);
        java.util.Collections.shuffle(taken, new Random(1));
        taken.forEach(frames::release);
        frames.drainCaches();
        assertEquals(blocks, blocksFree());
        long block = frames.allocateBlock();
        frames.retain(block + PAGE);
        frames.releaseBlock(block);
        assertEquals(1, frames.references(block + PAGE), "who else had a frame keeps it");
        frames.release(block + PAGE);
        frames.drainCaches();
        assertEquals(blocks, blocksFree());
        endsWithAllFramesFree();
    }

    private long blocksFree() {
        List<Long> blocks = new ArrayList<>();
        for (long block = frames.allocateBlock(); block >= 0; block = frames.allocateBlock()) {
            assertEquals(0, block & HUGE - 1);
            blocks.add(block);
        }
        blocks.forEach(frames::releaseBlock);
        return blocks.size();
    }

    /** An address space, and what is to be in it: for each page the protection, or -1, and a number. */
    private final class Modelled {
        private static final int PAGES = 4 * FreeFrames.BLOCK_FRAMES;
        private static final int[] PROTECTIONS = {Mman.PROT_NONE, READ, READ_WRITE, READ_WRITE};
        private static final int[] ADVICE = {
            Mman.MADV_DONTNEED, Mman.MADV_FREE, Mman.MADV_HUGEPAGE, Mman.MADV_NOHUGEPAGE
        };

        private final AddressSpace space;
        private final UserMemory memory;
        private final int[] protection = new int[PAGES];
        private final long[] content = new long[PAGES];
        /** Pages that may be zeros, too. */
        private final boolean[] lazy = new boolean[PAGES];

        Modelled(AddressSpace space) {
            this.space = space;
            this.memory = new UserMemory(space);
            Arrays.fill(protection, -1);
        }

        Modelled fork() {
            Modelled child = new Modelled(space.fork(Rounds.FREE).orElseThrow());
            System.arraycopy(protection, 0, child.protection, 0, PAGES);
            System.arraycopy(content, 0, child.content, 0, PAGES);
            System.arraycopy(lazy, 0, child.lazy, 0, PAGES);
            return child;
        }

        void step(Random random, int number) {
            boolean aligned = random.nextBoolean();
            int unit = aligned ? FreeFrames.BLOCK_FRAMES : 1;
            int from = random.nextInt(PAGES / unit) * unit;
            int count = (1 + random.nextInt(Math.min(600, PAGES - from) / unit + 1)) * unit;
            int to = Math.min(PAGES, from + count);
            long start = BASE + (long) from * PAGE;
            long length = (long) (to - from) * PAGE;
            int wanted = PROTECTIONS[random.nextInt(PROTECTIONS.length)];
            switch (random.nextInt(8)) {
                case 0 -> {
                    assertEquals(start, space.mapZeros(start, length, READ_WRITE, 0));
                    Arrays.fill(protection, from, to, READ_WRITE);
                    Arrays.fill(content, from, to, 0);
                }
                case 1 -> {
                    space.unmap(start, length);
                    Arrays.fill(protection, from, to, -1);
                }
                case 2 -> {
                    space.protect(start, length, wanted, Rounds.FREE);
                    for (int i = from; i < to && protection[i] >= 0; i++) {
                        protection[i] = wanted;
                    }
                }
                case 3 -> {
                    int advice = ADVICE[random.nextInt(ADVICE.length)];
                    space.advise(start, length, advice, Rounds.FREE);
                    if (advice == Mman.MADV_DONTNEED) {
                        Arrays.fill(content, from, to, 0);
                    } else if (advice == Mman.MADV_FREE) {
                        Arrays.fill(lazy, from, to, true);
                    }
                }
                default -> write(from, number);
            }
        }

        private void write(int page, int number) {
            int error = memory.writeLong(BASE + (long) page * PAGE, number);
            assertEquals(protection[page] == READ_WRITE ? 0 : -Errno.EFAULT, error);
            content[page] = error == 0 ? number : content[page];
            lazy[page] &= error != 0;
        }

        /** What a program finds, page by page, without any fault or with one. */
        void check(int from, int to) {
            for (int page = from; page < to; page++) {
                long address = BASE + (long) page * PAGE;
                long seen = byHardware(space, address, false);
                boolean mayRead = protection[page] > 0;
                if (seen == NOTHING) {
                    int result = mayRead ? FaultResult.RESOLVED : FaultResult.NOT_ALLOWED;
                    assertEquals(protection[page] < 0 ? FaultResult.NOT_MAPPED : result, space.fault(address, 0));
                    seen = byHardware(space, address, false);
                }
                content[page] = lazy[page] && seen == 0 ? 0 : content[page];
                assertEquals(mayRead ? content[page] : NOTHING, seen, "page " + page);
                assertFalse(protection[page] != READ_WRITE && byHardware(space, address, true) != NOTHING);
            }
        }
    }

    @Test
    void agreesWithAModelOfSmallPagesWhateverIsDone() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("HugePagesTest seed " + seed);
        Random random = new Random(seed);
        List<Modelled> family = new ArrayList<>(List.of(new Modelled(space)));
        long reclaimed = 0;
        for (int step = 1; step < 3000; step++) {
            Modelled one = family.get(random.nextInt(family.size()));
            if (random.nextInt(40) == 0 && family.size() < 3) {
                family.add(one.fork());
            } else if (random.nextInt(40) == 0 && family.size() > 1) {
                family.removeLast().space.leave();
            } else {
                one.step(random, step);
            }
            reclaimed += random.nextInt(20) == 0 ? spaces.reclaim(Long.MAX_VALUE) : 0;
            Modelled another = family.get(random.nextInt(family.size()));
            int from = random.nextInt(Modelled.PAGES);
            another.check(from, Math.min(Modelled.PAGES, from + 8));
            if (step % 200 == 0) {
                family.forEach(each -> each.check(0, Modelled.PAGES));
            }
        }
        assertNotEquals(0, huge.allocated());
        assertNotEquals(0, huge.splits());
        assertNotEquals(0, reclaimed);
        while (family.size() > 1) {
            family.removeLast().space.leave();
        }
        endsWithAllFramesFree();
    }

    @Test
    void aWriteOfTheKernelsBringsAHugePageToo() {
        map(1);
        assertEquals(FaultResult.RESOLVED, space.fault(BASE + 9 * PAGE, Trap.FAULT_WRITE | Trap.FAULT_USER));
        assertEquals(1, huge.mapped());
        byte[] bytes = new byte[3 * PAGE];
        Arrays.fill(bytes, (byte) 1);
        assertEquals(0, memory.write(BASE + 100, bytes, 0, bytes.length));
        assertEquals(0x0101010101010101L, byHardware(space, BASE + 2 * PAGE, false));
        assertEquals(1, huge.mapped());
        endsWithAllFramesFree();
    }
}

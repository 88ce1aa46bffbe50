package biscotti.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.abi.Mman;
import biscotti.bounded.Rounds;
import biscotti.machine.Trap;
import biscotti.machine.simulated.SimulatedMachine;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
    private static final int PAGE = 4096;
    private static final int READ = Mman.PROT_READ;
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

    /** A file of pages, each filled with its number, that says when it is mapped no more. */
    private final class Numbers implements PageSource {
        private final List<Long> pages = new ArrayList<>();
        private final Mappings mappedBy = new Mappings();
        private int mappings;
        private boolean wasWritten;

        Numbers(int count) {
            for (int i = 0; i < count; i++) {
                long frame = frames.allocateZeroed();
                machine.memory().writeLong(frame, i + 1);
                pages.add(frame);
            }
        }

        @Override
        public long frameFor(long pageIndex, boolean write) {
            if (pageIndex >= pages.size()) {
                return -Errno.ENXIO;
            }
            wasWritten |= write;
            frames.retain(pages.get((int) pageIndex));
            return pages.get((int) pageIndex);
        }

        @Override
        public void mapped() {
            mappings++;
        }

        @Override
        public void unmapped() {
            mappings--;
        }

        @Override
        public Mappings mappings() {
            return mappedBy;
        }

        @Override
        public String name() {
            return "numbers";
        }

        /** Cuts the file. */
        void keep(int count) {
            while (pages.size() > count) {
                frames.release(pages.removeLast());
            }
            mappedBy.drop(count, Long.MAX_VALUE);
        }

        void discard() {
            pages.forEach(frames::release);
        }
    }

    private void endsWithAllFramesFree() {
        space.leave();
        assertEquals(free, frames.freeFrames());
    }

    private static int regionCount(AddressSpace space) {
        int count = 0;
        Optional<Region> region = space.regionBehind(0);
        while (region.isPresent()) {
            count++;
            region = space.regionBehind(region.get().end());
        }
        return count;
    }

    private long mapZeros(long pages) {
        return space.mapZeros(BASE, pages * PAGE, READ_WRITE, 0);
    }

    @Test
    void nothingIsMappedWhereAddressesWrapAround() {
        long last = Long.MAX_VALUE & -PAGE;
        int moving = Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED;
        assertEquals(-Errno.EFAULT, space.remap(last, PAGE, PAGE, moving, BASE));
        assertEquals(-Errno.EFAULT, space.remap(last, 0, PAGE, moving, BASE));
        assertEquals(-Errno.EFAULT, space.remap(last, PAGE, PAGE, 0, 0));
        assertEquals(-Errno.EFAULT, space.remap(-PAGE, PAGE, PAGE, moving, BASE));
        assertEquals(-Errno.ENOMEM, space.advise(last, PAGE, Mman.MADV_DONTNEED, Rounds.FREE));
        assertEquals(-Errno.EINVAL, space.advise(-PAGE, PAGE, Mman.MADV_DONTNEED, Rounds.FREE));
        space.mapZeros(BASE, 2 * PAGE, READ, 0);
        assertEquals(-Errno.EINVAL, space.remap(BASE, Long.MAX_VALUE & -PAGE, PAGE, moving, BASE + 16 * PAGE));
        assertEquals(BASE, space.remap(BASE, 2 * PAGE, 2 * PAGE, 0, 0));
    }

    /** A heap that is short after every few rounds, until the caller waits with no lock held. */
    private final class ShortHeap implements Rounds {
        private static final int ROUNDS = 3;
        private int left = ROUNDS;
        private int waits;

        @Override
        public boolean nextRound() {
            left--;
            return left >= 0;
        }

        @Override
        public boolean awaitRound() {
            waits++;
            left = ROUNDS * (waits + 1);
            return CompletableFuture.supplyAsync(space.usage()::lockedBytes)
                            .orTimeout(1, TimeUnit.MINUTES)
                            .join()
                    >= 0;
        }
    }

    @Test
    void aShortHeapDelaysMprotectMlockAndMadviseButDoesNotFailThem() {
        for (int i = 0; i < 8; i++) {
            space.mapZeros(BASE + 2L * i * PAGE, PAGE, i % 2 == 0 ? READ : READ_WRITE, 0);
            space.mapZeros(BASE + (2L * i + 1) * PAGE, PAGE, Mman.PROT_NONE, 0);
        }
        List<ToLongFunction<Rounds>> calls = List.of(
                rounds -> space.pageLocks().lock(BASE, 16 * PAGE, 16 * PAGE, rounds),
                rounds -> space.pageLocks().unlock(BASE, 16 * PAGE, rounds),
                rounds -> space.advise(BASE, 16 * PAGE, Mman.MADV_DONTFORK, rounds),
                rounds -> space.advise(BASE, 16 * PAGE, Mman.MADV_DOFORK, rounds),
                rounds -> space.protect(BASE, 16 * PAGE, READ, rounds));
        for (ToLongFunction<Rounds> call : calls) {
            ShortHeap heap = new ShortHeap();
            assertEquals(0, call.applyAsLong(heap));
            assertTrue(heap.waits > 0);
        }
        ShortHeap heap = new ShortHeap();
        space.mapZeros(BASE, PAGE, Mman.PROT_NONE, 0);
        for (int i = 0; i < 8; i++) {
            space.mapZeros(BASE + 2L * i * PAGE, PAGE, READ_WRITE, 0);
        }
        space.pageLocks().changeAll(true, heap);
        assertTrue(heap.waits > 0);
        assertEquals(16 * PAGE, space.usage().lockedBytes());
    }

    @Test
    void aMovedMappingMayLeaveItsOldPlaceMappedAndEmpty() {
        long start = mapZeros(2);
        assertEquals(0, memory.writeLong(start + PAGE, 7));
        int flags = Mman.MREMAP_MAYMOVE | Mman.MREMAP_DONTUNMAP;
        assertEquals(-Errno.EINVAL, space.remap(start, 2 * PAGE, PAGE, flags, 0));
        long moved = space.remap(start, 2 * PAGE, 2 * PAGE, flags, 0);
        assertEquals(0, memory.readLong(moved + PAGE));
        assertEquals(7, memory.value());
        assertEquals(0, memory.readLong(start + PAGE));
        assertEquals(0, memory.value());
        endsWithAllFramesFree();
    }

    @Test
    void anOldSizeOfZeroMapsSharedPagesASecondTime() {
        Numbers numbers = new Numbers(2);
        long start = space.map(0, 2 * PAGE, READ_WRITE, 0, Region.SHARED, numbers, 0);
        long second = space.remap(start + PAGE, 0, PAGE, Mman.MREMAP_MAYMOVE, 0);
        assertEquals(0, memory.writeLong(second, 9));
        assertEquals(0, memory.readLong(start + PAGE));
        assertEquals(9, memory.value());
        assertEquals(2, numbers.mappings);
        assertEquals(-Errno.EINVAL, space.remap(mapZeros(1), 0, PAGE, Mman.MREMAP_MAYMOVE, 0));
        numbers.discard();
        endsWithAllFramesFree();
    }

    @Test
    void locksAreCountedOnceLimitedAndNotInherited() {
        long start = mapZeros(8);
        assertEquals(0, space.pageLocks().lock(start, 4 * PAGE, 6 * PAGE, Rounds.FREE));
        assertEquals(0, space.pageLocks().lock(start + PAGE, 4 * PAGE, 6 * PAGE, Rounds.FREE));
        assertEquals(5 * PAGE, space.usage().lockedBytes());
        assertEquals(-Errno.ENOMEM, space.pageLocks().lock(start, 7 * PAGE, 6 * PAGE, Rounds.FREE));
        assertEquals(-Errno.EINVAL, space.advise(start, PAGE, Mman.MADV_DONTNEED, Rounds.FREE));
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        assertEquals(0, child.usage().lockedBytes());
        child.leave();
        assertEquals(0, space.pageLocks().unlock(start, 8 * PAGE, Rounds.FREE));
        assertEquals(0, space.usage().lockedBytes());
        assertEquals(1, regionCount(space));
        endsWithAllFramesFree();
    }

    @Test
    void whoLooksIntoAnAddressSpaceThatIsGoneFindsNothing() {
        long start = mapZeros(1);
        assertEquals(0, memory.writeLong(start, 7));
        space.leave();
        assertEquals(-Errno.EFAULT, memory.readLong(start));
        assertEquals(-Errno.EFAULT, memory.writeLong(start, 8));
        assertEquals(free, frames.freeFrames());
    }

    @Test
    void whatMustDieStopsFaultingIn() {
        long start = mapZeros(1000);
        assertEquals(-Errno.EINTR, space.populate(start, 1000 * PAGE, AddressSpace.AS_MAPPED, () -> true));
        assertTrue(space.usage().residentBytes() < 1000 * PAGE);
        assertEquals(0, space.populate(start, 100 * PAGE, AddressSpace.AS_MAPPED, () -> false));
        assertTrue(space.usage().residentBytes() >= 100 * PAGE);
        endsWithAllFramesFree();
    }

    @Test
    void pagesThatAChildHasTooCountForHalf() {
        long start = mapZeros(4);
        assertEquals(0, memory.writeLong(start, 1));
        assertEquals(0, memory.writeLong(start + PAGE, 1));
        memory.readLong(start + 2 * PAGE);
        assertEquals(new Residence(2, 0, 2 * PAGE, 0, 0), space.usage().residence(start, start + 4 * PAGE));
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        assertEquals(0, memory.writeLong(start, 2));
        assertEquals(new Residence(2, 1, PAGE + PAGE / 2, 0, 0), space.usage().residence(start, start + 4 * PAGE));
        assertEquals(new Residence(2, 1, PAGE + PAGE / 2, 0, 0), space.usage().residence());
        Residence nothing = new Residence(0, 0, 0, 0, 0);
        assertEquals(nothing, space.usage().residence(UserRange.LOW_END, UserRange.HIGH_START), "the Java machine's");
        child.leave();
        endsWithAllFramesFree();
    }

    @Test
    void anIdleCpuLetsGoOfADeadAddressSpace() {
        spaces.load(1, space);
        space.leave();
        long held = free - frames.freeFrames();
        spaces.beforeIdle(1);
        assertEquals(1, held, "the top page table, which CPU 1 has loaded");
        assertEquals(free, frames.freeFrames());
    }

    @Test
    void aReadOfUntouchedMemoryFindsZerosAndTakesNoFrame() {
        mapZeros(8);
        assertEquals(0, memory.readLong(BASE));
        assertEquals(0, memory.value());
        long before = frames.freeFrames();
        assertEquals(0, memory.readLong(BASE + PAGE));
        assertEquals(before, frames.freeFrames());
        assertEquals(0, memory.writeLong(BASE + PAGE, 7));
        assertEquals(before - 1, frames.freeFrames());
        memory.readLong(BASE + PAGE);
        assertEquals(7, memory.value());
        endsWithAllFramesFree();
    }

    @Test
    void whatIsNotMappedOrNotAllowedIsEfaultAndSaysWhy() {
        space.map(BASE, PAGE, READ, Mman.MAP_FIXED, 0, AddressSpace.zeros(), 0);
        assertEquals(-Errno.EFAULT, memory.writeInt(BASE, 1));
        assertEquals(FaultResult.NOT_ALLOWED, space.fault(BASE, Trap.FAULT_WRITE));
        assertEquals(FaultResult.NOT_ALLOWED, space.fault(BASE, Trap.FAULT_FETCH));
        assertEquals(FaultResult.NOT_MAPPED, space.fault(BASE + PAGE, 0));
        for (long address : new long[] {0, 4095, 4L << 40, 0x80000000000L, 1L << 47, -8, Long.MIN_VALUE}) {
            assertEquals(-Errno.EFAULT, memory.readLong(address), Long.toHexString(address));
            assertEquals(-Errno.EFAULT, memory.writeLong(address, 0), Long.toHexString(address));
        }
        endsWithAllFramesFree();
    }

    @Test
    void aCopyThatRunsIntoAHoleSaysSo() {
        mapZeros(1);
        byte[] bytes = new byte[16];
        assertEquals(-Errno.EFAULT, memory.read(BASE + PAGE - 8, bytes, 0, 16));
        assertEquals(-Errno.EFAULT, memory.write(BASE + PAGE - 8, bytes, 0, 16));
        assertEquals(-Errno.EFAULT, memory.readString(BASE + PAGE, bytes, 16));
        memory.write(BASE + PAGE - 3, new byte[] {'a', 'b', 'c'}, 0, 3);
        assertEquals(-Errno.EFAULT, memory.readString(BASE + PAGE - 3, bytes, 16));
        assertEquals(-Errno.ENAMETOOLONG, memory.readString(BASE + PAGE - 3, bytes, 3));
        endsWithAllFramesFree();
    }

    @Test
    void aChildSeesItsParentsMemoryUntilOneOfThemWrites() {
        mapZeros(4);
        memory.writeLong(BASE, 1);
        memory.writeLong(BASE + PAGE, 2);
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        UserMemory childMemory = new UserMemory(child);
        long before = frames.freeFrames();
        memory.writeLong(BASE, 10);
        assertEquals(before - 1, frames.freeFrames());
        childMemory.readLong(BASE);
        assertEquals(1, childMemory.value());
        childMemory.writeLong(BASE, 20);
        assertEquals(before - 1, frames.freeFrames(), "the last owner writes in place");
        childMemory.writeLong(BASE + PAGE, 21);
        memory.readLong(BASE + PAGE);
        assertEquals(2, memory.value());
        child.leave();
        memory.readLong(BASE);
        assertEquals(10, memory.value());
        endsWithAllFramesFree();
    }

    @Test
    void sharedMemoryIsSeenByBothAfterFork() {
        SharedMemory shared = new SharedMemory(machine.memory(), frames, 2 * PAGE);
        space.map(BASE, 2 * PAGE, READ_WRITE, Mman.MAP_FIXED, Region.SHARED, shared, 0);
        memory.writeLong(BASE, 5);
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        UserMemory childMemory = new UserMemory(child);
        childMemory.writeLong(BASE + 8, 6);
        childMemory.writeLong(BASE + PAGE, 7);
        memory.readLong(BASE + 8);
        assertEquals(6, memory.value());
        memory.readLong(BASE + PAGE);
        assertEquals(7, memory.value());
        assertEquals(UserWords.sharedAddress(child, BASE), UserWords.sharedAddress(space, BASE));
        child.leave();
        endsWithAllFramesFree();
    }

    @Test
    void aPrivateFileMappingKeepsItsWritesToItself() {
        Numbers file = new Numbers(3);
        space.map(BASE, 4 * PAGE, READ_WRITE, Mman.MAP_FIXED, 0, file, 0);
        memory.readLong(BASE + PAGE);
        assertEquals(2, memory.value());
        memory.writeLong(BASE + PAGE, 99);
        memory.writeLong(BASE + 2 * PAGE, 98);
        assertEquals(2, machine.memory().readLong(file.pages.get(1)));
        assertEquals(3, machine.memory().readLong(file.pages.get(2)));
        assertEquals(FaultResult.NO_PAGE, space.fault(BASE + 3 * PAGE, 0));
        space.unmap(BASE + PAGE, PAGE);
        assertEquals(2, file.mappings, "cut in two");
        space.unmap(BASE, 4 * PAGE);
        assertEquals(0, file.mappings);
        file.discard();
        endsWithAllFramesFree();
    }

    @Test
    void aSharedFileMappingTellsTheFileBeforeItsFirstWrite() {
        Numbers file = new Numbers(1);
        space.map(BASE, PAGE, READ_WRITE, Mman.MAP_FIXED, Region.SHARED, file, 0);
        memory.readLong(BASE);
        assertEquals(false, file.wasWritten);
        memory.writeLong(BASE, 42);
        assertTrue(file.wasWritten);
        assertEquals(42, machine.memory().readLong(file.pages.getFirst()));
        file.discard();
        endsWithAllFramesFree();
    }

    @Test
    void aReadMapsWhatIsInMemoryAround() {
        SharedMemory pages = new SharedMemory(machine.memory(), frames, 40 * PAGE);
        for (int page : new int[] {0, 15, 17, 18, 30, 33}) {
            frames.release(pages.frameFor(page, true));
        }
        space.map(BASE, 40 * PAGE, READ_WRITE, Mman.MAP_FIXED, Region.SHARED, pages, 0);
        assertEquals(0, memory.readLong(BASE + 16 * PAGE + 8));
        assertEquals(4 * PAGE, space.usage().residentBytes(), "16, which was a hole, and 17, 18 and 30");
        space.unmap(BASE + 20 * PAGE, 16 * PAGE);
        assertEquals(0, memory.readLong(BASE + 19 * PAGE));
        assertEquals(4 * PAGE, space.usage().residentBytes(), "no page where nothing is mapped");
        assertEquals(0, memory.writeLong(BASE + 17 * PAGE, 7));
        assertEquals(0, memory.readLong(BASE + 17 * PAGE));
        assertEquals(7, memory.value());
        space.unmap(BASE, 40 * PAGE);
        endsWithAllFramesFree();
    }

    @Test
    void aFileThatIsCutLosesItsPagesInAllSharedMappings() {
        Numbers file = new Numbers(3);
        space.map(BASE, 3 * PAGE, READ_WRITE, Mman.MAP_FIXED, Region.SHARED, file, 0);
        space.protect(BASE + PAGE, PAGE, READ, Rounds.FREE);
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        for (int i = 0; i < 3; i++) {
            memory.readLong(BASE + i * PAGE);
            new UserMemory(child).readLong(BASE + i * PAGE);
        }
        file.keep(1);
        for (AddressSpace each : List.of(space, child)) {
            assertEquals(FaultResult.RESOLVED, each.fault(BASE, 0));
            assertEquals(FaultResult.NO_PAGE, each.fault(BASE + PAGE, 0));
            assertEquals(FaultResult.NO_PAGE, each.fault(BASE + 2 * PAGE, 0));
        }
        child.leave();
        space.unmap(BASE, 3 * PAGE);
        file.discard();
        endsWithAllFramesFree();
    }

    @Test
    void protectionChangesKeepTheContent() {
        mapZeros(3);
        memory.writeLong(BASE + PAGE, 3);
        assertEquals(0, space.protect(BASE + PAGE, PAGE, Mman.PROT_NONE, Rounds.FREE));
        assertEquals(-Errno.EFAULT, memory.readLong(BASE + PAGE));
        assertEquals(3, regionCount(space));
        assertEquals(0, space.protect(BASE + PAGE, PAGE, READ, Rounds.FREE));
        memory.readLong(BASE + PAGE);
        assertEquals(3, memory.value());
        assertEquals(-Errno.EFAULT, memory.writeLong(BASE + PAGE, 4));
        assertEquals(0, space.protect(BASE, 3 * PAGE, READ_WRITE, Rounds.FREE));
        assertEquals(1, regionCount(space), "they continue each other again");
        assertEquals(0, memory.writeLong(BASE + PAGE, 4));
        assertEquals(-Errno.ENOMEM, space.protect(BASE, 4 * PAGE, READ, Rounds.FREE));
        endsWithAllFramesFree();
    }

    @Test
    void aMappingMovesWithItsPages() {
        long start = space.map(0, 2 * PAGE, READ_WRITE, 0, 0, AddressSpace.zeros(), 0);
        space.map(start + 2 * PAGE, PAGE, READ, Mman.MAP_FIXED, 0, AddressSpace.zeros(), 0);
        memory.writeLong(start, 1);
        memory.writeLong(start + PAGE, 2);
        assertEquals(-Errno.ENOMEM, space.remap(start, 2 * PAGE, 8 * PAGE, 0, 0));
        long moved = space.remap(start, 2 * PAGE, 8 * PAGE, Mman.MREMAP_MAYMOVE, 0);
        assertTrue(moved > 0 && moved != start);
        memory.readLong(moved + PAGE);
        assertEquals(2, memory.value());
        assertEquals(-Errno.EFAULT, memory.readLong(start));
        assertEquals(0, memory.writeLong(moved + 7 * PAGE, 3));
        assertEquals(moved, space.remap(moved, 8 * PAGE, PAGE, 0, 0));
        assertEquals(-Errno.EFAULT, memory.readLong(moved + PAGE));
        endsWithAllFramesFree();
    }

    @Test
    void aStackGrowsToItsLimitAndNoFurther() {
        space.setLimits(16 * PAGE, -1, -1);
        long top = 0x7fff_0000_0000L;
        space.mapZeros(top - PAGE, PAGE, READ_WRITE, Region.GROWS_DOWN | Region.STACK);
        assertEquals(0, memory.writeLong(top - 5 * PAGE, 1));
        assertEquals(0, memory.writeLong(top - 16 * PAGE, 1));
        assertEquals(-Errno.EFAULT, memory.writeLong(top - 16 * PAGE - 8, 1));
        endsWithAllFramesFree();
    }

    @Test
    void anUnlimitedStackDoesNotGrowAcrossTheJavaMachine() {
        space.setLimits(-1, -1, -1);
        long top = UserRange.HIGH_START + 64 * PAGE;
        space.mapZeros(top - PAGE, PAGE, READ_WRITE, Region.GROWS_DOWN | Region.STACK);
        assertEquals(0, memory.writeLong(UserRange.HIGH_START, 1));
        assertEquals(-Errno.EFAULT, memory.writeLong(UserRange.LOW_END - PAGE, 1));
        assertEquals(-Errno.EFAULT, memory.writeLong(UserRange.LOW_START, 1));
    }

    @Test
    void theHeapGrowsAndShrinks() {
        space.programBreak().startAt(BASE);
        assertEquals(BASE, space.programBreak().move(0));
        assertEquals(BASE + 5000, space.programBreak().move(BASE + 5000));
        assertEquals(0, memory.writeLong(BASE + PAGE, 1));
        assertEquals(BASE + 100, space.programBreak().move(BASE + 100));
        assertEquals(-Errno.EFAULT, memory.writeLong(BASE + PAGE, 1));
        assertEquals(BASE + 5000, space.programBreak().move(BASE + 5000));
        memory.readLong(BASE + PAGE);
        assertEquals(0, memory.value(), "zeros again");
        space.setLimits(-1, 16 * PAGE, -1);
        assertEquals(BASE + 5000, space.programBreak().move(BASE + 100 * PAGE));
        endsWithAllFramesFree();
    }

    @Test
    void aForkPromisesEachRegionForItself() {
        long most = frames.totalFrames() * PAGE;
        long step = 2 * most;
        for (int i = 0; i < 3; i++) {
            assertEquals(BASE + i * step, space.mapZeros(BASE + i * step, most * 2 / 3, READ_WRITE, 0));
        }
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        assertEquals(space.usage().mappedBytes(), child.usage().mappedBytes());
        child.leave();
        endsWithAllFramesFree();
    }

    @Test
    void adviceToDropGivesZerosAgain() {
        mapZeros(2);
        memory.writeLong(BASE, 1);
        assertEquals(0, space.advise(BASE, 2 * PAGE, Mman.MADV_DONTNEED, Rounds.FREE));
        memory.readLong(BASE);
        assertEquals(0, memory.value());
        assertEquals(-Errno.ENOMEM, space.advise(BASE, 3 * PAGE, Mman.MADV_DONTNEED, Rounds.FREE));
        space.advise(BASE, PAGE, Mman.MADV_WIPEONFORK, Rounds.FREE);
        memory.writeLong(BASE, 1);
        AddressSpace child = space.fork(Rounds.FREE).orElseThrow();
        UserMemory childMemory = new UserMemory(child);
        childMemory.readLong(BASE);
        assertEquals(0, childMemory.value());
        child.leave();
        endsWithAllFramesFree();
    }

    @Test
    void withoutMemoryEachStepFailsAndLosesNothing() {
        Numbers file = new Numbers(2);
        mapZeros(2);
        space.map(BASE + (1L << 30), 2 * PAGE, READ_WRITE, Mman.MAP_FIXED, 0, file, 0);
        memory.writeLong(BASE, 1);
        memory.writeLong(BASE + (1L << 30), 1);
        long before = frames.freeFrames();
        boolean succeeded = false;
        for (int left = 0; !succeeded; left++) {
            List<Long> hog = leaveFree(left);
            Optional<AddressSpace> child = space.fork(Rounds.FREE);
            int write = child.isEmpty() ? -Errno.ENOMEM : new UserMemory(child.get()).writeLong(BASE, 2);
            int fileWrite = write < 0 ? write : new UserMemory(child.get()).writeLong(BASE + (1L << 30) + PAGE, 2);
            assertTrue(fileWrite == 0 || fileWrite == -Errno.ENOMEM);
            child.ifPresent(AddressSpace::leave);
            hog.forEach(frames::release);
            assertEquals(before, frames.freeFrames(), "with " + left + " frames");
            memory.readLong(BASE);
            assertEquals(1, memory.value());
            succeeded = fileWrite == 0;
        }
        space.unmap(BASE + (1L << 30), 2 * PAGE);
        file.discard();
        endsWithAllFramesFree();
    }

    private List<Long> leaveFree(int left) {
        List<Long> hog = new ArrayList<>();
        while (frames.freeFrames() > left) {
            hog.add(frames.allocate());
        }
        return hog;
    }

    @Test
    void agreesWithASimpleModelWhateverIsMapped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int pages = 24;
        int[] protection = new int[pages];
        long[] content = new long[pages];
        java.util.Arrays.fill(protection, -1);
        int[] choices = {Mman.PROT_NONE, READ, READ_WRITE};
        for (int step = 0; step < 4000; step++) {
            int from = random.nextInt(pages);
            int count = 1 + random.nextInt(pages - from);
            int wanted = choices[random.nextInt(choices.length)];
            switch (random.nextInt(4)) {
                case 0 -> {
                    space.map(
                            BASE + (long) from * PAGE,
                            (long) count * PAGE,
                            wanted,
                            Mman.MAP_FIXED,
                            0,
                            AddressSpace.zeros(),
                            0);
                    java.util.Arrays.fill(protection, from, from + count, wanted);
                    java.util.Arrays.fill(content, from, from + count, 0);
                }
                case 1 -> {
                    space.unmap(BASE + (long) from * PAGE, (long) count * PAGE);
                    java.util.Arrays.fill(protection, from, from + count, -1);
                    java.util.Arrays.fill(content, from, from + count, 0);
                }
                case 2 -> {
                    long result = space.protect(BASE + (long) from * PAGE, (long) count * PAGE, wanted, Rounds.FREE);
                    for (int i = from; i < from + count && protection[i] >= 0; i++) {
                        protection[i] = wanted;
                    }
                    boolean hole = java.util.Arrays.stream(protection, from, from + count)
                            .anyMatch(p -> p < 0);
                    assertEquals(hole ? -Errno.ENOMEM : 0, result, "seed " + seed);
                }
                default -> {
                    int error = memory.writeLong(BASE + (long) from * PAGE, step);
                    boolean may = protection[from] == READ_WRITE;
                    assertEquals(may ? 0 : -Errno.EFAULT, error, "seed " + seed);
                    content[from] = may ? step : content[from];
                }
            }
            int at = random.nextInt(pages);
            int error = memory.readLong(BASE + (long) at * PAGE);
            assertEquals(protection[at] > 0 ? 0 : -Errno.EFAULT, error, "seed " + seed + " step " + step);
            assertTrue(error < 0 || memory.value() == content[at], "seed " + seed + " step " + step);
        }
        endsWithAllFramesFree();
    }

    @Test
    void textIsReadAcrossPages() {
        mapZeros(2);
        byte[] text = "hello, user".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        memory.write(BASE + PAGE - 5, text, 0, text.length);
        byte[] back = new byte[32];
        assertEquals(text.length, memory.readString(BASE + PAGE - 5, back, back.length));
        assertArrayEquals(text, java.util.Arrays.copyOf(back, text.length));
        memory.writeLong(BASE + PAGE - 3, 0x0102030405060708L);
        memory.readLong(BASE + PAGE - 3);
        assertEquals(0x0102030405060708L, memory.value());
        endsWithAllFramesFree();
    }

    private AddressSpace newSpace() {
        return spaces.create(AddressLayout.fixed(8 << 20)).orElseThrow();
    }

    private static WeakReference<AddressSpace> leave(AddressSpace left) {
        left.leave();
        return new WeakReference<>(left);
    }

    @Test
    void aDeadOneThatIsHeldKeepsNoneThatDiedLater() {
        AddressSpace held = newSpace();
        List<WeakReference<AddressSpace>> others = new ArrayList<>();
        AddressSpace next = newSpace();
        leave(held);
        for (int i = 0; i < 5; i++) {
            AddressSpace newer = newSpace();
            others.add(leave(next));
            next = newer;
        }
        next.leave();
        System.gc();
        assertTrue(held.isDead());
        assertTrue(others.stream().allMatch(other -> other.refersTo(null)));
    }
}

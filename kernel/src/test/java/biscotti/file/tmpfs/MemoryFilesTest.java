package biscotti.file.tmpfs;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FallocateFlags;
import biscotti.abi.FileMode;
import biscotti.abi.Mman;
import biscotti.abi.SealFlags;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.memory.AddressSpace;
import biscotti.memory.PageSource;
import biscotti.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files without names keep what fcntl(2) promises of their seals. */
class MemoryFilesTest {
    private static final int PAGE = 4096;
    private static final int PUNCH = FallocateFlags.FALLOC_FL_PUNCH_HOLE | FallocateFlags.FALLOC_FL_KEEP_SIZE;

    private final TestSystem system = new TestSystem(8 << 20);
    private final TestCaller caller = system.newCaller();

    @AfterEach
    void close() {
        system.close();
    }

    private OpenFile create(int seals) {
        Slot<OpenFile> opened = new Slot<>();
        MemoryFiles files = new MemoryFiles(system.newTmpfs());
        assertEquals(0, files.create(caller, "test", FileMode.S_IFREG | 0777, seals, opened));
        return opened.get();
    }

    private long map(AddressSpace space, OpenFile file, int flags) {
        Slot<PageSource> pages = new Slot<>();
        assertEquals(0, file.pages(pages));
        return space.map(0, PAGE, Mman.PROT_READ, 0, flags, pages.get(), 0);
    }

    @Test
    void aFileGivesItsFramesBackWhenItIsClosed() {
        long free = system.frames().freeFrames();
        OpenFile file = create(0);
        assertEquals(PAGE, file.write(caller, system.transfer(new byte[PAGE])));
        assertTrue(system.frames().freeFrames() < free);
        assertEquals("/memfd:test (deleted)", file.place().path());
        file.release();
        assertEquals(free, system.frames().freeFrames());
    }

    @Test
    void aSealedLengthStays() {
        OpenFile file = create(SealFlags.F_SEAL_GROW | SealFlags.F_SEAL_SHRINK);
        assertEquals(-EPERM, file.truncate(caller, 1));
        assertEquals(-EPERM, file.write(caller, system.transfer("x")));
        assertEquals(-EPERM, file.allocate(caller, 0, 0, 1));
        assertEquals(0, file.allocate(caller, PUNCH, 0, PAGE));
        assertEquals(0, file.vnode().size());
    }

    @Test
    void aMappingThatMayBeWrittenKeepsTheSealAwayAndTheSealKeepsItAway() {
        OpenFile file = create(0);
        assertEquals(0, file.truncate(caller, PAGE));
        AddressSpace space = caller.memory().space();
        long writable = map(space, file, Region.SHARED);
        assertEquals(-EBUSY, file.vnode().addSeals(SealFlags.F_SEAL_WRITE));
        assertEquals(0, space.unmap(writable, PAGE));
        long readOnly = map(space, file, Region.SHARED | Region.NEVER_WRITABLE);
        assertEquals(0, file.vnode().addSeals(SealFlags.F_SEAL_WRITE));
        assertEquals(-EPERM, map(space, file, Region.SHARED));
        assertEquals(-EPERM, file.write(caller, system.transfer("x")));
        assertEquals(-EPERM, file.allocate(caller, PUNCH, 0, PAGE));
        assertTrue(map(space, file, 0) > 0, "a private mapping changes nothing of the file");
        assertEquals(0, space.unmap(readOnly, PAGE));
    }

    @Test
    void sealingTheExecutionOfAnExecutableSealsItsContent() {
        OpenFile file = create(0);
        assertEquals(0, file.vnode().addSeals(SealFlags.F_SEAL_EXEC));
        assertEquals(SealFlags.ALL & ~SealFlags.F_SEAL_SEAL, file.vnode().seals());
        assertEquals(-EPERM, file.vnode().changeMode(caller.identity(), 0666));
        assertEquals(0, file.vnode().changeMode(caller.identity(), 0711));
        assertEquals(0, file.vnode().addSeals(SealFlags.F_SEAL_SEAL));
        assertEquals(-EPERM, file.vnode().addSeals(SealFlags.F_SEAL_SEAL));
    }
}

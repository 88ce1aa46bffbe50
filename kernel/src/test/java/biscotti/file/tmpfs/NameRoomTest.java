package biscotti.file.tmpfs;

import static biscotti.abi.Errno.ENOSPC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FileMode;
import biscotti.file.Directory;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.MountTable;
import biscotti.file.Place;
import biscotti.file.Rename;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import biscotti.heap.HeapShare;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names of files and mounts end at their part of the kernel's heap, and what is removed makes room again. */
class NameRoomTest {
    private static final int FILE = FileMode.S_IFREG | 0644;
    private static final int ROOM = 100_000;

    private final TestSystem system = new TestSystem(4 << 20);
    private final HeapShare heap = new HeapShare(ROOM);
    private final TmpFileSystem tmpfs = system.newTmpfs(heap);
    private final Directory top = tmpfs.root();

    @AfterEach
    void close() {
        system.close();
    }

    private int make(String name, int mode, String target) {
        return top.create(Identity.KERNEL, name, mode, 0, target, new Slot<>());
    }

    /** Makes files until there is no room: how many. */
    private int fill(String prefix) {
        int made = 0;
        int error = 0;
        while (error == 0) {
            error = make(prefix + made, FILE, "");
            made += error == 0 ? 1 : 0;
        }
        assertEquals(-ENOSPC, error);
        return made;
    }

    @Test
    void namesEndWhereTheirPartEndsAndComeBackWithRoom() {
        int made = fill("f");
        assertTrue(made > 50 && made < 200, made + " files");
        assertTrue(heap.used() <= ROOM);
        assertEquals(0, tmpfs.statistics().freeFiles());
        for (int i = 0; i < made; i++) {
            assertEquals(0, top.unlink(Identity.KERNEL, "f" + i));
        }
        assertEquals(0, heap.used());
        assertEquals(made, fill("g"));
    }

    @Test
    void longNamesAndTargetsCount() {
        long before = heap.used();
        assertEquals(0, make("l", FileMode.S_IFLNK | 0777, "t".repeat(4000)));
        assertTrue(heap.used() - before > 4000);
        before = heap.used();
        assertEquals(0, make("n".repeat(255), FILE, ""));
        assertTrue(heap.used() - before > 255);
    }

    @Test
    void namesAreMovedAndReplacedWithoutRoom() {
        assertEquals(0, make("link", FileMode.S_IFLNK | 0777, "t".repeat(1000)));
        int made = fill("f");
        assertEquals(0, new Rename(Identity.KERNEL, top, "f1", top, "moved", 0).perform());
        assertEquals(0, new Rename(Identity.KERNEL, top, "moved", top, "link", 0).perform());
        for (int i = 0; i < made; i++) {
            top.unlink(Identity.KERNEL, "f" + i);
        }
        assertEquals(0, top.unlink(Identity.KERNEL, "link"));
        assertEquals(0, heap.used());
    }

    @Test
    void mountsEndWhereTheirPartEnds() {
        Mount root = Mount.top(tmpfs);
        MountTable mounts = new MountTable(root, heap);
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, top.create(Identity.KERNEL, "d", FileMode.S_IFDIR | 0755, 0, "", made));
        Directory point = (Directory) made.get();
        Place place = new Place(Place.Kind.NAMED, root, point, point, "d");
        int count = 0;
        while (mounts.mount("tmpfs", system.newTmpfs(heap).root(), place, 0) == 0) {
            count++;
        }
        assertTrue(count > 50 && count < 200, count + " mounts");
        assertEquals(-ENOSPC, mounts.mount("tmpfs", system.newTmpfs(heap).root(), place, 0));
    }
}

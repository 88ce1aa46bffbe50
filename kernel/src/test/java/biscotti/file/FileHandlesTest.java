package biscotti.file;

import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ESTALE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import biscotti.file.tmpfs.TmpFileSystem;
import biscotti.heap.HeapShare;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handle leads to its file, whatever it is called, while the file lives; and to no other one ever. */
class FileHandlesTest {
    private static final int FILE = FileMode.S_IFREG | 0644;
    private static final int ROOM = 100_000;

    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller caller = system.newCaller();
    private final Directory top = system.root().root();
    private final byte[] handle = new byte[FileHandles.BYTES];

    @AfterEach
    void close() {
        system.close();
    }

    private static Vnode create(Directory directory, String name, int mode) {
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, directory.create(Identity.KERNEL, name, mode, 0, "", made));
        return made.get();
    }

    private Place place(String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AtFlags.AT_FDCWD, path, 0));
        return walk.place();
    }

    private FileHandles handles() {
        return system.root().handles().orElseThrow();
    }

    private int find(Slot<Place> found) {
        return handles().find(handle, handle.length, place("/").mount(), found);
    }

    @Test
    void theFileIsFoundUnderTheNameThatItHasNow() {
        Vnode file = create(top, "file", FILE);
        Directory directory = (Directory) create(top, "directory", FileMode.S_IFDIR | 0755);
        assertEquals(0, handles().make(place("/file"), handle, 0));
        assertEquals(0, new Rename(Identity.KERNEL, top, "file", directory, "other", 0).perform());
        Slot<Place> found = new Slot<>();
        assertEquals(0, find(found));
        assertSame(file, found.get().vnode());
        assertEquals("/directory/other", found.get().path());
    }

    @Test
    void aFileThatIsGoneIsStaleAndItsNumberIsNoOthers() {
        create(top, "file", FILE);
        assertEquals(0, handles().make(place("/file"), handle, 0));
        assertEquals(0, top.unlink(Identity.KERNEL, "file"));
        assertEquals(-ESTALE, find(new Slot<>()));
        create(top, "file", FILE);
        assertEquals(-ESTALE, find(new Slot<>()));
    }

    @Test
    void aFileWithoutNamesIsFoundWhileItIsUsed() {
        Vnode file = create(top, "file", FILE);
        assertEquals(0, handles().make(place("/file"), handle, 0));
        file.retain();
        assertEquals(0, top.unlink(Identity.KERNEL, "file"));
        assertEquals(0, find(new Slot<>()));
        file.release();
        assertEquals(-ESTALE, find(new Slot<>()));
    }

    @Test
    void directoriesAndLinksHaveHandlesAndLoseThem() {
        create(top, "directory", FileMode.S_IFDIR | 0755);
        create(top, "link", FileMode.S_IFLNK | 0777);
        assertEquals(0, handles().make(place("/directory"), handle, 0));
        Slot<Place> found = new Slot<>();
        assertEquals(0, find(found));
        assertEquals("/directory", found.get().path());
        assertEquals(0, top.removeDirectory(Identity.KERNEL, "directory"));
        assertEquals(-ESTALE, find(new Slot<>()));
        assertEquals(0, handles().make(place("/link"), handle, 0));
        assertEquals(0, find(found));
        assertEquals(0, top.unlink(Identity.KERNEL, "link"));
        assertEquals(-ESTALE, find(new Slot<>()));
    }

    @Test
    void aHandleThatIsCutOrChangedOrOfAnotherFileSystemIsStale() {
        create(top, "file", FILE);
        assertEquals(0, handles().make(place("/file"), handle, 0));
        assertEquals(
                -ESTALE, handles().find(handle, handle.length - 1, place("/").mount(), new Slot<>()));
        FileHandles others = system.newTmpfs().handles().orElseThrow();
        assertEquals(-ESTALE, others.find(handle, handle.length, place("/").mount(), new Slot<>()));
        handle[0] ^= 1;
        assertEquals(-ESTALE, find(new Slot<>()));
    }

    @Test
    void whatHandlesTakeOfTheHeapComesBack() {
        HeapShare heap = new HeapShare(ROOM);
        TmpFileSystem tmpfs = system.newTmpfs(heap);
        Mount mount = Mount.top(tmpfs);
        FileHandles handles = tmpfs.handles().orElseThrow();
        long before = heap.used();
        int made = 0;
        int error = 0;
        while (error == 0) {
            Slot<Vnode> file = new Slot<>();
            error = tmpfs.root().create(Identity.KERNEL, "f" + made, FILE, 0, "", file);
            if (error == 0) {
                made++;
                Place place = new Place(Place.Kind.NAMED, mount, file.get(), tmpfs.root(), "f" + (made - 1));
                error = handles.make(place, handle, 0);
            }
        }
        Place unknown = new Place(Place.Kind.NAMED, mount, tmpfs.root(), tmpfs.root(), "");
        assertEquals(-ENOMEM, handles.make(unknown, handle, 0));
        for (int i = 0; i < made; i++) {
            assertEquals(0, tmpfs.root().unlink(Identity.KERNEL, "f" + i));
        }
        assertEquals(before, heap.used());
    }
}

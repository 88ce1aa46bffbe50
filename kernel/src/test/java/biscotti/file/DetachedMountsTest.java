package biscotti.file;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FileMode;
import biscotti.abi.MountFlags;
import biscotti.abi.OpenFlags;
import biscotti.bounded.Rounds;
import biscotti.file.tmpfs.TmpFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mounts that are nowhere live as long as their descriptors, as fsmount(2) and open_tree(2) say. */
class DetachedMountsTest {
    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller caller = system.newCaller();
    private final MountTable mounts = caller.fileContext().mounts();
    private final TmpFileSystem outer = system.newTmpfs();
    private final TmpFileSystem inner = system.newTmpfs();

    @BeforeEach
    void makePoints() {
        make("/a");
        make("/b");
        assertEquals(0, mounts.mount("outer", outer.root(), find("/a"), 0));
        make("/a/sub");
        assertEquals(0, mounts.mount("inner", inner.root(), find("/a/sub"), 0));
        make("/a/sub/leaf");
    }

    @AfterEach
    void close() {
        system.close();
    }

    private void make(String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, path, PathWalk.PARENT));
        int mode = FileMode.S_IFDIR | 0755;
        assertEquals(0, walk.directory().create(caller.identity(), walk.lastName(), mode, 0, "", new Slot<>()));
    }

    private Place find(String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, path, PathWalk.FOLLOW), path);
        return walk.place();
    }

    private boolean exists(String path) {
        return new PathWalk(caller).resolve(AT_FDCWD, path, PathWalk.FOLLOW) == 0;
    }

    private int count() {
        int count = 0;
        for (int id = mounts.next(0); id >= 0; id = mounts.next(id + 1)) {
            count++;
        }
        return count;
    }

    private OpenFile copy(String path, boolean recursive) {
        Slot<OpenFile> opened = new Slot<>();
        assertEquals(0, new DetachedMounts(mounts, Rounds.FREE).copy(find(path), recursive, opened));
        return opened.get();
    }

    private int move(Place from, String to) {
        return new Mounting(mounts, Rounds.FREE).move(from, find(to));
    }

    @Test
    void aMountThatComesNowhereEndsWithItsDescriptorAndItsFileSystemWithIt() {
        TmpFileSystem fileSystem = system.newTmpfs();
        Slot<OpenFile> opened = new Slot<>();
        assertEquals(0, new DetachedMounts(mounts, Rounds.FREE).open("new", fileSystem, 0, opened));
        assertTrue(fileSystem.isMounted());
        assertEquals(4, count());
        opened.get().retain();
        opened.get().release();
        assertTrue(fileSystem.isMounted());
        opened.get().release();
        assertFalse(fileSystem.isMounted());
        assertEquals(3, count());
    }

    @Test
    void aMountThatCameIntoTheTreeStaysWhenItsDescriptorIsClosed() {
        TmpFileSystem fileSystem = system.newTmpfs();
        Slot<OpenFile> opened = new Slot<>();
        assertEquals(0, new DetachedMounts(mounts, Rounds.FREE).open("new", fileSystem, 0, opened));
        assertEquals(0, move(opened.get().place(), "/b"));
        opened.get().release();
        assertTrue(fileSystem.isMounted());
        assertSame(fileSystem.root(), find("/b").vnode());
        assertEquals(0, new Unmounting(mounts).unmount(find("/b"), 0));
        assertFalse(fileSystem.isMounted());
    }

    @Test
    void aCopyOfATreeHasAllBelowOrNothing() {
        OpenFile one = copy("/a", false);
        OpenFile all = copy("/a", true);
        assertEquals(6, count());
        assertEquals(0, move(one.place(), "/b"));
        assertFalse(exists("/b/sub/leaf"));
        assertEquals(0, new Unmounting(mounts).unmount(find("/b"), MountFlags.MNT_DETACH));
        assertEquals(0, move(all.place(), "/b"));
        assertTrue(exists("/b/sub/leaf"));
        assertTrue(exists("/a/sub/leaf"));
        one.release();
        all.release();
        assertEquals(5, count());
    }

    @Test
    void aTreeThatComesNowhereIsTakenApart() {
        OpenFile all = copy("/a", true);
        assertEquals(5, count());
        all.release();
        assertEquals(3, count());
        assertTrue(exists("/a/sub/leaf"));
        assertEquals(0, new Unmounting(mounts).unmount(find("/a"), MountFlags.MNT_DETACH));
        assertFalse(outer.isMounted());
        assertFalse(inner.isMounted());
    }

    @Test
    void onlyTheHighestOfATreeThatIsNowhereMoves() {
        OpenFile all = copy("/a", true);
        Place below = mounts.enter(new Place(
                Place.Kind.NAMED,
                all.place().mount(),
                find("/a/sub").mount().point().vnode(),
                (Directory) find("/a/sub").mount().point().vnode(),
                "sub"));
        assertSame(inner.root(), below.vnode());
        assertEquals(-EINVAL, move(below, "/b"));
        assertEquals(-EINVAL, move(find("/"), "/b"));
        assertEquals(-EINVAL, new Unmounting(mounts).unmount(all.place(), 0));
        assertEquals(-EINVAL, new Mounting(mounts, Rounds.FREE).add("x", system.newTmpfs(), below, 0));
        all.release();
    }

    @Test
    void whatIsNowhereHearsOfNothing() {
        MountChange change = new MountChange(mounts, Rounds.FREE);
        assertEquals(0, change.setSpreading(find("/a"), MountFlags.MS_SHARED, false));
        OpenFile peer = copy("/a", false);
        make("/a/new");
        assertEquals(0, mounts.mount("told", system.newTmpfs().root(), find("/a/new"), 0));
        assertEquals(5, count());
        assertEquals(0, move(peer.place(), "/b"));
        make("/a/later");
        assertEquals(0, mounts.mount("told", system.newTmpfs().root(), find("/a/later"), 0));
        assertEquals(7, count());
        assertSame(find("/a/later").vnode(), find("/b/later").vnode());
        peer.release();
    }

    @Test
    void attributesChangeForAllMountsOrForNone() {
        MountChange change = new MountChange(mounts, Rounds.FREE);
        Slot<OpenFile> opened = new Slot<>();
        int flags = OpenFlags.O_CREAT | OpenFlags.O_RDWR;
        assertEquals(0, OpenCall.open(caller, AT_FDCWD, "/a/sub/file", flags, 0600, opened));
        assertEquals(-EBUSY, change.setAttributes(find("/a"), Mount.READ_ONLY, 0, 0, true));
        assertFalse(find("/a").mount().has(Mount.READ_ONLY));
        opened.get().release();
        assertEquals(0, change.setAttributes(find("/a"), Mount.READ_ONLY, Mount.RELATIVE_ACCESS_TIME, 0, true));
        assertTrue(find("/a/sub").mount().has(Mount.READ_ONLY));
        assertEquals(-EINVAL, change.setAttributes(find("/b"), Mount.READ_ONLY, 0, 0, true));
    }

    @Test
    void aRemovedDirectoryCannotBeTheRootOfACopy() {
        make("/b/gone");
        Place gone = find("/b/gone");
        assertEquals(0, ((Directory) find("/b").vnode()).removeDirectory(caller.identity(), "gone"));
        Slot<OpenFile> opened = new Slot<>();
        int error = new DetachedMounts(mounts, Rounds.FREE).copy(gone, false, opened);
        assertEquals(-ENOENT, error);
        assertEquals(3, count());
    }
}

package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** pivot_root exchanges two mounts, and those who had the old root have the new one. */
class RootPivotTest {
    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller caller = system.newCaller();

    @AfterEach
    void close() {
        system.close();
    }

    /** The caller's root is a mount "/root", in which "/new" is another one, with a directory "old". */
    @BeforeEach
    void enterRoot() {
        mount("/root");
        caller.fileContext().setRoot(place("/root"));
        caller.fileContext().setCurrent(place("/"));
        make("/plain");
        mount("/new");
        make("/new/old");
    }

    private Place place(String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AtFlags.AT_FDCWD, path, PathWalk.FOLLOW), path);
        return walk.place();
    }

    private void make(String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AtFlags.AT_FDCWD, path, PathWalk.PARENT));
        int mode = FileMode.S_IFDIR | 0755;
        assertEquals(0, walk.directory().create(Identity.KERNEL, walk.lastName(), mode, 0, "", new Slot<>()));
    }

    private void mount(String path) {
        make(path);
        assertEquals(0, system.mounts().mount("none", system.newTmpfs().root(), place(path), 0));
    }

    private int pivot(String next, String old) {
        return new RootPivot(system.mounts(), caller.fileContext().root()).perform(place(next), place(old));
    }

    @Test
    void theNewRootIsWhereTheOldOneWas() {
        Place former = caller.fileContext().root();
        Place next = place("/new");
        assertEquals(0, pivot("/new", "/new/old"));
        assertTrue(caller.fileContext().leaveRoot(former, next));
        assertFalse(caller.fileContext().leaveRoot(former, next));
        assertSame(next.vnode(), place("/").vnode());
        assertSame(next.vnode(), place(".").vnode());
        assertSame(former.vnode(), place("/old").vnode());
        assertEquals("/old/plain", place("/old/plain").path(caller.fileContext().root()));
        assertEquals("/root", place("/").path());
    }

    @Test
    void theOldRootMayLieOnTheNewOne() {
        Place former = caller.fileContext().root();
        Place next = place("/new");
        assertEquals(0, pivot("/new", "/new"));
        assertTrue(caller.fileContext().leaveRoot(former, next));
        assertSame(next.vnode(), place("/").vnode());
        assertSame(former.mount().point().vnode(), next.vnode());
        assertEquals(0, new Unmounting(system.mounts()).unmount(former, biscotti.abi.MountFlags.MNT_DETACH));
        assertSame(next.vnode(), place("/").vnode());
    }

    @Test
    void somebodyElsesRootStays() {
        TestCaller other = system.newCaller();
        Place former = caller.fileContext().root();
        assertEquals(0, pivot("/new", "/new/old"));
        assertFalse(other.fileContext().leaveRoot(former, place("/new")));
    }

    @Test
    void whatCannotBeIsRefusedAndNothingChanges() {
        mount("/other");
        assertEquals(-EBUSY, pivot("/", "/new/old"));
        assertEquals(-EBUSY, pivot("/new", "/plain"));
        assertEquals(-EINVAL, pivot("/new", "/other"));
        assertEquals(-EINVAL, pivot("/new/old", "/new/old"));
        caller.fileContext().setRoot(place("/plain"));
        assertEquals(-EBUSY, pivot("/", "/"));
        caller.fileContext().setRoot(system.mounts().top().rootPlace());
        assertEquals(-EINVAL, pivot("/root", "/root/new/old"));
        assertEquals("/root/new/old", place("/root/new/old").path());
    }
}

package biscotti.file;

import static biscotti.abi.AtFlags.AT_FDCWD;
import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ELOOP;
import static biscotti.abi.Errno.ENAMETOOLONG;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.EXDEV;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import biscotti.abi.FileMode;
import biscotti.abi.MountFlags;
import biscotti.abi.OpenFlags;
import biscotti.abi.OpenHow;
import biscotti.file.tmpfs.TmpFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Paths are resolved as path_resolution(7) says. */
class PathWalkTest {
    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller caller = system.newCaller();

    @BeforeEach
    void makeTree() {
        make("/d", FileMode.S_IFDIR | 0755, "");
        make("/d/e", FileMode.S_IFDIR | 0755, "");
        make("/d/e/f", FileMode.S_IFREG | 0644, "");
        make("/link", FileMode.S_IFLNK, "d/e");
        make("/d/absolute", FileMode.S_IFLNK, "/d/e/f");
        make("/loop", FileMode.S_IFLNK, "loop");
        make("/dangling", FileMode.S_IFLNK, "d/new");
    }

    @AfterEach
    void close() {
        system.close();
    }

    private void make(String path, int mode, String target) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, path, PathWalk.PARENT));
        assertEquals(0, walk.directory().create(caller.identity(), walk.lastName(), mode, 0, target, new Slot<>()));
    }

    private Vnode find(String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, path, PathWalk.FOLLOW), path);
        return walk.vnode();
    }

    private int error(Caller who, String path, int flags) {
        return new PathWalk(who).resolve(AT_FDCWD, path, flags);
    }

    private int open(String path, int flags) {
        Slot<OpenFile> opened = new Slot<>();
        int error = OpenCall.open(caller, AT_FDCWD, path, flags, 0600, opened);
        if (error == 0) {
            opened.get().release();
        }
        return error;
    }

    private int confined(String path, int resolve) {
        Slot<OpenFile> start = new Slot<>();
        assertEquals(0, OpenCall.open(caller, AT_FDCWD, "/d", OpenFlags.O_DIRECTORY, 0, start));
        int descriptor = caller.files().install(start.get(), false, 1024);
        int error = new PathWalk(caller).resolve(descriptor, path, PathWalk.FOLLOW | resolve << PathWalk.RESOLVE_SHIFT);
        caller.files().close(caller, descriptor);
        return error;
    }

    @Test
    void aPathThatIsKeptBelowItsStartCannotLeaveIt() {
        assertEquals(0, confined("e/../e/f", OpenHow.RESOLVE_BENEATH));
        assertEquals(-EXDEV, confined("..", OpenHow.RESOLVE_BENEATH));
        assertEquals(-EXDEV, confined("e/../../d", OpenHow.RESOLVE_BENEATH));
        assertEquals(-EXDEV, confined("/d/e", OpenHow.RESOLVE_BENEATH));
        assertEquals(-EXDEV, confined("absolute", OpenHow.RESOLVE_BENEATH));
    }

    @Test
    void aStartThatIsTheRootIsWhereAbsolutePathsBegin() {
        assertEquals(0, confined("/e/f", OpenHow.RESOLVE_IN_ROOT));
        assertEquals(0, confined("../../e/f", OpenHow.RESOLVE_IN_ROOT));
        assertEquals(-ENOENT, confined("absolute", OpenHow.RESOLVE_IN_ROOT));
        assertEquals(-ELOOP, confined("absolute", OpenHow.RESOLVE_NO_SYMLINKS));
    }

    @Test
    void inAStickyDirectoryOfAllOnlyLinksOfItsOwnerAndOnesOwnAreFollowed() {
        make("/tmp", FileMode.S_IFDIR | 01777, "");
        make("/tmp/ours", FileMode.S_IFLNK, "/d");
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, "/tmp/ours", 0));
        Vnode link = walk.vnode();
        assertEquals(0, error(system.newCaller(new TestIdentity(7, 7)), "/tmp/ours", PathWalk.FOLLOW));
        link.changeOwner(Identity.KERNEL, 8, 8);
        assertEquals(-EACCES, error(system.newCaller(new TestIdentity(7, 7)), "/tmp/ours", PathWalk.FOLLOW));
        assertEquals(0, error(system.newCaller(new TestIdentity(8, 8)), "/tmp/ours", PathWalk.FOLLOW));
    }

    @Test
    void dotsAndSlashesMeanWhatTheyAlwaysDo() {
        Vnode file = find("/d/e/f");
        assertSame(file, find("//d///e/./f"));
        assertSame(file, find("d/e/../../d/e/f"));
        assertSame(find("/"), find("/../.."));
        assertSame(find("/d"), find("/d/"));
        assertEquals(-ENOTDIR, error(caller, "/d/e/f/", PathWalk.FOLLOW));
        assertEquals(-ENOTDIR, error(caller, "/d/e/f/..", PathWalk.FOLLOW));
        assertEquals(-ENOENT, error(caller, "", PathWalk.FOLLOW));
        assertEquals(-ENOENT, error(caller, "/nothing/at", PathWalk.FOLLOW));
    }

    @Test
    void linksAreFollowedOnTheWayAndAtTheEndIfAsked() {
        assertSame(find("/d/e/f"), find("/link/f"));
        assertSame(find("/d/e/f"), find("/d/absolute"));
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, "/link", 0));
        assertEquals(FileMode.S_IFLNK, walk.vnode().mode() & FileMode.S_IFMT);
        assertSame(find("/d/e"), find("/link/"));
        assertEquals(-ELOOP, error(caller, "/loop", PathWalk.FOLLOW));
        assertEquals(-ELOOP, open("/link", OpenFlags.O_NOFOLLOW));
    }

    @Test
    void namesAndPathsHaveALongestLength() {
        assertEquals(-ENOENT, error(caller, "/" + "x".repeat(255), 0));
        assertEquals(-ENAMETOOLONG, error(caller, "/" + "x".repeat(256), 0));
        assertEquals(-ENAMETOOLONG, error(caller, "/".repeat(4096), 0));
        assertEquals(0, error(caller, "/".repeat(4095), 0));
    }

    @Test
    void creatingThroughADanglingLinkMakesItsTarget() {
        int create = OpenFlags.O_CREAT | OpenFlags.O_RDWR;
        assertEquals(-EEXIST, open("/dangling", create | OpenFlags.O_EXCL));
        assertEquals(-ENOENT, open("/d/new", OpenFlags.O_RDWR));
        assertEquals(0, open("/dangling", create));
        assertEquals(0, open("/d/new", OpenFlags.O_RDWR));
        assertEquals(-EEXIST, open("/d/new", create | OpenFlags.O_EXCL));
        assertEquals(-EISDIR, open("/d/other/", create));
        assertEquals(-EISDIR, open("/d", OpenFlags.O_RDWR));
        assertEquals(-ENOTDIR, open("/d/e/f", OpenFlags.O_DIRECTORY));
    }

    @Test
    void aDirectoryWithoutSearchPermissionCannotBeWalkedThrough() {
        find("/d").changeMode(Identity.KERNEL, 0700);
        TestCaller stranger = system.newCaller(new TestIdentity(1000, 1000));
        assertEquals(-EACCES, error(stranger, "/d/e/f", PathWalk.FOLLOW));
        assertEquals(0, error(stranger, "/d", PathWalk.FOLLOW));
    }

    @Test
    void aMountCoversItsDirectoryAndIsLeftByDotDot() {
        TmpFileSystem mounted = system.newTmpfs();
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, "/d/e", PathWalk.FOLLOW));
        assertEquals(0, system.mounts().mount("none", mounted.root(), walk.place(), 0));
        assertSame(mounted.root(), find("/d/e"));
        assertSame(mounted.root(), find("/link"));
        assertSame(find("/d"), find("/d/e/.."));
        assertEquals(-ENOENT, error(caller, "/d/e/f", 0));
        make("/d/e/inside", FileMode.S_IFDIR | 0755, "");
        PathWalk inside = new PathWalk(caller);
        assertEquals(0, inside.resolve(AT_FDCWD, "/d/e/inside", 0));
        assertEquals("/d/e/inside", inside.place().path());
        PathWalk top = new PathWalk(caller);
        assertEquals(0, top.resolve(AT_FDCWD, "/d/e", 0));
        assertEquals(0, unmount(top.place(), 0));
        assertEquals(0, error(caller, "/d/e/f", 0));
    }

    @Test
    void anUnmountedTmpfsGivesItsFramesBack() {
        TmpFileSystem mounted = system.newTmpfs();
        long free = system.frames().freeFrames();
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, "/d/e", PathWalk.FOLLOW));
        assertEquals(0, system.mounts().mount("none", mounted.root(), walk.place(), 0));
        make("/d/e/below", FileMode.S_IFDIR | 0755, "");
        Slot<OpenFile> opened = new Slot<>();
        int create = OpenFlags.O_CREAT | OpenFlags.O_RDWR;
        assertEquals(0, OpenCall.open(caller, AT_FDCWD, "/d/e/below/file", create, 0600, opened));
        assertEquals(10000, opened.get().write(caller, system.transfer(new byte[10000])));
        PathWalk top = new PathWalk(caller);
        assertEquals(0, top.resolve(AT_FDCWD, "/d/e", 0));
        assertEquals(-EBUSY, unmount(top.place(), 0));
        assertEquals(0, unmount(top.place(), MountFlags.MNT_DETACH));
        opened.get().seek(0, 0);
        assertEquals(10000, system.read(caller, opened.get(), 20000).length());
        opened.get().release();
        assertEquals(free, system.frames().freeFrames());
    }

    @Test
    void aDetachedMountTakesWhatIsMountedBelowWithIt() {
        TmpFileSystem upper = system.newTmpfs();
        TmpFileSystem lower = system.newTmpfs();
        long free = system.frames().freeFrames();
        mount(upper, "/d/e");
        make("/d/e/point", FileMode.S_IFDIR | 0755, "");
        mount(lower, "/d/e/point");
        writePage("/d/e/point/file");
        PathWalk top = new PathWalk(caller);
        assertEquals(0, top.resolve(AT_FDCWD, "/d/e", 0));
        assertEquals(-EBUSY, unmount(top.place(), 0));
        assertEquals(0, unmount(top.place(), MountFlags.MNT_DETACH));
        assertEquals(-1, system.mounts().next(system.mounts().top().id() + 1));
        assertEquals(free, system.frames().freeFrames());
        assertEquals(-EINVAL, unmount(top.place(), MountFlags.MNT_DETACH));
        assertEquals(-EINVAL, system.mounts().mount("none", lower.root(), top.place(), 0));
    }

    @Test
    void aTallTowerOfMountsComesDownWithoutBeingSearchedAgainForEachOfThem() {
        int stories = 10_000;
        for (int i = 0; i < stories; i++) {
            mount(system.newTmpfs(), "/d/e");
        }
        PathWalk top = new PathWalk(caller);
        assertEquals(0, top.resolve(AT_FDCWD, "/d/e", 0));
        Mount lowest = top.place().mount();
        while (!lowest.point().mount().isTop()) {
            lowest = lowest.point().mount();
        }
        assertEquals(0, unmount(lowest.rootPlace(), MountFlags.MNT_DETACH));
        assertEquals(-1, system.mounts().next(system.mounts().top().id() + 1));
    }

    @Test
    void aDirectoryOfAnUnmountedTmpfsTakesNoNewNames() {
        mount(system.newTmpfs(), "/d/e");
        PathWalk top = new PathWalk(caller);
        assertEquals(0, top.resolve(AT_FDCWD, "/d/e", 0));
        Directory left = (Directory) top.place().vnode();
        assertEquals(0, unmount(top.place(), MountFlags.MNT_DETACH));
        int mode = FileMode.S_IFREG | 0600;
        assertEquals(-ENOENT, left.create(Identity.KERNEL, "late", mode, 0, "", new Slot<>()));
    }

    private int unmount(Place place, int flags) {
        return new Unmounting(system.mounts()).unmount(place, flags);
    }

    private void mount(TmpFileSystem mounted, String path) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, path, PathWalk.FOLLOW));
        assertEquals(0, system.mounts().mount("none", mounted.root(), walk.place(), 0));
    }

    private void writePage(String path) {
        Slot<OpenFile> opened = new Slot<>();
        int create = OpenFlags.O_CREAT | OpenFlags.O_RDWR;
        assertEquals(0, OpenCall.open(caller, AT_FDCWD, path, create, 0600, opened));
        assertEquals(4096, opened.get().write(caller, system.transfer(new byte[4096])));
        opened.get().release();
    }

    @Test
    void nobodyLeavesHisRootUpwards() {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AT_FDCWD, "/d", 0));
        Place jail = walk.place();
        caller.fileContext().setRoot(jail);
        caller.fileContext().setCurrent(jail);
        assertSame(jail.vnode(), find("/"));
        assertSame(jail.vnode(), find("../../.."));
        assertEquals("/e", new PathOf("/e").text());
        assertEquals(-ENOENT, error(caller, "/d", 0));
    }

    /** The path of a place, as its owner sees it. */
    private final class PathOf {
        private final String text;

        PathOf(String path) {
            PathWalk walk = new PathWalk(caller);
            assertEquals(0, walk.resolve(AT_FDCWD, path, 0));
            text = walk.place().path(caller.fileContext().root());
        }

        String text() {
            return text;
        }
    }
}

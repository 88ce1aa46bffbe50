package biscotti.file;

import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import biscotti.abi.InodeFlags;
import biscotti.abi.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is immutable stays as it is, what is append-only grows, for the superuser too: ioctl_iflags(2). */
class FileFlagsTest {
    private static final int SYNC = 8;

    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller caller = system.newCaller();
    private final Directory top = system.root().root();
    private final Vnode file = create(top, "file", FileMode.S_IFREG | 0644);

    @AfterEach
    void close() {
        system.close();
    }

    private static Vnode create(Directory directory, String name, int mode) {
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, directory.create(Identity.KERNEL, name, mode, 0, "", made));
        return made.get();
    }

    private static void set(Vnode vnode, int flags) {
        assertEquals(0, FileFlags.change(Identity.KERNEL, vnode, flags));
        assertEquals(flags, vnode.inodeFlags());
    }

    private int open(int flags) {
        Slot<OpenFile> opened = new Slot<>();
        int error = OpenCall.open(caller, AtFlags.AT_FDCWD, "/file", flags, 0, opened);
        if (error == 0) {
            opened.get().release();
        }
        return error;
    }

    private void assertKept() {
        assertEquals(-EPERM, top.unlink(Identity.KERNEL, "file"));
        assertEquals(-EPERM, new Rename(Identity.KERNEL, top, "file", top, "other", 0).perform());
        assertFalse(Access.mayLink(Identity.KERNEL, file));
        assertEquals(-EPERM, file.changeMode(Identity.KERNEL, 0600));
        assertEquals(-EPERM, file.changeOwner(Identity.KERNEL, 1, 1));
    }

    @Test
    void anImmutableFileIsReadOnly() {
        set(file, InodeFlags.IMMUTABLE);
        assertEquals(0, open(OpenFlags.O_RDONLY));
        assertEquals(-EPERM, open(OpenFlags.O_WRONLY));
        assertEquals(-EPERM, open(OpenFlags.O_WRONLY | OpenFlags.O_APPEND));
        assertEquals(-EPERM, open(OpenFlags.O_RDONLY | OpenFlags.O_TRUNC));
        assertKept();
        set(file, 0);
        assertEquals(0, open(OpenFlags.O_WRONLY));
        assertEquals(0, top.unlink(Identity.KERNEL, "file"));
    }

    @Test
    void anAppendOnlyFileIsOpenedToAppend() {
        set(file, InodeFlags.APPEND);
        assertEquals(0, open(OpenFlags.O_RDONLY));
        assertEquals(-EPERM, open(OpenFlags.O_WRONLY));
        assertEquals(0, open(OpenFlags.O_WRONLY | OpenFlags.O_APPEND));
        assertEquals(-EPERM, open(OpenFlags.O_WRONLY | OpenFlags.O_APPEND | OpenFlags.O_TRUNC));
        assertKept();
    }

    @Test
    void directoriesKeepTheirNames() {
        Directory directory = (Directory) create(top, "directory", FileMode.S_IFDIR | 0755);
        create(directory, "file", FileMode.S_IFREG | 0644);
        set(directory, InodeFlags.APPEND);
        create(directory, "new", FileMode.S_IFREG | 0644);
        assertEquals(-EPERM, directory.unlink(Identity.KERNEL, "new"));
        assertEquals(-EPERM, new Rename(Identity.KERNEL, directory, "new", top, "new", 0).perform());
        set(directory, InodeFlags.IMMUTABLE);
        int error = directory.create(Identity.KERNEL, "newer", FileMode.S_IFREG, 0, "", new Slot<>());
        assertEquals(-EPERM, error);
        assertEquals(-EPERM, directory.unlink(Identity.KERNEL, "new"));
        set(directory, 0);
        assertEquals(0, directory.unlink(Identity.KERNEL, "new"));
    }

    @Test
    void someFlagsAreInheritedAndTimesOfAccessAreNotKept() {
        Directory directory = (Directory) create(top, "directory", FileMode.S_IFDIR | 0755);
        set(directory, InodeFlags.NO_DUMP | InodeFlags.NO_ACCESS_TIME | InodeFlags.APPEND);
        Vnode made = create(directory, "file", FileMode.S_IFREG | 0644);
        assertEquals(InodeFlags.NO_DUMP | InodeFlags.NO_ACCESS_TIME, made.inodeFlags());
        assertEquals(0, create(directory, "fifo", FileMode.S_IFIFO | 0644).inodeFlags());
        long before = made.accessTime();
        made.accessed(false);
        assertEquals(before, made.accessTime());
        file.accessed(false);
        assertEquals(system.root().now() - 1, file.accessTime());
    }

    @Test
    void theOwnerSetsWhatProtectsNothing() {
        Identity owner = new TestIdentity(100, 100);
        file.restore(file.mode(), 100, 100, 0);
        assertEquals(0, FileFlags.change(owner, file, InodeFlags.NO_DUMP));
        assertEquals(-EPERM, FileFlags.change(owner, file, InodeFlags.APPEND));
        assertEquals(-EPERM, FileFlags.change(new TestIdentity(200, 200), file, 0));
        set(file, InodeFlags.IMMUTABLE);
        assertEquals(-EPERM, FileFlags.change(owner, file, 0));
        assertEquals(-EOPNOTSUPP, FileFlags.change(Identity.KERNEL, file, SYNC));
    }
}

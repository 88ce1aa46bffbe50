package biscotti.file;

import static biscotti.abi.Errno.ENOENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import biscotti.abi.FileMode;
import org.junit.jupiter.api.Test;

class NameCacheTest {
    private static final int ROOM = 4;

    private final CachedNames names = new CachedNames(ROOM);
    private final Directory top = names.root();
    private final Slot<Vnode> found = new Slot<>();

    private Vnode make(String name) {
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, top.create(Identity.KERNEL, name, FileMode.S_IFREG | 0644, 0, "", made));
        return made.get();
    }

    private int readsFor(String... looked) {
        int before = names.reads;
        for (String name : looked) {
            top.lookup(name, found);
        }
        return names.reads - before;
    }

    @Test
    void whatWasFoundOrMadeIsNotReadAgain() {
        Vnode made = make("a");
        assertEquals(0, readsFor("a", "a"));
        assertSame(made, found.get());
    }

    @Test
    void aNameThatIsNotThereIsLookedForOnce() {
        assertEquals(1, readsFor("missing", "missing", "missing"));
        assertEquals(-ENOENT, top.lookup("missing", found));
        Vnode made = make("missing");
        assertEquals(0, top.lookup("missing", found));
        assertSame(made, found.get());
        assertEquals(0, top.unlink(Identity.KERNEL, "missing"));
        assertEquals(0, readsFor("missing"));
        assertEquals(-ENOENT, top.lookup("missing", found));
    }

    @Test
    void aRenamedFileIsFoundWhereItIs() {
        Vnode a = make("a");
        make("b");
        assertEquals(0, new Rename(Identity.KERNEL, top, "a", top, "b", 0).perform());
        assertEquals(0, readsFor("a", "b"));
        assertEquals(-ENOENT, top.lookup("a", found));
        assertEquals(0, top.lookup("b", found));
        assertSame(a, found.get());
    }

    @Test
    void whatIsAskedForStaysAndTheOthersGo() {
        for (int i = 0; i < ROOM; i++) {
            make("name" + i);
        }
        assertEquals(0, readsFor("name0", "name1"));
        make("another");
        make("yetAnother");
        assertEquals(0, readsFor("name0", "name1", "another", "yetAnother"));
        assertEquals(2, readsFor("name2", "name3"));
    }

    @Test
    void theSameNameInTwoDirectoriesIsTwo() {
        Slot<Vnode> made = new Slot<>();
        top.create(Identity.KERNEL, "below", FileMode.S_IFDIR | 0755, 0, "", made);
        Directory below = (Directory) made.get();
        make("a");
        assertEquals(-ENOENT, below.lookup("a", found));
        assertEquals(0, top.lookup("a", found));
    }

    @Test
    void aFileThatItsFileSystemForgotIsReadAgain() {
        Vnode made = make("a");
        assertEquals(true, made.forgetUnlessUsed());
        assertEquals(1, readsFor("a"));
    }
}

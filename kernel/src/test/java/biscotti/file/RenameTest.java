package biscotti.file;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EISDIR;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOTDIR;
import static biscotti.abi.Errno.ENOTEMPTY;
import static biscotti.abi.Errno.EPERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FileMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names are moved as rename(2) says, also when several threads do it at once. */
@Timeout(60)
class RenameTest {
    private static final int FILE = FileMode.S_IFREG | 0644;
    private static final int DIRECTORY = FileMode.S_IFDIR | 0777;

    private final TestSystem system = new TestSystem(4 << 20);
    private final Directory top = system.root().root();

    @AfterEach
    void close() {
        system.close();
    }

    private static Vnode make(Directory in, String name, int mode) {
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, in.create(Identity.KERNEL, name, mode, 0, "", made));
        return made.get();
    }

    private static Directory makeDirectory(Directory in, String name) {
        return (Directory) make(in, name, DIRECTORY);
    }

    private static int rename(Directory from, String oldName, Directory to, String newName, int flags) {
        return new Rename(Identity.KERNEL, from, oldName, to, newName, flags).perform();
    }

    private static Vnode find(Directory in, String name) {
        Slot<Vnode> found = new Slot<>();
        assertEquals(0, in.lookup(name, found), name);
        return found.get();
    }

    private static List<String> names(Directory directory) {
        List<String> names = new ArrayList<>();
        directory.list(null, 2, (name, number, type, next) -> names.add(name));
        return names;
    }

    @Test
    void aWhiteoutIsLeftWhereTheOldNameWas() {
        Vnode file = make(top, "a", FILE);
        assertEquals(0, rename(top, "a", top, "b", Rename.WHITEOUT));
        assertSame(file, find(top, "b"));
        assertEquals(FileMode.S_IFCHR, find(top, "a").mode());
        assertEquals(1, find(top, "a").links());
        Directory moved = makeDirectory(top, "d");
        Directory target = makeDirectory(top, "e");
        assertEquals(0, rename(top, "d", target, "f", Rename.WHITEOUT));
        assertSame(target, moved.parent());
        assertEquals(FileMode.S_IFCHR, find(top, "d").mode());
        assertEquals(3, top.links());
    }

    @Test
    void theNewNameReplacesTheOldFile() {
        Vnode first = make(top, "a", FILE);
        Vnode second = make(top, "b", FILE);
        assertEquals(0, rename(top, "a", top, "b", 0));
        assertSame(first, find(top, "b"));
        assertEquals(-ENOENT, top.lookup("a", new Slot<>()));
        assertEquals(0, second.links());
        assertEquals(1, first.links());
    }

    @Test
    void twoNamesOfOneFileStay() {
        Vnode file = make(top, "a", FILE);
        assertEquals(0, top.link(Identity.KERNEL, "b", file));
        assertEquals(0, rename(top, "a", top, "b", 0));
        assertEquals(List.of("a", "b"), names(top));
    }

    @Test
    void directoriesReplaceEmptyDirectoriesOnly() {
        Directory a = makeDirectory(top, "a");
        Directory b = makeDirectory(top, "b");
        make(b, "inside", FILE);
        make(top, "file", FILE);
        assertEquals(-ENOTEMPTY, rename(top, "a", top, "b", 0));
        assertEquals(-ENOTDIR, rename(top, "a", top, "file", 0));
        assertEquals(-EISDIR, rename(top, "file", top, "a", 0));
        assertEquals(0, b.unlink(Identity.KERNEL, "inside"));
        assertEquals(0, rename(top, "a", top, "b", 0));
        assertSame(a, find(top, "b"));
        assertTrue(b.removed());
        assertEquals(3, top.links());
        assertEquals(-ENOENT, b.create(Identity.KERNEL, "late", FILE, 0, "", new Slot<>()));
    }

    @Test
    void aDirectoryDoesNotMoveBelowItself() {
        Directory a = makeDirectory(top, "a");
        Directory b = makeDirectory(a, "b");
        assertEquals(-EINVAL, rename(top, "a", b, "c", 0));
        assertEquals(-EINVAL, rename(top, "a", a, "c", 0));
        assertEquals(-ENOTEMPTY, rename(a, "b", top, "a", 0));
    }

    @Test
    void aMovedDirectoryKnowsItsParentAndCountsItsLinks() {
        Directory a = makeDirectory(top, "a");
        Directory b = makeDirectory(top, "b");
        Directory moved = makeDirectory(a, "m");
        assertEquals(0, rename(a, "m", b, "n", 0));
        assertSame(b, moved.parent());
        assertEquals("n", moved.nameInParent());
        assertEquals(2, a.links());
        assertEquals(3, b.links());
    }

    @Test
    void flagsKeepOrExchangeWhatIsThere() {
        Vnode file = make(top, "file", FILE);
        Directory directory = makeDirectory(top, "directory");
        assertEquals(-EEXIST, rename(top, "file", top, "directory", Rename.NO_REPLACE));
        assertEquals(-ENOENT, rename(top, "file", top, "nothing", Rename.EXCHANGE));
        assertEquals(0, rename(top, "file", top, "directory", Rename.EXCHANGE));
        assertSame(directory, find(top, "file"));
        assertSame(file, find(top, "directory"));
        assertEquals("file", directory.nameInParent());
        assertEquals(3, top.links());
    }

    @Test
    void inAStickyDirectoryOnlyOwnersRemove() {
        Directory shared = (Directory) make(top, "tmp", DIRECTORY | FileMode.S_ISVTX);
        make(shared, "roots", FILE);
        Identity somebody = new TestIdentity(1000, 1000);
        assertEquals(-EPERM, shared.unlink(somebody, "roots"));
        assertEquals(-EPERM, new Rename(somebody, shared, "roots", shared, "mine", 0).perform());
        Slot<Vnode> own = new Slot<>();
        assertEquals(0, shared.create(somebody, "own", FILE, 0, "", own));
        assertEquals(0, shared.unlink(somebody, "own"));
    }

    @Test
    void aListingGoesOnWhereItStoodWhateverComesAndGoes() {
        for (int i = 0; i < 100; i++) {
            make(top, "f" + i, FILE);
        }
        List<String> seen = new ArrayList<>();
        long position = top.list(null, 2, (name, number, type, next) -> seen.size() < 50 && seen.add(name));
        for (int i = 0; i < 100; i += 2) {
            assertEquals(0, top.unlink(Identity.KERNEL, "f" + i));
        }
        make(top, "late", FILE);
        top.list(null, position, (name, number, type, next) -> seen.add(name));
        assertEquals(50 + 25 + 1, seen.size());
        assertEquals("late", seen.getLast());
    }

    /** Two threads rename over the same name while a third looks: it never misses the name. */
    @Test
    void aReplacedNameIsNeverMissing() throws InterruptedException {
        make(top, "target", FILE);
        Runnable renamer = () -> {
            String own = "own" + Thread.currentThread().threadId();
            for (int i = 0; i < 2000; i++) {
                make(top, own, FILE);
                assertEquals(0, rename(top, own, top, "target", 0));
            }
        };
        system.run(renamer, renamer, () -> {
            for (int i = 0; i < 20000; i++) {
                find(top, "target");
            }
        });
        assertEquals(List.of("target"), names(top));
    }

    /** Threads move directories into one another at random: the tree stays a tree, and link counts stay right. */
    @Test
    void directoriesMovedAtOnceStayATree() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<Directory> all = new ArrayList<>(List.of(top));
        for (int i = 0; i < 8; i++) {
            all.add(makeDirectory(top, "d" + i));
        }
        Runnable mover = () -> {
            Random random = new Random(seed + Thread.currentThread().threadId());
            for (int i = 0; i < 3000; i++) {
                Directory from = all.get(random.nextInt(all.size()));
                Directory to = all.get(random.nextInt(all.size()));
                String name = "d" + random.nextInt(8);
                rename(from, name, to, name, random.nextInt(4) == 0 ? Rename.NO_REPLACE : 0);
            }
        };
        system.run(mover, mover, mover);
        TreeMap<String, Integer> reached = new TreeMap<>();
        List<Directory> rest = new ArrayList<>(List.of(top));
        while (!rest.isEmpty()) {
            Directory at = rest.removeLast();
            List<String> below = names(at);
            assertEquals(2 + below.size(), at.links());
            for (String name : below) {
                Directory child = (Directory) find(at, name);
                assertSame(at, child.parent());
                assertEquals(name, child.nameInParent());
                reached.merge(name, 1, Integer::sum);
                rest.add(child);
            }
        }
        assertTrue(reached.values().stream().allMatch(count -> count == 1), reached::toString);
    }
}

package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FileMode;
import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.Rename;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that come and go are there or not as a model says, for us, for the next mount, and for e2fsck(8) and debugfs(8). */
@Timeout(300)
class Ext4NamesTest {
    private static final int STEPS = Integer.getInteger("names.steps", 3000);
    private static final long SEED = Long.getLong("names.seed", System.nanoTime());
    private static final int TYPES = 5;
    private static final int LINKS = 50_000;

    private final TestSystem system = new TestSystem(64 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final TestCaller caller = system.newCaller();
    private final Identity root = caller.identity();

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    private Path image(String size, String options) throws IOException {
        return TestImage.make(scratch, Files.createDirectory(scratch.resolve("none")), size, options.split(" "));
    }

    private Ext4FileSystem mount(SimulatedDisk disk) {
        Slot<FileSystem> made = new Slot<>();
        assertEquals(
                0,
                Ext4FileSystem.open(
                        cache, disk, "ext4", false, system.devices(), () -> 1_700_000_000_000_000_000L, made),
                system.machine().log());
        return (Ext4FileSystem) made.get();
    }

    private static Vnode find(Directory directory, String name) {
        Slot<Vnode> found = new Slot<>();
        assertEquals(0, directory.lookup(name, found), name);
        return found.get();
    }

    /** All names of a directory, some at a time; none comes twice. */
    private Set<String> list(Directory directory, int atOnce) {
        Set<String> names = new TreeSet<>();
        long position = 0;
        long before = -1;
        while (position != before) {
            before = position;
            int[] left = {atOnce};
            position = directory.list(caller, position, (name, number, type, next) -> {
                if (left[0]-- == 0) {
                    return false;
                }
                assertTrue(names.add(name), name + " twice");
                return true;
            });
            assertTrue(position >= 0, "error " + position);
        }
        assertTrue(names.remove("."));
        assertTrue(names.remove(".."));
        return names;
    }

    private void check(Path file, SimulatedDisk disk) throws IOException {
        disk.save(file);
        TestImage.run("/usr/sbin/e2fsck", "-fn", file.toString());
    }

    /** A file of the model: what it has, and for a directory what is in it. */
    private static final class Node {
        final int type;
        final String target;
        final Map<String, Node> names = new TreeMap<>();
        Node parent;
        int links;

        Node(int type, String target) {
            this.type = type;
            this.target = target;
        }

        boolean isDirectory() {
            return type == FileMode.S_IFDIR;
        }

        boolean isAbove(Node other) {
            Node at = other;
            while (at != this && at.parent != at) {
                at = at.parent;
            }
            return at == this;
        }
    }

    private final class Walk {
        final Random random = new Random(SEED);
        final Node top = new Node(FileMode.S_IFDIR, "");
        final List<Node> directories = new ArrayList<>(List.of(top));

        Walk() {
            top.parent = top;
            top.names.put("lost+found", new Node(FileMode.S_IFDIR, ""));
            top.names.get("lost+found").parent = top;
        }

        Directory real(Directory realTop, Node node) {
            if (node == top) {
                return (Directory) realTop;
            }
            for (Map.Entry<String, Node> entry : node.parent.names.entrySet()) {
                if (entry.getValue() == node) {
                    return (Directory) find(real(realTop, node.parent), entry.getKey());
                }
            }
            throw new AssertionError();
        }

        String newName() {
            int length = random.nextInt(6) == 0 ? 200 + random.nextInt(50) : random.nextInt(40);
            return "n" + random.nextInt(400) + "x".repeat(length);
        }

        Node someDirectory() {
            return directories.get(random.nextInt(directories.size()));
        }

        String someName(Node in) {
            List<String> names = new ArrayList<>(in.names.keySet());
            names.remove("lost+found");
            return names.isEmpty() || random.nextInt(10) == 0 ? newName() : names.get(random.nextInt(names.size()));
        }

        void step(Directory realTop) {
            Node in = someDirectory();
            Directory directory = real(realTop, in);
            int what = random.nextInt(10);
            if (what < 5) {
                make(directory, in);
            } else if (what < 7) {
                take(directory, in);
            } else if (what < 9) {
                Node to = someDirectory();
                rename(directory, in, real(realTop, to), to);
            } else {
                link(directory, in);
            }
        }

        void make(Directory directory, Node in) {
            int type = switch (random.nextInt(TYPES + 4)) {
                case 0 -> directories.size() < 20 ? FileMode.S_IFDIR : FileMode.S_IFREG;
                case 1 -> FileMode.S_IFLNK;
                case 2 -> FileMode.S_IFCHR;
                case 3 -> FileMode.S_IFIFO;
                default -> FileMode.S_IFREG;
            };
            String target = type == FileMode.S_IFLNK ? "t".repeat(1 + random.nextInt(120)) : "";
            String name = newName();
            Slot<Vnode> made = new Slot<>();
            int error = directory.create(root, name, type | 0644, type == FileMode.S_IFCHR ? 0x103 : 0, target, made);
            if (in.names.containsKey(name)) {
                assertEquals(-biscotti.abi.Errno.EEXIST, error);
                return;
            }
            assertEquals(0, error, name);
            Node node = new Node(type, target);
            node.links = 1;
            node.parent = in;
            in.names.put(name, node);
            if (node.isDirectory()) {
                directories.add(node);
            }
        }

        void take(Directory directory, Node in) {
            String name = someName(in);
            Node node = in.names.get(name);
            if (node == null) {
                assertEquals(-ENOENT, directory.unlink(root, name));
            } else if (!node.isDirectory()) {
                assertEquals(0, directory.unlink(root, name));
                in.names.remove(name);
                node.links--;
            } else if (node.names.isEmpty()) {
                assertEquals(0, directory.removeDirectory(root, name));
                in.names.remove(name);
                directories.remove(node);
            } else {
                assertEquals(-biscotti.abi.Errno.ENOTEMPTY, directory.removeDirectory(root, name));
            }
        }

        void rename(Directory from, Node in, Directory to, Node into) {
            String old = someName(in);
            String name = random.nextBoolean() ? newName() : someName(into);
            Node moved = in.names.get(old);
            Node victim = into.names.get(name);
            boolean exchanges = random.nextInt(4) == 0;
            int error = new Rename(root, from, old, to, name, exchanges ? Rename.EXCHANGE : 0).perform();
            boolean fits = moved != null
                    && !(moved.isDirectory() && moved.isAbove(into))
                    && (exchanges
                            ? victim != null && !(victim.isDirectory() && victim.isAbove(in))
                            : victim == null
                                    || moved == victim
                                    || moved.isDirectory() == victim.isDirectory() && victim.names.isEmpty());
            assertEquals(fits, error == 0, old + " to " + name + ": " + error);
            if (!fits || moved == victim) {
                return;
            }
            in.names.remove(old);
            into.names.put(name, moved);
            moved.parent = moved.isDirectory() ? into : moved.parent;
            if (exchanges) {
                in.names.put(old, victim);
                victim.parent = victim.isDirectory() ? in : victim.parent;
            } else if (victim != null) {
                victim.links--;
                directories.remove(victim);
            }
        }

        void link(Directory directory, Node in) {
            String name = someName(in);
            Node node = in.names.get(name);
            String other = newName();
            if (node == null || node.isDirectory() || in.names.containsKey(other)) {
                return;
            }
            assertEquals(0, directory.link(root, other, find(directory, name)));
            in.names.put(other, node);
            node.links++;
        }

        void compare(Directory realTop) {
            for (Node node : directories) {
                Directory directory = real(realTop, node);
                assertEquals(node.names.keySet(), list(directory, 1 + random.nextInt(60)));
                for (Map.Entry<String, Node> entry : node.names.entrySet()) {
                    Vnode vnode = find(directory, entry.getKey());
                    Node expected = entry.getValue();
                    assertEquals(expected.type, vnode.mode() & FileMode.S_IFMT);
                    if (expected.type == FileMode.S_IFLNK) {
                        Slot<String> target = new Slot<>();
                        assertEquals(
                                0, assertInstanceOf(SymbolicLink.class, vnode).target(caller, target));
                        assertEquals(expected.target, target.get());
                    }
                    if (!expected.isDirectory()) {
                        assertEquals(expected.links, vnode.links());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext4 -b 4096",
                "-t ext4 -b 1024",
                "-t ext4 -b 1024 -O ^dir_index",
                "-t ext4 -b 1024 -O ^metadata_csum,^64bit -I 128",
                "-t ext4 -b 2048 -O ^metadata_csum -E hash_seed=11111111-2222-3333-4444-555555555555"
            })
    void namesComeAndGoAsAModelSays(String options) throws Exception {
        Path image = image("48M", options);
        SimulatedDisk disk = SimulatedDisk.of(system.scheduler(), image);
        Path saved = scratch.resolve("saved");
        Walk walk = new Walk();
        system.run(() -> {
            try {
                for (int round = 0; round < 3; round++) {
                    Ext4FileSystem ext4 = mount(disk);
                    walk.compare(ext4.root());
                    for (int i = 0; i < STEPS; i++) {
                        walk.step(ext4.root());
                    }
                    walk.compare(ext4.root());
                    ext4.unmounted();
                    check(saved, disk);
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + SEED, e);
            }
        });
        String listed = TestImage.run("/usr/sbin/debugfs", "-R", "ls -p /", saved.toString());
        Set<String> names = new TreeSet<>();
        listed.lines()
                .filter(line -> line.startsWith("/") && !line.startsWith("/0/"))
                .forEach(line -> names.add(line.split("/")[5]));
        names.removeAll(Set.of(".", ".."));
        assertEquals(walk.top.names.keySet(), names);
    }

    /** Threads that change and look for the same names: what they leave is right. */
    @ParameterizedTest
    @ValueSource(strings = {"-t ext4 -b 1024", "-t ext4 -b 4096 -O ^dir_index"})
    void manyThreadsChangeTheSameNames(String options) throws Exception {
        SimulatedDisk disk = SimulatedDisk.of(system.scheduler(), image("48M", options));
        Path saved = scratch.resolve("saved");
        Ext4FileSystem[] mounted = new Ext4FileSystem[1];
        system.run(() -> {
            mounted[0] = mount(disk);
            for (int i = 0; i < 3; i++) {
                int error = mounted[0].root().create(root, "d" + i, FileMode.S_IFDIR | 0755, 0, "", new Slot<>());
                assertEquals(0, error);
            }
        });
        Runnable[] threads = new Runnable[4];
        for (int i = 0; i < threads.length; i++) {
            Random random = new Random(SEED + i);
            threads[i] = () -> {
                for (int step = 0; step < STEPS / 2; step++) {
                    disturb(mounted[0].root(), random);
                }
            };
        }
        system.run(threads);
        system.run(() -> {
            try {
                Directory top = mounted[0].root();
                for (String name : list(top, 7)) {
                    if (find(top, name) instanceof Directory directory) {
                        list(directory, 50).forEach(inside -> find(directory, inside));
                    }
                }
                mounted[0].unmounted();
                check(saved, disk);
            } catch (IOException e) {
                throw new AssertionError("seed " + SEED, e);
            }
        });
    }

    /** Anything may fail here, as others do the same; but nothing with an error of the disk. */
    private void disturb(Directory top, Random random) {
        Directory one = (Directory) find(top, "d" + random.nextInt(3));
        Directory other = (Directory) find(top, "d" + random.nextInt(3));
        String name = "name " + random.nextInt(60) + "y".repeat(random.nextInt(3) * 40);
        String second = "name " + random.nextInt(60);
        Slot<Vnode> slot = new Slot<>();
        int error = switch (random.nextInt(8)) {
            case 0, 1 -> one.create(root, name, FileMode.S_IFREG | 0644, 0, "", slot);
            case 2 -> one.create(root, name, FileMode.S_IFDIR | 0755, 0, "", slot);
            case 3 -> one.unlink(root, name);
            case 4 -> one.removeDirectory(root, name);
            case 5 -> new Rename(root, one, name, other, second, random.nextInt(2) * Rename.EXCHANGE).perform();
            case 6 ->
                one.lookup(name, slot) == 0 && !(slot.get() instanceof Directory)
                        ? other.link(root, second, slot.get())
                        : 0;
            default -> one.lookup(name, slot);
        };
        assertTrue(
                error != -biscotti.abi.Errno.EUCLEAN
                        && error != -biscotti.abi.Errno.EIO
                        && error != -biscotti.abi.Errno.EROFS,
                "error " + error);
    }

    /** A listing goes on while blocks are divided, and a directory of one block gets its index. */
    @ParameterizedTest
    @ValueSource(strings = {"-t ext4 -b 1024", "-t ext4 -b 1024 -O ^dir_index", "-t ext4 -b 4096"})
    void namesThatStayAreToldOnceWhileOthersComeAndGo(String options) throws Exception {
        SimulatedDisk disk = SimulatedDisk.of(system.scheduler(), image("16M", options));
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk);
            Directory top = ext4.root();
            Slot<Vnode> made = new Slot<>();
            assertEquals(0, top.create(root, "file", FileMode.S_IFREG | 0644, 0, "", made));
            Vnode file = made.get();
            Set<String> stay = new TreeSet<>(Set.of("file", "lost+found"));
            for (int i = 0; i < 30; i++) {
                assertEquals(0, top.link(root, "stays " + i, file));
                stay.add("stays " + i);
            }
            Set<String> told = new TreeSet<>();
            long position = 0;
            long before = -1;
            int next = 0;
            while (position != before) {
                before = position;
                int[] left = {3};
                position = top.list(caller, position, (name, number, type, after) -> {
                    if (left[0]-- == 0) {
                        return false;
                    }
                    assertTrue(told.add(name) || !stay.contains(name), name + " twice");
                    return true;
                });
                for (int i = 0; i < 20 && next < 2000; i++, next++) {
                    assertEquals(0, top.link(root, "comes " + next, file));
                    if (next % 3 == 2) {
                        assertEquals(0, top.unlink(root, "comes " + (next - 1)));
                    }
                }
            }
            assertTrue(told.containsAll(stay));
            ext4.unmounted();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t ext4 -b 4096 -N 1000", "-t ext4 -b 1024 -N 1000 -O large_dir"})
    void largeDirectoriesGetLevelsOfIndex(String options) throws Exception {
        int count = Integer.getInteger("names.many", 100_000);
        Path image = image("96M", options);
        SimulatedDisk disk = SimulatedDisk.of(system.scheduler(), image);
        Path saved = scratch.resolve("saved");
        system.run(() -> {
            try {
                Ext4FileSystem ext4 = mount(disk);
                Directory top = ext4.root();
                Slot<Vnode> made = new Slot<>();
                assertEquals(0, top.create(root, "d", FileMode.S_IFDIR | 0755, 0, "", made));
                Directory directory = (Directory) made.get();
                Vnode[] files = new Vnode[1 + count / LINKS];
                for (int i = 0; i < files.length; i++) {
                    assertEquals(0, top.create(root, "file" + i, FileMode.S_IFREG | 0644, 0, "", made));
                    files[i] = made.get();
                }
                for (int i = 0; i < count; i++) {
                    assertEquals(0, directory.link(root, "name number " + i, files[i / LINKS]), "name " + i);
                }
                for (int i = 0; i < count; i += 97) {
                    assertEquals(files[i / LINKS], find(directory, "name number " + i));
                }
                assertEquals(count, list(directory, 300).size());
                for (int i = 0; i < count; i += 2) {
                    assertEquals(0, directory.unlink(root, "name number " + i), "name " + i);
                }
                assertEquals(count / 2, list(directory, 300).size());
                ext4.unmounted();
                check(saved, disk);
                assertTrue(TestImage.run("/usr/sbin/debugfs", "-R", "htree_dump /d", saved.toString())
                        .contains("Number of entries"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}

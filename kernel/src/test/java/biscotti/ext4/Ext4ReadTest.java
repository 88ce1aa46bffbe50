package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOENT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.DeviceNumber;
import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.CachedFile;
import biscotti.file.DataVnode;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What mke2fs(8) put into an image is what is read from it; what is damaged is told, and does no harm. */
@Timeout(300)
class Ext4ReadTest {
    private static final long NANOS = 1_000_000_000L;
    private static final int MANY = 1500;

    private final TestSystem system = new TestSystem(64 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final TestCaller caller = system.newCaller();

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    private int open(SimulatedDisk disk, Slot<FileSystem> made) {
        return Ext4FileSystem.open(cache, disk, "ext4", true, system.devices(), () -> 0, made);
    }

    private Ext4FileSystem mount(SimulatedDisk disk) {
        Slot<FileSystem> made = new Slot<>();
        assertEquals(0, open(disk, made), system.machine().log());
        return (Ext4FileSystem) made.get();
    }

    private SimulatedDisk disk(Path image) {
        try {
            return SimulatedDisk.of(system.scheduler(), image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vnode find(Directory directory, String name) {
        Slot<Vnode> found = new Slot<>();
        assertEquals(0, directory.lookup(name, found), name);
        return found.get();
    }

    private Set<String> list(Directory directory, int atOnce) {
        Set<String> names = new TreeSet<>();
        long position = 0;
        long before = -1;
        while (position != before) {
            before = position;
            int[] taken = {0};
            position = directory.list(caller, position, (name, number, type, next) -> {
                if (taken[0] == atOnce) {
                    return false;
                }
                taken[0]++;
                assertTrue(names.add(name), name + " twice");
                return true;
            });
            assertTrue(position >= 0, "error " + position);
        }
        return names;
    }

    private byte[] content(Vnode file) {
        byte[] bytes = new byte[(int) file.size()];
        assertEquals(bytes.length, file.readAt(system.transfer(bytes), 0));
        return bytes;
    }

    private void compare(Path expected, Vnode vnode) throws IOException {
        String name = expected.toString();
        Map<String, Object> attributes = Files.readAttributes(expected, "unix:*", LinkOption.NOFOLLOW_LINKS);
        assertEquals(attributes.get("mode"), vnode.mode(), name);
        assertEquals(attributes.get("uid"), vnode.userId(), name);
        assertEquals(attributes.get("gid"), vnode.groupId(), name);
        if (vnode instanceof SymbolicLink link) {
            Slot<String> target = new Slot<>();
            assertEquals(0, link.target(caller, target), name);
            assertEquals(Files.readSymbolicLink(expected).toString(), target.get());
            assertEquals(target.get().length(), link.size());
        } else if (vnode instanceof Directory directory) {
            Set<String> names = list(directory, 7);
            try (Stream<Path> children = Files.list(expected)) {
                for (Path child : (Iterable<Path>) children::iterator) {
                    String inside = child.getFileName().toString();
                    assertTrue(names.remove(inside), inside);
                    Vnode found = find(directory, inside);
                    assertSame(found, find(directory, inside));
                    compare(child, found);
                }
            }
            names.remove("lost+found");
            assertEquals(Set.of(".", ".."), names, name);
        } else {
            assertEquals(attributes.get("nlink"), vnode.links(), name);
            assertEquals(Files.getLastModifiedTime(expected).toMillis() / 1000, vnode.modifyTime() / NANOS, name);
            assertArrayEquals(Files.readAllBytes(expected), content(vnode), name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext4 -b 4096",
                "-t ext4 -b 1024",
                "-t ext4 -b 2048 -O ^64bit,^flex_bg",
                "-t ext4 -b 4096 -O metadata_csum_seed,orphan_file -I 512",
                "-t ext4 -b 1024 -O meta_bg,^resize_inode -g 1024",
                "-t ext4 -b 1024 -O ^metadata_csum,uninit_bg -I 128",
                "-t ext3 -b 4096",
                "-t ext2 -b 1024",
                "-t ext2 -b 4096 -r 0 -O none"
            })
    void aTreeIsReadAsItWasPutIn(String options) throws Exception {
        Path tree = TestImage.tree(scratch, MANY);
        SimulatedDisk disk = disk(TestImage.make(scratch, tree, "40M", options.split(" ")));
        disk.record();
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk);
            try {
                Directory top = ext4.root();
                compare(tree, top);
                assertSame(find(top, "large"), find((Directory) find(top, "d0"), "other name"));
                assertEquals(-ENOENT, top.lookup("not there", new Slot<>()));
                assertSame(top, ((Directory) find(top, "d0")).parent());
                DataVnode far = (DataVnode) find(top, "far");
                long start = far.nextData(0);
                assertTrue(start > 0 && start <= 200_000_000 && start >= 200_000_000 - 4096, "data at " + start);
                assertEquals(200_000_003, far.nextHole(200_000_000));
                assertEquals(0, far.nextHole(0));
                assertEquals(0, ext4.configure("minixdf"));
                assertEquals(
                        40L << 20,
                        ext4.statistics().blocks() * ext4.statistics().blockSize());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            long used = system.frames().freeFrames();
            ext4.unmounted();
            assertTrue(system.frames().freeFrames() > used, "its pages have gone");
        });
        assertEquals(List.of(), disk.events());
    }

    @Test
    void devicesAndTimesAreRead() throws Exception {
        Path image = TestImage.make(scratch, Files.createDirectory(scratch.resolve("none")), "4M", "-t", "ext4");
        TestImage.change(image, "mknod null c 1 3");
        TestImage.change(image, "mknod wide b 300 60000");
        TestImage.change(image, "mknod fifo p");
        TestImage.change(image, "sif null mtime 20");
        TestImage.change(image, "sif null mtime_extra " + (123_456_789L << 2 | 1));
        SimulatedDisk disk = disk(image);
        system.run(() -> {
            Directory top = mount(disk).root();
            Vnode device = find(top, "null");
            assertEquals(DeviceNumber.of(1, 3), device.deviceNumber());
            assertEquals(DeviceNumber.of(300, 60000), find(top, "wide").deviceNumber());
            assertEquals(0, find(top, "fifo").deviceNumber());
            assertEquals(123_456_789, device.modifyTime() % NANOS);
            assertEquals(1L << 32, device.modifyTime() / NANOS & ~0xfffffffL);
        });
    }

    @Test
    void whatIsUnknownIsRefusedWithAReason() throws Exception {
        SimulatedDisk disk = disk(TestImage.make(
                scratch, Files.createDirectory(scratch.resolve("none")), "4M", "-t", "ext4", "-O", "inline_data"));
        SimulatedDisk empty = new SimulatedDisk(system.scheduler(), "sdb", 4096, 8);
        system.run(() -> {
            assertEquals(-EINVAL, open(disk, new Slot<>()));
            assertTrue(system.machine().log().contains("ext4 on sim: it has unknown incompatible features: 0x8000"));
            assertEquals(-EINVAL, open(empty, new Slot<>()));
            assertTrue(system.machine().log().contains("ext4 on sdb: there is no ext4 here"));
        });
    }

    /** What a machine that stopped has left in the journal is found, and nobody has to look for it again. */
    @Test
    void theJournalIsReplayedAlsoForReading() throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("old"));
        Files.writeString(tree.resolve("file"), "old".repeat(2000));
        Path image = TestImage.make(scratch, tree, "16M", "-t", "ext4", "-b", "4096");
        String block = TestImage.run("/usr/sbin/debugfs", "-R", "bmap /file 0", image.toString())
                .lines()
                .reduce("", (before, line) -> line)
                .trim();
        Path content = Files.writeString(scratch.resolve("new"), "new!".repeat(1024));
        Path commands = Files.writeString(
                scratch.resolve("commands"),
                "journal_open -c -v 3\njournal_write -b " + block + " " + content + "\njournal_close\n");
        TestImage.run("/usr/sbin/debugfs", "-w", "-f", commands.toString(), image.toString());
        assertTrue(features(image).contains("needs_recovery"));
        SimulatedDisk disk = disk(image);
        system.run(() -> {
            Ext4FileSystem fileSystem = mount(disk);
            fileSystem.gainedMount();
            byte[] bytes = content(find(fileSystem.root(), "file"));
            assertEquals("new!new!", new String(bytes, 0, 8));
            assertEquals("ldold", new String(bytes, 5995, 5));
            fileSystem.lostMount();
        });
        Path after = scratch.resolve("after");
        disk.save(after);
        assertFalse(features(after).contains("needs_recovery"));
        TestImage.run("/usr/sbin/e2fsck", "-fn", after.toString());
    }

    private static String features(Path image) {
        return TestImage.run("/usr/sbin/dumpe2fs", "-h", image.toString())
                .lines()
                .filter(line -> line.startsWith("Filesystem features"))
                .findFirst()
                .orElse("");
    }

    /** A mapping outlives umount -l: what it has not read yet is EIO, and its program gets SIGBUS, not a fault for ever. */
    @Test
    void whatIsReadAfterTheLastMountHasGoneIsAnError() throws Exception {
        Path tree = Files.createDirectory(scratch.resolve("large"));
        Files.write(tree.resolve("file"), new byte[400_000]);
        SimulatedDisk disk = disk(TestImage.make(scratch, tree, "4M", "-t", "ext2"));
        system.run(() -> {
            Ext4FileSystem fileSystem = mount(disk);
            fileSystem.gainedMount();
            CachedFile file = (CachedFile) find(fileSystem.root(), "file");
            file.mapped();
            fileSystem.lostMount();
            assertEquals(-EIO, file.frameFor(90, false));
            file.unmapped();
        });
    }

    /** A tree of so many directories, {@code d0} and so on, with so many empty files each, {@code f0} and so on. */
    private Path crowds(int directories, int files) throws IOException {
        Path tree = Files.createDirectory(scratch.resolve("crowds"));
        for (int i = 0; i < directories; i++) {
            Path directory = Files.createDirectory(tree.resolve("d" + i));
            for (int j = 0; j < files; j++) {
                Files.createFile(directory.resolve("f" + j));
            }
        }
        return tree;
    }

    /** Memory of the heap is short: what nobody uses goes, used lately or not, and is found again; what is in use stays the same. */
    @Test
    void filesThatNobodyUsesGoWhenTheHeapIsShort() throws Exception {
        Path tree = crowds(3, 10);
        SimulatedDisk disk = disk(TestImage.make(scratch, tree, "4M", "-t", "ext4"));
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk);
            Vnode kept = find((Directory) find(ext4.root(), "d0"), "f0");
            assertTrue(kept.retain());
            Vnode[] others = new Vnode[30];
            for (int i = 0; i < others.length; i++) {
                others[i] = find((Directory) find(ext4.root(), "d" + i / 10), "f" + i % 10);
            }
            long perFile = 512;
            long perName = 192;
            assertEquals(
                    (29 + 3) * perFile + (30 + 3) * perName,
                    ext4.shrink(),
                    "all names, and all files but the one in use and the top");
            assertEquals(0, ext4.shrink());
            assertSame(kept, find((Directory) find(ext4.root(), "d0"), "f0"));
            assertFalse(others[15].retain());
            assertNotSame(others[15], find((Directory) find(ext4.root(), "d1"), "f5"));
            kept.release();
        });
    }

    /** More files than fit into the table: those that nobody uses go, those in use stay the same. */
    @Test
    void filesThatNobodyUsesGoFromMemory() throws Exception {
        Path tree = crowds(60, 300);
        SimulatedDisk disk = disk(TestImage.make(scratch, tree, "40M", "-t", "ext4", "-N", "20000"));
        system.run(() -> {
            Directory top = mount(disk).root();
            Vnode kept = find((Directory) find(top, "d0"), "f0");
            assertTrue(kept.retain());
            for (int i = 0; i < 60; i++) {
                for (int j = 0; j < 300; j++) {
                    find((Directory) find(top, "d" + i), "f" + j);
                }
            }
            assertSame(kept, find((Directory) find(top, "d0"), "f0"));
            kept.release();
        });
    }

    /** Reads all that can be reached. */
    private void readAll(Directory top, Set<Vnode> seen) {
        List<Directory> left = new java.util.ArrayList<>(List.of(top));
        byte[] piece = new byte[5000];
        Slot<String> target = new Slot<>();
        while (!left.isEmpty() && seen.size() < 500) {
            Directory directory = left.removeLast();
            Set<String> names = new HashSet<>();
            directory.list(caller, 0, (name, number, type, next) -> names.add(name) && names.size() < 300);
            names.removeAll(Set.of(".", ".."));
            for (String name : names) {
                Slot<Vnode> found = new Slot<>();
                if (directory.lookup(name, found) == 0 && seen.add(found.get())) {
                    if (found.get() instanceof Directory child) {
                        left.add(child);
                    } else if (found.get() instanceof SymbolicLink link) {
                        link.target(caller, target);
                    } else if (found.get() instanceof DataVnode file) {
                        for (long at : new long[] {0, 13_000, 300_000, file.size() - 100, Long.MAX_VALUE / 3}) {
                            file.readAt(system.transfer(piece), Math.max(0, at));
                        }
                        file.nextData(Math.max(0, file.size() - 9000));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t ext4 -b 1024 -O ^metadata_csum", "-t ext4 -b 4096", "-t ext2 -b 1024"})
    void damagedImagesAreErrorsAndNoMore(String options) throws Exception {
        long seed = System.nanoTime();
        Path tree = TestImage.tree(scratch, 40);
        Files.delete(tree.resolve("large"));
        Files.delete(tree.resolve("d0/other name"));
        Path image = TestImage.make(scratch, tree, "12M", options.split(" "));
        SimulatedDisk good = disk(image);
        SimulatedDisk disk = disk(image);
        List<Long> places = structures(good, (int) good.bytes());
        Random random = new Random(seed);
        system.run(() -> {
            for (int round = 0; round < 150; round++) {
                disk.copyFrom(good);
                byte[] one = new byte[1];
                for (int i = random.nextInt(12); i >= 0; i--) {
                    long place = places.get(random.nextInt(places.size())) + random.nextInt(1024);
                    disk.get(place, one);
                    one[0] ^= (byte) (1 << random.nextInt(8));
                    disk.put(place, one, 0, 1);
                }
                Slot<FileSystem> made = new Slot<>();
                try {
                    if (open(disk, made) == 0) {
                        readAll(((Ext4FileSystem) made.get()).root(), new HashSet<>());
                        ((Ext4FileSystem) made.get()).unmounted();
                    }
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + " round " + round, e);
                }
            }
        });
    }

    /** Where the image has something: nearly all of it structures, as the files are small. */
    private static List<Long> structures(SimulatedDisk disk, int length) {
        List<Long> places = new java.util.ArrayList<>();
        byte[] block = new byte[1024];
        byte[] zeros = new byte[1024];
        for (long at = 0; at < length; at += block.length) {
            disk.get(at, block);
            if (!Arrays.equals(block, zeros)) {
                places.add(at);
            }
        }
        return places;
    }
}

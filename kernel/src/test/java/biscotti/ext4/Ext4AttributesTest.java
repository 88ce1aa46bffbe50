package biscotti.ext4;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static biscotti.abi.Errno.ERANGE;
import static biscotti.abi.Errno.EUCLEAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FileMode;
import biscotti.abi.Mman;
import biscotti.abi.Xattr;
import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import biscotti.file.attribute.Attributes;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extended attributes are what a model says, for us, for the next mount, for e2fsck(8) and debugfs(8). */
@Timeout(300)
class Ext4AttributesTest {
    private static final int STEPS = Integer.getInteger("attributes.steps", 1500);
    private static final long SEED = Long.getLong("attributes.seed", System.nanoTime());
    private static final int FILES = 5;
    private static final int BUFFER = 1 << 17;
    private static final String[] PREFIXES = {"user.", "trusted.", "security."};

    private final TestSystem system = new TestSystem(96 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final UserMemory memory = system.newCaller().memory();
    private final Identity root = system.newCaller().identity();
    private long buffer;

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    /** What a test does. */
    private interface Body {
        void run() throws IOException;
    }

    private void run(Body body) throws InterruptedException {
        system.run(() -> {
            buffer = memory.space().map(0, BUFFER, 3, Mman.MAP_PRIVATE, 0, AddressSpace.zeros(), 0);
            try {
                body.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private Path image(String options) throws IOException {
        Path none = Files.createDirectories(scratch.resolve("none"));
        return TestImage.make(scratch, none, "16M", options.split(" "));
    }

    private SimulatedDisk disk(Path image) throws IOException {
        return SimulatedDisk.of(system.scheduler(), image);
    }

    private Ext4FileSystem mount(SimulatedDisk disk, boolean readOnly, String options) {
        Slot<FileSystem> made = new Slot<>();
        int error = Ext4FileSystem.open(
                cache, disk, "ext4", readOnly, options, system.devices(), () -> 1_700_000_000_000_000_000L, made);
        assertEquals(0, error, system.machine().log());
        made.get().gainedMount();
        return (Ext4FileSystem) made.get();
    }

    private Ext4FileSystem mount(SimulatedDisk disk) {
        return mount(disk, false, "");
    }

    private Path save(SimulatedDisk disk) throws IOException {
        Path saved = scratch.resolve("saved");
        disk.save(saved);
        return saved;
    }

    private void check(SimulatedDisk disk) throws IOException {
        TestImage.run("/usr/sbin/e2fsck", "-fn", save(disk).toString());
    }

    private Vnode create(Directory directory, String name, int type) {
        Slot<Vnode> made = new Slot<>();
        String target = type == FileMode.S_IFLNK ? "target" : "";
        assertEquals(0, directory.create(root, name, type | 0644, 0, target, made), name);
        return made.get();
    }

    private static Vnode find(Directory directory, String name) {
        Slot<Vnode> found = new Slot<>();
        assertEquals(0, directory.lookup(name, found), name);
        return found.get();
    }

    private static Attributes of(Vnode file) {
        return file.attributes().orElseThrow();
    }

    private long set(Vnode file, String name, byte[] value, int flags) {
        assertEquals(0, memory.write(buffer, value, 0, value.length));
        return of(file).set(name, memory, buffer, value.length, flags);
    }

    private byte[] get(Vnode file, String name) {
        long length = of(file).get(name, memory, buffer, BUFFER);
        assertTrue(length >= 0, name + ": error " + length);
        assertEquals(length, of(file).get(name, memory, 0, 0));
        byte[] value = new byte[(int) length];
        assertEquals(0, memory.read(buffer, value, 0, value.length));
        return value;
    }

    private Set<String> list(Vnode file, boolean privileged) {
        long length = of(file).list(memory, buffer, BUFFER, privileged);
        assertTrue(length >= 0, "error " + length);
        assertEquals(length, of(file).list(memory, 0, 0, privileged));
        byte[] names = new byte[(int) length];
        assertEquals(0, memory.read(buffer, names, 0, names.length));
        Set<String> set = new TreeSet<>();
        if (length > 0) {
            for (String each : new String(names, StandardCharsets.ISO_8859_1).split("\0")) {
                assertTrue(set.add(each), each + " twice");
            }
        }
        return set;
    }

    private void compare(Map<String, byte[]> model, Vnode file) {
        assertEquals(model.keySet(), list(file, true));
        for (Map.Entry<String, byte[]> each : model.entrySet()) {
            assertArrayEquals(each.getValue(), get(file, each.getKey()), each.getKey());
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext4 -b 1024",
                "-t ext4 -b 4096 -I 512",
                "-t ext4 -b 4096 -O ^metadata_csum",
                "-t ext4 -b 1024 -O ^64bit,^ext_attr",
                "-t ext4 -b 2048 -I 128",
                "-t ext3 -b 1024",
                "-t ext2 -b 4096 -I 256",
            })
    void attributesAreAsAModelSays(String options) throws InterruptedException {
        System.out.println("attributes.seed=" + SEED + " " + options);
        run(() -> {
            SimulatedDisk disk = disk(image(options));
            Ext4FileSystem ext4 = mount(disk);
            long free = ext4.statistics().freeBlocks();
            int[] types = {FileMode.S_IFREG, FileMode.S_IFDIR, FileMode.S_IFLNK, FileMode.S_IFIFO, FileMode.S_IFREG};
            List<Map<String, byte[]>> models = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                create(ext4.root(), "f" + i, types[i]);
                models.add(new TreeMap<>());
            }
            Random random = new Random(SEED);
            for (int step = 0; step < STEPS; step++) {
                int which = random.nextInt(FILES);
                step(random, find(ext4.root(), "f" + which), models.get(which));
                if (step % (STEPS / 3) == STEPS / 3 - 1) {
                    compareAll(ext4, models);
                    ext4.lostMount();
                    check(disk);
                    ext4 = mount(disk);
                    compareAll(ext4, models);
                }
            }
            for (int i = 0; i < FILES; i++) {
                String name = "f" + i;
                boolean directory = types[i] == FileMode.S_IFDIR;
                assertEquals(
                        0,
                        directory
                                ? ext4.root().removeDirectory(root, name)
                                : ext4.root().unlink(root, name));
            }
            assertEquals(free, ext4.statistics().freeBlocks(), 2);
            ext4.lostMount();
            check(disk);
        });
    }

    private void compareAll(Ext4FileSystem ext4, List<Map<String, byte[]>> models) {
        for (int i = 0; i < FILES; i++) {
            compare(models.get(i), find(ext4.root(), "f" + i));
        }
    }

    private void step(Random random, Vnode file, Map<String, byte[]> model) {
        String name = PREFIXES[random.nextInt(PREFIXES.length)] + "n".repeat(random.nextInt(40)) + random.nextInt(4);
        if (random.nextInt(3) == 0) {
            int removed = of(file).remove(name);
            assertEquals(model.remove(name) == null ? -ENODATA : 0, removed);
            return;
        }
        int flags = random.nextInt(3);
        byte[] value = bytes(random, random.nextInt(random.nextBoolean() ? 20 : 1300));
        long error = set(file, name, value, flags);
        boolean there = model.containsKey(name);
        if (there && flags == Xattr.XATTR_CREATE) {
            assertEquals(-EEXIST, error);
        } else if (!there && flags == Xattr.XATTR_REPLACE) {
            assertEquals(-ENODATA, error);
        } else if (error == 0) {
            model.put(name, value);
        } else {
            assertEquals(-ENOSPC, error);
        }
    }

    @Test
    void debugfsReadsWhatWasWrittenAndTheOtherWayRound() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(image("-t ext4"));
            Ext4FileSystem ext4 = mount(disk);
            Vnode file = create(ext4.root(), "file", FileMode.S_IFREG);
            assertEquals(0, set(file, "user.short", text("in the inode"), 0));
            assertEquals(0, set(file, "user.long", text("x".repeat(300)), 0));
            assertEquals(0, set(file, "security.other", text("y".repeat(200)), 0));
            ext4.lostMount();
            check(disk);
            Path saved = save(disk);
            String listed = TestImage.run("/usr/sbin/debugfs", "-R", "ea_list /file", saved.toString());
            assertTrue(listed.contains("user.short (12) = \"in the inode\""), listed);
            assertTrue(listed.contains("user.long (300)"), listed);
            assertTrue(listed.contains("security.other (200)"), listed);
            TestImage.change(saved, "ea_set /file user.theirs theirs");
            TestImage.change(saved, "ea_set /file trusted.long " + "z".repeat(250));
            TestImage.change(saved, "ea_rm /file user.short");
            SimulatedDisk changed = disk(saved);
            Ext4FileSystem again = mount(changed, true, "");
            Vnode found = find(again.root(), "file");
            assertEquals(Set.of("user.theirs", "user.long", "trusted.long", "security.other"), list(found, true));
            assertEquals(Set.of("user.theirs", "user.long", "security.other"), list(found, false));
            assertArrayEquals(text("theirs"), get(found, "user.theirs"));
            assertArrayEquals(text("z".repeat(250)), get(found, "trusted.long"));
            assertTrue(set(found, "user.no", text("no"), 0) < 0);
            assertTrue(of(found).remove("user.theirs") < 0);
            again.lostMount();
        });
    }

    @Test
    void theRulesOfXattrAreKept() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(image("-t ext4 -b 1024"));
            Ext4FileSystem ext4 = mount(disk);
            Vnode file = create(ext4.root(), "file", FileMode.S_IFREG);
            assertEquals(0, set(file, "user.a", text("value"), Xattr.XATTR_CREATE));
            assertEquals(-ERANGE, of(file).get("user.a", memory, buffer, 4));
            assertEquals(-ERANGE, of(file).list(memory, buffer, 6, true));
            assertEquals(-ENODATA, of(file).get("user.b", memory, buffer, 4));
            assertEquals(-ENOSPC, set(file, "user.b", new byte[1025], 0));
            assertEquals(-ENOSPC, set(file, "user.b", new byte[1000], 0));
            assertEquals(-EOPNOTSUPP, set(file, "system.posix_acl_access", new byte[4], 0));
            assertEquals(0, set(file, "user.", new byte[0], 0));
            assertEquals(0, get(file, "user.").length);
            byte[] most = new byte[1024 - 32 - 4 - 20];
            assertEquals(0, set(file, "user.most", most, 0));
            assertEquals(-ENOSPC, set(file, "user.most", new byte[most.length + 4], 0));
            assertArrayEquals(most, get(file, "user.most"));
            assertEquals(0, ext4.configure("nouser_xattr"));
            assertEquals(-EOPNOTSUPP, of(file).get("user.a", memory, buffer, 100));
            assertEquals(Set.of(), list(file, true));
            ext4.lostMount();
            check(disk);
        });
    }

    @Test
    void aProgramThatIsWrittenToLosesItsCapabilities() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(image("-t ext4"));
            Ext4FileSystem ext4 = mount(disk);
            Vnode file = create(ext4.root(), "file", FileMode.S_IFREG);
            file.dropPrivileges(root);
            assertEquals(0, set(file, Xattr.SECURITY_CAPABILITY, new byte[20], 0));
            ext4.lostMount();
            ext4 = mount(disk);
            Vnode again = find(ext4.root(), "file");
            assertEquals(20, of(again).get(Xattr.SECURITY_CAPABILITY, new byte[24]));
            again.dropPrivileges(root);
            assertEquals(-ENODATA, of(again).get(Xattr.SECURITY_CAPABILITY, new byte[24]));
            ext4.lostMount();
            check(disk);
        });
    }

    /** An image with so many files that have the same block. */
    private Path shared(String options, int count) throws IOException {
        Path image = image(options);
        Path empty = Files.createFile(scratch.resolve("empty"));
        for (int i = 0; i < count; i++) {
            TestImage.change(image, "write " + empty + " f" + i);
        }
        TestImage.change(image, "ea_set /f0 user.shared " + "s".repeat(400));
        String stat = TestImage.run("/usr/sbin/debugfs", "-R", "stat /f0", image.toString());
        String block = stat.replaceAll("(?s).*File ACL: (\\d+).*", "$1");
        String blocks = stat.replaceAll("(?s).*Blockcount: (\\d+).*", "$1");
        for (int i = 1; i < count; i++) {
            TestImage.change(image, "set_inode_field /f" + i + " file_acl " + block);
            TestImage.change(image, "set_inode_field /f" + i + " blocks " + blocks);
        }
        TestImage.replay(image);
        return image;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t ext4 -b 1024", "-t ext4 -b 4096 -O ^metadata_csum", "-t ext2 -b 1024"})
    void aSharedBlockStaysTheOthers(String options) throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(shared(options, 4));
            Ext4FileSystem ext4 = mount(disk);
            byte[] value = text("s".repeat(400));
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(value, get(find(ext4.root(), "f" + i), "user.shared"));
            }
            assertEquals(0, set(find(ext4.root(), "f1"), "user.shared", text("t".repeat(400)), 0));
            assertEquals(0, ext4.sync());
            assertEquals(0, of(find(ext4.root(), "f2")).remove("user.shared"));
            assertEquals(0, ext4.root().unlink(root, "f3"));
            assertArrayEquals(value, get(find(ext4.root(), "f0"), "user.shared"));
            assertArrayEquals(text("t".repeat(400)), get(find(ext4.root(), "f1"), "user.shared"));
            assertEquals(Set.of(), list(find(ext4.root(), "f2"), true));
            ext4.lostMount();
            check(disk);
            ext4 = mount(disk);
            assertEquals(0, set(find(ext4.root(), "f0"), "user.shared", text("u".repeat(400)), 0));
            ext4.lostMount();
            check(disk);
        });
    }

    @Test
    void filesThatShareABlockGoAtTheSameTime() throws InterruptedException {
        int count = 12;
        SimulatedDisk[] disk = new SimulatedDisk[1];
        Ext4FileSystem[] ext4 = new Ext4FileSystem[1];
        run(() -> {
            disk[0] = disk(shared("-t ext4 -b 1024", count));
            ext4[0] = mount(disk[0]);
        });
        Runnable[] bodies = new Runnable[3];
        for (int i = 0; i < bodies.length; i++) {
            int from = i;
            bodies[i] = () -> {
                for (int f = from; f < count; f += bodies.length) {
                    Vnode file = find(ext4[0].root(), "f" + f);
                    if (f % 2 == 0) {
                        assertEquals(0, of(file).remove("user.shared"));
                    } else {
                        assertEquals(0, ext4[0].root().unlink(root, "f" + f));
                    }
                }
            };
        }
        system.run(bodies);
        run(() -> {
            ext4[0].lostMount();
            check(disk[0]);
        });
    }

    @Test
    void whatIsDamagedIsRefused() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(image("-t ext4 -b 1024 -O ^metadata_csum,^has_journal"));
            Ext4FileSystem ext4 = mount(disk);
            Vnode file = create(ext4.root(), "file", FileMode.S_IFREG);
            assertEquals(0, set(file, "user.a", new byte[300], 0));
            long block = ((Ext4File) file).diskInode().attributeBlock();
            ext4.lostMount();
            byte[] good = Files.readAllBytes(save(disk));
            Random random = new Random(SEED);
            for (int i = 0; i < 60; i++) {
                byte[] bad = good.clone();
                bad[(int) (block << 10) + random.nextInt(60)] ^= (byte) (1 << random.nextInt(8));
                Files.write(scratch.resolve("bad"), bad);
                SimulatedDisk damaged = disk(scratch.resolve("bad"));
                Ext4FileSystem again = mount(damaged);
                Vnode found = find(again.root(), "file");
                long length = of(found).get("user.a", memory, buffer, BUFFER);
                assertTrue(length == 300 || length == -EUCLEAN || length == -ENODATA || length >= 0, "" + length);
                of(found).list(memory, buffer, BUFFER, true);
                set(found, "user.b", new byte[20], 0);
                set(found, "user.a", new byte[10], 0);
                again.lostMount();
            }
        });
    }

    @Test
    void valuesInInodesAreRefused() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(image("-t ext4 -O ea_inode"));
            Slot<FileSystem> made = new Slot<>();
            assertEquals(-EINVAL, Ext4FileSystem.open(cache, disk, "ext4", true, "", system.devices(), () -> 0, made));
            assertTrue(system.machine().log().contains("ea_inode"));
        });
    }

    @Test
    void whatNobodyFindsRoomForChangesNothing() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk(image("-t ext4 -b 1024"));
            Ext4FileSystem ext4 = mount(disk);
            Vnode file = create(ext4.root(), "file", FileMode.S_IFREG);
            assertEquals(0, set(file, "user.a", text("before"), 0));
            Ext4File all = (Ext4File) create(ext4.root(), "all", FileMode.S_IFREG);
            assertEquals(0, all.allocate(0, 0, ext4.statistics().freeBlocks() - 20 << 10));
            long written = 1;
            while (written > 0) {
                written = all.writeAt(system.transfer(new byte[1024]), all.size());
            }
            assertEquals(-ENOSPC, set(file, "user.a", new byte[500], 0));
            assertArrayEquals(text("before"), get(file, "user.a"));
            assertEquals(0, all.truncate(0));
            assertEquals(0, set(file, "user.a", new byte[500], 0));
            ext4.lostMount();
            check(disk);
        });
    }
}

package biscotti.ext4;

import static biscotti.abi.Errno.ENODATA;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FallocateFlags;
import biscotti.abi.FileMode;
import biscotti.abi.Mman;
import biscotti.block.PageCache;
import biscotti.driver.disk.PowerCuts;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.KernelTransfer;
import biscotti.file.Rename;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import biscotti.file.attribute.Attributes;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever the power fails, every byte and name that fsync(2) has made lasting is there at the next mount; of
 * a sample, e2fsck(8) replays the journal to the same tree, and finds nothing wrong in what the mount has left. */
@Timeout(600)
class Ext4CrashTest {
    private static final int STATES = Integer.getInteger("crash.states", 10_000);
    private static final int COMPARED = Integer.getInteger("crash.e2fsck", 60);
    private static final int STEPS = Integer.getInteger("crash.steps", 250);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    /** One in so many facts is looked at in each state. */
    private static final int CHECKED = 4;

    /** Where the superblock is, and its length. */
    private static final int SUPERBLOCK = 1024;

    private static final int THREADS = 3;
    private static final int FILES = 8;
    private static final int BYTES = 200_000;

    private final TestSystem system = new TestSystem(96 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final Identity root = system.newCaller().identity();

    private SimulatedDisk byE2fsck;

    private static final String ATTRIBUTE = "user.attribute";
    private static final int ATTRIBUTE_BYTES = 900;

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    /** What a file has for certain if the power fails between two events. */
    private record Fact(String directory, String name, byte[] content, byte[] attribute, int from, int until) {}

    private Ext4FileSystem mount(SimulatedDisk disk, String where) {
        Slot<FileSystem> made = new Slot<>();
        int error = Ext4FileSystem.open(
                cache, disk, "ext4", false, system.devices(), () -> 1_700_000_000_000_000_000L, made);
        assertEquals(0, error, where + "\n" + system.machine().log());
        return (Ext4FileSystem) made.get();
    }

    /** What a file has as its attribute; nothing is as good as none. */
    private static byte[] attribute(Vnode file) {
        byte[] value = new byte[ATTRIBUTE_BYTES];
        int length = file.attributes().orElseThrow().get(ATTRIBUTE, value);
        assertTrue(length >= 0 || length == -ENODATA, "error " + length);
        return Arrays.copyOf(value, Math.max(length, 0));
    }

    private KernelTransfer transfer(byte[] bytes) {
        return new KernelTransfer(system.machine().memory(), bytes, 0, bytes.length);
    }

    private static Vnode find(Directory directory, String name, String where) {
        Slot<Vnode> found = new Slot<>();
        assertEquals(0, directory.lookup(name, found), where + " " + name);
        return found.get();
    }

    /** One thread's files. */
    private final class Workload {
        final String name;
        final Directory directory;
        final SimulatedDisk disk;
        final Random random;
        final Map<String, byte[]> contents = new HashMap<>();
        final Map<String, byte[]> attributes = new HashMap<>();
        final UserMemory memory = system.newCaller().memory();
        final long buffer = memory.space().map(0, 1 << 12, 3, Mman.MAP_PRIVATE, 0, AddressSpace.zeros(), 0);
        final Map<String, Fact> current = new HashMap<>();
        final List<Fact> facts = new ArrayList<>();

        Workload(Ext4FileSystem ext4, SimulatedDisk disk, int number) {
            this.name = "thread" + number;
            this.disk = disk;
            this.random = new Random(SEED + number);
            Slot<Vnode> made = new Slot<>();
            assertEquals(0, ext4.root().create(root, name, FileMode.S_IFDIR | 0755, 0, "", made));
            this.directory = (Directory) made.get();
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step("seed " + SEED + " " + name + " step " + i);
            }
            new ArrayList<>(current.keySet()).forEach(this::changes);
        }

        /** From now on nothing is certain of a name. */
        void changes(String file) {
            Fact fact = current.remove(file);
            if (fact != null) {
                facts.add(new Fact(name, file, fact.content, fact.attribute, fact.from, disk.eventCount()));
            }
        }

        void step(String where) {
            String file = "file" + random.nextInt(FILES);
            byte[] model = contents.get(file);
            if (model == null) {
                changes(file);
                assertEquals(0, directory.create(root, file, FileMode.S_IFREG | 0644, 0, "", new Slot<>()), where);
                contents.put(file, new byte[0]);
                attributes.put(file, new byte[0]);
                return;
            }
            switch (random.nextInt(14)) {
                case 0 -> {
                    changes(file);
                    assertEquals(0, directory.unlink(root, file), where);
                    contents.remove(file);
                    attributes.remove(file);
                }
                case 1 -> {
                    String other = "file" + random.nextInt(FILES);
                    if (!other.equals(file)) {
                        changes(file);
                        changes(other);
                        assertEquals(0, new Rename(root, directory, file, directory, other, 0).perform(), where);
                        contents.put(other, contents.remove(file));
                        attributes.put(other, attributes.remove(file));
                    }
                }
                default -> change(file, where);
            }
        }

        void change(String file, String where) {
            Ext4File vnode = (Ext4File) find(directory, file, where);
            assertTrue(vnode.retain());
            byte[] model = contents.get(file);
            int at = random.nextInt(BYTES);
            int length = 1 + random.nextInt(random.nextBoolean() ? 500 : 50_000);
            int what = random.nextInt(14);
            if (what < 8 || what >= 12) {
                changes(file);
            }
            if (what < 5) {
                int place = what < 3 ? Math.min(at, model.length) : model.length;
                byte[] part = new byte[Math.min(length, BYTES - place)];
                random.nextBytes(part);
                assertEquals(part.length, vnode.writeAt(transfer(part), place), where);
                byte[] next = Arrays.copyOf(model, Math.max(model.length, place + part.length));
                System.arraycopy(part, 0, next, place, part.length);
                contents.put(file, next);
            } else if (what == 5) {
                assertEquals(0, vnode.truncate(at), where);
                contents.put(file, Arrays.copyOf(model, at));
            } else if (what == 6) {
                int mode = FallocateFlags.FALLOC_FL_PUNCH_HOLE | FallocateFlags.FALLOC_FL_KEEP_SIZE;
                assertEquals(0, vnode.allocate(mode, at, length), where);
                if (at < model.length) {
                    Arrays.fill(model, at, Math.min(model.length, at + length), (byte) 0);
                }
            } else if (what == 7) {
                assertEquals(0, vnode.allocate(FallocateFlags.FALLOC_FL_KEEP_SIZE, at, length), where);
            } else if (what >= 12) {
                setAttribute(vnode, file, where);
            } else {
                assertEquals(0, vnode.sync(random.nextBoolean()), where);
                changes(file);
                current.put(
                        file,
                        new Fact(name, file, contents.get(file).clone(), attributes.get(file), disk.eventCount(), 0));
            }
            vnode.release();
        }

        /** Sets it, behind the inode or in a block, or takes it away. */
        void setAttribute(Vnode vnode, String file, String where) {
            byte[] value =
                    new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(random.nextBoolean() ? 60 : ATTRIBUTE_BYTES)];
            random.nextBytes(value);
            assertEquals(0, memory.write(buffer, value, 0, value.length));
            Attributes kept = vnode.attributes().orElseThrow();
            if (value.length > 0) {
                assertEquals(0, kept.set(ATTRIBUTE, memory, buffer, value.length, 0), where);
            } else {
                assertEquals(attributes.get(file).length == 0 ? -ENODATA : 0, kept.remove(ATTRIBUTE), where);
            }
            attributes.put(file, value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t ext4 -b 4096 -J size=4", "-t ext4 -b 1024 -J size=1"})
    void whatWasSyncedIsThere(String options) throws Exception {
        Path none = Files.createDirectory(scratch.resolve("none"));
        SimulatedDisk disk =
                SimulatedDisk.of(system.scheduler(), TestImage.make(scratch, none, "24M", options.split(" ")));
        SimulatedDisk lasting = copy(disk);
        disk.shuffle(SEED);
        disk.record();
        List<Workload> workloads = new ArrayList<>();
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk, "seed " + SEED);
            for (int i = 0; i < THREADS; i++) {
                workloads.add(new Workload(ext4, disk, i));
            }
        });
        system.run(workloads.stream().map(each -> (Runnable) each::run).toArray(Runnable[]::new));
        List<Fact> facts = new ArrayList<>();
        workloads.forEach(each -> facts.addAll(each.facts));
        assertTrue(facts.size() > STEPS / 10, "only " + facts.size() + " facts");
        byE2fsck = copy(disk);
        Random random = new Random(SEED);
        int events = disk.eventCount();
        // Who has half a superblock needs e2fsck(8), with Linux, too: its checksum is wrong.
        new PowerCuts(lasting, copy(lasting), disk.events(), random)
                .neverTearing(SUPERBLOCK, SUPERBLOCK)
                .judge(STATES, (crashed, event) -> {
                    boolean compared = random.nextInt(STATES) < COMPARED || event == events;
                    judge(
                            crashed,
                            facts,
                            event,
                            random,
                            compared,
                            "seed " + SEED + " event " + event + " of " + events);
                });
    }

    private SimulatedDisk copy(SimulatedDisk disk) {
        SimulatedDisk copy = new SimulatedDisk(system.scheduler(), "copy", disk.sectors(), 32);
        copy.copyFrom(disk);
        return copy;
    }

    /** What our mount makes of a state, and of some states what e2fsck makes of it. */
    private void judge(
            SimulatedDisk crashed, List<Fact> facts, int event, Random random, boolean compared, String where)
            throws Exception {
        Path saved = scratch.resolve("crashed");
        if (compared) {
            save(crashed, saved);
        }
        system.run(() -> {
            Ext4FileSystem ext4 = mount(crashed, where);
            for (Fact fact : facts) {
                if (fact.from <= event && event <= fact.until && (compared || random.nextInt(CHECKED) == 0)) {
                    check(ext4, fact, where);
                }
            }
            ext4.unmounted();
        });
        if (compared) {
            TestImage.replay(saved);
            byE2fsck.load(saved);
            assertEquals(treeOf(byE2fsck, where), treeOf(crashed, where), where);
            save(crashed, saved);
            TestImage.run("/usr/sbin/e2fsck", "-fn", saved.toString());
        }
    }

    private void check(Ext4FileSystem ext4, Fact fact, String where) {
        Directory directory = (Directory) find(ext4.root(), fact.directory, where);
        Vnode file = find(directory, fact.name, where);
        byte[] bytes = new byte[BYTES];
        long count = file.readAt(transfer(bytes), 0);
        String what = where + " " + fact.directory + "/" + fact.name;
        assertEquals(fact.content.length, count, what);
        assertArrayEquals(fact.content, Arrays.copyOf(bytes, (int) count), what);
        assertArrayEquals(fact.attribute, attribute(file), what);
    }

    /** All names, with what the files are. */
    private String treeOf(SimulatedDisk disk, String where) throws InterruptedException {
        StringBuilder tree = new StringBuilder();
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk, where);
            describe(ext4.root(), "", where, tree);
            ext4.unmounted();
        });
        return tree.toString();
    }

    private void describe(Directory directory, String path, String where, StringBuilder tree) {
        TreeSet<String> names = new TreeSet<>();
        directory.list(null, 0, (name, number, type, next) -> names.add(name));
        names.removeAll(List.of(".", ".."));
        for (String name : names) {
            Vnode file = find(directory, name, where);
            tree.append(path).append(name).append(' ').append(Integer.toOctalString(file.mode()));
            tree.append(' ').append(file.links()).append(' ').append(file.size());
            if (file instanceof Directory below) {
                tree.append('\n');
                describe(below, path + name + "/", where, tree);
            } else {
                byte[] bytes = new byte[BYTES];
                file.readAt(transfer(bytes), 0);
                tree.append(' ').append(Arrays.hashCode(bytes));
                tree.append(' ').append(Arrays.hashCode(attribute(file))).append('\n');
            }
        }
    }

    private static void save(SimulatedDisk disk, Path file) throws IOException {
        Files.deleteIfExists(file);
        disk.save(file);
    }
}

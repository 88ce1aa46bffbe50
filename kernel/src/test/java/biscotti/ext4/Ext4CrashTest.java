package biscotti.ext4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FallocateFlags;
import biscotti.abi.FileMode;
import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.KernelTransfer;
import biscotti.file.Rename;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whenever the power fails, every byte and name that fsync(2) has made lasting is there at the next mount, and e2fsck(8) finds nothing wrong. */
@Timeout(600)
class Ext4CrashTest {
    private static final int STATES = Integer.getInteger("crash.states", 60);
    private static final int STEPS = Integer.getInteger("crash.steps", 250);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int THREADS = 3;
    private static final int FILES = 8;
    private static final int BYTES = 200_000;

    private final TestSystem system = new TestSystem(96 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final Identity root = system.newCaller().identity();

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    /** What a file has for certain if the power fails between two events. */
    private record Fact(String directory, String name, byte[] content, int from, int until) {}

    private Ext4FileSystem mount(SimulatedDisk disk, String where) {
        Slot<FileSystem> made = new Slot<>();
        int error = Ext4FileSystem.open(
                cache, disk, "ext4", false, system.devices(), () -> 1_700_000_000_000_000_000L, made);
        assertEquals(0, error, where + "\n" + system.machine().log());
        return (Ext4FileSystem) made.get();
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
                facts.add(new Fact(name, file, fact.content, fact.from, disk.eventCount()));
            }
        }

        void step(String where) {
            String file = "file" + random.nextInt(FILES);
            byte[] model = contents.get(file);
            if (model == null) {
                changes(file);
                assertEquals(0, directory.create(root, file, FileMode.S_IFREG | 0644, 0, "", new Slot<>()), where);
                contents.put(file, new byte[0]);
                return;
            }
            switch (random.nextInt(14)) {
                case 0 -> {
                    changes(file);
                    assertEquals(0, directory.unlink(root, file), where);
                    contents.remove(file);
                }
                case 1 -> {
                    String other = "file" + random.nextInt(FILES);
                    if (!other.equals(file)) {
                        changes(file);
                        changes(other);
                        assertEquals(0, new Rename(root, directory, file, directory, other, 0).perform(), where);
                        contents.put(other, contents.remove(file));
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
            int what = random.nextInt(12);
            if (what < 8) {
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
            } else {
                assertEquals(0, vnode.sync(random.nextBoolean()), where);
                changes(file);
                current.put(file, new Fact(name, file, contents.get(file).clone(), disk.eventCount(), 0));
            }
            vnode.release();
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
        cutEverywhere(lasting, disk.events(), facts);
    }

    private SimulatedDisk copy(SimulatedDisk disk) {
        SimulatedDisk copy = new SimulatedDisk(system.scheduler(), "copy", disk.sectors(), 32);
        copy.copyFrom(disk);
        return copy;
    }

    private void cutEverywhere(SimulatedDisk lasting, List<SimulatedDisk.Event> events, List<Fact> facts)
            throws Exception {
        Random random = new Random(SEED);
        double share = (double) STATES / events.size();
        SimulatedDisk crashed = copy(lasting);
        List<SimulatedDisk.Write> loose = new ArrayList<>();
        for (int event = 0; event <= events.size(); event++) {
            if (random.nextDouble() < share || event == events.size()) {
                crashed.copyFrom(lasting);
                loose.forEach(write -> applyPart(crashed, write, random));
                judge(crashed, facts, event, "seed " + SEED + " event " + event + " of " + events.size());
            }
            if (event == events.size()) {
                break;
            }
            switch (events.get(event)) {
                case SimulatedDisk.Write write when write.lasting() -> apply(lasting, write);
                case SimulatedDisk.Write write -> loose.add(write);
                case SimulatedDisk.Flush flush -> {
                    loose.forEach(write -> apply(lasting, write));
                    loose.clear();
                }
            }
        }
    }

    private static void apply(SimulatedDisk disk, SimulatedDisk.Write write) {
        disk.put(write.sector() << 9, write.bytes(), 0, write.bytes().length);
    }

    /** All of a write, nothing, or some of its sectors. */
    private static void applyPart(SimulatedDisk disk, SimulatedDisk.Write write, Random random) {
        int kind = random.nextInt(3);
        for (int at = 0; at < write.bytes().length; at += 512) {
            if (kind == 0 || kind == 1 && random.nextBoolean()) {
                disk.put((write.sector() << 9) + at, write.bytes(), at, 512);
            }
        }
    }

    private void judge(SimulatedDisk crashed, List<Fact> facts, int event, String where) throws Exception {
        system.run(() -> {
            Ext4FileSystem ext4 = mount(crashed, where);
            for (Fact fact : facts) {
                if (fact.from <= event && event <= fact.until) {
                    Directory directory = (Directory) find(ext4.root(), fact.directory, where);
                    Vnode file = find(directory, fact.name, where);
                    byte[] bytes = new byte[BYTES];
                    long count = file.readAt(transfer(bytes), 0);
                    String what = where + " " + fact.directory + "/" + fact.name;
                    assertEquals(fact.content.length, count, what);
                    assertArrayEquals(fact.content, Arrays.copyOf(bytes, (int) count), what);
                }
            }
            ext4.unmounted();
        });
        Path saved = scratch.resolve("crashed");
        save(crashed, saved);
        TestImage.run("/usr/sbin/e2fsck", "-fn", saved.toString());
    }

    private static void save(SimulatedDisk disk, Path file) throws IOException {
        Files.deleteIfExists(file);
        disk.save(file);
    }
}

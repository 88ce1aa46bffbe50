package biscotti.ext4;

import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EOPNOTSUPP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FallocateFlags;
import biscotti.abi.FileMode;
import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.KernelTransfer;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are as a model says, in memory, for the next mount, for e2fsck(8) and debugfs(8), whatever is done to their bytes. */
@Timeout(300)
class Ext4FileTest {
    private static final int STEPS = Integer.getInteger("files.steps", 1500);
    private static final long SEED = Long.getLong("files.seed", System.nanoTime());
    private static final int FILES = 4;
    private static final int BYTES = 700_000;

    private final TestSystem system = new TestSystem(96 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final Identity root = system.newCaller().identity();

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    private SimulatedDisk disk(String size, String options) throws IOException {
        Path none = Files.createDirectory(scratch.resolve("none"));
        return SimulatedDisk.of(system.scheduler(), TestImage.make(scratch, none, size, options.split(" ")));
    }

    private Ext4FileSystem mount(SimulatedDisk disk) {
        Slot<FileSystem> made = new Slot<>();
        int error = Ext4FileSystem.open(
                cache, disk, "ext4", false, system.devices(), () -> 1_700_000_000_000_000_000L, made);
        assertEquals(0, error, system.machine().log());
        return (Ext4FileSystem) made.get();
    }

    private void check(SimulatedDisk disk) {
        try {
            disk.save(scratch.resolve("saved"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        TestImage.run("/usr/sbin/e2fsck", "-fn", scratch.resolve("saved").toString());
    }

    private Ext4File create(Ext4FileSystem ext4, String name) {
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, ext4.root().create(root, name, FileMode.S_IFREG | 0644, 0, "", made));
        return (Ext4File) made.get();
    }

    private static Ext4File find(Ext4FileSystem ext4, String name) {
        Slot<Vnode> found = new Slot<>();
        assertEquals(0, ext4.root().lookup(name, found), name);
        return (Ext4File) found.get();
    }

    private long write(Ext4File file, long position, byte[] bytes) {
        return file.writeAt(new KernelTransfer(system.machine().memory(), bytes, 0, bytes.length), position);
    }

    private byte[] read(Ext4File file, long position, int length) {
        byte[] bytes = new byte[length];
        long count = file.readAt(new KernelTransfer(system.machine().memory(), bytes, 0, length), position);
        assertTrue(count >= 0, "error " + count);
        return Arrays.copyOf(bytes, (int) count);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** What some files should have in them, and steps that change both. */
    private final class Model {
        final Random random = new Random(SEED);
        final byte[][] contents = new byte[FILES][];
        final boolean extents;

        Model(boolean extents) {
            this.extents = extents;
        }

        void step(Ext4FileSystem ext4, String where) {
            int number = random.nextInt(FILES);
            String name = "file" + number;
            if (contents[number] == null) {
                create(ext4, name);
                contents[number] = new byte[0];
                return;
            }
            Ext4File file = find(ext4, name);
            assertTrue(file.retain());
            if (random.nextInt(60) == 0) {
                assertEquals(0, ext4.root().unlink(root, name));
                change(file, number, where);
                contents[number] = null;
                Slot<Vnode> found = new Slot<>();
                assertEquals(-ENOENT, ext4.root().lookup(name, found));
            } else {
                change(file, number, where);
            }
            file.release();
        }

        void change(Ext4File file, int number, String where) {
            byte[] model = contents[number];
            int at = random.nextInt(BYTES);
            int length = 1 + random.nextInt(random.nextBoolean() ? 300 : 90_000);
            int end = Math.min(BYTES, at + length);
            switch (random.nextInt(13)) {
                case 0, 1, 2 -> write(file, number, at, bytes(random, end - at), where);
                case 3 ->
                    write(file, number, model.length, bytes(random, Math.min(length, BYTES - model.length)), where);
                case 4 -> {
                    assertEquals(0, file.truncate(at), where);
                    contents[number] = Arrays.copyOf(model, at);
                }
                case 5 -> {
                    int mode = FallocateFlags.FALLOC_FL_PUNCH_HOLE | FallocateFlags.FALLOC_FL_KEEP_SIZE;
                    if (allocate(file, mode, at, end, where)) {
                        zero(model, at, end);
                    }
                }
                case 6 -> {
                    boolean keeps = random.nextBoolean();
                    if (allocate(file, keeps ? FallocateFlags.FALLOC_FL_KEEP_SIZE : 0, at, end, where) && !keeps) {
                        contents[number] = Arrays.copyOf(model, Math.max(model.length, end));
                    }
                }
                case 7 -> {
                    if (allocate(file, FallocateFlags.FALLOC_FL_ZERO_RANGE, at, end, where)) {
                        contents[number] = Arrays.copyOf(model, Math.max(model.length, end));
                        zero(contents[number], at, end);
                    }
                }
                case 8 -> cache.reclaim(random.nextInt(200));
                case 9 -> assertEquals(0, file.sync(random.nextBoolean()), where);
                default -> {
                    byte[] expected = at < model.length
                            ? Arrays.copyOfRange(model, at, Math.min(model.length, end))
                            : new byte[0];
                    assertArrayEquals(expected, read(file, at, end - at), where);
                }
            }
            assertEquals(contents[number].length, file.length(), where);
        }

        void write(Ext4File file, int number, int at, byte[] part, String where) {
            byte[] model = contents[number];
            assertEquals(part.length, Ext4FileTest.this.write(file, at, part), where);
            if (part.length > 0) {
                contents[number] = Arrays.copyOf(model, Math.max(model.length, at + part.length));
                System.arraycopy(part, 0, contents[number], at, part.length);
            }
        }

        boolean allocate(Ext4File file, int mode, int at, int end, String where) {
            assertEquals(extents ? 0 : -EOPNOTSUPP, file.allocate(mode, at, end - at), where);
            return extents;
        }

        void zero(byte[] model, int at, int end) {
            if (at < model.length) {
                Arrays.fill(model, at, Math.min(end, model.length), (byte) 0);
            }
        }

        void compare(Ext4FileSystem ext4, String where) {
            for (int i = 0; i < FILES; i++) {
                Slot<Vnode> found = new Slot<>();
                int error = ext4.root().lookup("file" + i, found);
                assertEquals(contents[i] == null ? -ENOENT : 0, error, where);
                if (error == 0) {
                    assertArrayEquals(contents[i], read((Ext4File) found.get(), 0, BYTES), where + " file " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext4 -b 4096",
                "-t ext4 -b 1024",
                "-t ext4 -b 2048 -O ^metadata_csum,^64bit -I 128",
                "-t ext4 -b 4096 -O ^has_journal",
                "-t ext3 -b 4096",
                "-t ext2 -b 1024"
            })
    void filesAreAsAModelSays(String options) throws Exception {
        SimulatedDisk disk = disk("24M", options);
        disk.shuffle(SEED);
        Model model = new Model(options.contains("ext4"));
        system.run(() -> {
            for (int round = 0; round < 3; round++) {
                Ext4FileSystem ext4 = mount(disk);
                model.compare(ext4, "seed " + SEED + " mount " + round);
                for (int i = 0; i < STEPS; i++) {
                    model.step(ext4, "seed " + SEED + " round " + round + " step " + i);
                }
                ext4.unmounted();
                check(disk);
            }
        });
        for (int i = 0; i < FILES; i++) {
            if (model.contents[i] != null) {
                Path dump = scratch.resolve("dump");
                TestImage.change(scratch.resolve("saved"), "dump file" + i + " " + dump);
                assertArrayEquals(model.contents[i], Files.readAllBytes(dump), "seed " + SEED);
            }
        }
    }

    /** When no block is free any more, a write says so, and what was written before it is there; a deletion makes room at once. */
    @Test
    void aFullDiskIsFullUntilSomethingGoes() throws Exception {
        SimulatedDisk disk = disk("8M", "-t ext4 -b 1024");
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk);
            for (int round = 0; round < 3; round++) {
                Ext4File file = create(ext4, "large");
                assertTrue(file.retain());
                byte[] part = bytes(new Random(round), 100_000);
                long end = 0;
                long count = part.length;
                while (count == part.length) {
                    count = write(file, end, part);
                    end += Math.max(count, 0);
                }
                assertTrue(count == -ENOSPC || count > 0, "result " + count);
                assertEquals(-ENOSPC, write(file, end, part));
                assertEquals(end, file.length());
                assertTrue(end > 5_000_000, "only " + end + " bytes in round " + round);
                int last = (int) (end % part.length);
                assertArrayEquals(Arrays.copyOf(part, last), read(file, end - last, part.length));
                assertEquals(0, ext4.root().unlink(root, "large"));
                file.release();
            }
            ext4.unmounted();
            check(disk);
        });
    }

    /** Files that were deleted or cut while they were open, or half, are gone when the next mount has seen to the orphans. */
    @Test
    void orphansGoWithTheNextMount() throws Exception {
        SimulatedDisk disk = disk("24M", "-t ext4 -b 1024");
        system.run(() -> {
            Ext4FileSystem ext4 = mount(disk);
            long free = ext4.statistics().freeBlocks();
            for (int i = 0; i < 5; i++) {
                Ext4File file = create(ext4, "file" + i);
                assertTrue(file.retain());
                write(file, 0, bytes(new Random(i), 500_000));
                assertEquals(0, ext4.root().unlink(root, "file" + i));
            }
            assertEquals(0, ext4.sync());
            SimulatedDisk crashed = new SimulatedDisk(system.scheduler(), "crashed", disk.sectors(), 32);
            crashed.copyFrom(disk);
            Ext4FileSystem again = mount(crashed);
            assertEquals(free, again.statistics().freeBlocks());
            again.unmounted();
            check(crashed);
        });
    }
}

package biscotti.ext4;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EUCLEAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.FileMode;
import biscotti.block.PageCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemContext;
import biscotti.file.FileSystemTypes;
import biscotti.file.Identity;
import biscotti.file.KernelTransfer;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import biscotti.sched.Interruption;
import biscotti.sched.KernelThread;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mount options are taken, refused and told as Linux does, and those that mean something here act. */
@Timeout(300)
class Ext4OptionsTest {
    private static final int PIECE = 64 << 10;

    private final TestSystem system = new TestSystem(96 << 20);
    private final PageCache cache = new PageCache(system.scheduler(), system.frames());
    private final Identity root = system.newCaller().identity();

    @TempDir
    private Path scratch;

    @AfterEach
    void close() {
        system.close();
    }

    /** Somebody without capabilities. */
    private record User(int userId, int groupId) implements Identity {
        @Override
        public boolean inGroup(int group) {
            return group == groupId;
        }

        @Override
        public boolean has(int capability) {
            return false;
        }
    }

    /** What a test does. */
    private interface Body {
        void run() throws IOException, InterruptedException;
    }

    private void run(Body body) throws InterruptedException {
        system.run(() -> {
            try {
                body.run();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private SimulatedDisk disk(String options) throws IOException {
        Path none = Files.createDirectories(scratch.resolve("none"));
        return SimulatedDisk.of(system.scheduler(), TestImage.make(scratch, none, "16M", options.split(" ")));
    }

    private int open(SimulatedDisk disk, boolean readOnly, String options, Slot<FileSystem> made) {
        int error = Ext4FileSystem.open(
                cache, disk, "ext4", readOnly, options, system.devices(), () -> 1_700_000_000_000_000_000L, made);
        if (error == 0) {
            made.get().gainedMount();
        }
        return error;
    }

    private Ext4FileSystem mount(SimulatedDisk disk, String options) {
        Slot<FileSystem> made = new Slot<>();
        assertEquals(0, open(disk, false, options, made), system.machine().log());
        return (Ext4FileSystem) made.get();
    }

    private void check(SimulatedDisk disk) throws IOException {
        disk.save(scratch.resolve("saved"));
        TestImage.run("/usr/sbin/e2fsck", "-fn", scratch.resolve("saved").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "defaults|",
                "errors=remount-ro|errors=remount-ro",
                "errors=remount-ro,errors=continue|",
                "commit=30|commit=30",
                "commit=0|",
                "resuid=5,resgid=6|resuid=5,resgid=6",
                "grpid,minixdf,nouser_xattr|minixdf,grpid,nouser_xattr",
                "bsdgroups,sysvgroups|",
                "barrier=0,nodelalloc,stripe=16|stripe=16,nobarrier,nodelalloc",
                "data=ordered,user_xattr,noacl,init_itable=10,auto_da_alloc,journal_ioprio=3,sb=1,noquota|",
                "inode_readahead_blks=64,min_batch_time=1,max_batch_time=2|min_batch_time=1,max_batch_time=2,inode_readahead_blks=64",
                ",,debug,,|debug",
            })
    void optionsAreToldIfTheyDiffer(String given, String told) throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            Ext4FileSystem ext4 = mount(disk, given.replace("defaults", ""));
            assertEquals(told == null ? "" : "," + told, ext4.options());
            ext4.lostMount();
            check(disk);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "colour=red|Unknown parameter 'colour'",
                "rw,wrong|Unknown parameter 'rw'",
                "commit=soon|Bad value for 'commit'",
                "commit=|Bad value for 'commit'",
                "commit|Bad value for 'commit'",
                "resuid=99999999999999999999|Bad value for 'resuid'",
                "data=journal|Bad value for 'data'",
                "data=writeback|Bad value for 'data'",
                "errors=ignore|Bad value for 'errors'",
                "inode_readahead_blks=3|Bad value for 'inode_readahead_blks'",
                "sb=8193|Bad value for 'sb'",
                "noload|noload needs ro",
                "journal_async_commit|can't mount with journal_async_commit in data=ordered mode",
            })
    void whatCannotBeIsRefused(String given, String message) throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            assertEquals(-EINVAL, open(disk, false, given, new Slot<>()));
            assertTrue(
                    system.machine().log().contains("ext4 on " + disk.name() + ": " + message),
                    system.machine().log());
            check(disk);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit=7", "data=ordered", "journal_checksum"})
    void whatIsOfTheJournalNeedsOne(String option) throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext2");
            assertEquals(-EINVAL, open(disk, false, option, new Slot<>()));
            assertTrue(system.machine().log().contains("fs mounted w/o journal"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "commit,TEXT,5,GOOD",
        "grpid,FLAG,'',GOOD",
        "data,TEXT,ordered,GOOD",
        "barrier,FLAG,'',GOOD",
        "barrier,TEXT,0,GOOD",
        "barrier,TEXT,2,BAD",
        "data,TEXT,journal,BAD",
        "commit,TEXT,'5,grpid',BAD",
        "commit,FLAG,'',BAD",
        "commit,OTHER,'',BAD",
        "grpid,TEXT,1,SURPLUS",
        "colour,TEXT,red,UNKNOWN",
        "colour,FLAG,'',UNKNOWN",
    })
    void parametersAreLookedAtOneByOne(
            String name, FileSystemContext.Kind kind, String value, FileSystemTypes.Verdict verdict) {
        assertEquals(verdict, Ext4FileSystem.check(name, kind, value));
    }

    @Test
    void optionsChangeWhileMounted() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            Ext4FileSystem ext4 = mount(disk, "commit=9,grpid");
            assertEquals(0, ext4.configure("nogrpid,resuid=7"));
            assertEquals(",resuid=7,commit=9", ext4.options());
            assertEquals(-EINVAL, ext4.configure("commit=10,wrong"));
            assertEquals(-EINVAL, ext4.configure("noload"));
            assertEquals(",resuid=7,commit=9", ext4.options());
            assertEquals(0, ext4.configure(""));
            ext4.lostMount();
            check(disk);
        });
    }

    @Test
    void panicEndsWriting() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            Ext4FileSystem ext4 = mount(disk, "errors=panic");
            assertEquals(",errors=remount-ro", ext4.options());
            assertTrue(system.machine().log().contains("errors=panic is taken as errors=remount-ro"));
            ext4.lostMount();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"errors=continue", "errors=remount-ro"})
    void damageEndsWritingIfThatIsWanted(String option) throws InterruptedException {
        run(() -> {
            Path image = TestImage.make(scratch, TestImage.tree(scratch, 3), "16M", "-t", "ext4");
            TestImage.change(image, "set_inode_field /empty checksum 0x1234");
            SimulatedDisk disk = SimulatedDisk.of(system.scheduler(), image);
            Ext4FileSystem ext4 = mount(disk, option);
            assertEquals(-EUCLEAN, ext4.root().lookup("empty", new Slot<>()));
            int made = ext4.root().create(root, "new", FileMode.S_IFREG | 0644, 0, "", new Slot<>());
            assertEquals(option.equals("errors=continue"), made == 0, "error " + made);
            assertEquals(made == 0, ext4.isChangeable());
            ext4.lostMount();
        });
    }

    @Test
    void theJournalIsNotReplayedIfThatIsUnwanted() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            Ext4FileSystem ext4 = mount(disk, "");
            assertEquals(0, ext4.root().create(root, "lost", FileMode.S_IFREG | 0644, 0, "", new Slot<>()));
            assertEquals(0, ext4.sync());
            Path before = scratch.resolve("before");
            disk.save(before);
            SimulatedDisk copy = SimulatedDisk.of(system.scheduler(), before);
            Slot<FileSystem> made = new Slot<>();
            assertEquals(0, open(copy, true, "norecovery", made));
            assertEquals(",norecovery", made.get().options());
            made.get().lostMount();
            copy.save(scratch.resolve("after"));
            assertEquals(-1, Files.mismatch(before, scratch.resolve("after")), "it was written to");
            ext4.lostMount();
            check(disk);
        });
    }

    @Test
    void newFilesGetTheGroupOfTheirDirectory() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            Ext4FileSystem ext4 = mount(disk, "grpid");
            assertEquals(0, ext4.root().changeOwner(root, -1, 77));
            Slot<Vnode> made = new Slot<>();
            assertEquals(0, ext4.root().create(root, "with", FileMode.S_IFREG | 0644, 0, "", made));
            assertEquals(77, made.get().groupId());
            assertEquals(0, ext4.root().create(root, "directory", FileMode.S_IFDIR | 0755, 0, "", made));
            assertEquals(77, made.get().groupId());
            assertEquals(FileMode.S_IFDIR | 0755, made.get().mode());
            assertEquals(0, ext4.configure("nogrpid"));
            assertEquals(0, ext4.root().create(root, "without", FileMode.S_IFREG | 0644, 0, "", made));
            assertEquals(0, made.get().groupId());
            ext4.lostMount();
            check(disk);
        });
    }

    /** Runs something on a thread of a program that somebody runs. */
    private void as(Identity who, Runnable body) throws InterruptedException {
        Object caller = Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Caller.class, Interruption.class},
                (self, method, given) -> method.getName().equals("identity") ? who : false);
        long failures = system.scheduler().failures();
        KernelThread thread = system.scheduler().newThread("program", (Interruption) caller, body);
        thread.start();
        thread.join();
        assertEquals(failures, system.scheduler().failures(), system.machine().log());
    }

    private long fill(Ext4FileSystem ext4, Vnode file) {
        byte[] bytes = new byte[PIECE];
        long written = 1;
        while (written > 0) {
            written = ((Ext4File) file)
                    .writeAt(new KernelTransfer(system.machine().memory(), bytes, 0, PIECE), file.size());
        }
        assertEquals(-ENOSPC, written);
        return ext4.statistics().freeBlocks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-b 1024", "-b 4096", "-t ext2 -b 1024"})
    void reservedBlocksAreForSome(String options) throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-m 10 " + options);
            Ext4FileSystem ext4 = mount(disk, "resuid=50,resgid=60");
            FileSystem.Statistics empty = ext4.statistics();
            long reserved = empty.freeBlocks() - empty.availableBlocks();
            assertEquals((16 << 20) / empty.blockSize() / 10, reserved, 1);
            Slot<Vnode> made = new Slot<>();
            assertEquals(0, ext4.root().create(root, "file", FileMode.S_IFREG | 0644, 0, "", made));
            as(new User(1000, 1000), () -> {
                long free = fill(ext4, made.get());
                assertTrue(free <= reserved && free > reserved * 9 / 10, free + " are free of " + reserved);
                assertEquals(0, ext4.statistics().availableBlocks());
            });
            Runnable one = () -> {
                byte[] bytes = new byte[PIECE];
                assertEquals(
                        PIECE,
                        ((Ext4File) made.get())
                                .writeAt(
                                        new KernelTransfer(system.machine().memory(), bytes, 0, PIECE),
                                        made.get().size()));
            };
            as(new User(50, 1), one);
            as(new User(1, 60), one);
            as(root, () -> assertTrue(fill(ext4, made.get()) <= 1));
            assertEquals(0, ((Ext4File) made.get()).truncate(0));
            assertEquals(0, ext4.sync());
            assertEquals(empty.freeBlocks(), ext4.statistics().freeBlocks(), 1);
            ext4.lostMount();
            check(disk);
        });
    }

    @Test
    void theFileSystemsOwnBlocksAreCountedIfThatIsWanted() throws InterruptedException {
        run(() -> {
            SimulatedDisk disk = disk("-t ext4");
            Ext4FileSystem ext4 = mount(disk, "minixdf");
            long all = ext4.statistics().blocks();
            assertEquals((16 << 20) / ext4.statistics().blockSize(), all);
            assertEquals(0, ext4.configure("bsddf"));
            assertTrue(ext4.statistics().blocks() < all);
            assertTrue(ext4.statistics().blocks() >= ext4.statistics().freeBlocks());
            ext4.lostMount();
        });
    }
}

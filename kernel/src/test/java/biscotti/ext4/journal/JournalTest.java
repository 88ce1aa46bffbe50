package biscotti.ext4.journal;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.EROFS;
import static biscotti.abi.Errno.EUCLEAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.Block;
import biscotti.block.BlockCache;
import biscotti.driver.disk.SimulatedDisk;
import biscotti.sched.KernelThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What handles, commits and errors of the journal promise, and that it reads what others wrote. */
@Timeout(120)
class JournalTest {
    @TempDir
    Path directory;

    private static void change(Journal journal, BlockCache cache, long number, int value) {
        Handle handle = journal.begin(1);
        assertEquals(0, handle.error());
        Block block = cache.read(number);
        assertEquals(0, handle.access(block));
        block.putInt(0, value);
        handle.dirty(block);
        block.release();
        assertEquals(0, handle.end());
    }

    @FunctionalInterface
    private interface Body {
        void run(JournalFixture fixture, SimulatedDisk disk, BlockCache cache, Journal journal);
    }

    private void with(Body body) throws Exception {
        Ext4Image image = Ext4Image.make(directory.resolve("image"), 12, true);
        try (JournalFixture fixture = new JournalFixture(image)) {
            SimulatedDisk disk = fixture.disk(image.file());
            fixture.run(() -> {
                BlockCache cache = fixture.cache(disk);
                Journal journal = fixture.started(cache);
                body.run(fixture, disk, cache, journal);
                journal.close();
                cache.close();
            });
        }
    }

    @Test
    void aClosedJournalIsEmptyAndAllIsInItsPlace() throws Exception {
        with((fixture, disk, cache, journal) -> {
            long number = fixture.image.freeBlock(1);
            change(journal, cache, number, 77);
            assertEquals(0, journal.close());
            assertEquals(77, fixture.block(disk, number)[0]);
            BlockCache again = fixture.cache(disk);
            Journal reopened = fixture.started(again);
            change(reopened, again, number, 78);
            assertEquals(0, reopened.close());
            assertEquals(78, fixture.block(disk, number)[0]);
            again.close();
        });
    }

    @Test
    void handlesAreLimitedByTheirCredits() throws Exception {
        with((fixture, disk, cache, journal) -> {
            assertEquals(-ENOSPC, journal.begin(journal.mostCredits() + 1).error());
            Handle handle = journal.begin(2);
            Block first = cache.get(fixture.image.freeBlock(1));
            Block second = cache.get(fixture.image.freeBlock(2));
            assertEquals(0, handle.create(first));
            assertEquals(0, handle.access(first));
            assertEquals(1, handle.credits());
            assertEquals(0, handle.forget(fixture.image.freeBlock(3)));
            assertEquals(-ENOSPC, handle.create(second));
            assertEquals(0, handle.extend(1));
            assertEquals(0, handle.create(second));
            assertEquals(1, handle.extend(journal.mostCredits()));
            handle.dirty(first);
            handle.dirty(second);
            first.release();
            second.release();
            assertEquals(0, handle.end());
        });
    }

    @Test
    void aHandleGoesOnInALaterTransaction() throws Exception {
        with((fixture, disk, cache, journal) -> {
            Handle handle = journal.begin(journal.mostCredits());
            long before = handle.tid();
            for (int i = 0; i < 3000; i++) {
                if (handle.credits() == 0 && handle.extend(10) != 0) {
                    assertEquals(0, handle.restart(10));
                }
                Block block = cache.get(fixture.image.freeBlock(i % 900));
                assertEquals(0, handle.create(block));
                block.putInt(0, i);
                handle.dirty(block);
                block.release();
            }
            assertTrue(handle.tid() > before);
            assertTrue(journal.isCommitted(before));
            assertFalse(journal.isCommitted(handle.tid()));
            handle.setSynchronous();
            assertEquals(0, handle.end());
            assertTrue(journal.isCommitted(handle.tid()));
        });
    }

    @Test
    void orderedDataAreWrittenBeforeTheCommit() throws Exception {
        with((fixture, disk, cache, journal) -> {
            AtomicInteger written = new AtomicInteger();
            OrderedData data = new OrderedData() {
                @Override
                protected void writeBack() {
                    assertFalse(journal.isCommitted(journal.running() - 1));
                    written.getAndIncrement();
                }
            };
            for (int i = 1; i <= 3; i++) {
                Handle handle = journal.begin(1);
                handle.order(data);
                handle.order(data);
                assertEquals(0, handle.end());
                assertEquals(0, journal.commit());
                assertEquals(i, written.get());
            }
            assertEquals(0, journal.commit());
            assertEquals(3, written.get());
        });
    }

    /** The first transaction is held up between the end of its handles and the log; the second changes its block. */
    @Test
    void aCommitHasWhatABlockWasWhenItsHandlesEnded() throws Exception {
        with((fixture, disk, cache, journal) -> {
            long number = fixture.image.freeBlock(1);
            AtomicBoolean entered = new AtomicBoolean();
            AtomicBoolean changed = new AtomicBoolean();
            Handle handle = journal.begin(1);
            handle.order(new OrderedData() {
                @Override
                protected void writeBack() {
                    entered.set(true);
                    while (!changed.get()) {
                        KernelThread.current().yieldCpu();
                    }
                }
            });
            long tid = handle.tid();
            assertEquals(0, handle.end());
            change(journal, cache, number, 1);
            KernelThread committer =
                    fixture.scheduler.newThread("committer", () -> assertEquals(0, journal.commit(tid)));
            committer.start();
            while (!entered.get()) {
                KernelThread.current().yieldCpu();
            }
            change(journal, cache, number, 2);
            changed.set(true);
            assertEquals(0, journal.commit(tid));
            SimulatedDisk crashed = fixture.copy(disk);
            assertEquals(0, fixture.replay(crashed));
            assertEquals(1, fixture.block(crashed, number)[0]);
            assertEquals(0, journal.commit());
            crashed.copyFrom(disk);
            assertEquals(0, fixture.replay(crashed));
            assertEquals(2, fixture.block(crashed, number)[0]);
        });
    }

    @Test
    void aBlockThatLooksLikeOneOfTheJournalIsEscaped() throws Exception {
        with((fixture, disk, cache, journal) -> {
            long number = fixture.image.freeBlock(1);
            change(journal, cache, number, Integer.reverseBytes(JournalFormat.MAGIC));
            assertEquals(0, journal.commit());
            assertEquals(0, fixture.block(disk, fixture.image.area().block(2))[0]);
            SimulatedDisk crashed = fixture.copy(disk);
            assertEquals(0, fixture.replay(crashed));
            assertEquals((byte) 0xC0, fixture.block(crashed, number)[0]);
        });
    }

    @Test
    void aBlockThatIsFreedAndUsedAgainInATransactionIsReplayed() throws Exception {
        with((fixture, disk, cache, journal) -> {
            long number = fixture.image.freeBlock(1);
            Handle handle = journal.begin(3);
            assertEquals(0, handle.forget(number));
            Block block = cache.get(number);
            assertEquals(0, handle.create(block));
            block.putInt(0, 9);
            handle.dirty(block);
            block.release();
            assertEquals(0, handle.end());
            assertEquals(0, journal.commit());
            SimulatedDisk crashed = fixture.copy(disk);
            assertEquals(0, fixture.replay(crashed));
            assertEquals(9, fixture.block(crashed, number)[0]);
        });
    }

    @Test
    void anErrorOfTheLogEndsAllWriting() throws Exception {
        with((fixture, disk, cache, journal) -> {
            long number = fixture.image.freeBlock(1);
            change(journal, cache, number, 1);
            assertEquals(0, journal.commit());
            for (int i = 1; i < Ext4Image.JOURNAL_BLOCKS; i++) {
                long sector = fixture.image.area().block(i) << 3;
                disk.fail(sector, sector + 7);
            }
            change(journal, cache, number, 2);
            assertEquals(-EIO, journal.commit());
            Handle handle = journal.begin(1);
            assertEquals(-EROFS, handle.error());
            assertEquals(-EROFS, handle.end());
            assertEquals(-EIO, journal.close());
            disk.mend();
            assertEquals(0, fixture.replay(disk));
            assertEquals(1, fixture.block(disk, number)[0]);
        });
    }

    @Test
    void aJournalThatIsNotUnderstoodIsRefused() throws Exception {
        with((fixture, disk, cache, journal) -> {
            assertEquals(0, journal.close());
            long place = fixture.image.area().block(0) << 12;
            byte[] sound = fixture.block(disk, fixture.image.area().block(0));
            byte[] strange = sound.clone();
            strange[JournalFormat.SUPER_INCOMPATIBLE] = 1;
            disk.put(place, strange, 0, strange.length);
            assertEquals(-EINVAL, fixture.replay(disk));
            for (int at = 0; at < 0x50; at++) {
                byte[] damaged = sound.clone();
                damaged[at] ^= 4;
                disk.put(place, damaged, 0, damaged.length);
                assertTrue(fixture.replay(disk) < 0, "byte " + at);
            }
            disk.put(place, sound, 0, sound.length);
            assertEquals(0, fixture.replay(disk));
        });
    }

    /** debugfs writes transactions and revoke records; we replay them as e2fsck does. */
    @ParameterizedTest
    @ValueSource(strings = {"", "-c -v 2", "-c -v 3"})
    void whatDebugfsWroteIsReplayed(String options) throws Exception {
        Ext4Image image = Ext4Image.make(directory.resolve("image"), 12, true);
        Path content = directory.resolve("content");
        byte[] bytes = new byte[40 * 4096];
        new Random(5).nextBytes(bytes);
        for (int i = 0; i < 40; i += 5) {
            bytes[i * 4096] = (byte) 0xC0;
            bytes[i * 4096 + 1] = 0x3B;
            bytes[i * 4096 + 2] = 0x39;
            bytes[i * 4096 + 3] = (byte) 0x98;
        }
        Files.write(content, bytes);
        Path commands = directory.resolve("commands");
        long first = image.freeBlock(0);
        Files.write(
                commands,
                List.of(
                        "jo " + options,
                        "jw -b " + first + "-" + (first + 39) + " " + content,
                        "jw -r " + (first + 3) + "-" + (first + 8),
                        "jw -b " + (first + 5) + "," + (first + 50) + " " + content,
                        "jc"));
        Ext4Image.run(
                List.of("debugfs", "-w", "-f", commands.toString(), image.file().toString()), 0);
        try (JournalFixture fixture = new JournalFixture(image)) {
            SimulatedDisk disk = fixture.disk(image.file());
            fixture.run(() -> assertEquals(0, fixture.replay(disk)));
            Ext4Image.replayByE2fsck(image.file());
            fixture.assertSame(image.file(), disk, options);
            byte[] replayed = fixture.block(disk, first + 10);
            assertEquals(bytes[10 * 4096 + 9], replayed[9]);
            assertEquals((byte) 0xC0, replayed[0]);
            assertEquals(0, fixture.block(disk, first + 4)[7]);
        }
    }

    @Test
    void aDamagedBlockOfTheLogIsAnError() throws Exception {
        with((fixture, disk, cache, journal) -> {
            change(journal, cache, fixture.image.freeBlock(1), 5);
            assertEquals(0, journal.commit());
            SimulatedDisk crashed = fixture.copy(disk);
            long data = fixture.image.area().block(2) << 12;
            crashed.put(data + 100, new byte[] {1}, 0, 1);
            assertEquals(-EUCLEAN, fixture.replay(crashed));
        });
    }
}

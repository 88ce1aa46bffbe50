package biscotti.ext4.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.BlockCache;
import biscotti.driver.disk.PowerCuts;
import biscotti.driver.disk.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whenever the power fails, the journal brings back a whole number of handles, at least those that were committed; and e2fsck agrees. */
@Timeout(300)
class JournalCrashTest {
    private static final int STATES = Integer.getInteger("journal.states", 150);
    private static final int JUDGED = 8;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"12,true,200", "10,true,400", "12,false,200", "10,false,2000"})
    void aCrashLeavesWholeHandles(int blockShift, boolean checksums, int handles) throws Exception {
        long seed = Long.getLong("journal.seed", System.nanoTime());
        System.out.println("journal.seed=" + seed);
        Ext4Image image = Ext4Image.make(directory.resolve("image"), blockShift, checksums);
        try (JournalFixture fixture = new JournalFixture(image)) {
            SimulatedDisk disk = fixture.disk(image.file());
            image.markForRecovery(disk);
            SimulatedDisk lasting = fixture.copy(disk);
            disk.shuffle(seed);
            disk.record();
            List<CrashWorkload> workloads = new ArrayList<>();
            fixture.run(() -> {
                BlockCache cache = fixture.cache(disk);
                Journal journal = fixture.started(cache);
                for (int i = 0; i < 3; i++) {
                    workloads.add(new CrashWorkload(fixture, disk, cache, journal, i * 100, seed + i));
                }
            });
            fixture.run(workloads.stream()
                    .map(workload -> (Runnable) () -> workload.run(handles))
                    .toArray(Runnable[]::new));
            cutEverywhere(fixture, lasting, disk.events(), workloads, new Random(seed), "seed " + seed);
        }
    }

    private void cutEverywhere(
            JournalFixture fixture,
            SimulatedDisk lasting,
            List<SimulatedDisk.Event> events,
            List<CrashWorkload> workloads,
            Random random,
            String where)
            throws Exception {
        SimulatedDisk replayed = fixture.copy(lasting);
        int[] judged = new int[1];
        new PowerCuts(lasting, fixture.copy(lasting), events, random).judge(STATES, (crashed, event) -> {
            replayed.copyFrom(crashed);
            String place = where + " event " + event;
            fixture.run(() -> assertEquals(0, fixture.replay(replayed), place));
            for (CrashWorkload workload : workloads) {
                assertTrue(workload.handlesOn(replayed, event) >= 0, place);
            }
            if (random.nextInt(STATES) < JUDGED || event == events.size()) {
                judge(fixture, crashed, replayed, place);
                judged[0]++;
            }
        });
        assertTrue(judged[0] > 0);
    }

    private void judge(JournalFixture fixture, SimulatedDisk crashed, SimulatedDisk replayed, String where)
            throws Exception {
        Path copy = directory.resolve("crashed");
        crashed.save(copy);
        Ext4Image.replayByE2fsck(copy);
        fixture.assertSame(copy, replayed, where);
    }
}

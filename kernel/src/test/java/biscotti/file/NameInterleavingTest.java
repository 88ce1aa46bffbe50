package biscotti.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.interleaving.InterleavingLoader;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Names are found, made, moved, removed and covered by mounts as if one lock guarded all of them, in whatever order the steps of
 * those come who do it at once.
 */
@Timeout(300)
class NameInterleavingTest {
    private static final InterleavingLoader LOADER = new InterleavingLoader(
            NameInterleavingTest.class.getClassLoader(), "biscotti.file", "biscotti.file.tmpfs", "biscotti.bounded");

    /** The map of a name cache changes in one step here: how it does is tried for the names in memory. */
    private static final InterleavingLoader DISK_LOADER =
            new InterleavingLoader(NameInterleavingTest.class.getClassLoader(), "biscotti.file");

    private static final String TREE = "mkdir /d 2; create /d/x 3; mkdir /e 4; create /e/x 5; create /a 6";
    private static final List<String> PATHS = List.of("/a", "/d", "/e", "/d/x", "/e/x", "/d/e", "/b");
    private static final List<String> CHANGES =
            List.of("create", "mkdir", "unlink", "rmdir", "rename", "rename", "exchange", "link", "mount", "umount");
    private static final int RANDOM_RACES = 400;
    private static final int ORDERS_OF_A_RACE = 50;
    private static final int IN_MEMORY = 0;
    private static final int CACHED_NAMES = 100;

    private static void race(String tree, String... programs) throws ReflectiveOperationException {
        List<String> list = List.of(programs);
        Set<String> allowed = NameModel.outcomes(tree, list);
        int runs = LOADER.explore(NameScenario.class, tree, list, allowed, IN_MEMORY);
        assertTrue(runs > 1);
    }

    /** A race on a disk, behind a cache of so many names. */
    private static void raceOnDisk(int cachedNames, String tree, String... programs)
            throws ReflectiveOperationException {
        List<String> list = List.of(programs);
        Set<String> allowed = NameModel.outcomes(tree, list);
        int runs = DISK_LOADER.explore(NameScenario.class, tree, list, allowed, cachedNames);
        assertTrue(runs > 1);
    }

    @Test
    void aRenamedFileIsFoundUnderOneNameAtATime() throws ReflectiveOperationException {
        race("create /a 2", "rename /a /b", "stat /b; stat /a");
        race("create /a 2", "rename /a /b", "stat /a; stat /b");
    }

    @Test
    void aReplacedNameIsNeverMissing() throws ReflectiveOperationException {
        race("create /a 2; create /b 3", "rename /a /b", "stat /b; stat /b");
    }

    @Test
    void exchangedNamesChangeAtOnce() throws ReflectiveOperationException {
        race("create /a 2; create /b 3", "exchange /a /b", "stat /a; stat /b");
        race("create /a 2; create /b 3", "exchange /a /b", "stat /b; stat /a");
    }

    @Test
    void whatIsFoundIsMadeInFull() throws ReflectiveOperationException {
        race("", "mkdir /a 2", "stat /a/..; stat /a");
        race("", "mkdir /a 2", "create /a/x 3");
    }

    @Test
    void aNameIsMadeOnce() throws ReflectiveOperationException {
        race("", "create /a 2", "create /a 3");
        race("create /a 2", "link /a /b", "unlink /a");
        race("create /a 2; create /b 3", "rename /b /a", "link /a /a");
    }

    @Test
    void aRemovedDirectoryTakesNoNames() throws ReflectiveOperationException {
        race("mkdir /d 2", "rmdir /d", "create /d/x 3");
        race("mkdir /d 2; create /a 3", "rmdir /d", "rename /a /d/x");
    }

    @Test
    void directoriesMovedIntoEachOtherStayATree() throws ReflectiveOperationException {
        race("mkdir /a 2; mkdir /b 3", "rename /a /b/a", "rename /b /a/b");
    }

    @Test
    void aMountIsSeenAsAWhole() throws ReflectiveOperationException {
        race("mkdir /d 2; create /d/x 3", "mount /d 10", "stat /d/x; stat /d/..");
        race("mkdir /d 2; mount /d 10", "umount /d", "stat /d/x; stat /d");
    }

    @Test
    void aMountPointIsNotRemoved() throws ReflectiveOperationException {
        race("mkdir /d 2", "mount /d 10", "rmdir /d");
        race("mkdir /d 2; mkdir /e 3", "mount /d 10", "rename /e /d");
    }

    @Test
    void whatIsCachedIsWhatTheDiskHas() throws ReflectiveOperationException {
        raceOnDisk(CACHED_NAMES, "", "create /a 2", "stat /a; stat /a");
        raceOnDisk(CACHED_NAMES, "create /a 2", "unlink /a", "stat /a; stat /a");
        raceOnDisk(CACHED_NAMES, "create /a 2", "rename /a /b", "stat /b; stat /a");
        raceOnDisk(CACHED_NAMES, "create /a 2", "rename /a /b", "unlink /a");
    }

    @Test
    void aCacheThatForgetsAnswersNoLessTruly() throws ReflectiveOperationException {
        raceOnDisk(1, "", "create /a 2", "stat /a; stat /a");
        raceOnDisk(1, "mkdir /d 2", "rmdir /d", "create /d/x 3");
    }

    private static String change(Random random, int number) {
        String change = CHANGES.get(random.nextInt(CHANGES.size()));
        String path = PATHS.get(random.nextInt(PATHS.size()));
        return switch (change) {
            case "rename", "exchange", "link" -> change + " " + path + " " + PATHS.get(random.nextInt(PATHS.size()));
            case "create", "mkdir", "mount" -> change + " " + path + " " + number;
            default -> change + " " + path;
        };
    }

    @Test
    void anyTwoChangesMeetAsIfOneCameFirst() throws ReflectiveOperationException {
        long seed = System.nanoTime();
        System.out.println("NameInterleavingTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_RACES; i++) {
            List<String> changes = List.of(change(random, 10), change(random, 20));
            Set<String> allowed = NameModel.outcomes(TREE, changes);
            LOADER.sample(random, ORDERS_OF_A_RACE, NameScenario.class, TREE, changes, allowed, IN_MEMORY);
        }
    }
}

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

    private static final String TREE = "mkdir /d 2; create /d/x 3; mkdir /e 4; create /e/x 5; create /a 6";
    private static final List<String> PATHS = List.of("/a", "/d", "/e", "/d/x", "/e/x", "/d/e", "/b");
    private static final List<String> CHANGES =
            List.of("create", "mkdir", "unlink", "rmdir", "rename", "rename", "exchange", "link", "mount", "umount");
    private static final int RANDOM_RACES = 25;

    private static void race(String tree, String... programs) throws ReflectiveOperationException {
        List<String> list = List.of(programs);
        Set<String> allowed = NameModel.outcomes(tree, list);
        int runs = LOADER.explore(NameScenario.class, tree, list, allowed);
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
            race(TREE, change(random, 10), change(random, 20));
        }
    }
}

package biscotti.process.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** capabilities(7): what execve(2) makes of credentials, as equations over random sets. */
class ProgramStartTest {
    private static final int ROUNDS = 20_000;

    private static Credentials user(int id) {
        Credentials.Change change = Credentials.ROOT.setUsers(id, id, id);
        return assertInstanceOf(Credentials.Change.To.class, change).credentials();
    }

    private static Credentials random(Random random) {
        Credentials who = random.nextBoolean() ? Credentials.ROOT : user(1000);
        long permitted = random.nextLong() & Capabilities.ALL;
        long inheritable = random.nextLong() & Capabilities.ALL;
        return who.with(new Capabilities(
                permitted,
                permitted & random.nextLong(),
                inheritable,
                random.nextLong() & Capabilities.ALL,
                permitted & inheritable & random.nextLong(),
                random.nextBoolean() ? Capabilities.SECURE_NO_ROOT : 0));
    }

    private static FileCapabilities randomFile(Random random) {
        return random.nextBoolean()
                ? FileCapabilities.NONE
                : new FileCapabilities(
                        true,
                        random.nextLong() & Capabilities.ALL,
                        random.nextLong() & Capabilities.ALL,
                        random.nextBoolean());
    }

    @Test
    void withoutRootTheSetsFollowTheEquations() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            Credentials who = random(random);
            Capabilities before = who.capabilities();
            if (who.user().real() == 0 && !before.isSecure(Capabilities.SECURE_NO_ROOT)) {
                continue;
            }
            FileCapabilities file = randomFile(random);
            ProgramStart start = new ProgramStart(who, Credentials.KEEP, Credentials.KEEP, file, false);
            Capabilities after = start.credentials().capabilities();
            long ambient = file.present() ? 0 : before.ambient();
            long permitted = before.inheritable() & file.inheritable() | file.permitted() & before.bounding() | ambient;
            assertEquals(ambient, after.ambient());
            assertEquals(permitted, after.permitted());
            assertEquals(file.effective() ? permitted : ambient, after.effective());
            assertEquals(before.inheritable(), after.inheritable());
            assertEquals(before.bounding(), after.bounding());
        }
    }

    @Test
    void noProgramGivesAConfinedThreadMoreThanItHas() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            Credentials who = random(random);
            ProgramStart start = new ProgramStart(who, random.nextInt(2), random.nextInt(2), randomFile(random), true);
            Capabilities after = start.credentials().capabilities();
            assertEquals(0, after.permitted() & ~who.capabilities().permitted());
            assertEquals(who.user().real(), start.credentials().user().effective());
            assertEquals(who.group().real(), start.credentials().group().effective());
        }
    }

    @Test
    void aSetUserIdProgramOfRootGetsTheBoundingSet() {
        ProgramStart start = new ProgramStart(user(1000), 0, Credentials.KEEP, FileCapabilities.NONE, false);
        assertEquals(Capabilities.ALL, start.credentials().capabilities().effective());
        assertEquals(1000, start.credentials().user().real());
        assertEquals(0, start.credentials().user().saved());
        assertTrue(start.isSecure());
    }

    @Test
    void aProgramThatLacksWhatItsFileGivesDoesNotStart() {
        Credentials who = user(1000).with(new Capabilities(0, 0, 0, ~1L & Capabilities.ALL, 0, 0));
        FileCapabilities gives = new FileCapabilities(true, 1, 0, true);
        FileCapabilities mayGive = new FileCapabilities(true, 1, 0, false);
        assertEquals(-Errno.EPERM, new ProgramStart(who, Credentials.KEEP, Credentials.KEEP, gives, false).error());
        assertEquals(0, new ProgramStart(who, Credentials.KEEP, Credentials.KEEP, mayGive, false).error());
    }

    @Test
    void theSuperusersProgramsNeedNotBeCareful() {
        ProgramStart start =
                new ProgramStart(Credentials.ROOT, Credentials.KEEP, Credentials.KEEP, FileCapabilities.NONE, false);
        assertFalse(start.isSecure());
        assertEquals(Capabilities.FULL, start.credentials().capabilities());
    }

    @Test
    void ambientCapabilitiesArePermittedAndInheritable() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            Capabilities before = random(random).capabilities();
            Capabilities.Change change =
                    before.set(before.permitted() & random.nextLong(), 0, before.inheritable() & random.nextLong());
            Capabilities after =
                    assertInstanceOf(Capabilities.Change.To.class, change).capabilities();
            assertEquals(0, after.ambient() & ~(after.permitted() & after.inheritable()));
            assertEquals(0, after.ambient() & ~before.ambient());
        }
    }
}

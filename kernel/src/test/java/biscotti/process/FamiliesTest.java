package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who dies for memory: the smallest family that has a good share of it. */
class FamiliesTest {
    private static final int GOOD_SHARE = 4;

    private final Families families = new Families();
    private final List<Member> members = new ArrayList<>();
    private final Member init = new Member(Lineage.ofFirst(1), null, 0);

    /** A living process: where it stands, whom it descends from, and what it is charged with. */
    private final class Member {
        final Lineage place;
        final Member parent;
        final long charge;

        Member(Lineage place, Member parent, long charge) {
            this.place = place;
            this.parent = parent;
            this.charge = charge;
            members.add(this);
        }

        Member fork(long itsCharge) {
            return new Member(place.branch(members.size() + 1), this, itsCharge);
        }

        Member execute() {
            place.execute();
            return this;
        }

        void end() {
            place.end();
            members.remove(this);
        }

        boolean descendsFrom(Member other) {
            Member at = this;
            while (at != null && at != other) {
                at = at.parent;
            }
            return at == other;
        }
    }

    private boolean search() {
        families.begin();
        members.forEach(member -> families.prepare(member.place, member.charge));
        members.forEach(member -> families.add(member.place));
        return families.choose();
    }

    private List<Member> chosen() {
        assertTrue(search());
        return members.stream()
                .filter(member -> families.isChosen(member.place))
                .toList();
    }

    @Test
    void whoHasMostByItselfDiesAlone() {
        Member shell = init.fork(10).execute();
        Member hog = shell.fork(1000);
        hog.fork(5);
        shell.fork(20);
        init.fork(30);
        assertEquals(List.of(hog), chosen());
        assertEquals(1000, families.charge());
    }

    @Test
    void aForkBombDiesAsOneAndItsShellLives() {
        Member shell = init.fork(10).execute();
        Member good = init.fork(40);
        List<Member> bomb = new ArrayList<>(List.of(shell.fork(10).execute()));
        for (int i = 0; i < 100; i++) {
            bomb.add(bomb.get(i / 2).fork(10));
        }
        List<Member> dying = chosen();
        assertEquals(bomb, dying);
        assertFalse(dying.contains(good));
        assertEquals(1010, families.charge());
    }

    @Test
    void aProgramThatHasForkedABombLives() {
        Member server = init.fork(10).execute();
        Member worker = server.fork(10);
        List<Member> bomb = new ArrayList<>(List.of(server.fork(10)));
        for (int i = 0; i < 100; i++) {
            bomb.add(bomb.get(i / 2).fork(10));
        }
        assertEquals(bomb, chosen());
        assertTrue(members.contains(worker));
    }

    @Test
    void oneOfManyProgramsThatAShellRunsDiesWithoutTheOthers() {
        Member shell = init.fork(10).execute();
        Member[] jobs = {
            shell.fork(10).execute(), shell.fork(10).execute(), shell.fork(10).execute()
        };
        for (int i = 0; i < 30; i++) {
            jobs[i % 3].fork(i % 3 == 1 ? 90 : 100);
        }
        List<Member> dying = chosen();
        assertEquals(11, dying.size());
        assertTrue(dying.contains(jobs[1]));
    }

    @Test
    void aBombWhoseParentsEndIsStillOneFamily() {
        Member good = init.fork(50);
        Member shell = init.fork(10).execute();
        Member root = shell.fork(10).execute();
        List<Member> leaves = new ArrayList<>(List.of(root));
        for (int generation = 0; generation < 6; generation++) {
            List<Member> children = new ArrayList<>();
            for (Member leaf : leaves) {
                children.add(leaf.fork(10));
                children.add(leaf.fork(10));
                leaf.end();
            }
            leaves = children;
        }
        List<Member> dying = chosen();
        assertEquals(leaves, dying);
        assertFalse(dying.contains(good));
        assertFalse(dying.contains(shell));
    }

    @Test
    void theFirstProcessAndWhoIsProtectedLive() {
        Member only = init.fork(0);
        assertFalse(search());
        Member child = only.fork(7);
        assertEquals(List.of(child), chosen());
        child.end();
        assertFalse(search());
    }

    @Test
    void aLongLineOfDeadParentsKeepsNoPlaces() {
        Member at = init;
        for (int i = 0; i < 1000; i++) {
            Member next = at.fork(1);
            if (at != init) {
                at.end();
            }
            at = next;
        }
        assertEquals(init.place, at.place.above);
        at.end();
        assertEquals(0, init.place.branches());
    }

    @Test
    void whatIsChosenIsWhatAnExhaustiveSearchFinds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            grow(random);
            if (search()) {
                compare(seed);
            }
        }
    }

    private void grow(Random random) {
        for (int i = 0; i < 20; i++) {
            Member some = members.get(random.nextInt(members.size()));
            if (some != init && random.nextInt(3) == 0) {
                some.end();
            } else {
                Member child = some.fork(random.nextInt(4) == 0 ? 0 : random.nextInt(1, 100));
                if (random.nextBoolean()) {
                    child.execute();
                }
            }
        }
    }

    /** No family that has a good share is smaller than the one that dies; families are found by who descends from whom, dead founders too. */
    private void compare(long seed) {
        long all = members.stream().mapToLong(member -> member.charge).sum();
        long best = Long.MAX_VALUE;
        long most = 0;
        for (Member member : members) {
            for (Member founder = member; founder != init; founder = founder.parent) {
                long charge = chargeOf(founder);
                most = Math.max(most, charge);
                best = charge >= all / GOOD_SHARE ? Math.min(best, charge) : best;
            }
        }
        long expected = best == Long.MAX_VALUE ? most : best;
        List<Member> dying = members.stream()
                .filter(member -> families.isChosen(member.place))
                .toList();
        assertFalse(dying.contains(init));
        long dies = dying.stream().mapToLong(member -> member.charge).sum();
        assertEquals(families.charge(), dies, () -> "seed " + seed);
        assertTrue(dying.size() == 1 ? dies * 2 >= expected : dies >= expected, () -> "seed " + seed);
    }

    private long chargeOf(Member founder) {
        return members.stream()
                .filter(member -> member.descendsFrom(founder))
                .mapToLong(member -> member.charge)
                .sum();
    }
}

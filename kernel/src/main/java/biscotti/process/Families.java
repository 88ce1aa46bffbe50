package biscotti.process;

import biscotti.process.Lineage.Membership;
import java.util.function.ToLongFunction;

/**
 * Finds who should die for memory. Processes are charged with what they retain, and families (a process and all that descend
 * from it) with what all of them do: one that forks without end has little by itself, and each of its children has no more
 * than anybody else's.
 *
 * <p>The smallest family is looked for that has a good share of all that is charged: so of a shell that runs a hog, only the hog;
 * of a server with one great child, only that child. If the process that began it has most of it by itself, that one dies
 * alone. Else it is many that are too much, and not only this family but nearly all dies that runs the same program and is related
 * to it, for what is left of a fork bomb would be the next one: the smallest family around it that has most of what they have
 * back to the one that executed the program. So who has forked a hog lives.
 *
 * <p>For one thread at a time, with the {@link ProcessTable} locked. Needs no memory, and time in proportion to the processes.
 */
final class Families {
    /** A family with this part of all that is charged is great enough to die alone. */
    private static final int GOOD_SHARE = 4;

    /** What a family may lack and still have most. */
    private static final int LITTLE = 8;

    private long search;
    private long all;
    private Lineage chosen; // null when there is nobody
    private boolean alone;

    /**
     * Searches.
     *
     * @param first a process from which {@link Process#nextInTable} leads to all others
     * @param charge what each is charged with: 0 for one that must not die, else more
     * @return whether somebody can die
     */
    boolean search(Process first, ToLongFunction<Process> charge) {
        begin();
        for (Process process = first; process != null; process = process.nextInTable) {
            if (!process.isZombie()) {
                prepare(process.lineage, charge.applyAsLong(process));
            }
        }
        for (Process process = first; process != null; process = process.nextInTable) {
            if (!process.isZombie()) {
                add(process.lineage);
            }
        }
        return choose();
    }

    // A search: all places are prepared, then all are added, then somebody is chosen.

    void begin() {
        search++;
        all = 0;
        chosen = null;
    }

    /** Says what a living process is charged with. */
    void prepare(Lineage place, long own) {
        for (Lineage at = place; at != null && at.search != search; at = at.above) {
            at.search = search;
            at.own = 0;
            at.charge = 0;
            at.open = at.branches() + (at.isAlive() ? 1 : 0);
            at.membership = Membership.UNKNOWN;
        }
        place.own = own;
        all += own;
    }

    /** Adds a living process's charge to its family's; a family that is complete is added to the one above. */
    void add(Lineage place) {
        place.charge += place.own;
        place.open--;
        Lineage at = place;
        while (at.open == 0 && at.above != null) {
            consider(at);
            at.above.charge += at.charge;
            at.above.open--;
            at = at.above;
        }
    }

    private void consider(Lineage family) {
        boolean better;
        if (chosen == null) {
            better = true;
        } else if (isGreat(chosen)) {
            better = isGreat(family) && family.charge < chosen.charge;
        } else {
            better = family.charge > chosen.charge;
        }
        chosen = better ? family : chosen;
    }

    private boolean isGreat(Lineage family) {
        return family.charge >= all / GOOD_SHARE;
    }

    /** Whether there is anybody to choose. */
    boolean choose() {
        if (chosen == null || chosen.charge == 0) {
            return false;
        }
        alone = chosen.isAlive() && chosen.own >= chosen.charge - chosen.own;
        if (!alone) {
            widen();
        }
        return true;
    }

    private void widen() {
        Lineage program = chosen;
        while (!program.hasExecuted() && program.above.above != null) {
            program = program.above;
        }
        while (chosen.charge < program.charge - program.charge / LITTLE) {
            chosen = chosen.above;
        }
    }

    // What it found.

    /** What those that should die are charged with. */
    long charge() {
        return alone ? chosen.own : chosen.charge;
    }

    /** The number of the process that began the family; it may have ended. */
    int founder() {
        return chosen.founder();
    }

    /** Whether the process of a place should die. */
    boolean isChosen(Lineage place) {
        return alone ? place == chosen : isInside(place);
    }

    private boolean isInside(Lineage place) {
        Lineage known = place;
        while (known != chosen && known.above != null && known.membership == Membership.UNKNOWN) {
            known = known.above;
        }
        boolean inside = known == chosen || known.membership == Membership.INSIDE;
        Membership answer = inside ? Membership.INSIDE : Membership.OUTSIDE;
        for (Lineage at = place; at != known; at = at.above) {
            at.membership = answer;
        }
        return inside;
    }
}

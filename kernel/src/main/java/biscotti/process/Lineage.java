package biscotti.process;

/**
 * Where a process stands between those that it descends from and those that descend from it. Other than the relation of
 * parent and child that wait4(2) knows, this one outlives the parent: a place whose process has ended stays as long as two
 * branches or more come from it, and a single one moves up. So there are at most twice as many places as living processes.
 *
 * <p>Guarded by the {@link ProcessTable}'s lock, as are the figures of {@link Families}, which each place carries, so that a
 * search for memory needs none.
 */
final class Lineage {
    /** Whether a place is in the family that was chosen. */
    enum Membership {
        /** Not looked at yet. */
        UNKNOWN,
        /** It is. */
        INSIDE,
        /** It is not. */
        OUTSIDE
    }

    private final int founder;
    private boolean alive = true;
    private boolean executed;
    private int branches;
    private Lineage firstBranch;
    private Lineage next;
    private Lineage previous;
    /** Null for the first process only. */
    Lineage above;

    // Figures of a search: see Families.
    long search;
    long own;
    long charge;
    int open;
    Membership membership;

    private Lineage(int founder) {
        this.founder = founder;
    }

    /** The place of the first process. */
    static Lineage ofFirst(int process) {
        return new Lineage(process);
    }

    /** The place of a new process that descends from this one's. */
    Lineage branch(int process) {
        Lineage place = new Lineage(process);
        place.join(this);
        return place;
    }

    /** The number of the process whose place this is, or was. */
    int founder() {
        return founder;
    }

    /** Whether that process lives. */
    boolean isAlive() {
        return alive;
    }

    /** The process executes a program: it runs no longer what its parent runs. */
    void execute() {
        executed = true;
    }

    /** Whether it has done so since it was forked. */
    boolean hasExecuted() {
        return executed;
    }

    /** How many branches come from here. */
    int branches() {
        return branches;
    }

    /** The process has ended. */
    void end() {
        alive = false;
        Lineage place = this;
        while (place.isEmpty()) {
            Lineage parent = place.above;
            place.leave();
            place = parent;
        }
        if (!place.alive && place.above != null && place.branches == 1) {
            place.giveWay();
        }
    }

    private boolean isEmpty() {
        return !alive && branches == 0 && above != null;
    }

    /** The only branch takes this place. */
    private void giveWay() {
        Lineage branch = firstBranch;
        Lineage parent = above;
        branch.leave();
        leave();
        branch.join(parent);
    }

    private void join(Lineage parent) {
        above = parent;
        next = parent.firstBranch;
        if (next != null) {
            next.previous = this;
        }
        parent.firstBranch = this;
        parent.branches++;
    }

    private void leave() {
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else {
            above.firstBranch = next;
        }
        above.branches--;
        above = null;
        next = null;
        previous = null;
    }
}

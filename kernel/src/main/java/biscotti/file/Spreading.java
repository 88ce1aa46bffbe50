package biscotti.file;

import biscotti.bounded.Rounds;

/**
 * How a mount spreads what is mounted in it to others that show the same files, and hears of it: mount_namespaces(7). A shared
 * mount is one of a group of peers, which tell each other; a slave hears from the group that is its master. All is guarded by
 * the lock of the {@link MountTable}.
 */
final class Spreading {
    private Peers peers;
    private Peers master;
    private boolean unbindable;

    /** Mounts that tell each other. */
    private static final class Peers {
        private final int id;
        private Peers master;
        private int members;

        /** What is made in one event for this group; of another event if the number differs. */
        private Peers made;

        private long event;

        private Peers(int id, Peers master) {
            this.id = id;
            this.master = master;
        }
    }

    /** One mount that is made and spreads, told from those before by its number; it numbers new groups, too. */
    static final class Event {
        private long number;
        private int lastGroup;

        /** The next one begins. */
        void begin() {
            number++;
        }

        private int newGroup() {
            return ++lastGroup;
        }
    }

    /** The group that a slave hears from, null for none: one that has lost its last mount has handed its slaves on. */
    private static Peers living(Peers group) {
        Peers at = group;
        while (at != null && at.members == 0) {
            at = at.master;
        }
        return at;
    }

    /** Whether it tells others. */
    boolean isShared() {
        return peers != null;
    }

    /** Whether it hears from others and is no peer of theirs. */
    boolean isSlave() {
        return master() != null;
    }

    private Peers master() {
        return living(peers != null ? peers.master : master);
    }

    /** Whether it refuses to be bound. */
    boolean isUnbindable() {
        return unbindable;
    }

    /** The number of its group of peers; 0 for none. */
    int group() {
        return peers == null ? 0 : peers.id;
    }

    /** The number of the group it hears from; 0 for none. */
    int masterGroup() {
        Peers group = master();
        return group == null ? 0 : group.id;
    }

    /** Whether it hears what another tells. */
    boolean hears(Spreading teller) {
        Peers group = peers != null ? peers : living(master);
        while (group != null && group != teller.peers) {
            group = living(group.master);
        }
        return group != null && teller.peers != null;
    }

    /** MS_SHARED: a group of its own, if it has none. */
    void share(Event event) {
        unbindable = false;
        if (peers == null) {
            join(new Peers(event.newGroup(), living(master)));
        }
    }

    private void join(Peers group) {
        peers = group;
        master = group.master;
        group.members++;
    }

    /** MS_SLAVE: hears from those who were its peers, or what they heard from. */
    void enslave() {
        if (peers != null) {
            Peers left = peers;
            peers = null;
            left.members--;
            master = living(left);
        }
    }

    /** MS_PRIVATE and MS_UNBINDABLE: neither tells nor hears. */
    void part(boolean forbidsBinds) {
        enslave();
        master = null;
        unbindable = forbidsBinds;
    }

    /** Begins as another, of which this is a copy. */
    void copyFrom(Spreading original) {
        if (original.peers != null) {
            join(original.peers);
        } else {
            master = living(original.master);
        }
    }

    /** Whether it neither tells nor hears. */
    boolean isPrivate() {
        return peers == null && master() == null;
    }

    /**
     * It is the copy of a mount that was made in a shared one, for one that heard of it: as that hears from the teller, so does the copy
     * hear from the original.
     *
     * @param hearer where the copy is
     * @param teller where the original is
     * @param event what spreads
     * @param rounds each group that is made for nobody yet is one
     * @return false if the heap is short
     */
    boolean follow(Spreading hearer, Spreading teller, Spreading original, Event event, Rounds rounds) {
        Peers group = hearer.peers;
        if (group == teller.peers) {
            join(original.peers);
            return true;
        }
        Peers nearest = living(group != null ? group.master : hearer.master);
        if (!makeFor(nearest, teller, original, event, rounds)) {
            return false;
        }
        Peers above = madeFor(nearest, teller, original);
        if (group == null) {
            master = above;
        } else {
            if (group.event != event.number) {
                group.event = event.number;
                group.made = new Peers(event.newGroup(), above);
            }
            join(group.made);
        }
        return true;
    }

    /** The group that was made for one between the hearer and the teller. */
    private static Peers madeFor(Peers group, Spreading teller, Spreading original) {
        if (group == null) {
            return null;
        }
        return group == teller.peers ? original.peers : group.made;
    }

    /** Makes the group for one between the hearer and the teller, and those above it that are missing, from the top down. */
    private static boolean makeFor(Peers wanted, Spreading teller, Spreading original, Event event, Rounds rounds) {
        while (wanted != null && wanted != teller.peers && wanted.event != event.number) {
            if (!rounds.nextRound()) {
                return false;
            }
            Peers highest = wanted;
            Peers above = living(highest.master);
            while (above != null && above != teller.peers && above.event != event.number) {
                highest = above;
                above = living(highest.master);
            }
            highest.event = event.number;
            highest.made = new Peers(event.newGroup(), madeFor(above, teller, original));
        }
        return true;
    }
}

package biscotti.file;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ELOOP;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.ENOTDIR;

import biscotti.bounded.Rounds;

/**
 * One call of mount(2) that adds mounts to the tree or moves them there, and spreads that to the mounts that hear of it. Each mount
 * that it makes is a round of its work; if the heap is short, all that it has made is taken back.
 */
public final class Mounting {
    private final MountTable table;
    private final Rounds rounds;
    private final Slot<Mount> slot = new Slot<>();
    private Mount lastMade;
    private boolean spreads;

    /** A call on the mounts of this table. */
    public Mounting(MountTable table, Rounds rounds) {
        this.table = table;
        this.rounds = rounds;
    }

    /**
     * Covers a place with the root of a file system.
     *
     * @param source what /proc/mounts tells as the device
     * @return 0; -ENOTDIR if the place is no directory; -ENOENT if it has been removed; -EINVAL if it is in a mount that is gone; -EBUSY if
     *     the same is there already; -ENOSPC if there are too many mounts; -ENOMEM
     */
    public int add(String source, FileSystem fileSystem, Place place, int flags) {
        table.lock().lock();
        try {
            Place point = table.enter(place);
            int error = begin(point, fileSystem.root());
            if (error == 0 && fileSystem.isOnlyOne() && point.vnode() == fileSystem.root() && table.isRoot(point)) {
                error = -EBUSY;
            }
            if (error == 0) {
                error = table.make(source, Mount.rootOf(fileSystem), flags, slot);
            }
            if (error < 0) {
                return error;
            }
            made(slot.get());
            return put(slot.get(), point, false);
        } finally {
            table.lock().unlock();
        }
    }

    /** Whether a file can be seen at a place. */
    private int begin(Place point, Vnode root) {
        table.calls++;
        spreads = point.mount().spreading.isShared();
        if (!table.isHere(point.mount())) {
            return -EINVAL;
        }
        if (point.vnode() instanceof Directory directory
                ? directory.removed()
                : point.directory().removed()) {
            return -ENOENT;
        }
        return point.vnode() instanceof Directory == root instanceof Directory ? 0 : -ENOTDIR;
    }

    private void made(Mount mount) {
        mount.nextMade = lastMade;
        mount.madeBy = table.calls;
        lastMade = mount;
    }

    /** Puts a new mount somewhere, and copies of it where that is heard of; takes all back if it fails. */
    private int put(Mount mount, Place point, boolean below) {
        int error = table.attach(mount, point) ? spread(mount, below) : -ENOENT;
        if (error < 0) {
            takeBack();
        }
        return error;
    }

    private void takeBack() {
        while (lastMade != null) {
            Mount mount = lastMade;
            lastMade = mount.nextMade;
            if (mount.isTop()) {
                table.forget(mount);
            } else {
                table.remove(mount);
            }
            mount.nextMade = null;
            mount.drop();
        }
    }

    /**
     * Makes the copies of a mount that those make who hear of it.
     *
     * @param below whether it is below another that this call puts somewhere: then it is copied to where the copies of that are
     * @return 0, -ENOSPC, -ENOMEM
     */
    private int spread(Mount mount, boolean below) {
        Place point = mount.point();
        Spreading teller = point.mount().spreading;
        if (!spreads) {
            return 0;
        }
        table.event.begin();
        mount.spreading.share(table.event);
        int id = table.next(0);
        while (id >= 0) {
            Mount hearer = table.get(id);
            boolean hears = hearer != point.mount()
                    && hearer.madeBy == table.calls == below
                    && hearer.spreading.hears(teller)
                    && shows(hearer, point)
                    && table.isHere(hearer);
            if (hears) {
                if (!rounds.nextRound()) {
                    return -ENOMEM;
                }
                int error = table.make(mount.source(), mount.rootPlace(), mount.flags(), slot);
                if (error < 0) {
                    return error;
                }
                Mount copy = slot.get();
                made(copy);
                Place at = new Place(Place.Kind.NAMED, hearer, point.vnode(), point.directory(), point.name());
                table.attach(copy, table.enter(at));
                if (!copy.spreading.follow(hearer.spreading, teller, mount.spreading, table.event, rounds)) {
                    return -ENOMEM;
                }
            }
            id = table.next(id + 1);
        }
        return 0;
    }

    /** Whether a place can be seen through a mount: it is below the mount's root. */
    private static boolean shows(Mount mount, Place place) {
        return place.vnode().fileSystem() == mount.fileSystem() && isBelow(place, mount.root());
    }

    static boolean isBelow(Place place, Vnode top) {
        if (place.vnode() == top) {
            return true;
        }
        Directory at = place.directory();
        while (at != top && at.parent() != at) {
            at = at.parent();
        }
        return at == top;
    }

    /**
     * MS_BIND: shows what is at one place at another, too.
     *
     * @param recursive MS_REC: with the mounts below
     * @return 0, or an errno as in {@link #add}; -EINVAL for what is unbindable, too
     */
    public int bind(Place from, Place place, boolean recursive) {
        table.lock().lock();
        try {
            Mount original = from.mount();
            if (original.spreading.isUnbindable() || !table.isHere(original)) {
                return -EINVAL;
            }
            Place point = table.enter(place);
            int error = begin(point, from.vnode());
            if (error == 0) {
                error = copyTree(from, recursive);
            }
            if (error < 0) {
                takeBack();
                return error;
            }
            return putTree(original, point);
        } finally {
            table.lock().unlock();
        }
    }

    /** Makes a copy of the mount that a place is in, with that as its root, and of those below it; each is the original's twin. */
    private int copyTree(Place from, boolean recursive) {
        Mount original = from.mount();
        int error = copy(original, from);
        Mount at = recursive && error == 0 ? original.nextBelow(original, true) : original;
        while (at != original) {
            Mount above = at.point().mount();
            boolean wanted = !at.spreading.isUnbindable()
                    && above.twin != null
                    && (above != original || isBelow(at.point(), from.vnode()));
            at.twin = null;
            if (!rounds.nextRound()) {
                return -ENOMEM;
            }
            error = wanted ? copy(at, at.rootPlace()) : 0;
            if (error < 0) {
                return error;
            }
            at = at.nextBelow(original, wanted);
        }
        return error;
    }

    private int copy(Mount original, Place root) {
        int error = table.make(original.source(), root, original.flags(), slot);
        if (error == 0) {
            original.twin = slot.get();
            original.twin.spreading.copyFrom(original.spreading);
            made(original.twin);
        }
        return error;
    }

    /**
     * open_tree(2): a copy of a mount, or of a tree of them, that is nowhere.
     *
     * @param from the copy's root
     * @param recursive with the mounts below
     * @return 0; -EINVAL if the mount is unbindable, or not in the tree; -ENOSPC, -ENOMEM
     */
    int copy(Place from, boolean recursive, Slot<Mount> copied) {
        table.lock().lock();
        try {
            Mount original = from.mount();
            if (original.spreading.isUnbindable() || !table.isHere(original)) {
                return -EINVAL;
            }
            table.calls++;
            spreads = false;
            int error = copyTree(from, recursive);
            if (error < 0) {
                takeBack();
                return error;
            }
            copied.put(original.twin);
            return putTwinsInside(original);
        } finally {
            table.lock().unlock();
        }
    }

    /** Puts the twins of a tree of mounts where they belong, each before those inside it; takes all back if it fails. */
    private int putTree(Mount original, Place point) {
        int error = put(original.twin, point, false);
        if (error < 0) {
            original.twin = null;
            return error;
        }
        return putTwinsInside(original);
    }

    private int putTwinsInside(Mount original) {
        int error = 0;
        Mount at = original.nextBelow(original, true);
        while (error == 0 && at != original) {
            Mount twin = at.twin;
            Mount above = at.point().mount().twin;
            boolean copied = twin != null && above != null && twin.isTop();
            if (copied) {
                if (!rounds.nextRound()) {
                    takeBack();
                    return -ENOMEM;
                }
                Place place = at.point();
                Place there = new Place(Place.Kind.NAMED, above, place.vnode(), place.directory(), place.name());
                error = put(twin, there, true);
            }
            at.twin = null;
            at = at.nextBelow(original, copied);
        }
        original.twin = null;
        return error;
    }

    /**
     * MS_MOVE and move_mount(2): puts a mount elsewhere, with those below it; a tree that is nowhere comes into the tree.
     *
     * @param from its root
     * @return 0, or an errno as in {@link #add}; -EINVAL if {@code from} is no mount's root, the top, below the top of a tree that is nowhere, or hears what
     *     is moved; -ELOOP if the new place is below it
     */
    public int move(Place from, Place place) {
        table.lock().lock();
        try {
            Mount mount = from.mount();
            Place point = table.enter(place);
            boolean canMove = table.isChangeableRoot(from)
                    && table.isHere(point.mount())
                    && mount != table.top()
                    && (mount.isTop() || !mount.point().mount().spreading.isShared())
                    && from.vnode() instanceof Directory == point.vnode() instanceof Directory
                    && !(point.mount().spreading.isShared() && holdsUnbindable(mount));
            if (!canMove) {
                return -EINVAL;
            }
            if (point.mount().isIn(mount)) {
                return -ELOOP;
            }
            return moveTree(mount, point);
        } finally {
            table.lock().unlock();
        }
    }

    private static boolean holdsUnbindable(Mount tree) {
        Mount at = tree;
        do {
            if (at.spreading.isUnbindable()) {
                return true;
            }
            at = at.nextBelow(tree, true);
        } while (at != tree);
        return false;
    }

    private int moveTree(Mount mount, Place point) {
        Place before = mount.point();
        boolean comes = mount.isTop();
        int error = begin(point, mount.root());
        if (error < 0) {
            return error;
        }
        if (!(comes ? table.attach(mount, point) : table.move(mount, point))) {
            return -ENOENT;
        }
        Mount at = mount;
        do {
            error = rounds.nextRound() ? spread(at, at != mount) : -ENOMEM;
            at = at.nextBelow(mount, true);
        } while (error == 0 && at != mount);
        if (error < 0) {
            takeBack();
            putBack(mount, comes, before);
        }
        return error;
    }

    private void putBack(Mount mount, boolean came, Place before) {
        if (came) {
            table.takeOff(mount);
        } else {
            table.move(mount, before);
        }
    }
}

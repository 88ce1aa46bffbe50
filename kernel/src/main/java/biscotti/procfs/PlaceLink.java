package biscotti.procfs;

import static biscotti.abi.Errno.ENAMETOOLONG;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;

/** A link that leads to a place itself, not to what its path names now: /proc/PID/exe, cwd, root, fd/N. */
final class PlaceLink extends SymbolicLink {
    /** Finds the place. */
    @FunctionalInterface
    interface Finder {
        /** The place: 0, or -ENOENT if there is none. */
        int find(Slot<Place> place);
    }

    private final Finder finder;

    PlaceLink(ProcFileSystem fileSystem, long number, int userId, int groupId, Finder finder) {
        super(fileSystem, number, userId, groupId);
        this.finder = finder;
        addLink();
    }

    @Override
    public int jump(Caller caller, Slot<Place> place) {
        return finder.find(place);
    }

    @Override
    public int target(Caller caller, Slot<String> path) {
        Slot<Place> place = new Slot<>();
        int error = finder.find(place);
        if (error < 0) {
            return error;
        }
        String found = place.get().path(caller.fileContext().root());
        return found.isEmpty() ? -ENAMETOOLONG : path.put(found);
    }
}

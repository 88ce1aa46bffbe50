package biscotti.procfs;

import biscotti.file.Caller;
import biscotti.file.FileSystem;
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

    PlaceLink(FileSystem fileSystem, long number, int userId, int groupId, Finder finder) {
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
        return error < 0
                ? error
                : path.put(place.get().path(caller.fileContext().root()));
    }
}

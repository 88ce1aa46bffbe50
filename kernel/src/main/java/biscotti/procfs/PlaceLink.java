package biscotti.procfs;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.ENAMETOOLONG;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import biscotti.process.Process;

/**
 * A link that leads to a place itself, not to what its path names now: /proc/PID/exe, cwd, root, fd/N. Only who may look into the
 * process is told where.
 */
final class PlaceLink extends SymbolicLink {
    /** Finds the place. */
    @FunctionalInterface
    interface Finder {
        /** The place: 0, or -ENOENT if there is none. */
        int find(Slot<Place> place);
    }

    private final Process process;
    private final Finder finder;

    PlaceLink(ProcFileSystem fileSystem, long number, int userId, int groupId, Process process, Finder finder) {
        super(fileSystem, number, userId, groupId);
        this.process = process;
        this.finder = finder;
        addLink();
    }

    @Override
    public int jump(Caller caller, Slot<Place> place) {
        return ProcessText.mayInspect(caller, process) ? finder.find(place) : -EACCES;
    }

    @Override
    public int target(Caller caller, Slot<String> path) {
        Slot<Place> place = new Slot<>();
        int error = jump(caller, place);
        if (error < 0) {
            return error;
        }
        String found = place.get().shownPath(caller.fileContext().root());
        return found.isEmpty() ? -ENAMETOOLONG : path.put(found);
    }
}

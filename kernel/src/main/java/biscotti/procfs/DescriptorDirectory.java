package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.process.Process;
import biscotti.process.UserThread;
import java.util.Optional;

/** /proc/PID/fd: a link for each open descriptor. */
final class DescriptorDirectory extends OpenDescriptors {
    private static final int NODES = 0x200;

    DescriptorDirectory(ProcessDirectory parent, int id, int node, Process process, Optional<UserThread> thread) {
        super(parent, id, node, NODES, 0500, process, thread);
    }

    /** A process sees its own descriptors even if it keeps secrets (Linux: {@code proc_fd_permission}). */
    @Override
    protected boolean isOpenTo(Caller caller) {
        return caller instanceof UserThread user && user.process() == process();
    }

    @Override
    int find(int descriptor, Slot<Vnode> found) {
        if (findPlace(descriptor, new Slot<>()) < 0) {
            return -ENOENT;
        }
        return found.put(new PlaceLink(
                proc(), inode(descriptor), userId(), groupId(), process(), place -> findPlace(descriptor, place)));
    }

    private int findPlace(int descriptor, Slot<Place> place) {
        Optional<FileTable> table = table();
        OpenFile file = table.isEmpty() ? OpenFile.CLOSED : table.get().get(descriptor);
        return file == OpenFile.CLOSED ? -ENOENT : place.put(file.place());
    }

    @Override
    int type() {
        return FileMode.S_IFLNK;
    }
}

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
final class DescriptorDirectory extends NumberDirectory {
    /** Where the inode numbers of the links start, among those of a process's number. */
    private static final int NODES = 0x200;

    private final Process process;
    private final Optional<UserThread> thread;
    private final int id;

    private DescriptorDirectory(
            ProcFileSystem fileSystem, long number, Process process, Optional<UserThread> thread, int id) {
        super(fileSystem, number, 0500, ProcessDirectory.owner(process), ProcessDirectory.ownerGroup(process));
        this.process = process;
        this.thread = thread;
        this.id = id;
    }

    /** The directory for a process, or for a thread that may have a table of its own. */
    static DescriptorDirectory of(
            ProcessDirectory parent, int id, int node, Process process, Optional<UserThread> thread) {
        return new DescriptorDirectory(parent.proc(), ProcFileSystem.numberFor(id, node), process, thread, id);
    }

    /** A process sees its own descriptors even if it keeps secrets (Linux: {@code proc_fd_permission}). */
    @Override
    protected boolean isOpenTo(Caller caller) {
        return caller instanceof UserThread user && user.process() == process;
    }

    private Optional<FileTable> table() {
        Optional<UserThread> user = thread.isPresent() ? thread : process.firstThread();
        return user.map(UserThread::files);
    }

    @Override
    int next(Caller caller, int from) {
        Optional<FileTable> table = table();
        return table.isEmpty() ? -1 : table.get().next(from);
    }

    @Override
    int find(int descriptor, Slot<Vnode> found) {
        if (findPlace(descriptor, new Slot<>()) < 0) {
            return -ENOENT;
        }
        return found.put(new PlaceLink(
                proc(), inode(descriptor), userId(), groupId(), process, place -> findPlace(descriptor, place)));
    }

    private int findPlace(int descriptor, Slot<Place> place) {
        Optional<FileTable> table = table();
        OpenFile file = table.isEmpty() ? OpenFile.CLOSED : table.get().get(descriptor);
        return file == OpenFile.CLOSED ? -ENOENT : place.put(file.place());
    }

    @Override
    long inode(int descriptor) {
        return ProcFileSystem.numberFor(id, NODES) + descriptor;
    }

    @Override
    int type() {
        return FileMode.S_IFLNK;
    }
}

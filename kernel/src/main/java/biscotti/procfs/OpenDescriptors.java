package biscotti.procfs;

import biscotti.file.Caller;
import biscotti.file.FileTable;
import biscotti.process.Process;
import biscotti.process.UserThread;
import java.util.Optional;

/** A directory of /proc/PID with an entry for each open descriptor. */
abstract class OpenDescriptors extends NumberDirectory {
    private final Process process;
    private final Optional<UserThread> thread;
    private final long firstNode;

    /**
     * The directory for a process, or for a thread that may have a table of its own.
     *
     * @param node its inode number, among those of the process's number
     * @param nodes where those of the entries start
     */
    OpenDescriptors(
            ProcessDirectory parent,
            int id,
            int node,
            int nodes,
            int permissions,
            Process process,
            Optional<UserThread> thread) {
        super(
                parent.proc(),
                ProcFileSystem.numberFor(id, node),
                permissions,
                ProcessDirectory.owner(process),
                ProcessDirectory.ownerGroup(process));
        this.process = process;
        this.thread = thread;
        this.firstNode = ProcFileSystem.numberFor(id, nodes);
    }

    /** Whose descriptors they are. */
    final Process process() {
        return process;
    }

    /** The descriptors; nothing if the process has ended. */
    final Optional<FileTable> table() {
        Optional<UserThread> user = thread.isPresent() ? thread : process.firstThread();
        return user.map(UserThread::files);
    }

    @Override
    final int next(Caller caller, int from) {
        Optional<FileTable> table = table();
        return table.isEmpty() ? -1 : table.get().next(from);
    }

    @Override
    final long inode(int descriptor) {
        return firstNode + descriptor;
    }
}

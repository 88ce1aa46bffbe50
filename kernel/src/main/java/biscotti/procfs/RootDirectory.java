package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.process.Process;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import java.util.Optional;

/** The top of /proc: the system's files, and a directory for each process; one for a thread is found, but not listed. */
final class RootDirectory extends NumberDirectory {
    private final ProcessTable table;

    RootDirectory(ProcFileSystem fileSystem, long number, ProcessTable table) {
        super(fileSystem, number, 0555, 0, 0);
        this.table = table;
    }

    @Override
    int next(Caller caller, int from) {
        int id = table.next(from);
        while (id >= 0 && table.process(id).isEmpty()) {
            id = table.next(id + 1);
        }
        return id;
    }

    @Override
    int find(int id, Slot<Vnode> found) {
        Optional<Process> process = table.process(id);
        if (process.isEmpty()) {
            Optional<UserThread> thread = table.thread(id);
            return thread.isEmpty()
                    ? -ENOENT
                    : found.put(ProcessDirectory.of(
                            this, Integer.toString(id), thread.get().process(), thread));
        }
        return found.put(ProcessDirectory.of(this, Integer.toString(id), process.get(), Optional.empty()));
    }

    @Override
    long inode(int id) {
        return ProcFileSystem.numberFor(id, 0);
    }

    @Override
    int type() {
        return FileMode.S_IFDIR;
    }
}

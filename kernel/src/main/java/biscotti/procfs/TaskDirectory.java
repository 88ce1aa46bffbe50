package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.FileSystem;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.process.Process;
import biscotti.process.UserThread;
import java.util.Optional;

/** /proc/PID/task: a directory for each thread of a process. */
final class TaskDirectory extends NumberDirectory {
    /** Where the inode numbers of a thread's directory start, among those of its number. */
    static final int NODES = 0x100;

    private final Process process;

    TaskDirectory(FileSystem fileSystem, long number, Process process) {
        super(
                fileSystem,
                number,
                0555,
                process.credentials().user().effective(),
                process.credentials().group().effective());
        this.process = process;
    }

    @Override
    int next(Caller caller, int from) {
        int lowest = -1;
        for (UserThread thread : process.threads()) {
            int id = thread.id();
            if (id >= from && (lowest < 0 || id < lowest)) {
                lowest = id;
            }
        }
        return lowest;
    }

    @Override
    int find(int id, Slot<Vnode> found) {
        for (UserThread thread : process.threads()) {
            if (thread.id() == id) {
                return found.put(ProcessDirectory.of(this, Integer.toString(id), process, Optional.of(thread)));
            }
        }
        return -ENOENT;
    }

    @Override
    long inode(int id) {
        return ProcFileSystem.numberFor(id, NODES);
    }

    @Override
    int type() {
        return FileMode.S_IFDIR;
    }
}

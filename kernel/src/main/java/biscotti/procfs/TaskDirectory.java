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

/** /proc/PID/task: a directory for each thread of a process. */
final class TaskDirectory extends NumberDirectory {
    /** Where the inode numbers of a thread's directory start, among those of its number. */
    static final int NODES = 0x100;

    private final Process process;
    private final ProcessTable table;

    TaskDirectory(ProcFileSystem fileSystem, long number, Process process) {
        super(
                fileSystem,
                number,
                0555,
                process.credentials().user().effective(),
                process.credentials().group().effective());
        this.process = process;
        this.table = process.system().table();
    }

    private boolean isHere(Optional<UserThread> thread) {
        return thread.isPresent() && thread.get().process() == process;
    }

    @Override
    int next(Caller caller, int from) {
        int id = table.next(from);
        while (id >= 0 && !table.isThreadOf(id, process)) {
            id = table.next(id + 1);
        }
        return id;
    }

    @Override
    int find(int id, Slot<Vnode> found) {
        Optional<UserThread> thread = table.thread(id);
        return isHere(thread) ? found.put(ProcessDirectory.of(this, Integer.toString(id), process, thread)) : -ENOENT;
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

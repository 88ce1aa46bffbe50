package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.process.Process;
import biscotti.process.UserThread;
import java.util.Optional;

/** /proc/PID/fdinfo: a text for each open descriptor. */
final class DescriptorInformation extends NumberDirectory {
    /** Where the inode numbers of the texts start, among those of a process's number. */
    private static final int NODES = 0x400;

    private final Process process;
    private final Optional<UserThread> thread;
    private final int id;

    DescriptorInformation(ProcessDirectory parent, int id, int node, Process process, Optional<UserThread> thread) {
        super(
                parent.proc(),
                ProcFileSystem.numberFor(id, node),
                0555,
                ProcessDirectory.owner(process),
                ProcessDirectory.ownerGroup(process));
        this.process = process;
        this.thread = thread;
        this.id = id;
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
        Optional<FileTable> table = table();
        if (table.isEmpty() || table.get().get(descriptor) == OpenFile.CLOSED) {
            return -ENOENT;
        }
        Text text = (reader, record, out) -> write(descriptor, record, out);
        return found.put(new TextFile(proc(), inode(descriptor), 0444, userId(), groupId(), text));
    }

    private long write(int descriptor, long record, TextWindow out) {
        Optional<FileTable> table = table();
        return table.isEmpty() ? Text.END : DescriptorText.write(process, table.get(), descriptor, record, out);
    }

    @Override
    long inode(int descriptor) {
        return ProcFileSystem.numberFor(id, NODES) + descriptor;
    }

    @Override
    int type() {
        return FileMode.S_IFREG;
    }
}

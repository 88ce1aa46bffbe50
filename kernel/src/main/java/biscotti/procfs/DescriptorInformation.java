package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.process.Process;
import biscotti.process.UserThread;
import java.util.Optional;

/** /proc/PID/fdinfo: a text for each open descriptor. */
final class DescriptorInformation extends OpenDescriptors {
    private static final int NODES = 0x400;

    DescriptorInformation(ProcessDirectory parent, int id, int node, Process process, Optional<UserThread> thread) {
        super(parent, id, node, NODES, 0555, process, thread);
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
        return table.isEmpty() ? Text.END : DescriptorText.write(process(), table.get(), descriptor, record, out);
    }

    @Override
    int type() {
        return FileMode.S_IFREG;
    }
}

package biscotti.procfs;

import biscotti.abi.DeviceNumber;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.file.Vnode;
import biscotti.file.lock.FileLocks;
import biscotti.file.lock.LockType;
import biscotti.file.lock.RangeLock;
import biscotti.process.Process;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import java.util.Optional;

/**
 * Locks on files as lines of /proc/locks and /proc/PID/fdinfo (proc_locks(5)). They are found by the descriptors of those who hold
 * them; what is told of a lock that an open file description has is told of each process that shares it.
 */
final class LockText {
    private static final int DESCRIPTOR_BITS = 20;
    private static final int INDEX_BITS = 20;

    private LockText() {}

    /** /proc/locks; a record is a process, descriptor, and which of the locks that are told of it, if there is one. */
    static long writeAll(ProcessTable table, long record, TextWindow out) {
        int number = (int) (record >>> DESCRIPTOR_BITS + INDEX_BITS);
        int id = table.next(number);
        if (id < 0) {
            return Text.END;
        }
        boolean goesOn = id == number;
        int from = goesOn ? (int) (record >>> INDEX_BITS) & (1 << DESCRIPTOR_BITS) - 1 : 0;
        Optional<Process> process = table.process(id);
        Optional<FileTable> files = process.isEmpty()
                ? Optional.empty()
                : process.get().firstThread().map(UserThread::files);
        int descriptor = files.isEmpty() ? -1 : files.get().next(from);
        if (descriptor < 0) {
            return recordOf(id + 1, 0, 0);
        }
        int index = goesOn && descriptor == from ? (int) record & (1 << INDEX_BITS) - 1 : 0;
        return write(process.get(), files.get(), descriptor, index, out)
                ? recordOf(id, descriptor, index + 1)
                : recordOf(id, descriptor + 1, 0);
    }

    private static long recordOf(int id, int descriptor, int index) {
        return ((long) id << DESCRIPTOR_BITS | descriptor) << INDEX_BITS | index;
    }

    private static boolean write(Process process, FileTable files, int descriptor, int index, TextWindow out) {
        OpenFile file = files.getRetained(descriptor);
        if (file == OpenFile.CLOSED) {
            return false;
        }
        boolean written = file.vnode().presentLocks().isPresent()
                && isFirst(files, descriptor, file)
                && write(process, files, file, index, "", descriptor + 1L, out);
        file.release();
        return written;
    }

    /** Whether no lower descriptor leads to the same file: the locks of both are told there. */
    private static boolean isFirst(FileTable files, int descriptor, OpenFile file) {
        int at = files.next(0);
        while (at >= 0 && at < descriptor && files.get(at) != file) {
            at = files.next(at + 1);
        }
        return at == descriptor;
    }

    /**
     * Writes one of the locks that a process has on a file by a descriptor.
     *
     * @param index which one, from 0
     * @param number stands before the line
     * @return whether there is such a lock
     */
    static boolean write(
            Process process, FileTable files, OpenFile file, int index, String before, long number, TextWindow out) {
        Optional<FileLocks> present = file.vnode().presentLocks();
        if (present.isEmpty()) {
            return false;
        }
        FileLocks locks = present.get();
        int left = index;
        int records = locks.records().count(files);
        if (left < records) {
            return line(locks.records().of(files, left), "POSIX  ADVISORY  ", true, file, before, number, out);
        }
        left -= records;
        int descriptions = locks.records().count(file);
        if (left < descriptions) {
            return line(locks.records().of(file, left), "OFDLCK ADVISORY  ", true, file, before, number, out);
        }
        left -= descriptions;
        int wholes = locks.wholes().count(file);
        if (left < wholes) {
            return line(locks.wholes().of(file, left), "FLOCK  ADVISORY  ", false, file, before, number, out);
        }
        Optional<LockType> lease = left == wholes ? locks.leases().presentTypeOf(file) : Optional.empty();
        if (lease.isEmpty()) {
            return false;
        }
        String state = locks.leases().isBreaking(file) ? "LEASE  BREAKING  " : "LEASE  ACTIVE    ";
        RangeLock all = new RangeLock(file, process.id(), lease.get(), 0, RangeLock.END);
        return line(Optional.of(all), state, false, file, before, number, out);
    }

    private static boolean line(
            Optional<RangeLock> found,
            String kind,
            boolean ofRange,
            OpenFile file,
            String before,
            long number,
            TextWindow out) {
        if (found.isEmpty()) {
            return false;
        }
        RangeLock lock = found.get();
        Vnode vnode = file.vnode();
        int device = vnode.fileSystem().device();
        out.append(before).append(number).append(": ").append(kind);
        out.append(lock.type() == LockType.SHARED ? "READ " : "WRITE ").append(lock.processId());
        out.append(' ').hex(DeviceNumber.major(device), 2).append(':').hex(DeviceNumber.minor(device), 2);
        out.append(':').append(vnode.number()).append(' ').append(ofRange ? lock.first() : 0);
        if (!ofRange || lock.last() == RangeLock.END) {
            out.append(" EOF\n");
        } else {
            out.append(' ').append(lock.last()).append('\n');
        }
        return true;
    }
}

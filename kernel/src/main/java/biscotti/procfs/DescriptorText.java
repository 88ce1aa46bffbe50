package biscotti.procfs;

import biscotti.abi.FileMode;
import biscotti.abi.OpenFlags;
import biscotti.abi.Seek;
import biscotti.file.FileTable;
import biscotti.file.OpenFile;
import biscotti.process.Process;

/** /proc/PID/fdinfo/N: where a descriptor's file is, its locks, and what only its kind has (proc_pid_fdinfo(5)). */
final class DescriptorText {
    /** Records: the general lines, a line for each lock, then those of the kind of file. */
    private static final long LOCKS = 1L << 40;

    private static final long OWN = 1L << 41;

    private DescriptorText() {}

    static long write(Process process, FileTable files, int descriptor, long record, TextWindow out) {
        OpenFile file = files.getRetained(descriptor);
        if (file == OpenFile.CLOSED) {
            return Text.END;
        }
        long next = write(process, files, file, descriptor, record, out);
        file.release();
        return next;
    }

    private static long write(
            Process process, FileTable files, OpenFile file, int descriptor, long record, TextWindow out) {
        if (record == 0) {
            general(file, files.closeOnExec(descriptor) > 0, out);
            return LOCKS;
        }
        if (record < OWN) {
            int index = (int) (record - LOCKS);
            if (LockText.write(process, files, file, index, "lock:\t", index + 1L, out)) {
                return record + 1;
            }
            return writeOwn(file, 0, out);
        }
        return writeOwn(file, record - OWN, out);
    }

    private static long writeOwn(OpenFile file, long record, TextWindow out) {
        long next = file.describe(record, out);
        return next <= 0 ? Text.END : OWN + next;
    }

    private static void general(OpenFile file, boolean closedByExec, TextWindow out) {
        boolean seeks = FileMode.isRegular(file.vnode().mode())
                || FileMode.isDirectory(file.vnode().mode());
        long position = seeks && !file.has(OpenFlags.O_PATH) ? file.seek(0, Seek.SEEK_CUR) : 0;
        int flags = file.flags() | (closedByExec ? OpenFlags.O_CLOEXEC : 0);
        out.append("pos:\t").append(Math.max(0, position));
        out.append("\nflags:\t0").octal(flags, 1);
        out.append("\nmnt_id:\t").append(file.place().mount().id());
        out.append("\nino:\t").append(file.vnode().number()).append('\n');
    }
}

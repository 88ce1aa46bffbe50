package biscotti.procfs;

import biscotti.file.FileTable;
import biscotti.file.MountTable;
import biscotti.file.Protection;
import biscotti.file.lock.Leases;
import biscotti.file.pipe.Pipes;

/** /proc/sys/fs: limits and protections of files (proc_sys_fs(5)). */
final class FileSettings {
    private final ProcFileSystem proc;

    FileSettings(ProcFileSystem proc) {
        this.proc = proc;
    }

    /** Adds those of a directory "fs". */
    void addTo(FixedDirectory fs) {
        for (Protection protection : Protection.values()) {
            proc.setting(fs, protection.setting(), protection::level, (writer, value) -> protection.setLevel(value));
        }
        proc.setting(fs, "nr_open", FileTable::most, (writer, value) -> FileTable.setMost(value));
        proc.setting(fs, "pipe-max-size", Pipes::largest, (writer, value) -> Pipes.setLargest(value));
        ProcTree.intSetting(proc, fs, "lease-break-time", Leases.BREAK_SECONDS::get, Leases.BREAK_SECONDS::set);
        ProcTree.value(proc, fs, "file-max", Long.MAX_VALUE);
        ProcTree.value(proc, fs, "leases-enable", 1);
        ProcTree.value(proc, fs, "mount-max", MountTable.LIMIT);
        ProcTree.value(proc, fs, "suid_dumpable", 0);
    }
}

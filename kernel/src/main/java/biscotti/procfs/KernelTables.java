package biscotti.procfs;

import biscotti.file.tty.Ptys;

/** Files of /proc about the kernel's parts that are the same at any time (proc(5)): what Linux lists there, as far as this kernel has it. */
final class KernelTables {
    private KernelTables() {}

    /** Adds them to /proc. */
    static void addTo(ProcFileSystem proc, FixedDirectory root) {
        fixed(proc, root, "execdomains", "0-0\tLinux           \t[kernel]\n");
        // No control group, module, frame buffer or miscellaneous device (major number 10) is there.
        fixed(proc, root, "cgroups", "#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
        fixed(proc, root, "modules", "");
        fixed(proc, root, "fb", "");
        fixed(proc, root, "misc", "");
        FixedDirectory tty = proc.directory(root, "tty");
        proc.file(tty, "drivers", (reader, record, out) -> terminalDrivers(out));
        fixed(proc, tty, "ldiscs", "n_tty       0\n");
    }

    private static void fixed(ProcFileSystem proc, FixedDirectory parent, String name, String content) {
        proc.file(parent, name, (reader, record, out) -> {
            out.append(content);
            return Text.END;
        });
    }

    /** /proc/tty/drivers: name, where its devices are, major number, minor numbers, kind. */
    private static long terminalDrivers(TextWindow out) {
        out.append("/dev/tty             /dev/tty        5       0 system:/dev/tty\n");
        out.append("/dev/console         /dev/console    5       1 system:console\n");
        out.append("/dev/ptmx            /dev/ptmx       5       2 system\n");
        out.append("serial               /dev/ttyS       4      64 serial\n");
        out.append("pty_slave            /dev/pts      136 ")
                .right("0-" + (Ptys.LIMIT - 1), 7)
                .append(" pty:slave\n");
        return Text.END;
    }
}

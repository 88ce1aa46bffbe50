package biscotti.tools.guest;

import biscotti.tools.archive.FileTree;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.Qemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A kernel that test programs and benchmarks run on: Biscotti, or Linux beside it. Both get the same root and the same machine. */
public interface Guest {
    /** What reports call it. */
    String name();

    /**
     * Prepares a machine that runs {@code command} and then stops, with its standard streams on the console.
     *
     * @param machine the machine it is for
     * @param additions what the root holds besides Debian's busybox-static
     * @param tty whether the console is a terminal to the command, as in an interactive run, or passes bytes on as they are
     * @param command the program with its arguments; an absolute path
     * @param directory takes the archives made for this machine
     */
    Qemu.Boot prepare(MachineOptions machine, FileTree additions, boolean tty, List<String> command, Path directory)
            throws IOException;
}

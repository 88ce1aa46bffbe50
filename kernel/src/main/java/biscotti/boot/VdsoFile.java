package biscotti.boot;

import biscotti.sched.KernelLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The image of the vDSO in the Java machine's file system, where the tool that made the boot archive put it. */
final class VdsoFile {
    private static final Path FILE = Path.of("/user-vdso.so");
    private static final int MOST_BYTES = 1 << 16;

    private VdsoFile() {}

    /** Its bytes; none if it cannot be read: then programs ask for the time by system calls. */
    static byte[] read(KernelLog log) {
        if (!Files.exists(FILE)) {
            log.information("no " + FILE + ": programs have no vDSO");
            return new byte[0];
        }
        try {
            byte[] bytes = Files.readAllBytes(FILE);
            return bytes.length <= MOST_BYTES ? bytes : new byte[0];
        } catch (IOException e) {
            log.error("vDSO: " + e.getMessage());
            return new byte[0];
        }
    }
}

package biscotti.boot;

import biscotti.sched.KernelLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The image of the vDSO, which the shim shows to the Java machine as a file. */
final class VdsoFile {
    private static final Path FILE = Path.of("/vdso.so");
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

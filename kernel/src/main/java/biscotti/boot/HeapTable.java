package biscotti.boot;

import biscotti.heap.Bounds;
import biscotti.sched.KernelLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The table of heap bounds in the Java machine's file system, where the tool that made the boot archive put it. */
final class HeapTable {
    private HeapTable() {}

    /** Reads it; without a table that can be read, there are no bounds, and the log says so. */
    static Bounds read(String path, KernelLog log) {
        Path file = Path.of(path);
        if (!Files.exists(file)) {
            log.information("heap: no table of bounds in " + path + ": nothing is reserved");
            return Bounds.NONE;
        }
        try {
            return Bounds.parse(
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList());
        } catch (IOException | IllegalArgumentException e) {
            log.error("heap: " + e.getMessage() + ": nothing is reserved");
            return Bounds.NONE;
        }
    }
}

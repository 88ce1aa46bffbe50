package biscotti.tools.boot;

import biscotti.tools.Fingerprint;
import biscotti.tools.Progress;
import biscotti.tools.Repository;
import biscotti.tools.bounds.Analysis;
import biscotti.tools.bounds.BoundsTable;
import biscotti.tools.bounds.cost.MachineLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The table of what the kernel's work may need of its heap, as the analyser finds it for one layout of objects. */
final class HeapBounds {
    /** Where the kernel looks for it in the JVM's file system. */
    static final String PLACE = "heap.bounds";

    private HeapBounds() {}

    /** The table for a kernel whose objects are laid out like this, made now if the kernel or the analyser has changed. */
    static Path of(Repository repository, HeapLayout layout) {
        try {
            Fingerprint fingerprint = new Fingerprint().add(layout.line());
            fingerprint.addContent(repository.kernelJar());
            fingerprint.addContent(repository.toolsJar());
            Path file = repository.made("bounds").resolve(fingerprint.name());
            if (Files.notExists(file)) {
                Progress.step("finding how much of its heap the kernel needs");
                make(repository, layout, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void make(Repository repository, HeapLayout layout, Path file) throws IOException {
        Analysis analysis = Analysis.ofKernel(repository.kernelJar(), new MachineLayout(layout));
        Path unfinished = Files.createTempFile(file.getParent(), "new", "");
        Files.writeString(unfinished, BoundsTable.of(analysis));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}

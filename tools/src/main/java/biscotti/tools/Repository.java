package biscotti.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are in the source tree that the script {@code biscotti} runs from. */
public final class Repository {
    private final Path home;

    private Repository(Path home) {
        this.home = home;
    }

    /** The tree named by the system property {@code biscotti.home}, which the script sets; else the working directory. */
    public static Repository current() {
        return new Repository(Path.of(System.getProperty("biscotti.home", ""))
                .toAbsolutePath()
                .normalize());
    }

    /** The top of the tree. */
    public Path home() {
        return home;
    }

    /** The shim, an ELF file with a PVH note and a Multiboot2 header. */
    public Path shim() {
        return built(home.resolve("shim/build/shim.elf"));
    }

    /** The classes of the kernel. */
    public Path kernelJar() {
        return built(home.resolve("kernel/target/kernel.jar"));
    }

    /** The classes of this program. */
    public Path toolsJar() {
        return built(home.resolve("tools/target/biscotti-tools.jar"));
    }

    /** What the tool makes and may make again: one directory for a kind of thing. */
    public Path made(String kind) {
        Path directory = home.resolve("build").resolve(kind);
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel log of the last machine that ran without {@code --log}. */
    public Path lastLog() {
        return lastLogOf("last");
    }

    /** The output of the last run of a step. */
    public Path lastLogOf(String step) {
        return made("log").resolve(step);
    }

    /** A file that the script {@code biscotti} builds before this program runs. */
    private static Path built(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ToolFailure(file + ": is missing: delete build/stamp and try again");
        }
        return file;
    }
}

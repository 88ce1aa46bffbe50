package biscotti.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a program of the host (apt, dpkg-deb, jlink, ...) and turns its failure into one line. */
public final class HostProgram {
    private final List<String> command;

    private HostProgram(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** The program with its arguments; nothing runs yet. */
    public static HostProgram of(List<String> command) {
        return new HostProgram(command);
    }

    /** The program with its arguments; nothing runs yet. */
    public static HostProgram of(String... command) {
        return new HostProgram(List.of(command));
    }

    /** Runs it in {@code directory} and returns what it printed on standard output; a failing status is a ToolFailure. */
    public String output(Path directory) throws IOException {
        Path errors = Files.createTempFile("biscotti", ".err");
        try {
            Process process = start(directory, errors);
            String output;
            try (InputStream in = process.getInputStream()) {
                output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            check(process, errors);
            return output;
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    /** Runs it in the working directory; see {@link #output(Path)}. */
    public String output() throws IOException {
        return output(Path.of("").toAbsolutePath());
    }

    /** Runs it in the working directory and returns what it printed on standard error; a failing status is a ToolFailure. */
    public String errors() throws IOException {
        Path errors = Files.createTempFile("biscotti", ".err");
        try {
            Process process = start(Path.of("").toAbsolutePath(), errors);
            try (InputStream in = process.getInputStream()) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            check(process, errors);
            return Files.readString(errors, StandardCharsets.ISO_8859_1);
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    /** What is done with a program's standard output while it runs. */
    @FunctionalInterface
    public interface Reader {
        /** Reads the whole of {@code output}. */
        void read(InputStream output) throws IOException;
    }

    /** Runs it with {@code reader} at its standard output; a failing status is a ToolFailure even if the reader was content. */
    public void read(Reader reader) throws IOException {
        Path errors = Files.createTempFile("biscotti", ".err");
        try {
            Process process = start(Path.of("").toAbsolutePath(), errors);
            try (InputStream in = process.getInputStream()) {
                reader.read(in);
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException | RuntimeException e) {
                process.destroy();
                throw e;
            }
            check(process, errors);
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    /** Whether the program ran and ended with status 0; its output is dropped. */
    public boolean succeeds() {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return waitFor(process) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(Path directory, Path errors) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            throw new ToolFailure("cannot run " + command.getFirst() + ": is it installed?");
        }
    }

    private void check(Process process, Path errors) throws IOException {
        int status = waitFor(process);
        if (status != 0) {
            String said = lastLine(Files.readString(errors, StandardCharsets.ISO_8859_1));
            String name = Path.of(command.getFirst()).getFileName().toString();
            throw new ToolFailure(name + " failed" + (said.isEmpty() ? " with status " + status : ": " + said));
        }
    }

    /** Waits for the end of {@code process} and returns its status. */
    public static int waitFor(Process process) throws InterruptedIOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static String lastLine(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "" : lines.getLast().strip();
    }
}

package biscotti.tools.run;

import biscotti.tools.HostProgram;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import sun.misc.Signal;

/**
 * The host's terminal as the machine's console: every key goes to the machine, whose own line discipline echoes and edits.
 * However the tool ends, the terminal gets its settings back.
 */
final class Terminal implements Closeable {
    private static final Path DEVICE = Path.of("/dev/tty");

    /** A size in characters. */
    record Size(int columns, int rows) {}

    private final String settings;
    private final Thread restorer;

    private Terminal(String settings) {
        this.settings = settings;
        this.restorer = new Thread(this::restore, "terminal restorer");
    }

    /** Whether standard input and standard output are both a terminal, as the script found. */
    static boolean present() {
        return Boolean.getBoolean("biscotti.terminal");
    }

    /** Makes the terminal pass every key as it is. */
    static Terminal raw() throws IOException {
        Terminal terminal = new Terminal(stty("-g").strip());
        Runtime.getRuntime().addShutdownHook(terminal.restorer);
        stty("raw", "-echo");
        return terminal;
    }

    /** The size of the terminal; empty if it does not know. */
    static Optional<Size> size() {
        try {
            String[] words = stty("size").strip().split(" ", -1);
            Size size = new Size(Integer.parseInt(words[1]), Integer.parseInt(words[0]));
            return size.columns > 0 && size.rows > 0 ? Optional.of(size) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Calls {@code changed} with each new size of the terminal's window. */
    static void onResize(Consumer<Size> changed) {
        Signal.handle(new Signal("WINCH"), signal -> size().ifPresent(changed));
    }

    @Override
    public void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(restorer);
    }

    private void restore() {
        try {
            stty(settings);
        } catch (IOException | RuntimeException e) {
            System.err.println("biscotti: could not restore the terminal, type: stty sane");
        }
    }

    private static String stty(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command)
                .redirectInput(DEVICE.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream in = process.getInputStream()) {
            String output = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            if (HostProgram.waitFor(process) != 0) {
                throw new IOException("stty failed");
            }
            return output;
        }
    }
}

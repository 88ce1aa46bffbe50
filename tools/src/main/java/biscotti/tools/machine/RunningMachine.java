package biscotti.tools.machine;

import biscotti.tools.Directories;
import biscotti.tools.ToolFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A machine that QEMU plays, with the host's ends of its console and control line. Closing it stops it. */
public final class RunningMachine implements Closeable {
    private static final long CONNECT_SECONDS = 20;

    private final Path directory;
    private final Process process;
    private final Path complaints;
    private final SocketChannel console;
    private final SocketChannel control;

    private RunningMachine(
            Path directory, Process process, Path complaints, SocketChannel console, SocketChannel control) {
        this.directory = directory;
        this.process = process;
        this.complaints = complaints;
        this.console = console;
        this.control = control;
    }

    /**
     * Starts a machine.
     *
     * @param directory a directory of its own with a short name, for its sockets; it is deleted with the machine
     * @param log the file that takes the kernel log
     */
    public static RunningMachine start(
            Qemu qemu, MachineOptions options, String acceleration, Qemu.Boot boot, Path log, Path directory)
            throws IOException {
        Qemu.Wires wires = new Qemu.Wires(log, directory.resolve("console"), directory.resolve("control"));
        Path complaints = directory.resolve("complaints");
        try (ServerSocketChannel consoleServer = listen(wires.console());
                ServerSocketChannel controlServer = listen(wires.control())) {
            List<String> command = qemu.command(options, acceleration, boot, wires);
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(complaints.toFile())
                    .start();
            try {
                return new RunningMachine(
                        directory,
                        process,
                        complaints,
                        accept(consoleServer, process, complaints),
                        accept(controlServer, process, complaints));
            } catch (IOException | RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        }
    }

    /** What the machine prints on its console; ends when the machine does. */
    public InputStream consoleOutput() {
        return Channels.newInputStream(console);
    }

    /** What is typed on the machine's console. */
    public OutputStream consoleInput() {
        return Channels.newOutputStream(console);
    }

    /** The lines that the kernel sends. */
    public InputStream controlOutput() {
        return Channels.newInputStream(control);
    }

    /** The lines that the kernel gets. */
    public OutputStream controlInput() {
        return Channels.newOutputStream(control);
    }

    /** Waits for the machine's end, at most {@code milliseconds}; whether it came. */
    public boolean awaitEnd(long milliseconds) throws InterruptedException {
        return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    }

    /** How the machine ended, which it must have. */
    public End end() {
        return End.of(process.exitValue());
    }

    /** The time that QEMU has used of the host's CPUs. */
    public Duration hostCpuTime() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What QEMU itself has said, if anything: one line. */
    public String complaint() {
        return lastLine(complaints);
    }

    /** Stops the machine at once, if it runs. */
    public void stop() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        stop();
        console.close();
        control.close();
        Directories.delete(directory);
    }

    /** The ways in which a machine ends. */
    public enum End {
        /** The kernel stopped it in order. */
        ORDERLY,
        /** The shim stopped it: it met what it cannot handle. */
        SHIM_PANIC,
        /** The JVM exited or aborted by itself. */
        JVM_EXIT,
        /** QEMU was killed, failed, or the machine reset itself. */
        LOST;

        /** What the exit device makes of the values 0, 1 and 2: (value << 1) | 1. */
        private static End of(int status) {
            return switch (status) {
                case 1 -> ORDERLY;
                case 3 -> SHIM_PANIC;
                case 5 -> JVM_EXIT;
                default -> LOST;
            };
        }
    }

    private static ServerSocketChannel listen(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    /** Accepts QEMU's connection, unless QEMU ends before it connects. */
    private static SocketChannel accept(ServerSocketChannel server, Process process, Path complaints)
            throws IOException {
        server.configureBlocking(false);
        long start = System.nanoTime();
        while (true) {
            SocketChannel connection = server.accept();
            if (connection != null) {
                connection.configureBlocking(true);
                return connection;
            }
            try {
                if (process.waitFor(2, TimeUnit.MILLISECONDS)) {
                    String said = lastLine(complaints);
                    throw new ToolFailure("QEMU does not start" + (said.isEmpty() ? "" : ": " + said));
                }
            } catch (InterruptedException e) {
                throw new ToolFailure("interrupted");
            }
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(CONNECT_SECONDS)) {
                throw new ToolFailure("QEMU started but does not connect to its lines");
            }
        }
    }

    private static String lastLine(Path file) {
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> !line.isBlank()).reduce("", (a, b) -> b);
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }
}

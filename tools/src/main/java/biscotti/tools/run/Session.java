package biscotti.tools.run;

import biscotti.tools.ToolFailure;
import biscotti.tools.machine.RunningMachine;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One command's life in a machine: joins the tool's standard streams to the machine's console and learns from the control
 * line how the command ended.
 *
 * <p>The control line carries lines of text. From the kernel: {@code start} as the command begins, {@code exit STATUS} at its end,
 * {@code error STATUS TEXT} if it could not be started. To the kernel: {@code size COLUMNS ROWS} and {@code eof COUNT},
 * standard input's end after that many bytes on the console; the count makes the order of the two lines irrelevant.
 */
final class Session {
    /** Exit status when nobody reads standard output any more: 128 + SIGPIPE. */
    private static final int OUTPUT_CLOSED = 141;

    /** The silence, before the command starts, that is taken for a machine that hangs. */
    private static final long BOOT_SILENCE_SECONDS = 90;

    /** The time between the command's end and the machine's. */
    private static final long STOP_SECONDS = 10;

    private static final long POLL_MILLISECONDS = 100;
    private static final int LOG_LINES = 25;

    private final RunningMachine machine;
    private final Path log;
    private final boolean interactive;
    private final OutputStream output = new FileOutputStream(FileDescriptor.out);

    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean started;
    private volatile boolean outputClosed;
    private volatile boolean stopRequested;
    private volatile int status = -1;
    private volatile String error = "";
    private volatile long lastSign = System.nanoTime();

    /**
     * A session with {@code machine}, whose kernel log is the file {@code log}; {@code interactive} if the tool's standard
     * streams are a terminal.
     */
    Session(RunningMachine machine, Path log, boolean interactive) {
        this.machine = machine;
        this.log = log;
        this.interactive = interactive;
    }

    /** Runs until the machine ends and returns the command's exit status. */
    int run(Optional<Integer> timeoutSeconds) throws IOException {
        Thread console = start("console output", this::relayOutput);
        Thread control = start("control line", this::readControl);
        start("console input", this::relayInput);
        if (interactive) {
            Terminal.onResize(size -> sendControl("size " + size.columns() + " " + size.rows()));
        }
        try {
            awaitEnd(timeoutSeconds);
            console.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            control.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            throw new ToolFailure("interrupted");
        }
        return result();
    }

    private int result() {
        if (outputClosed) {
            return OUTPUT_CLOSED;
        }
        if (stopRequested) {
            throw new ToolFailure("the machine was stopped (Ctrl-A X)");
        }
        if (!error.isEmpty()) {
            throw new ToolFailure(status, error);
        }
        if (status >= 0) {
            return status;
        }
        String how = switch (machine.end()) {
            case ORDERLY -> "the machine stopped without telling the command's status";
            case SHIM_PANIC -> "the shim stopped the machine";
            case JVM_EXIT -> "the kernel's JVM ended by itself";
            case LOST ->
                "the machine was lost" + (machine.complaint().isEmpty() ? "" : " (" + machine.complaint() + ")");
        };
        throw machineFailure(how);
    }

    private void awaitEnd(Optional<Integer> timeoutSeconds) throws InterruptedException {
        long start = System.nanoTime();
        long logLength = 0;
        long ended = 0;
        while (!machine.awaitEnd(POLL_MILLISECONDS)) {
            long now = System.nanoTime();
            if (outputClosed || stopRequested) {
                machine.stop();
            } else if (status >= 0) {
                ended = ended == 0 ? now : ended;
                if (now - ended > TimeUnit.SECONDS.toNanos(STOP_SECONDS)) {
                    machine.stop();
                }
            } else if (timeoutSeconds.isPresent() && now - start > TimeUnit.SECONDS.toNanos(timeoutSeconds.get())) {
                machine.stop();
                throw new ToolFailure(
                        ToolFailure.TIMED_OUT,
                        "stopped after " + timeoutSeconds.get() + " seconds (--timeout); kernel log: " + log);
            } else if (!started) {
                long length = log.toFile().length();
                lastSign = length == logLength ? lastSign : now;
                logLength = length;
                if (now - lastSign > TimeUnit.SECONDS.toNanos(BOOT_SILENCE_SECONDS)) {
                    machine.stop();
                    throw machineFailure(
                            "the machine has been silent for " + BOOT_SILENCE_SECONDS + " seconds at boot");
                }
            }
        }
    }

    /** A failure of the machine; the end of its log is shown, for it is all there is to go by. */
    private ToolFailure machineFailure(String how) {
        try {
            byte[] bytes = Files.readAllBytes(log);
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
            for (int i = Math.max(0, lines.length - LOG_LINES); i < lines.length; i++) {
                if (!lines[i].isBlank()) {
                    System.err.println("| " + lines[i].stripTrailing());
                }
            }
        } catch (IOException e) {
            return new ToolFailure(how + "; its log " + log + " cannot be read");
        }
        return new ToolFailure(how + "; kernel log: " + log);
    }

    private void relayOutput() {
        byte[] buffer = new byte[1 << 16];
        try (InputStream console = machine.consoleOutput()) {
            for (int got = console.read(buffer); got >= 0; got = console.read(buffer)) {
                started = true;
                writeOutput(buffer, got);
            }
        } catch (IOException e) {
            // The machine is gone; how it ended is told by its process.
        }
    }

    private void writeOutput(byte[] buffer, int length) {
        try {
            output.write(buffer, 0, length);
        } catch (IOException e) {
            outputClosed = true;
        }
    }

    /** Relays from the command's start on: what comes before the kernel has set up its console is lost. */
    private void relayInput() {
        try {
            begun.await();
        } catch (InterruptedException e) {
            return;
        }
        byte[] buffer = new byte[1 << 12];
        long sent = 0;
        EscapeKey escape = new EscapeKey();
        try (InputStream input = new FileInputStream(FileDescriptor.in)) {
            OutputStream console = machine.consoleInput();
            for (int got = input.read(buffer); got >= 0; got = input.read(buffer)) {
                int length = interactive ? escape.filter(buffer, got) : got;
                if (escape.stop()) {
                    stopRequested = true;
                    return;
                }
                console.write(buffer, 0, length);
                sent += length;
            }
        } catch (IOException e) {
            // Either the machine is gone or standard input fails: the reader inside sees the end of file.
        }
        sendControl("eof " + sent);
    }

    private void readControl() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(machine.controlOutput(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line.strip());
            }
        } catch (IOException e) {
            // The machine is gone.
        }
    }

    private void take(String line) {
        String[] words = line.split(" ", 3);
        lastSign = System.nanoTime();
        switch (words[0]) {
            case "start" -> {
                started = true;
                begun.countDown();
            }
            case "exit" -> status = number(words);
            case "error" -> {
                error = words.length > 2 ? words[2] : "the kernel could not start the command";
                status = number(words);
            }
            default -> {} // a kernel newer than this tool
        }
    }

    private static int number(String[] words) {
        try {
            return Integer.parseInt(words[1]) & 0xff;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return ToolFailure.TOOL;
        }
    }

    private synchronized void sendControl(String line) {
        try {
            OutputStream control = machine.controlInput();
            control.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The machine is gone.
        }
    }

    private static Thread start(String name, Runnable body) {
        return Thread.ofPlatform().daemon().name(name).start(body);
    }
}

package biscotti.tools.guest;

import biscotti.tools.Repository;
import biscotti.tools.archive.FileTree;
import biscotti.tools.machine.Acceleration;
import biscotti.tools.machine.MachineOptions;
import biscotti.tools.machine.Qemu;
import biscotti.tools.machine.RunningMachine;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A machine that tests and benchmarks talk to: collects what it prints on its console, types on it, learns from the control
 * line how the command ended. One thread uses it; closing it stops the machine.
 *
 * <p>Console bytes are kept as ISO 8859-1, one character for a byte.
 */
public final class GuestMachine implements Closeable {
    private static final long END_SECONDS = 20;
    private static final int LOG_LINES = 200;

    /** Held while what machines start from is made: what is kept for the next one is made once. */
    private static final Object PREPARING = new Object();

    private final RunningMachine machine;
    private final Path log;
    private final long startedAt;

    private final Object lock = new Object();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream(); // guarded by lock
    private final StringBuilder control = new StringBuilder(); // guarded by lock
    private boolean consoleEnded; // guarded by lock
    private boolean controlEnded; // guarded by lock
    private int mark; // how much of the output awaitText has passed

    private GuestMachine(RunningMachine machine, Path log, long startedAt) {
        this.machine = machine;
        this.log = log;
        this.startedAt = startedAt;
    }

    /**
     * How the machine is emulated, and what it starts with.
     *
     * @param instructionShift if there, the clock counts instructions, of 2 to this power nanoseconds
     * @param parallel whether emulated CPUs run at the same time, see {@link Qemu#parallel}; else they take turns
     */
    public record Start(
            Guest guest,
            MachineOptions machine,
            OptionalInt instructionShift,
            boolean parallel,
            FileTree root,
            boolean tty,
            List<String> command) {
        /** A machine whose CPUs, if they are emulated, take turns. */
        public Start(Guest guest, MachineOptions machine, FileTree root, boolean tty, List<String> command) {
            this(guest, machine, OptionalInt.empty(), false, root, tty, command);
        }

        /** The same machine with a clock that counts instructions: 2^{@code shift} nanoseconds each. */
        public Start countingInstructions(int shift) {
            return new Start(guest, machine, OptionalInt.of(shift), false, root, tty, command);
        }

        /** The same machine as fast as the host can have it. */
        public Start withParallelCpus() {
            return new Start(guest, machine, instructionShift, true, root, tty, command);
        }
    }

    /** Starts a machine whose kernel log goes to {@code log}. May be called by any thread. */
    public static GuestMachine start(Repository repository, Start start, Path log) throws IOException {
        Qemu qemu = Qemu.installed();
        Path directory = Files.createTempDirectory("biscotti");
        Qemu.Boot boot;
        String acceleration;
        synchronized (PREPARING) {
            boot = start.guest().prepare(start.machine(), start.root(), start.tty(), start.command(), directory);
            acceleration =
                    start.parallel() ? Acceleration.parallel(qemu, repository) : Acceleration.of(qemu, repository);
        }
        if (start.instructionShift().isPresent()) {
            acceleration = Qemu.IN_TURN;
            boot = new Qemu.Boot.With(
                    boot,
                    List.of(
                            "-icount",
                            "shift=" + start.instructionShift().getAsInt() + ",sleep=off",
                            // QEMU gives up ("Bad icount read") on a timer register of the APIC that is read as an MSR.
                            "-cpu",
                            "max,-x2apic"));
        }
        long now = System.nanoTime();
        GuestMachine machine = new GuestMachine(
                RunningMachine.start(qemu, start.machine(), acceleration, boot, log, directory), log, now);
        Thread.ofPlatform().daemon().name("console").start(machine::readConsole);
        Thread.ofPlatform().daemon().name("control").start(machine::readControl);
        return machine;
    }

    /** Types {@code text} on the console. */
    public void type(String text) throws IOException {
        OutputStream input = machine.consoleInput();
        input.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends one line to the kernel. */
    public void sendControl(String line) throws IOException {
        machine.controlInput().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Waits until the console shows {@code text} after what earlier calls waited for.
     *
     * @return everything shown from there to the end of {@code text}
     */
    public String awaitText(String text, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            while (true) {
                String all = output.toString(StandardCharsets.ISO_8859_1);
                int at = all.indexOf(text, mark);
                if (at >= 0) {
                    String seen = all.substring(mark, at + text.length());
                    mark = at + text.length();
                    return seen;
                }
                if (consoleEnded || !waitFor(deadline)) {
                    throw failure(
                            (consoleEnded ? "the machine ended" : "no answer within " + patience.toSeconds() + " s")
                                    + " waiting for \"" + text.strip() + "\" after \""
                                    + all.substring(Math.max(mark, all.length() - 300))
                                            .strip() + "\"");
                }
            }
        }
    }

    /** Waits for the command's end and the machine's, and returns the command's exit status. */
    public int awaitExit(Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lock) {
            while (!controlEnded || !consoleEnded) {
                if (!waitFor(deadline)) {
                    throw failure("no end within " + patience.toSeconds() + " s");
                }
            }
        }
        try {
            if (!machine.awaitEnd(TimeUnit.SECONDS.toMillis(END_SECONDS))) {
                throw failure("the machine does not stop");
            }
        } catch (InterruptedException e) {
            throw failure("interrupted");
        }
        if (machine.end() != RunningMachine.End.ORDERLY) {
            throw failure("the machine ended by " + machine.end() + " " + machine.complaint());
        }
        synchronized (lock) {
            return control.toString()
                    .lines()
                    .filter(line -> line.startsWith("exit "))
                    .mapToInt(line -> Integer.parseInt(line.substring(5).strip()))
                    .findFirst()
                    .orElseThrow(() -> failure(
                            "the command did not run: " + control.toString().strip()));
        }
    }

    /** Everything the console has shown. */
    public String output() {
        synchronized (lock) {
            return output.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** The time since QEMU was started. */
    public Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /** The time that QEMU has used of the host's CPUs. */
    public Duration hostCpuTime() {
        return machine.hostCpuTime();
    }

    @Override
    public void close() throws IOException {
        machine.close();
    }

    /** A failure of the machine, with the end of its log, which is all there is to go by. */
    private MachineFailure failure(String what) {
        StringBuilder text = new StringBuilder(what).append("; kernel log ").append(log);
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
            lines.stream()
                    .skip(Math.max(0, lines.size() - LOG_LINES))
                    .forEach(line -> text.append("\n  | ").append(line));
        } catch (IOException e) {
            text.append(" (unreadable)");
        }
        return new MachineFailure(text.toString());
    }

    /** Waits for news until {@code deadline}; false if that has passed. */
    private boolean waitFor(long deadline) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.timedWait(lock, left);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void readConsole() {
        byte[] buffer = new byte[1 << 14];
        try (InputStream console = machine.consoleOutput()) {
            for (int got = console.read(buffer); got >= 0; got = console.read(buffer)) {
                synchronized (lock) {
                    output.write(buffer, 0, got);
                    lock.notifyAll();
                }
            }
        } catch (IOException e) {
            // The machine was stopped.
        }
        synchronized (lock) {
            consoleEnded = true;
            lock.notifyAll();
        }
    }

    private void readControl() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(machine.controlOutput(), StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (lock) {
                    control.append(line).append('\n');
                    lock.notifyAll();
                }
            }
        } catch (IOException e) {
            // The machine was stopped.
        }
        synchronized (lock) {
            controlEnded = true;
            lock.notifyAll();
        }
    }
}

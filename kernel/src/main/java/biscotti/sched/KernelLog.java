package biscotti.sched;

import biscotti.machine.Clock;
import biscotti.machine.LogPort;
import biscotti.machine.Machine;
import java.nio.charset.StandardCharsets;

/**
 * The kernel log: lines with a time and a level, for whoever looks after the machine. May be used by any thread. As in names of
 * files, each character of a text is one byte.
 */
public final class KernelLog {
    /** How much a line matters. */
    public enum Level {
        /** Something does not work. */
        ERROR("error: "),
        /** Something may not work. */
        WARNING("warning: "),
        /** What happens. */
        INFORMATION(""),
        /** For those who search for a mistake. */
        DEBUG("debug: ");

        private final String prefix;

        Level(String prefix) {
            this.prefix = prefix;
        }

        /** The level with a name in lower case; INFORMATION for an unknown one. */
        public static Level named(String name) {
            return switch (name) {
                case "error" -> ERROR;
                case "warning" -> WARNING;
                case "debug" -> DEBUG;
                default -> INFORMATION;
            };
        }
    }

    /** How much is told of an exception: the frames nearest to it, and what caused it. */
    private static final int MOST_FRAMES = 64;

    private static final int MOST_CAUSES = 4;
    private static final int SECOND_DIGITS = 5;
    private static final String BLANKS = "     ";

    /** Longer lines are cut, so that logging one has a bound. */
    private static final int LONGEST_LINE = 512;

    private static final long NANOS_PER_MICRO = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final Clock clock;
    private final LogPort port;
    private volatile Level level = Level.INFORMATION;

    /** The log of a machine. */
    public KernelLog(Machine machine) {
        this.clock = machine.clock();
        this.port = machine.logPort();
    }

    /** Lines that matter less than {@code least} are dropped from now on. */
    public void setLevel(Level least) {
        level = least;
    }

    /** Whether lines of a level are kept; saves building one that is not. */
    public boolean keeps(Level asked) {
        return asked.ordinal() <= level.ordinal();
    }

    /** Logs an error. */
    public void error(String text) {
        log(Level.ERROR, text);
    }

    /** Logs an error and what caused it, with its stack. */
    public void error(String text, Throwable cause) {
        log(Level.ERROR, text + ": " + cause);
        Throwable shown = cause;
        for (int depth = 0; depth < MOST_CAUSES && shown != null; depth++) {
            if (depth > 0) {
                write("Caused by: " + shown);
            }
            StackTraceElement[] frames = shown.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
                write("\tat " + frames[i]);
            }
            shown = shown.getCause();
        }
    }

    /** Logs a warning. */
    public void warning(String text) {
        log(Level.WARNING, text);
    }

    /** Logs what happens. */
    public void information(String text) {
        log(Level.INFORMATION, text);
    }

    /** Logs a detail. */
    public void debug(String text) {
        log(Level.DEBUG, text);
    }

    private void log(Level at, String text) {
        if (keeps(at)) {
            write(time() + at.prefix + text.substring(0, Math.min(text.length(), LONGEST_LINE)));
        }
    }

    private void write(String text) {
        String kept = text.substring(0, Math.min(text.length(), LONGEST_LINE));
        byte[] line = (kept + "\n").getBytes(StandardCharsets.ISO_8859_1);
        port.write(line, 0, line.length);
    }

    /** Seconds since boot, as dmesg shows them: {@code [    1.234567] }. */
    private String time() {
        long micros = clock.monotonicNanos() / NANOS_PER_MICRO;
        String seconds = Long.toString(micros / MICROS_PER_SECOND);
        String fraction =
                Long.toString(micros % MICROS_PER_SECOND + MICROS_PER_SECOND).substring(1);
        String blanks = BLANKS.substring(Math.min(SECOND_DIGITS, seconds.length()));
        return "[" + blanks + seconds + "." + fraction + "] ";
    }
}

package biscotti.sched;

import biscotti.bounded.Unit;
import biscotti.machine.Clock;
import biscotti.machine.LogPort;
import biscotti.machine.Machine;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel log: lines with a time and a level, for whoever looks after the machine. May be used by any thread. As in names of
 * files, each character of a text is one byte. A line is put together in a buffer that was made at boot: logging a text takes
 * nothing from the heap.
 */
public final class KernelLog {
    /** How much a line matters. */
    public enum Level {
        /** Something does not work. */
        ERROR("error: ", 3),
        /** Something may not work. */
        WARNING("warning: ", 4),
        /** What happens. */
        INFORMATION("", 6),
        /** For those who search for a mistake. */
        DEBUG("debug: ", 7);

        private final String prefix;
        private final int priority;

        Level(String prefix, int priority) {
            this.prefix = prefix;
            this.priority = priority;
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
    private static final int FRACTION_DIGITS = 6;

    /** Longer lines are cut. */
    static final int LONGEST_LINE = 1100;

    private static final long NANOS_PER_MICRO = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final Clock clock;
    private final LogPort port;
    private volatile Level level = Level.INFORMATION;

    /** Guards the line; held for the time of a few instructions, never over a wait. */
    private final ReentrantLock lock = new ReentrantLock();

    private final byte[] line = new byte[LONGEST_LINE + 1];
    private int length;
    private final LogRing ring = new LogRing();
    private final LogReader reader = new LogReader(lock, ring);

    /** The log of a machine. */
    public KernelLog(Machine machine) {
        this.clock = machine.clock();
        this.port = machine.logPort();
    }

    /** Lines that matter less than {@code least} are dropped from now on. */
    public void setLevel(Level least) {
        level = least;
    }

    /** What programs can read of it. */
    public LogReader reader() {
        return reader;
    }

    /** Whether lines of a level are kept; saves building one that is not. */
    public boolean keeps(Level asked) {
        return asked.ordinal() <= level.ordinal();
    }

    /** Logs an error. */
    public void error(String text) {
        log(Level.ERROR, text, "", "");
    }

    /** Logs a bug: an error and what caused it, with its stack. */
    @Unit(value = "bug", of = Unit.Part.FAILURE)
    public void error(String text, Throwable cause) {
        log(Level.ERROR, text, ": ", cause.toString());
        Throwable shown = cause;
        for (int depth = 0; depth < MOST_CAUSES && shown != null; depth++) {
            if (depth > 0) {
                write("Caused by: ", shown.toString());
            }
            StackTraceElement[] frames = shown.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
                write("\tat ", frames[i].toString());
            }
            shown = shown.getCause();
        }
    }

    /** Logs a warning. */
    public void warning(String text) {
        log(Level.WARNING, text, "", "");
    }

    /** Logs what happens. */
    public void information(String text) {
        log(Level.INFORMATION, text, "", "");
    }

    /** Logs a detail. */
    public void debug(String text) {
        log(Level.DEBUG, text, "", "");
    }

    private void log(Level at, String text, String separator, String more) {
        if (!keeps(at)) {
            return;
        }
        lock.lock();
        try {
            appendTime();
            append(at.prefix);
            append(text);
            append(separator);
            append(more);
            endLine(at.priority);
        } finally {
            lock.unlock();
        }
        reader.lineCame();
    }

    /**
     * Logs what a program says: a write to /dev/kmsg.
     *
     * @param priority of syslog(3): facility and level
     * @param text has the line, without its end
     */
    public void say(int priority, byte[] text, int start, int end) {
        lock.lock();
        try {
            appendTime();
            for (int i = start; i < end; i++) {
                append(text[i] == '\n' ? ' ' : (char) (text[i] & 0xff));
            }
            endLine(priority);
        } finally {
            lock.unlock();
        }
        reader.lineCame();
    }

    private void write(String start, String text) {
        lock.lock();
        try {
            append(start);
            append(text);
            endLine(Level.ERROR.priority);
        } finally {
            lock.unlock();
        }
    }

    // The line; the lock is held.

    private void append(String text) {
        for (int i = 0; i < text.length() && length < LONGEST_LINE; i++) {
            append(text.charAt(i));
        }
    }

    private void append(char character) {
        if (length < LONGEST_LINE) {
            line[length++] = (byte) character;
        }
    }

    /** Seconds since boot, as dmesg shows them: {@code [    1.234567] }. */
    private void appendTime() {
        long micros = clock.monotonicNanos() / NANOS_PER_MICRO;
        append('[');
        appendNumber(micros / MICROS_PER_SECOND, SECOND_DIGITS, ' ');
        append('.');
        appendNumber(micros % MICROS_PER_SECOND, FRACTION_DIGITS, '0');
        append("] ");
    }

    /** A decimal number, with {@code padding} before it up to a number of digits. */
    private void appendNumber(long number, int digits, char padding) {
        long unit = 1;
        for (int i = 1; i < digits || number / unit >= 10; i++) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            append(number < unit && unit > 1 ? padding : (char) ('0' + number / unit % 10));
        }
    }

    private void endLine(int priority) {
        line[length] = '\n';
        port.write(line, 0, length + 1);
        ring.append(priority, line, length + 1);
        length = 0;
    }
}

package biscotti.heap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The worst cases that the analyser has found, in bytes: what may live at once of what a unit of work allocates, and all that
 * it allocates. Read at boot, never changed.
 *
 * <p>The text has one entry in a line:
 *
 * <pre>
 * layout reference=4 header=12
 * system-call NUMBER NAME LIVE ALLOCATED
 * unit NAME LIVE ALLOCATED
 * </pre>
 *
 * ALLOCATED may be {@code unbounded}, where a loop makes garbage only.
 */
public final class Bounds {
    /** Stands for an ALLOCATED without a bound. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** System calls have numbers below this, a power of two. */
    public static final int CALLS = 512;

    /** The unit of a system call that there is not: it is logged. */
    public static final String UNKNOWN_CALL = "unknown-call";

    /** The unit of a page fault of a program. */
    public static final String PAGE_FAULT = "page-fault";

    /** The unit of another exception of a program. */
    public static final String EXCEPTION = "exception";

    /** The unit of what a thread does before it goes on in a program that has registered by rseq(2). */
    public static final String SEQUENCE = "sequence";

    /** The unit of what a thread does for signals before it returns to its program. */
    public static final String SIGNALS = "signals";

    /** The unit of a thread's last steps. */
    public static final String THREAD_END = "thread-end";

    /** What a kernel thread has while it sleeps: its frames, its place in a lock's queue. */
    public static final String STACK = "stack";

    /** An exception that nobody expected, and the report about it. */
    public static final String BUG = "bug";

    /** What a CPU does between two threads, and at an interrupt: timers. */
    public static final String CARRIER = "carrier";

    /** What a driver does for an interrupt. */
    public static final String INTERRUPT = "interrupt";

    /** What an alarm of a program leads to. */
    public static final String ALARM = "alarm";

    /** What becomes of what a file tells by signal. */
    public static final String FILE_SIGNAL = "file-signal";

    /** One look for classes that were loaded after boot. */
    public static final String CLASS_WATCH = "class-watch";

    /** One round of writing back what is dirty. */
    public static final String WRITE_BACK = "write-back";

    /** One commit of a journal, or what else its thread does at a time. */
    public static final String JOURNAL = "journal";

    /** One file that a file system on a disk deletes or stores by itself. */
    public static final String UPKEEP = "upkeep";

    /** A step of the killer. */
    public static final String KILLER = "heap-killer";

    /** No bounds: nothing is reserved. */
    public static final Bounds NONE = new Bounds();

    /**
     * The bounds of one unit of work.
     *
     * @param name of the system call or unit
     * @param live bytes that may live at once
     * @param allocated bytes that it allocates at most, or {@link #UNBOUNDED}
     */
    public record Bound(String name, long live, long allocated) {
        /** Nothing is known, nothing is reserved. */
        static Bound none(String name) {
            return new Bound(name, 0, UNBOUNDED);
        }
    }

    private final Bound[] calls = new Bound[CALLS];
    private final Map<String, Bound> units = new HashMap<>();
    private String layout = "";

    private Bounds() {
        Arrays.fill(calls, Bound.none("?"));
    }

    /** Reads the text; throws IllegalArgumentException at a line that is not as it should be. */
    public static Bounds parse(List<String> lines) {
        Bounds bounds = new Bounds();
        for (String line : lines) {
            String[] words = line.strip().split(" +");
            switch (words[0]) {
                case "", "#" -> {}
                case "layout" ->
                    bounds.layout = line.substring("layout".length()).strip();
                case "system-call" -> bounds.addCall(line, words);
                case "unit" -> bounds.addUnit(line, words);
                default -> throw unreadable(line);
            }
        }
        bounds.fillGaps();
        return bounds;
    }

    private void addCall(String line, String... words) {
        if (words.length != 5) {
            throw unreadable(line);
        }
        int number = Integer.parseInt(words[1]);
        if (!isListed(number)) {
            throw unreadable(line);
        }
        calls[number] = new Bound(words[2], size(line, words[3]), size(line, words[4]));
    }

    private void addUnit(String line, String... words) {
        if (words.length != 4) {
            throw unreadable(line);
        }
        units.put(words[1], new Bound(words[1], size(line, words[2]), size(line, words[3])));
    }

    private static long size(String line, String word) {
        if (word.equals("unbounded")) {
            return UNBOUNDED;
        }
        long bytes = Long.parseLong(word);
        if (bytes < 0) {
            throw unreadable(line);
        }
        return bytes;
    }

    private static IllegalArgumentException unreadable(String line) {
        return new IllegalArgumentException("table of heap bounds: cannot read \"" + line + "\"");
    }

    /** Numbers without a call have the bounds of the unit for such. */
    private void fillGaps() {
        Bound unknown = unit(UNKNOWN_CALL);
        for (int i = 0; i < CALLS; i++) {
            if (calls[i].name().equals("?")) {
                calls[i] = unknown;
            }
        }
    }

    /** The bounds of a system call; of one that does not exist those of the unit for such, whatever its number. */
    public Bound call(int number) {
        return isListed(number) ? calls[number] : unit(UNKNOWN_CALL);
    }

    /** Whether a number is one that the table has room for. */
    static boolean isListed(int number) {
        return number >= 0 && number < CALLS;
    }

    /** The bounds of a unit of work. */
    public Bound unit(String name) {
        return units.getOrDefault(name, Bound.none(name));
    }

    /** For which layout of objects the bounds were computed; empty if the table does not say. */
    public String layout() {
        return layout;
    }

    /** The largest amount that any system call or unit reserves. */
    public long largest() {
        long largest = 0;
        for (Bound call : calls) {
            largest = Math.max(largest, call.live());
        }
        for (Bound unit : units.values()) {
            largest = Math.max(largest, unit.live());
        }
        return largest;
    }
}

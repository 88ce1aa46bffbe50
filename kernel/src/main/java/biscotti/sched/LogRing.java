package biscotti.sched;

/**
 * The last lines of the kernel log, each with its priority in front, as syslog(2) tells it: {@code <6>[    1.234567] text}. A place in
 * it is how many bytes were ever written before. The lock of the log is held.
 */
final class LogRing {
    /** How many bytes it has. */
    static final int SIZE = 1 << 15;

    private final byte[] bytes = new byte[SIZE];
    private long start;
    private long end;
    private long firstNumber;
    private long nextNumber;

    /** The place of its oldest line. */
    long start() {
        return start;
    }

    /** The place behind its newest line. */
    long end() {
        return end;
    }

    /** The number of its oldest line. */
    long firstNumber() {
        return firstNumber;
    }

    /** The number that the next line will have. */
    long nextNumber() {
        return nextNumber;
    }

    /**
     * Adds a line; the oldest ones make room.
     *
     * @param priority of syslog(3): facility and level
     * @param line ends with a line feed, and is much shorter than the ring
     */
    void append(int priority, byte[] line, int length) {
        while (SIZE - (end - start) < length + 5) {
            start = behindLine(start);
            firstNumber++;
        }
        put((byte) '<');
        for (int unit = 100; unit > 0; unit /= 10) {
            if (priority >= unit || unit == 1) {
                put((byte) ('0' + priority / unit % 10));
            }
        }
        put((byte) '>');
        for (int i = 0; i < length; i++) {
            put(line[i]);
        }
        nextNumber++;
    }

    private void put(byte value) {
        bytes[(int) (end & SIZE - 1)] = value;
        end++;
    }

    /** The byte at a place. */
    byte at(long place) {
        return bytes[(int) (place & SIZE - 1)];
    }

    /** The place behind the line that begins at a place. */
    long behindLine(long place) {
        long at = place;
        while (at < end && at(at) != '\n') {
            at++;
        }
        return Math.min(at + 1, end);
    }
}

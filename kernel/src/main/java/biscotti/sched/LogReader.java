package biscotti.sched;

import static biscotti.abi.Errno.EPIPE;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The kernel log as programs read it: what syslog(2) calls reading, which takes lines once for all who do so, and cursors that each
 * have a place of their own, as an open /dev/kmsg has.
 */
public final class LogReader {
    /** How many bytes the log keeps. */
    public static final int BYTES = LogRing.SIZE;

    /** A line as {@link #next} gives it is never longer. */
    public static final int LONGEST_RECORD = KernelLog.LONGEST_LINE + 64;

    private static final int MICRO_DIGITS = 19;

    /** Where somebody is in the log. */
    public static final class Cursor {
        private long place;
        private long number;

        /** At the oldest line. */
        public Cursor() {}
    }

    private final ReentrantLock lock;
    private final LogRing ring;
    private final WaitQueue readers = new WaitQueue();
    private long taken;
    private long cleared;
    private long clearedNumber;

    LogReader(ReentrantLock lock, LogRing ring) {
        this.lock = lock;
        this.ring = ring;
    }

    /** The log has another line; its lock is not held. */
    void lineCame() {
        readers.wakeAll();
    }

    // For all who read.

    /** How many bytes there are that {@link #take} has not given yet. */
    public int unread() {
        lock.lock();
        try {
            return (int) (ring.end() - Math.max(taken, ring.start()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes bytes that nobody has taken yet, and waits for the first.
     *
     * @param waits whether it waits
     * @return how many; -EINTR
     */
    public int take(KernelThread thread, byte[] to, int most, boolean waits) {
        lock.lock();
        try {
            taken = Math.max(taken, ring.start());
            while (waits && taken == ring.end()) {
                int error = readers.await(thread, lock, Waiter.FOREVER);
                if (error < 0) {
                    return error;
                }
                taken = Math.max(taken, ring.start());
            }
            int count = copy(taken, to, (int) Math.min(most, ring.end() - taken));
            taken += count;
            return count;
        } finally {
            lock.unlock();
        }
    }

    private int copy(long from, byte[] to, int count) {
        int bytes = Math.clamp(count, 0, to.length);
        for (int i = 0; i < bytes; i++) {
            to[i] = ring.at(from + i);
        }
        return bytes;
    }

    /**
     * The newest whole lines since the log was cleared.
     *
     * @param most how many bytes at most
     * @return how many
     */
    public int newest(byte[] to, int most) {
        lock.lock();
        try {
            long from = Math.max(cleared, ring.start());
            while (ring.end() - from > most) {
                from = ring.behindLine(from);
            }
            return copy(from, to, (int) (ring.end() - from));
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #newest} not give again what there is now. */
    public void clear() {
        lock.lock();
        cleared = ring.end();
        clearedNumber = ring.nextNumber();
        lock.unlock();
    }

    // With a cursor.

    /** Puts a cursor at the oldest line. */
    public void rewind(Cursor cursor) {
        lock.lock();
        cursor.place = ring.start();
        cursor.number = ring.firstNumber();
        lock.unlock();
    }

    /** Puts a cursor at the first line since the log was cleared. */
    public void seekCleared(Cursor cursor) {
        lock.lock();
        cursor.place = Math.max(cleared, ring.start());
        cursor.number = Math.max(clearedNumber, ring.firstNumber());
        lock.unlock();
    }

    /** Puts a cursor behind the newest line. */
    public void seekEnd(Cursor cursor) {
        lock.lock();
        cursor.place = ring.end();
        cursor.number = ring.nextNumber();
        lock.unlock();
    }

    /** Whether a cursor is before a line, or before some that are gone. */
    public boolean hasNext(Cursor cursor) {
        lock.lock();
        try {
            return cursor.place < ring.end();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a cursor is before a line: 0 or -EINTR. */
    public int awaitNext(KernelThread thread, Cursor cursor) {
        lock.lock();
        try {
            int error = 0;
            while (error == 0 && cursor.place == ring.end()) {
                error = readers.await(thread, lock, Waiter.FOREVER);
            }
            return error;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The line at a cursor, in the form of /dev/kmsg: {@code PRIORITY,NUMBER,MICROSECONDS,-;TEXT} and a line feed. The cursor moves on.
     *
     * @return how many bytes; 0 if there is none yet; -EPIPE if lines were lost, when the cursor goes to the oldest
     */
    public int next(Cursor cursor, byte[] to) {
        lock.lock();
        try {
            if (cursor.place < ring.start()) {
                cursor.place = ring.start();
                cursor.number = ring.firstNumber();
                return -EPIPE;
            }
            if (cursor.place == ring.end()) {
                return 0;
            }
            int length = format(cursor, to);
            cursor.place = ring.behindLine(cursor.place);
            cursor.number++;
            return length;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a line {@code <P>[  S.U] TEXT} apart. */
    private int format(Cursor cursor, byte[] to) {
        long at = cursor.place + 1;
        int length = 0;
        while (ring.at(at) != '>') {
            to[length++] = ring.at(at++);
        }
        to[length++] = ',';
        length = putNumber(cursor.number, to, length);
        to[length++] = ',';
        long micros = 0;
        while (ring.at(at) != ']') {
            byte each = ring.at(at++);
            micros = each >= '0' && each <= '9' ? micros * 10 + each - '0' : micros;
        }
        length = putNumber(micros, to, length);
        to[length++] = ',';
        to[length++] = '-';
        to[length++] = ';';
        for (at += 2; at < ring.end() && ring.at(at) != '\n'; at++) {
            to[length++] = ring.at(at);
        }
        to[length++] = '\n';
        return length;
    }

    private static int putNumber(long number, byte[] to, int offset) {
        int at = offset;
        long unit = 1;
        for (int i = 1; i < MICRO_DIGITS && number / unit >= 10; i++) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            to[at++] = (byte) ('0' + number / unit % 10);
        }
        return at;
    }
}

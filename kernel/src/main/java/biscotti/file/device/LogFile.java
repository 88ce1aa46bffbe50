package biscotti.file.device;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ESPIPE;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.Poll;
import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.sched.KernelLog;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.LogReader;
import biscotti.sched.RankedLock;

/** /dev/kmsg, opened: a read gives the next line of the kernel log, a write adds one. */
final class LogFile extends OpenFile {
    private static final int LONGEST_WRITE = 1024;
    private static final int LEVELS = 7;
    /** What a line has that does not say: a warning of a program. */
    private static final int DEFAULT_PRIORITY = 1 << 3 | 4;

    private static final int USER = 1 << 3;

    private final KernelLog log;
    private final LogReader reader;
    private final Watchers watchers;
    private final LogReader.Cursor cursor = new LogReader.Cursor();

    /** Guards the cursor. */
    private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);

    LogFile(KernelLog log, Watchers watchers, Place place, int flags) {
        super(place, flags);
        this.log = log;
        this.reader = log.reader();
        this.watchers = watchers;
        reader.rewind(cursor);
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        byte[] line = new byte[LogReader.LONGEST_RECORD];
        int length = next(line);
        while (length == 0) {
            if (!blocking()) {
                return -EAGAIN;
            }
            if (reader.awaitNext(KernelThread.current(), cursor) < 0) {
                return -ERESTARTSYS;
            }
            length = next(line);
        }
        if (length < 0) {
            return length;
        }
        if (length > to.remaining()) {
            return -EINVAL;
        }
        int error = to.put(line, 0, length);
        return error < 0 ? error : length;
    }

    private int next(byte[] line) {
        lock.lock();
        try {
            return reader.next(cursor, line);
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} It may begin with {@code <N>}: level and facility, which is not the kernel's. */
    @Override
    protected long doWrite(Caller caller, Transfer from) {
        if (from.remaining() > LONGEST_WRITE) {
            return -EINVAL;
        }
        int length = Math.clamp(from.remaining(), 0, LONGEST_WRITE);
        byte[] line = new byte[LONGEST_WRITE];
        int error = from.take(line, 0, length);
        if (error < 0) {
            return error;
        }
        int priority = DEFAULT_PRIORITY;
        int start = 0;
        if (length > 2 && line[0] == '<') {
            int value = 0;
            int at = 1;
            while (at < length && line[at] >= '0' && line[at] <= '9') {
                value = value * 10 + line[at++] - '0' & 0xfff;
            }
            if (at > 1 && at < length && line[at] == '>') {
                priority = value <= LEVELS ? USER | value : value & 0xff;
                start = at + 1;
            }
        }
        int end = length > start && line[length - 1] == '\n' ? length - 1 : length;
        log.say(priority, line, start, end);
        watchers.tell(Poll.READABLE);
        return length;
    }

    @Override
    public long seek(long offset, int whence) {
        if (offset != 0) {
            return -ESPIPE;
        }
        lock.lock();
        try {
            switch (whence) {
                case Seek.SEEK_SET -> reader.rewind(cursor);
                case Seek.SEEK_DATA -> reader.seekCleared(cursor);
                case Seek.SEEK_END -> reader.seekEnd(cursor);
                default -> {
                    return -EINVAL;
                }
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int ownEvents() {
        return Poll.WRITABLE | (reader.hasNext(cursor) ? Poll.READABLE : 0);
    }

    @Override
    public Watchers watchers() {
        return watchers;
    }
}

package biscotti.procfs;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Seek;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;
import biscotti.memory.FrameAllocator;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;

/**
 * An open file of text. A read from its start makes the text anew; what follows reads on in it through a window, which is filled
 * with the next records when it has been read, and never holds more than a frame. A text that fits in the window is the same
 * however it is read.
 */
final class OpenText extends OpenFile {
    /** In place of a window: nothing was read yet, or the file is closed. */
    private static final long NONE = 0;

    /** Instead of an errno: the heap is short, and nothing was read. */
    private static final long REFUSED = Long.MIN_VALUE;

    private static final int MOST_WRITTEN = 32;

    private final Text text;
    private final Setting setting;
    private final FrameAllocator frames;
    private final RankedLock lock = new RankedLock(LockRank.OPEN_FILE);

    private final TextWindow window;
    private boolean closed;
    private long position;
    /** Where the window is in the text. */
    private long start;
    /** The record to go on with behind the window, and how much of it came before. */
    private long nextRecord;

    private long nextSkip;
    private boolean ended;

    OpenText(Text text, Setting setting, PhysicalMemory memory, FrameAllocator frames, Place place, int flags) {
        super(place, flags);
        this.text = text;
        this.setting = setting;
        this.frames = frames;
        this.window = new TextWindow(memory);
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        long count;
        do {
            lock.lock();
            try {
                count = readLocked(caller, to, position);
                position += Math.max(count, 0);
            } finally {
                lock.unlock();
            }
        } while (count == REFUSED && caller.rounds().awaitRound());
        return count == REFUSED ? -EINTR : count;
    }

    @Override
    protected long doReadAt(Caller caller, Transfer to, long at) {
        long count;
        do {
            lock.lock();
            try {
                count = readLocked(caller, to, at);
            } finally {
                lock.unlock();
            }
        } while (count == REFUSED && caller.rounds().awaitRound());
        return count == REFUSED ? -EINTR : count;
    }

    private long readLocked(Caller caller, Transfer to, long at) {
        long error = prepare(caller, at);
        long done = 0;
        while (error == 0 && to.remaining() > 0 && at + done < start + window.length()) {
            long offset = at + done - start;
            int part = (int) Math.min(to.remaining(), window.length() - offset);
            error = to.fromPhysical(window.frame() + offset, part);
            if (error == 0) {
                done += part;
                error = to.remaining() > 0 ? reach(caller, at + done) : 0;
            }
        }
        return done > 0 ? done : error;
    }

    /** Sees to it that there is a window, and that it has the byte at a position, or lies at the end: 0, an errno or {@link #REFUSED}. */
    private long prepare(Caller caller, long at) {
        if (closed) {
            return -EBADF;
        }
        if (window.frame() == NONE) {
            long frame = frames.allocate();
            if (frame < 0) {
                return frame;
            }
            window.setFrame(frame);
        }
        if (at == 0 || at < start) {
            start = 0;
            nextRecord = 0;
            nextSkip = 0;
            ended = false;
            long error = fill(caller);
            if (error < 0) {
                return error;
            }
        }
        return reach(caller, at);
    }

    /** Moves the window on until it has the byte at a position, or lies at the end: 0, an errno or {@link #REFUSED}. */
    private long reach(Caller caller, long at) {
        long error = 0;
        while (error == 0 && !ended && at >= start + window.length()) {
            if (!caller.rounds().nextRound()) {
                return REFUSED;
            }
            start += window.length();
            error = fill(caller);
        }
        return error;
    }

    /** Fills the window with what comes next, or with less if the heap is short: 0, an errno or {@link #REFUSED}. */
    private long fill(Caller caller) {
        window.clear();
        while (true) {
            int before = window.length();
            window.skip(nextSkip);
            long next = text.write(caller, nextRecord, window);
            if (next < 0) {
                window.clear();
                ended = true;
                return next;
            }
            if (window.isOverflown()) {
                nextSkip += window.length() - before;
                return 0;
            }
            nextRecord = next;
            nextSkip = 0;
            if (next == Text.END) {
                ended = true;
                return 0;
            }
            if (!caller.rounds().nextRound()) {
                return window.length() > 0 ? 0 : REFUSED;
            }
        }
    }

    @Override
    protected void closed() {
        lock.lock();
        try {
            closed = true;
            if (window.frame() != NONE) {
                frames.release(window.frame());
                window.setFrame(NONE);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        int count = (int) Math.min(from.remaining(), MOST_WRITTEN);
        byte[] bytes = new byte[MOST_WRITTEN];
        int error = from.take(bytes, 0, count);
        if (error < 0) {
            return error;
        }
        error = setting.setText(caller, bytes, count);
        return error < 0 ? error : count;
    }

    @Override
    public long seek(long offset, int whence) {
        lock.lock();
        try {
            long target = switch (whence) {
                case Seek.SEEK_SET -> offset;
                case Seek.SEEK_CUR -> position + offset;
                default -> -1;
            };
            if (target < 0) {
                return -EINVAL;
            }
            position = target;
            return target;
        } finally {
            lock.unlock();
        }
    }
}

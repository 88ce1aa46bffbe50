package biscotti.file.event;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.AnonymousInode;
import biscotti.file.Caller;
import biscotti.file.FileText;
import biscotti.file.OpenFile;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/** A counter that is waited for: eventfd(2). */
public final class EventFile extends OpenFile {
    private static final int HEXADECIMAL_WIDTH = 16;

    /** The greatest value, as an unsigned number. */
    private static final long MAXIMUM = -2;

    private final boolean semaphore;
    private final RankedLock lock = new RankedLock(LockRank.EVENT);
    private final WaitQueue readers = new WaitQueue();
    private final WaitQueue writers = new WaitQueue();
    private final Watchers watchers = new Watchers();
    /** Unsigned; guarded by the lock. */
    private long counter;

    /**
     * A new counter.
     *
     * @param initial its value
     * @param flags O_NONBLOCK or 0
     * @param semaphore whether each read takes one: EFD_SEMAPHORE
     */
    public EventFile(AnonymousInode inode, int initial, int flags, boolean semaphore) {
        super(inode.place("anon_inode:[eventfd]"), OpenFlags.O_RDWR | flags);
        this.counter = Integer.toUnsignedLong(initial);
        this.semaphore = semaphore;
    }

    /** {@inheritDoc} Eight bytes: the counter, or 1 of a semaphore. */
    @Override
    protected long doRead(Caller caller, Transfer to) {
        if (to.remaining() < Long.BYTES) {
            return -EINVAL;
        }
        long taken;
        lock.lock();
        try {
            while (counter == 0) {
                if (!blocking()) {
                    return -EAGAIN;
                }
                if (readers.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                    return -ERESTARTSYS;
                }
            }
            taken = semaphore ? 1 : counter;
            counter -= taken;
            if (counter != 0) {
                readers.wakeOne();
            }
            writers.wakeAll(); // each may fit or not
            watchers.tell(Poll.WRITABLE);
        } finally {
            lock.unlock();
        }
        byte[] bytes = new byte[Long.BYTES];
        LittleEndian.putLong(bytes, 0, taken);
        int error = to.put(bytes, 0, bytes.length);
        return error < 0 ? error : bytes.length;
    }

    /** {@inheritDoc} Eight bytes, which are added to the counter. */
    @Override
    protected long doWrite(Caller caller, Transfer from) {
        if (from.remaining() < Long.BYTES) {
            return -EINVAL;
        }
        byte[] bytes = new byte[Long.BYTES];
        int error = from.take(bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        long added = LittleEndian.getLong(bytes, 0);
        if (Long.compareUnsigned(added, MAXIMUM) > 0) {
            return -EINVAL;
        }
        lock.lock();
        try {
            while (Long.compareUnsigned(added, MAXIMUM - counter) > 0) {
                if (!blocking()) {
                    return -EAGAIN;
                }
                if (writers.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                    return -ERESTARTSYS;
                }
            }
            counter += added;
            if (counter != 0) {
                readers.wakeOne();
            }
            watchers.tell(Poll.READABLE);
            return bytes.length;
        } finally {
            lock.unlock();
        }
    }

    /** {@inheritDoc} Its position is always 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public int ownEvents() {
        lock.lock();
        try {
            return (counter != 0 ? Poll.READABLE : 0) | (counter != MAXIMUM ? Poll.WRITABLE : 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Watchers watchers() {
        return watchers;
    }

    @Override
    public long describe(long record, FileText out) {
        lock.lock();
        long now = counter;
        lock.unlock();
        out.append("eventfd-count: ")
                .right(Long.toHexString(now), HEXADECIMAL_WIDTH)
                .append("\n");
        return 0;
    }
}

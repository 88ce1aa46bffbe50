package biscotti.process;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.AnonymousInode;
import biscotti.file.Caller;
import biscotti.file.FileText;
import biscotti.file.OpenFile;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.process.signal.SignalInfo;
import biscotti.process.signal.SignalRecord;
import biscotti.process.signal.SignalSet;
import biscotti.sched.KernelThread;
import biscotti.sched.Waiter;

/**
 * Signals that are read: signalfd(2). Whose signals depends on who reads or polls: those that wait for the calling thread or for
 * its process. So one list of watchers serves all such files of a machine, and is told when a signal has come for any process
 * that ever had to do with one.
 */
public final class SignalFile extends OpenFile {
    private static final int MASK_DIGITS = 16;

    private final Watchers watchers;
    private volatile long mask;

    /**
     * A new file.
     *
     * @param mask the signals that can be read
     * @param flags O_NONBLOCK or 0
     */
    public SignalFile(AnonymousInode inode, Processes system, long mask, int flags) {
        super(inode.place("anon_inode:[signalfd]"), OpenFlags.O_RDWR | flags);
        this.watchers = system.signalWatchers();
        setMask(mask);
    }

    /** Sets the signals that can be read; SIGKILL and SIGSTOP never can. */
    public void setMask(long signals) {
        mask = signals & ~SignalSet.UNBLOCKABLE;
        watchers.tell(Poll.READABLE);
        if (KernelThread.current().interruption() instanceof UserThread thread) {
            thread.process().signalArrivals().wakeAll();
        }
    }

    /** {@inheritDoc} As many {@code struct signalfd_siginfo} as there are signals and room; waits for the first. */
    @Override
    protected long doRead(Caller caller, Transfer to) {
        if (!(caller instanceof UserThread thread) || to.remaining() < SignalRecord.BYTES) {
            return -EINVAL;
        }
        byte[] record = new byte[SignalRecord.BYTES];
        long done = 0;
        while (to.remaining() >= SignalRecord.BYTES) {
            int error = done == 0 && blocking() ? await(thread, record) : take(thread, record);
            if (error == 0) {
                error = to.put(record, 0, record.length);
            }
            if (error < 0) {
                return done == 0 ? error : done;
            }
            done += record.length;
        }
        return done;
    }

    private int take(UserThread thread, byte[] record) {
        SignalInfo signal = thread.delivery().take(mask);
        if (signal == SignalInfo.NONE) {
            return -EAGAIN;
        }
        SignalRecord.write(signal, record);
        return 0;
    }

    private int await(UserThread thread, byte[] record) {
        Waiter waiter = thread.kernelThread().waiter();
        thread.process().watchSignals();
        while (true) {
            waiter.reset();
            thread.process().signalArrivals().join(waiter.entry());
            int slept = thread.delivery().isWaiting(mask) ? 0 : waiter.sleep(Waiter.FOREVER);
            thread.process().signalArrivals().leave(waiter.entry());
            if (thread.delivery().isWaiting(mask)) {
                int error = take(thread, record);
                if (error == 0) {
                    return 0;
                }
            }
            if (slept < 0) {
                return -ERESTARTSYS;
            }
        }
    }

    @Override
    public int ownEvents() {
        if (!(KernelThread.current().interruption() instanceof UserThread thread)) {
            return 0;
        }
        thread.process().watchSignals();
        return thread.delivery().isWaiting(mask) ? Poll.READABLE : 0;
    }

    @Override
    public Watchers watchers() {
        return watchers;
    }

    /** {@inheritDoc} Its position is always 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }

    @Override
    public long describe(long record, FileText out) {
        out.append("sigmask:\t").hex(mask, MASK_DIGITS).append("\n");
        return 0;
    }
}

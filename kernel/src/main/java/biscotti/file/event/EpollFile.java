package biscotti.file.event;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.Epoll;
import biscotti.abi.LittleEndian;
import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.bounded.IdTable;
import biscotti.file.AnonymousInode;
import biscotti.file.FileTable;
import biscotti.file.FileText;
import biscotti.file.OpenFile;
import biscotti.file.Watchers;
import biscotti.memory.UserMemory;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;
import java.util.function.Consumer;

/**
 * An epoll instance: interests in descriptors, and a list of those whose files may be ready (epoll(7)).
 *
 * <p>A file that changes puts its interest on the ready list, with a spin lock only. Who waits takes interests off the list
 * one by one and asks their files; so several threads share the work, and none holds a lock while it asks.
 */
public final class EpollFile extends OpenFile {
    /** Guards the table of interests. */
    private final RankedLock control = new RankedLock(LockRank.EPOLL);

    /** By descriptor; the first of a chain. */
    private final IdTable<Interest> interests;

    private final Interest none = new Interest(this, -1, OpenFile.CLOSED, 0, 0);
    private final EpollNesting nesting;
    final ReadyList ready = new ReadyList();
    private final WaitQueue waiters = new WaitQueue();
    private final Watchers watchers = new Watchers();

    /** For {@link EpollNesting}. */
    final EpollNesting.Visit visit = new EpollNesting.Visit();

    /** An epoll without interests. */
    public EpollFile(AnonymousInode inode, EpollNesting nesting) {
        super(inode.place("anon_inode:[eventpoll]"), OpenFlags.O_RDWR);
        this.nesting = nesting;
        this.interests = new IdTable<>(FileTable.MAXIMUM, none);
    }

    // Interests.

    /** Whether no epoll can watch a file, because it never makes anybody wait: EPERM. */
    public static boolean isAlwaysReady(OpenFile file) {
        return file.watchers() == Watchers.NEVER;
    }

    /**
     * epoll_ctl(2), EPOLL_CTL_ADD. The caller is an owner of the file.
     *
     * @param file another than this
     * @param wanted events and flags of {@link Epoll}
     * @param data what {@link #await} tells with an event
     * @return 0; -EINVAL, -EEXIST, -ELOOP
     */
    public int add(int descriptor, OpenFile file, int wanted, long data) {
        if ((wanted & Epoll.EPOLLEXCLUSIVE) != 0 && !mayBeExclusive(file, wanted)) {
            return -EINVAL;
        }
        return file instanceof EpollFile inner
                ? nesting.add(this, inner, () -> insert(descriptor, file, wanted, data))
                : insert(descriptor, file, wanted, data);
    }

    /** What may be wanted together with EPOLLEXCLUSIVE (epoll_ctl(2)). */
    private static boolean mayBeExclusive(OpenFile file, int wanted) {
        int allowed = Epoll.EPOLLEXCLUSIVE
                | Epoll.EPOLLET
                | Epoll.EPOLLWAKEUP
                | Poll.POLLIN
                | Poll.POLLOUT
                | Poll.POLLERR
                | Poll.POLLHUP;
        return (wanted & ~allowed) == 0 && !(file instanceof EpollFile);
    }

    private int insert(int descriptor, OpenFile file, int wanted, long data) {
        control.lock();
        try {
            if (find(descriptor, file) != none) {
                return -EEXIST;
            }
            Interest interest = new Interest(this, descriptor, file, wanted, data);
            interest.nextOfDescriptor = interests.get(descriptor);
            interests.put(descriptor, interest);
            file.attach(interest);
            file.watchers().add(interest);
            queueIfReady(interest);
            return 0;
        } finally {
            control.unlock();
        }
    }

    private void queueIfReady(Interest interest) {
        if (interest.events() != 0) {
            becameReady(interest);
        }
    }

    /** {@inheritDoc} A line for each interest; several in one number are one record. */
    @Override
    public long describe(long record, FileText out) {
        control.lock();
        try {
            int descriptor = interests.next((int) record);
            if (descriptor < 0) {
                return 0;
            }
            Interest first = interests.get(descriptor);
            for (Interest each = first; each != none; each = each.nextOfDescriptor) {
                each.describe(out);
            }
            return descriptor + 1L;
        } finally {
            control.unlock();
        }
    }

    /**
     * Whether one of the files that it watches under a number is that one: KCMP_EPOLL_TFD of kcmp(2).
     *
     * @param index which of them, if several files had the number
     * @return the file; {@link OpenFile#CLOSED} if there are not so many
     */
    public OpenFile watched(int descriptor, int index) {
        control.lock();
        try {
            Interest at = descriptor < 0 || descriptor >= FileTable.MAXIMUM ? none : interests.get(descriptor);
            for (int left = index; left > 0 && at != none; left--) {
                at = at.nextOfDescriptor;
            }
            return at.file;
        } finally {
            control.unlock();
        }
    }

    private Interest find(int descriptor, OpenFile file) {
        Interest at = interests.get(descriptor);
        while (at != none && at.file != file) {
            at = at.nextOfDescriptor;
        }
        return at;
    }

    /** EPOLL_CTL_MOD: 0; -ENOENT, or -EINVAL if either side is EPOLLEXCLUSIVE. */
    public int modify(int descriptor, OpenFile file, int wanted, long data) {
        if ((wanted & Epoll.EPOLLEXCLUSIVE) != 0) {
            return -EINVAL;
        }
        control.lock();
        try {
            Interest interest = find(descriptor, file);
            if (interest == none || interest.isExclusive()) {
                return interest == none ? -ENOENT : -EINVAL;
            }
            ready.renew(interest, wanted, data);
            queueIfReady(interest);
            return 0;
        } finally {
            control.unlock();
        }
    }

    /** EPOLL_CTL_DEL: 0, or -ENOENT. */
    public int remove(int descriptor, OpenFile file) {
        control.lock();
        try {
            Interest interest = find(descriptor, file);
            if (interest == none) {
                return -ENOENT;
            }
            unlink(interest);
            file.detach(interest);
            return 0;
        } finally {
            control.unlock();
        }
    }

    /** The file of an interest has been closed. */
    void forget(Interest interest) {
        control.lock();
        try {
            if (!interest.removed) {
                unlink(interest);
            }
        } finally {
            control.unlock();
        }
    }

    private void unlink(Interest interest) {
        interest.removed = true;
        Interest first = interests.get(interest.descriptor);
        if (first != interest) {
            Interest at = first;
            while (at.nextOfDescriptor != interest) {
                at = at.nextOfDescriptor;
            }
            at.nextOfDescriptor = interest.nextOfDescriptor;
        } else if (interest.nextOfDescriptor == none) {
            interests.remove(interest.descriptor);
        } else {
            interests.replace(interest.descriptor, interest.nextOfDescriptor);
        }
        interest.file.watchers().remove(interest);
        ready.remove(interest);
    }

    /** {@inheritDoc} All interests end. */
    @Override
    protected void closed() {
        control.lock();
        try {
            for (int i = interests.next(0); i >= 0; i = interests.next(i)) {
                Interest interest = interests.get(i);
                unlink(interest);
                interest.file.detach(interest);
            }
        } finally {
            control.unlock();
        }
    }

    /** Tells the epolls that this one watches, or some that it no longer does. Takes no lock. */
    void forEachInner(Consumer<EpollFile> receiver) {
        for (int i = interests.next(0); i >= 0; i = interests.next(i + 1)) {
            for (Interest at = interests.get(i); at != none; at = at.nextOfDescriptor) {
                if (at.file instanceof EpollFile inner) {
                    receiver.accept(inner);
                }
            }
        }
    }

    /** Tells the epolls that watch this one. They are told with a spin lock held. */
    void forEachOuter(Consumer<EpollFile> receiver) {
        forEachLastingWatch(watch -> {
            if (watch instanceof Interest interest) {
                receiver.accept(interest.epoll);
            }
        });
    }

    // Events.

    /** An interest's file has changed: whether a thread that waits was told. Takes spin locks only. */
    boolean becameReady(Interest interest) {
        if (!ready.add(interest)) {
            return false;
        }
        boolean awaited = !waiters.isEmpty();
        waiters.wakeOne();
        watchers.tell(Poll.READABLE);
        return awaited;
    }

    /**
     * epoll_wait(2): waits for events and writes them.
     *
     * @param address of an array of {@code struct epoll_event}
     * @param most how many at most, above 0
     * @param deadline on the monotonic clock; {@link Waiter#FOREVER}; or 0 to not wait at all
     * @return how many; 0 after the deadline; -EINTR, -EFAULT
     */
    public int await(UserMemory memory, long address, int most, long deadline) {
        int count = collect(memory, address, most);
        if (count != 0 || deadline == 0) {
            return count;
        }
        Waiter waiter = KernelThread.current().waiter();
        while (true) {
            waiter.reset();
            waiters.join(waiter.entry());
            int result = ready.isEmpty() ? waiter.sleep(deadline) : 0;
            waiters.leave(waiter.entry());
            count = collect(memory, address, most);
            if (count != 0 || result < 0) {
                return count != 0 || result == Waiter.TIMED_OUT ? count : -EINTR;
            }
        }
    }

    private int collect(UserMemory memory, long address, int most) {
        if (ready.isEmpty()) {
            return 0;
        }
        byte[] event = new byte[Epoll.EVENT_SIZE];
        int count = 0;
        int error = 0;
        for (int left = ready.length(); left > 0 && count < most && error == 0; left--) {
            Interest interest = ready.take();
            int events = interest == null ? 0 : interest.events();
            if (events != 0) {
                LittleEndian.putInt(event, 0, events);
                LittleEndian.putLong(event, Epoll.EVENT_DATA, interest.data);
                error = memory.write(address + (long) count * Epoll.EVENT_SIZE, event, 0, event.length);
                if (error < 0) {
                    ready.putBack(interest);
                } else if (ready.claim(interest)) {
                    count++;
                }
            }
        }
        if (!ready.isEmpty()) {
            waiters.wakeOne();
        }
        return count > 0 ? count : error;
    }

    /** {@inheritDoc} Readable when there is an event to tell. */
    @Override
    public int events() {
        return new EpollWalk().hasEvent(this) ? Poll.READABLE : 0;
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
}

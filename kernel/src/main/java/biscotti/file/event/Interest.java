package biscotti.file.event;

import biscotti.abi.Epoll;
import biscotti.abi.Poll;
import biscotti.file.FileText;
import biscotti.file.LastingWatch;
import biscotti.file.OpenFile;

/** What an epoll wants of one descriptor. */
final class Interest extends LastingWatch {
    /** Flags that are no events; an interest that has nothing else is asleep until it is renewed. */
    private static final int FLAGS = Epoll.EPOLLET | Epoll.EPOLLONESHOT | Epoll.EPOLLEXCLUSIVE | Epoll.EPOLLWAKEUP;

    private static final int DESCRIPTOR_WIDTH = 8;
    private static final int DATA_WIDTH = 16;

    final EpollFile epoll;
    final int descriptor;
    final OpenFile file;

    /** Another interest in the same number, which meant another file then. Guarded by the epoll's control lock. */
    Interest nextOfDescriptor;

    /** Whether the epoll has given it up. Guarded by the control lock. */
    boolean removed;

    // Changed under the lock of the epoll's ready list.
    private volatile int wanted;
    volatile long data;
    boolean queued;
    Interest previousReady;
    Interest nextReady;

    Interest(EpollFile epoll, int descriptor, OpenFile file, int wanted, long data) {
        this.epoll = epoll;
        this.descriptor = descriptor;
        this.file = file;
        this.data = data;
        want(wanted);
    }

    /** A line of /proc/PID/fdinfo (proc_pid_fdinfo(5)). */
    void describe(FileText out) {
        out.append("tfd: ").right(Integer.toString(descriptor), DESCRIPTOR_WIDTH);
        out.append(" events: ").right(Integer.toHexString(wanted), DESCRIPTOR_WIDTH);
        out.append(" data: ").right(Long.toHexString(data), DATA_WIDTH);
        out.append("  pos:0 ino:").hex(file.vnode().number(), 1);
        out.append(" sdev:").hex(file.vnode().fileSystem().device(), 1).append("\n");
    }

    /** Errors and hang-ups are wanted always (epoll_ctl(2)). */
    void want(int events) {
        wanted = events | Poll.POLLERR | Poll.POLLHUP;
    }

    /** The events that its file has now and that are wanted. */
    int events() {
        return isAsleep() ? 0 : file.events() & wanted;
    }

    /** As {@link #events}, for a file that is no epoll. */
    int ownEvents() {
        return isAsleep() ? 0 : file.ownEvents() & wanted;
    }

    /** Whether it is awake and wants some of these events. */
    boolean wants(int events) {
        return !isAsleep() && (wanted & events) != 0;
    }

    /** Whether it wants nothing now: an event of it was told, and one was enough. */
    boolean isAsleep() {
        return (wanted & ~FLAGS) == 0;
    }

    /** Whether it wants to be told of changes: EPOLLET. */
    boolean isEdgeTriggered() {
        return (wanted & Epoll.EPOLLET) != 0;
    }

    /** Whether one event is enough: EPOLLONESHOT. */
    boolean isOneShot() {
        return (wanted & Epoll.EPOLLONESHOT) != 0;
    }

    /** Wants nothing until it is renewed. */
    void fallAsleep() {
        wanted &= FLAGS;
    }

    /** Wants nothing any more. */
    void end() {
        wanted = 0;
    }

    @Override
    protected boolean isExclusive() {
        return (wanted & Epoll.EPOLLEXCLUSIVE) != 0;
    }

    @Override
    protected boolean changed(int events) {
        return (events & wanted & ~FLAGS) != 0 && epoll.becameReady(this);
    }

    @Override
    protected void fileClosed() {
        epoll.forget(this);
    }
}

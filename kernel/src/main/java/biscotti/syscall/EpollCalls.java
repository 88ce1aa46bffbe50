package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINTR;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Epoll;
import biscotti.abi.LittleEndian;
import biscotti.abi.Restart;
import biscotti.file.AnonymousInode;
import biscotti.file.OpenFile;
import biscotti.file.event.EpollFile;
import biscotti.file.event.EpollNesting;
import biscotti.memory.UserRange;
import biscotti.process.UserThread;
import biscotti.sched.Waiter;

/** System calls of epoll(7). */
public final class EpollCalls {
    private final AnonymousInode inode;
    private final EpollNesting nesting = new EpollNesting();

    /** Calls that make files of an inode. */
    public EpollCalls(AnonymousInode inode) {
        this.inode = inode;
    }

    /** epoll_create(2): the size only has to be positive. */
    @SystemCall(number = 213, name = "epoll_create")
    public long epollCreate(UserThread caller, int size) {
        return size <= 0 ? -EINVAL : epollCreate1(caller, 0);
    }

    /** epoll_create1(2). */
    @SystemCall(number = 291, name = "epoll_create1")
    public long epollCreate1(UserThread caller, int flags) {
        return (flags & ~Epoll.EPOLL_CLOEXEC) != 0
                ? -EINVAL
                : OpenCalls.install(caller, new EpollFile(inode, nesting), flags != 0);
    }

    /** epoll_ctl(2). */
    @SystemCall(number = 233, name = "epoll_ctl")
    public long epollCtl(UserThread caller, int descriptor, int operation, int watched, long event) {
        byte[] bytes = new byte[Epoll.EVENT_SIZE];
        int error = operation == Epoll.EPOLL_CTL_DEL ? 0 : caller.memory().read(event, bytes, 0, bytes.length);
        if (error < 0) {
            return error;
        }
        OpenFile file = caller.files().getRetained(descriptor);
        if (file == OpenFile.CLOSED) {
            return -EBADF;
        }
        OpenFile target = caller.files().getRetained(watched);
        int result = -EBADF;
        if (target != OpenFile.CLOSED) {
            result = control(file, operation, watched, target, bytes);
            target.release();
        }
        file.release();
        return result;
    }

    private static int control(OpenFile file, int operation, int descriptor, OpenFile target, byte[] event) {
        if (EpollFile.isAlwaysReady(target)) {
            return -EPERM;
        }
        if (!(file instanceof EpollFile epoll) || file == target) {
            return -EINVAL;
        }
        int wanted = LittleEndian.getInt(event, 0);
        long data = LittleEndian.getLong(event, Epoll.EVENT_DATA);
        return switch (operation) {
            case Epoll.EPOLL_CTL_ADD -> epoll.add(descriptor, target, wanted, data);
            case Epoll.EPOLL_CTL_MOD -> epoll.modify(descriptor, target, wanted, data);
            case Epoll.EPOLL_CTL_DEL -> epoll.remove(descriptor, target);
            default -> -EINVAL;
        };
    }

    /** epoll_wait(2). */
    @SystemCall(number = 232, name = "epoll_wait")
    public long epollWait(UserThread caller, int descriptor, long events, int most, int milliseconds) {
        return await(caller, descriptor, events, most, Deadlines.ofMilliseconds(caller, milliseconds));
    }

    /** epoll_pwait(2). */
    @SystemCall(number = 281, name = "epoll_pwait")
    public long epollPwait(
            UserThread caller, int descriptor, long events, int most, int milliseconds, long mask, long maskSize) {
        long error = SignalMasks.replace(caller, mask, maskSize);
        return error < 0 ? error : epollWait(caller, descriptor, events, most, milliseconds);
    }

    /** epoll_pwait2(2): the timeout is a timespec. */
    @SystemCall(number = 441, name = "epoll_pwait2")
    public long epollPwait2(
            UserThread caller, int descriptor, long events, int most, long timeout, long mask, long maskSize) {
        long nanos = timeout == 0 ? Waiter.FOREVER : Structures.readTimespec(caller.memory(), timeout);
        if (nanos < 0) {
            return nanos;
        }
        long error = SignalMasks.replace(caller, mask, maskSize);
        if (error < 0) {
            return error;
        }
        long deadline = Deadlines.ofTimeout(caller, nanos);
        return await(caller, descriptor, events, most, deadline);
    }

    private static long await(UserThread caller, int descriptor, long events, int most, long deadline) {
        if (most <= 0 || most > Integer.MAX_VALUE / Epoll.EVENT_SIZE) {
            return -EINVAL;
        }
        if (events < 0 || events > UserRange.HIGH_END - (long) most * Epoll.EVENT_SIZE) {
            return -EFAULT;
        }
        OpenFile file = caller.files().getRetained(descriptor);
        if (!(file instanceof EpollFile epoll)) {
            return OtherKind.refuse(file);
        }
        int result = epoll.await(caller.memory(), events, most, deadline);
        file.release();
        return result == -EINTR ? -Restart.EINTR_ALWAYS : result;
    }
}

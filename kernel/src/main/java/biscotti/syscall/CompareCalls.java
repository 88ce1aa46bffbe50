package biscotti.syscall;

import static biscotti.abi.Errno.EBADF;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.LittleEndian;
import biscotti.file.OpenFile;
import biscotti.file.event.EpollFile;
import biscotti.process.ProcessTable;
import biscotti.process.UserThread;
import java.util.Optional;

/** Whether two threads share something: kcmp(2). */
public final class CompareCalls {
    private static final int KCMP_FILE = 0;
    private static final int KCMP_VM = 1;
    private static final int KCMP_FILES = 2;
    private static final int KCMP_FS = 3;
    private static final int KCMP_SIGHAND = 4;
    private static final int KCMP_IO = 5;
    private static final int KCMP_SYSVSEM = 6;
    private static final int KCMP_EPOLL_TFD = 7;

    private static final int SLOT_BYTES = 12;

    private static final int EQUAL = 0;
    private static final int LESS = 1;
    private static final int GREATER = 2;
    private static final int UNORDERED = 3;

    /** The family has no state. */
    public CompareCalls() {}

    /** kcmp(2). */
    @SystemCall(number = 312, name = "kcmp")
    public long kcmp(UserThread caller, int first, int second, int type, long firstIndex, long secondIndex) {
        ProcessTable table = caller.process().system().table();
        Optional<UserThread> one = table.thread(first);
        Optional<UserThread> other = table.thread(second);
        if (one.isEmpty() || other.isEmpty()) {
            return -ESRCH;
        }
        UserThread a = one.get();
        UserThread b = other.get();
        if (!a.process().mayBeInspectedBy(caller) || !b.process().mayBeInspectedBy(caller)) {
            return -EPERM;
        }
        return switch (type) {
            case KCMP_FILE -> compareFiles(a, (int) firstIndex, b, (int) secondIndex);
            case KCMP_VM -> compare(a.process().space(), b.process().space());
            case KCMP_FILES -> compare(a.files(), b.files());
            case KCMP_FS -> compare(a.fileContext(), b.fileContext());
            case KCMP_SIGHAND -> compare(a.process().actions(), b.process().actions());
            // Linux makes what this is about when a thread first has to do with a disk: none ever has.
            case KCMP_IO -> EQUAL;
            case KCMP_SYSVSEM ->
                compare(a.semaphoreUndo().identity(), b.semaphoreUndo().identity());
            case KCMP_EPOLL_TFD -> compareWatched(caller, a, (int) firstIndex, b, secondIndex);
            default -> -EINVAL;
        };
    }

    /** The order is one that lasts, and else means nothing. */
    private static int compare(Object one, Object other) {
        int first = System.identityHashCode(one);
        int second = System.identityHashCode(other);
        return one == other ? EQUAL : first < second ? LESS : first > second ? GREATER : UNORDERED;
    }

    private static int compareFiles(UserThread a, int first, UserThread b, int second) {
        OpenFile one = a.files().get(first);
        OpenFile other = b.files().get(second);
        return one == OpenFile.CLOSED || other == OpenFile.CLOSED ? -EBADF : compare(one, other);
    }

    /** KCMP_EPOLL_TFD: a {@code struct kcmp_epoll_slot} has the epoll's descriptor, the watched one, and which of those. */
    private static int compareWatched(UserThread caller, UserThread a, int first, UserThread b, long address) {
        byte[] slot = new byte[SLOT_BYTES];
        int error = caller.memory().read(address, slot, 0, slot.length);
        if (error < 0) {
            return error;
        }
        OpenFile one = a.files().get(first);
        OpenFile holder = b.files().get(LittleEndian.getInt(slot, 0));
        if (one == OpenFile.CLOSED || holder == OpenFile.CLOSED) {
            return -EBADF;
        }
        if (!(holder instanceof EpollFile epoll)) {
            return -EINVAL;
        }
        OpenFile other = epoll.watched(LittleEndian.getInt(slot, 4), LittleEndian.getInt(slot, 8));
        return other == OpenFile.CLOSED ? -ENOENT : compare(one, other);
    }
}

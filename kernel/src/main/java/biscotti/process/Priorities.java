package biscotti.process;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Resource;
import biscotti.process.identity.Credentials;
import java.util.function.Consumer;

/**
 * getpriority(2), setpriority(2), ioprio_get(2) and ioprio_set(2): nice values and priorities towards disks of a thread, a process
 * group or a user's processes.
 */
public final class Priorities {
    /** who is a thread. */
    private static final int PROCESS = 0;

    /** who is a process group. */
    private static final int GROUP = 1;

    /** who is a user. */
    private static final int USER = 2;

    /** What getpriority answers is this minus the nice value, so that it is never negative. */
    private static final int BASE = 20;

    // The classes of ioprio_set(2), in the bits from 13 on; the lowest class and level that are given out come first.
    private static final int CLASS_SHIFT = 13;
    private static final int BEST_EFFORT = 2;

    private Priorities() {}

    /** Whether the caller may change how a thread is scheduled. */
    public static boolean mayChange(UserThread caller, UserThread target) {
        return caller.identity().has(Credentials.CAP_SYS_NICE) || isSameUser(caller, target);
    }

    /** Whether the caller acts as a thread's user. */
    public static boolean isSameUser(UserThread caller, UserThread target) {
        int user = caller.identity().user().effective();
        Credentials.Ids other = target.identity().user();
        return user == other.real() || user == other.effective();
    }

    /** Whether RLIMIT_NICE of getrlimit(2) lets a thread have a nice value. */
    public static boolean allowsNice(UserThread thread, int nice) {
        long limit = thread.process().limits().soft(Resource.NICE);
        return Long.compareUnsigned(BASE - nice, limit) <= 0;
    }

    /** The highest priority among those meant: 20 minus their lowest nice value; or -ESRCH, -EINVAL. */
    public static long get(UserThread caller, int which, int who) {
        if (which == PROCESS && isEnded(caller, who)) {
            ProcessTable table = caller.process().system().table();
            return BASE
                    - table.process(who)
                            .map(ended -> ended.lastScheduling().nice())
                            .orElse(0);
        }
        int[] lowest = {BASE};
        long error = forEach(
                caller,
                which,
                who,
                thread -> lowest[0] = Math.min(lowest[0], thread.kernelThread().nice()));
        return error < 0 ? error : BASE - lowest[0];
    }

    /** Sets the nice value of all that are meant: 0, -ESRCH, -EINVAL, -EPERM or -EACCES. */
    public static long set(UserThread caller, int which, int who, int nice) {
        long[] refused = {0};
        boolean mayRaise = caller.identity().has(Credentials.CAP_SYS_NICE);
        long error = forEach(caller, which, who, thread -> {
            if (!mayChange(caller, thread)) {
                refused[0] = -EPERM;
            } else if (nice < thread.kernelThread().nice() && !mayRaise && !allowsNice(thread, nice)) {
                refused[0] = -EACCES;
            } else {
                thread.kernelThread().setNice(nice);
            }
        });
        return error < 0 ? error : refused[0];
    }

    /** ioprio_get(2), with {@code which} as for {@link #get}: what a thread has set, or the best of what holds for several. */
    public static long getIo(UserThread caller, int which, int who) {
        int[] best = {Integer.MAX_VALUE};
        long error = forEach(caller, which, who, thread -> {
            int own = thread.settings().ioPriority();
            int told = which == PROCESS || own >>> CLASS_SHIFT != 0 ? own : ioPriorityOf(thread);
            best[0] = Math.min(best[0], told);
        });
        return error < 0 ? error : best[0];
    }

    /** Without one of its own, a thread's priority follows from its nice value. */
    private static int ioPriorityOf(UserThread thread) {
        return BEST_EFFORT << CLASS_SHIFT | (thread.kernelThread().nice() + BASE) / 5;
    }

    /** ioprio_set(2), of a value that was checked: 0, -ESRCH, -EINVAL, -EPERM. */
    public static long setIo(UserThread caller, int which, int who, int value) {
        long[] refused = {0};
        Credentials own = caller.identity();
        long error = forEach(caller, which, who, thread -> {
            int user = thread.identity().user().real();
            boolean same = user == own.user().effective() || user == own.user().real();
            if (same || own.has(Credentials.CAP_SYS_NICE)) {
                thread.settings().setIoPriority(value);
            } else {
                refused[0] = -EPERM;
            }
        });
        return error < 0 ? error : refused[0];
    }

    /** Whether a number is that of a process whose first thread has ended. */
    private static boolean isEnded(UserThread caller, int who) {
        ProcessTable table = caller.process().system().table();
        return who != 0 && table.thread(who).isEmpty() && table.process(who).isPresent();
    }

    private static long forEach(UserThread caller, int which, int who, Consumer<UserThread> visitor) {
        ProcessTable table = caller.process().system().table();
        if (which == PROCESS) {
            UserThread thread = who == 0 ? caller : table.thread(who).orElse(null);
            if (thread == null) {
                return -ESRCH;
            }
            visitor.accept(thread);
            return 0;
        }
        if (which != GROUP && which != USER) {
            return -EINVAL;
        }
        int group = who == 0 ? caller.process().group() : who;
        int user = who == 0 ? caller.identity().user().real() : who;
        boolean[] any = {false};
        table.forEach(process -> {
            int real = process.credentials().user().real();
            if (which == GROUP ? process.group() == group : real == user) {
                any[0] |= process.threadCount() > 0;
                process.forEachThread(visitor);
            }
        });
        return any[0] ? 0 : -ESRCH;
    }
}

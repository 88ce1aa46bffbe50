package biscotti.process;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.process.identity.Credentials;
import java.util.function.Consumer;

/** getpriority(2) and setpriority(2): nice values of a thread, a process group or a user's processes. */
public final class Priorities {
    /** who is a thread. */
    private static final int PROCESS = 0;

    /** who is a process group. */
    private static final int GROUP = 1;

    /** who is a user. */
    private static final int USER = 2;

    /** What getpriority answers is this minus the nice value, so that it is never negative. */
    private static final int BASE = 20;

    private Priorities() {}

    /** Whether the caller may change how a process is scheduled. */
    public static boolean mayChange(UserThread caller, Process target) {
        Credentials own = caller.identity();
        int user = own.user().effective();
        Credentials.Ids other = target.credentials().user();
        return own.has(Credentials.CAP_SYS_NICE) || user == other.real() || user == other.effective();
    }

    /** The highest priority among those meant: 20 minus their lowest nice value; or -ESRCH, -EINVAL. */
    public static long get(UserThread caller, int which, int who) {
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
            if (!mayChange(caller, thread.process())) {
                refused[0] = -EPERM;
            } else if (nice < thread.kernelThread().nice() && !mayRaise) {
                refused[0] = -EACCES;
            } else {
                thread.kernelThread().setNice(nice);
            }
        });
        return error < 0 ? error : refused[0];
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

package biscotti.process;

import static biscotti.abi.Errno.ECHILD;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.SignalNumber.SIGCHLD;
import static biscotti.abi.SignalNumber.SIGCONT;

import biscotti.abi.Signal;
import biscotti.abi.WaitOptions;
import biscotti.sched.Waiter;

/** wait4(2) and waitid(2): a parent asks what became of its children. */
public final class Waits {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int OPTIONS = WaitOptions.WNOHANG
            | WaitOptions.WSTOPPED
            | WaitOptions.WEXITED
            | WaitOptions.WCONTINUED
            | WaitOptions.WNOWAIT
            | WaitOptions.WNOTHREAD
            | WaitOptions.WALL
            | WaitOptions.WCLONE;

    private final Processes system;
    private final ProcessTable table;

    Waits(Processes system) {
        this.system = system;
        this.table = system.table();
    }

    /** What became of a child. Filled by {@link Waits#await}. */
    public static final class Event {
        private int pid;
        private int user;
        private int status;
        private ProcessTimes.Usage usage = ProcessTimes.Usage.NONE;

        /** An event that nothing has filled. */
        public Event() {}

        /** The child; 0 if nothing happened to any. */
        public int pid() {
            return pid;
        }

        /** The child's real user id. */
        public int user() {
            return user;
        }

        /** The status as wait4(2) tells it. */
        public int status() {
            return status;
        }

        /** What the child has used. */
        public ProcessTimes.Usage usage() {
            return usage;
        }

        /** Why waitid(2) tells: {@code si_code}. */
        public int code() {
            if (status == WaitOptions.CONTINUED) {
                return Signal.CLD_CONTINUED;
            }
            if ((status & 0xff) == SIGNAL_MASK) {
                return Signal.CLD_STOPPED;
            }
            return (status & SIGNAL_MASK) == 0 ? Signal.CLD_EXITED : Signal.CLD_KILLED;
        }

        /** The exit code or signal, as waitid(2) tells it. */
        public int value() {
            return switch (code()) {
                case Signal.CLD_CONTINUED -> SIGCONT;
                case Signal.CLD_KILLED -> status & SIGNAL_MASK;
                default -> status >> 8 & 0xff;
            };
        }

        private void set(Process child, int newStatus) {
            pid = child.id();
            user = child.credentials().user().real();
            status = newStatus;
            usage = child.times().totalWithChildren();
        }
    }

    /**
     * Waits for something to happen to a child.
     *
     * @param idType P_ALL, P_PID or P_PGID
     * @param id the process or group
     * @param options as in waitid(2), with what to wait for
     * @param event filled with what happened; with WNOHANG it may stay empty
     * @return 0, -ECHILD, -EINVAL or -EINTR
     */
    public long await(UserThread caller, int idType, int id, int options, Event event) {
        if ((options & ~OPTIONS) != 0) {
            return -EINVAL;
        }
        Process parent = caller.process();
        table.lock();
        try {
            while (true) {
                Process child = withNews(parent, idType, id, options);
                if (child != null) {
                    take(child, options, event);
                    return 0;
                }
                if (!hasChild(parent, idType, id, options)) {
                    return -ECHILD;
                }
                if ((options & WaitOptions.WNOHANG) != 0) {
                    return 0;
                }
                int error = parent.childEvents.await(caller.kernelThread(), table.asLock(), Waiter.FOREVER);
                if (error != 0) {
                    return error;
                }
            }
        } finally {
            table.unlock();
        }
    }

    /** A child to which something happened that the options ask for; null if there is none. */
    private static Process withNews(Process parent, int idType, int id, int options) {
        Process child = parent.firstChild;
        while (child != null && !(matches(child, idType, id, options) && hasNews(child, options))) {
            child = child.nextSibling;
        }
        return child;
    }

    /** Whether there is any child to wait for at all. */
    private static boolean hasChild(Process parent, int idType, int id, int options) {
        Process child = parent.firstChild;
        while (child != null && !matches(child, idType, id, options)) {
            child = child.nextSibling;
        }
        return child != null;
    }

    /** Whether something happened to a child that the options ask for. */
    private static boolean hasNews(Process child, int options) {
        if (child.life == Process.Life.ZOMBIE) {
            return (options & WaitOptions.WEXITED) != 0;
        }
        return child.unreportedStop != 0 && (options & WaitOptions.WSTOPPED) != 0
                || child.unreportedContinue && (options & WaitOptions.WCONTINUED) != 0;
    }

    private static boolean matches(Process child, int idType, int id, int options) {
        boolean clone = child.exitSignal != SIGCHLD;
        if ((options & WaitOptions.WALL) == 0 && clone != ((options & WaitOptions.WCLONE) != 0)) {
            return false;
        }
        return switch (idType) {
            case WaitOptions.P_PID -> child.id() == id;
            case WaitOptions.P_PGID -> child.group == id;
            default -> true;
        };
    }

    /** Takes what happened to a child. */
    private void take(Process child, int options, Event event) {
        boolean keep = (options & WaitOptions.WNOWAIT) != 0;
        if (child.life == Process.Life.ZOMBIE) {
            event.set(child, child.status);
            if (!keep) {
                child.parent.times().addChild(child); // nobody counts what a child used that was not waited for
                system.exits().bury(child);
            }
        } else if (child.unreportedStop != 0 && (options & WaitOptions.WSTOPPED) != 0) {
            event.set(child, WaitOptions.stopped(child.unreportedStop));
            child.unreportedStop = keep ? child.unreportedStop : 0;
        } else {
            event.set(child, WaitOptions.CONTINUED);
            child.unreportedContinue = keep;
        }
    }
}

package biscotti.process;

import biscotti.file.SignalTarget;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/**
 * Who hears of a file by signal, as a caller of F_SETOWN chose it (fcntl(2)).
 *
 * @param type one of the types of {@link SignalTarget}
 * @param reference the process or thread; of nothing for a group
 * @param group the number of a group
 * @param chooser as whom the caller acted: that decides whether the signal may be sent
 * @param table where groups are
 */
record OwnerTarget(int type, PidReference reference, int group, Credentials chooser, ProcessTable table)
        implements SignalTarget {
    @Override
    public int number() {
        return switch (type) {
            case THREAD -> reference.thread().map(UserThread::id).orElse(0);
            case PROCESS -> reference.process().map(Process::id).orElse(0);
            default -> table.hasGroup(group) ? group : 0;
        };
    }

    /** Whether the chooser may signal somebody: Linux's {@code sigio_perm}. */
    boolean allows(Credentials receiver) {
        return chooser.user().effective() == 0 || chooser.sharesUserWith(receiver);
    }

    /** The process that is meant, if it is one. */
    Optional<Process> process() {
        return type == PROCESS ? reference.process() : Optional.empty();
    }

    /** The thread that is meant, if it is one. */
    Optional<UserThread> thread() {
        return type == THREAD ? reference.thread() : Optional.empty();
    }
}

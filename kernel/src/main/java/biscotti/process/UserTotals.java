package biscotti.process;

import biscotti.abi.Resource;

/**
 * What all processes of a user have together, for limits that bind users: RLIMIT_NPROC and RLIMIT_SIGPENDING of getrlimit(2). They
 * are counted only when all users together have more than the limit allows to one. Who counts takes no lock, so users whose
 * processes fork at the same moment may get a few more than the limit.
 */
public final class UserTotals {
    private UserTotals() {}

    /** Whether a user has more threads, zombies among them, than a number. */
    public static boolean hasMoreThreads(Processes system, int user, long limit) {
        ProcessTable table = system.table();
        if (table.threadCount() + table.processCount() <= limit) {
            return false;
        }
        long count = 0;
        for (int id = table.next(1); id >= 0 && count <= limit; id = table.next(id + 1)) {
            count += table.isOfUser(id, user) ? 1 : 0;
        }
        return count > limit;
    }

    /** How many signals wait for the processes of a user, and timers of theirs that may signal. */
    public static long signals(Processes system, int user) {
        ProcessTable table = system.table();
        long count = 0;
        for (int id = table.next(1); id >= 0; id = table.next(id + 1)) {
            count += table.queuedSignals(id, user);
        }
        return count;
    }

    /**
     * After a change of the real user id: whether the user had too many threads without this one, so that execve(2) is refused
     * until there are fewer (its error EAGAIN).
     */
    public static void noteUserChange(UserThread thread, int before) {
        int now = thread.identity().user().real();
        if (now != before) {
            long limit = thread.process().limits().soft(Resource.NPROC);
            boolean bound = now != 0 && limit >= 0 && limit < Long.MAX_VALUE;
            thread.settings()
                    .setCrowded(bound && hasMoreThreads(thread.process().system(), now, limit + 1));
        }
    }

    /** Whether execve(2) is refused because of that. */
    static boolean refusesProgram(UserThread thread) {
        if (!thread.settings().isCrowded()) {
            return false;
        }
        long limit = thread.process().limits().soft(Resource.NPROC);
        boolean still = limit >= 0
                && hasMoreThreads(
                        thread.process().system(), thread.identity().user().real(), limit);
        thread.settings().setCrowded(still);
        return still;
    }
}

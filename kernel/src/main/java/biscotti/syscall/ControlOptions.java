package biscotti.syscall;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENODEV;
import static biscotti.abi.Errno.ENXIO;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ERANGE;
import static biscotti.abi.Prctl.PR_GET_IO_FLUSHER;
import static biscotti.abi.Prctl.PR_GET_SECCOMP;
import static biscotti.abi.Prctl.PR_GET_SPECULATION_CTRL;
import static biscotti.abi.Prctl.PR_GET_THP_DISABLE;
import static biscotti.abi.Prctl.PR_GET_TIMERSLACK;
import static biscotti.abi.Prctl.PR_GET_TIMING;
import static biscotti.abi.Prctl.PR_GET_TSC;
import static biscotti.abi.Prctl.PR_MCE_KILL;
import static biscotti.abi.Prctl.PR_MCE_KILL_GET;
import static biscotti.abi.Prctl.PR_SET_IO_FLUSHER;
import static biscotti.abi.Prctl.PR_SET_MM;
import static biscotti.abi.Prctl.PR_SET_PTRACER;
import static biscotti.abi.Prctl.PR_SET_SPECULATION_CTRL;
import static biscotti.abi.Prctl.PR_SET_THP_DISABLE;
import static biscotti.abi.Prctl.PR_SET_TIMERSLACK;
import static biscotti.abi.Prctl.PR_SET_TIMING;
import static biscotti.abi.Prctl.PR_SET_TSC;
import static biscotti.abi.Prctl.PR_TASK_PERF_EVENTS_DISABLE;
import static biscotti.abi.Prctl.PR_TASK_PERF_EVENTS_ENABLE;

import biscotti.process.Process;
import biscotti.process.ThreadSettings;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;

/** Options of prctl(2) about timers, memory, disks and the CPU. */
final class ControlOptions {
    private static final int TIMING_STATISTICAL = 0;
    private static final int TSC_ENABLE = 1;

    private static final int MCE_KILL_CLEAR = 0;
    private static final int MCE_KILL_SET = 1;
    private static final int MCE_KILL_DEFAULT = 2;

    // Flaws of speculation, and what may be done about each.
    private static final int INDIRECT_BRANCH = 1;
    private static final int LAST_SPECULATION = 2;
    private static final int SPECULATION_NOT_AFFECTED = 0;
    private static final int SPECULATION_ENABLE = 1 << 1;
    private static final int SPECULATION_DISABLE_NO_EXEC = 1 << 4;

    private ControlOptions() {}

    static long call(UserThread caller, int option, long first, long second, long third, long fourth) {
        ThreadSettings settings = caller.settings();
        Process process = caller.process();
        long behind = second | third | fourth;
        return switch (option) {
            case PR_GET_TIMING -> TIMING_STATISTICAL;
            case PR_SET_TIMING -> first == TIMING_STATISTICAL ? 0 : -EINVAL;
            case PR_GET_SECCOMP -> 0;
            case PR_GET_TSC -> caller.memory().writeInt(first, TSC_ENABLE);
            case PR_SET_TSC -> first == TSC_ENABLE ? 0 : -EINVAL;
            case PR_GET_TIMERSLACK -> settings.timerSlack();
            case PR_SET_TIMERSLACK -> setTimerSlack(caller, first);
            case PR_TASK_PERF_EVENTS_DISABLE, PR_TASK_PERF_EVENTS_ENABLE -> 0;
            case PR_MCE_KILL -> (third | fourth) != 0 ? -EINVAL : setMachineCheckPolicy(settings, first, second);
            case PR_MCE_KILL_GET -> (first | behind) != 0 ? -EINVAL : settings.machineCheckPolicy();
            case PR_SET_MM -> caller.identity().has(Credentials.CAP_SYS_RESOURCE) ? -EINVAL : -EPERM;
            case PR_SET_THP_DISABLE -> {
                if (behind == 0) {
                    process.space().setRefusesHugePages(first != 0);
                }
                yield behind == 0 ? 0 : -EINVAL;
            }
            case PR_GET_THP_DISABLE ->
                (first | behind) != 0 ? -EINVAL : process.space().refusesHugePages() ? 1 : 0;
            case PR_GET_SPECULATION_CTRL -> behind != 0 ? -EINVAL : speculation(first);
            case PR_SET_SPECULATION_CTRL -> (third | fourth) != 0 ? -EINVAL : setSpeculation(first, second);
            case PR_SET_IO_FLUSHER -> setFlusher(caller, first, behind);
            case PR_GET_IO_FLUSHER -> {
                long error = checkFlusher(caller, first | behind);
                yield error < 0 ? error : settings.flushesIo() ? 1 : 0;
            }
            case PR_SET_PTRACER -> setTracer(caller, first);
            default -> -EINVAL;
        };
    }

    /** Nobody can trace, so whoever is chosen is as good as nobody; but he must be there. */
    private static long setTracer(UserThread caller, long process) {
        boolean nobody = process == 0;
        boolean anybody = process == -1;
        boolean one = process > 0 && process <= Integer.MAX_VALUE;
        boolean found =
                one && caller.process().system().table().thread((int) process).isPresent();
        return nobody || anybody || found ? 0 : -EINVAL;
    }

    /** Threads of real-time policies have no slack; a negative number is a large one. */
    private static long setTimerSlack(UserThread caller, long nanos) {
        if (!caller.kernelThread().policy().isRealTime()) {
            caller.settings().setTimerSlack(nanos);
        }
        return 0;
    }

    private static long setMachineCheckPolicy(ThreadSettings settings, long command, long policy) {
        boolean clears = command == MCE_KILL_CLEAR && policy == 0;
        boolean sets = command == MCE_KILL_SET && policy >= 0 && policy <= MCE_KILL_DEFAULT;
        if (!clears && !sets) {
            return -EINVAL;
        }
        settings.setMachineCheckPolicy(sets ? (int) policy : MCE_KILL_DEFAULT);
        return 0;
    }

    private static long setFlusher(UserThread caller, long value, long behind) {
        long error = checkFlusher(caller, behind);
        if (error == 0 && value != 0 && value != 1) {
            error = -EINVAL;
        }
        if (error == 0) {
            caller.settings().setFlushesIo(value == 1);
        }
        return error;
    }

    private static long checkFlusher(UserThread caller, long behind) {
        boolean may = caller.identity().has(Credentials.CAP_SYS_RESOURCE);
        return !may ? -EPERM : behind != 0 ? -EINVAL : 0;
    }

    /** The kernel does not know of flaws of the CPU, and does nothing against them. */
    private static long speculation(long which) {
        return which < 0 || which > LAST_SPECULATION ? -ENODEV : SPECULATION_NOT_AFFECTED;
    }

    private static long setSpeculation(long which, long control) {
        if (which < 0 || which > LAST_SPECULATION) {
            return -ENODEV;
        }
        if (Long.bitCount(control) != 1 || control < SPECULATION_ENABLE || control > SPECULATION_DISABLE_NO_EXEC) {
            return -ERANGE;
        }
        return which == INDIRECT_BRANCH && control == SPECULATION_ENABLE ? 0 : -ENXIO;
    }
}

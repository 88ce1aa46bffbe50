package biscotti.procfs;

import biscotti.process.Process;
import biscotti.process.ProcessTimes;
import biscotti.process.UserThread;
import biscotti.sched.KernelThread;
import java.util.Optional;

/** /proc/PID/sched and schedstat: what the scheduler knows of a thread. */
final class SchedulingText {
    private static final int LABEL = 45;
    private static final int NUMBER = 21;
    private static final int RULE = 67;
    private static final int NORMAL_PRIORITY = 120;
    private static final int MOST_URGENT = 99;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final Process process;
    private final Optional<UserThread> thread;

    SchedulingText(Process process, Optional<UserThread> thread) {
        this.process = process;
        this.thread = thread;
    }

    /** Nanoseconds that it ran; those that it waited for a CPU, which are not counted; how often it ran. */
    long statistics(TextWindow out) {
        Optional<KernelThread> kernel =
                ProcessStat.representative(process, thread).map(UserThread::kernelThread);
        out.append(kernel.map(KernelThread::runNanos).orElse(0L)).append(" 0 ");
        out.append(kernel.map(KernelThread::runs).orElse(0L)).append('\n');
        return Text.END;
    }

    /** Names and numbers as Linux prints them, those that are known. */
    long write(TextWindow out) {
        Optional<UserThread> found = ProcessStat.representative(process, thread);
        if (found.isEmpty()) {
            return Text.END;
        }
        UserThread told = found.get();
        KernelThread kernel = told.kernelThread();
        ProcessTimes.Usage usage = ProcessTimes.of(told);
        out.append(told.name()).append(" (").append(told.id()).append(", #threads: ");
        out.append(process.threadCount()).append(")\n").repeat('-', RULE).append('\n');
        long nanos = kernel.runNanos();
        out.left("se.sum_exec_runtime", LABEL).append(':');
        out.right(nanos / NANOS_PER_MILLI, NUMBER - 7)
                .append('.')
                .digits(nanos % NANOS_PER_MILLI, 6)
                .append('\n');
        line(out, "nr_switches", usage.voluntarySwitches() + usage.involuntarySwitches());
        line(out, "nr_voluntary_switches", usage.voluntarySwitches());
        line(out, "nr_involuntary_switches", usage.involuntarySwitches());
        line(out, "policy", kernel.policy().number());
        int urgency = kernel.urgency();
        line(out, "prio", urgency > 0 ? MOST_URGENT - urgency : NORMAL_PRIORITY + kernel.nice());
        return Text.END;
    }

    private static void line(TextWindow out, String name, long value) {
        out.left(name, LABEL).append(':').right(value, NUMBER).append('\n');
    }
}

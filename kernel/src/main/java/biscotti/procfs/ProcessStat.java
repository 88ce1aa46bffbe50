package biscotti.procfs;

import biscotti.file.tty.Tty;
import biscotti.process.Process;
import biscotti.process.ProcessTimes;
import biscotti.process.UserThread;
import biscotti.process.program.Program;
import biscotti.sched.KernelThread;
import biscotti.sched.SchedulingPolicy;
import java.util.Optional;

/** /proc/PID/stat: 52 fields in one line (proc(5)). */
final class ProcessStat {
    /** Times are in hundredths of a second: sysconf(_SC_CLK_TCK). */
    static final long NANOS_PER_TICK = 10_000_000;

    private static final int PAGE_SHIFT = 12;
    private static final int NORMAL_PRIORITY = 20;
    private static final int SIGCHLD = 17;

    private ProcessStat() {}

    /** The state's letter: R runs, S sleeps, T is stopped, Z has ended. A process's is that of its first thread. */
    static char state(Process process, Optional<UserThread> thread) {
        if (process.isZombie()) {
            return 'Z';
        }
        if (process.isStopped()) {
            return 'T';
        }
        Optional<UserThread> main = representative(process, thread);
        boolean ended = thread.isEmpty()
                && main.filter(oldest -> oldest.id() != process.id()).isPresent();
        boolean sleeps = main.filter(one -> one.kernelThread().isSleeping()).isPresent();
        return ended ? 'Z' : sleeps ? 'S' : 'R';
    }

    /** The thread that stands for the process: itself, or the process's first; none for a zombie. */
    static Optional<UserThread> representative(Process process, Optional<UserThread> thread) {
        return thread.isPresent() ? thread : process.firstThread();
    }

    static long write(Process process, Optional<UserThread> thread, TextWindow out) {
        Optional<UserThread> main = representative(process, thread);
        Optional<KernelThread> kernel = main.map(UserThread::kernelThread);
        Optional<Tty> tty = main.flatMap(first -> first.job().terminal().get());
        boolean live = !process.isZombie();
        ProcessTimes.Usage own = thread.map(ProcessTimes::of).orElseGet(process.times()::total);
        ProcessTimes.Usage children = process.times().children();
        Program program = process.program();
        int nice = kernel.map(KernelThread::nice).orElse(0);
        int urgency = kernel.map(KernelThread::urgency).orElse(0);
        int realTime = kernel.map(KernelThread::realTimePriority).orElse(0);
        out.append(thread.map(UserThread::id).orElse(process.id())).append(" (");
        out.append(main.map(UserThread::name).orElse(program.name())).append(") ");
        out.append(state(process, thread));
        fields(out, process.parentId(), process.group(), process.sessionId());
        fields(out, tty.map(Tty::device).orElse(0), tty.map(Tty::foreground).orElse(-1), 0);
        fields(out, own.faults(), children.faults(), 0, 0);
        fields(out, ticks(own.userNanos()), ticks(own.systemNanos()));
        fields(out, ticks(children.userNanos()), ticks(children.systemNanos()));
        fields(out, urgency > 0 ? -1 - urgency : NORMAL_PRIORITY + nice, nice, process.threadCount(), 0);
        fields(out, ticks(process.times().startNanos()));
        fields(
                out,
                live ? process.space().usage().mappedBytes() : 0,
                live ? process.space().usage().residentBytes() >>> PAGE_SHIFT : 0);
        out.append(" 18446744073709551615");
        fields(out, 0, 0, program.stackStart(), 0, 0);
        fields(
                out,
                process.pendingSignals() & Integer.MAX_VALUE,
                main.map(UserThread::signalMask).orElse(0L) & Integer.MAX_VALUE);
        fields(out, process.ignoredSignals() & Integer.MAX_VALUE, process.caughtSignals() & Integer.MAX_VALUE);
        fields(out, 0, 0, 0, SIGCHLD, kernel.map(KernelThread::cpu).orElse(0), realTime, policy(kernel), 0, 0, 0);
        fields(out, 0, 0, 0, program.argumentsStart(), program.argumentsEnd());
        fields(out, program.environmentStart(), program.environmentEnd(), 0);
        out.append('\n');
        return Text.END;
    }

    /** SCHED_OTHER 0, FIFO 1, RR 2, BATCH 3, IDLE 5: sched(7). */
    private static int policy(Optional<KernelThread> thread) {
        return thread.map(KernelThread::policy).orElse(SchedulingPolicy.NORMAL).number();
    }

    /** Hundredths of a second. */
    static long ticks(long nanos) {
        return nanos / NANOS_PER_TICK;
    }

    private static void fields(TextWindow out, long... values) {
        for (long value : values) {
            out.append(' ').append(value);
        }
    }
}

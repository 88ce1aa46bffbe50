package biscotti.procfs;

import biscotti.abi.Resource;
import biscotti.file.Caller;
import biscotti.machine.UserContext;
import biscotti.memory.Residence;
import biscotti.process.Process;
import biscotti.process.ProcessTimes;
import biscotti.process.UserThread;
import biscotti.process.UserTotals;
import biscotti.process.identity.Capabilities;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** /proc/PID/status, comm and limits (proc(5)). */
final class ProcessStatus {
    private static final int KILO_SHIFT = 10;
    private static final int PAGE_SHIFT = 12;
    private static final int UMASK_DIGITS = 4;
    private static final int MASK_DIGITS = 16;
    private static final int KILO_DIGITS = 8;
    private static final int ARGUMENTS = 6;

    /** A line of limits: which resource, its name, its unit. */
    private record Limit(int resource, String name, String unit) {}

    private static final int RSS = 5;
    private static final int LOCKS = 10;
    private static final int RTTIME = 15;

    private static final Limit[] LIMITS = {
        new Limit(Resource.CPU, "Max cpu time", "seconds"),
        new Limit(Resource.FSIZE, "Max file size", "bytes"),
        new Limit(Resource.DATA, "Max data size", "bytes"),
        new Limit(Resource.STACK, "Max stack size", "bytes"),
        new Limit(Resource.CORE, "Max core file size", "bytes"),
        new Limit(RSS, "Max resident set", "bytes"),
        new Limit(Resource.NPROC, "Max processes", "processes"),
        new Limit(Resource.NOFILE, "Max open files", "files"),
        new Limit(Resource.MEMLOCK, "Max locked memory", "bytes"),
        new Limit(Resource.AS, "Max address space", "bytes"),
        new Limit(LOCKS, "Max file locks", "locks"),
        new Limit(Resource.SIGPENDING, "Max pending signals", "signals"),
        new Limit(Resource.MSGQUEUE, "Max msgqueue size", "bytes"),
        new Limit(Resource.NICE, "Max nice priority", ""),
        new Limit(Resource.RTPRIO, "Max realtime priority", ""),
        new Limit(RTTIME, "Max realtime timeout", "us"),
    };

    private ProcessStatus() {}

    /** /proc/PID/syscall: in which call a thread sleeps, with which arguments, its stack pointer and the instruction behind the call. */
    static long writeSystemCall(Caller reader, Process process, Optional<UserThread> thread, TextWindow out) {
        Optional<UserThread> told = ProcessStat.representative(process, thread);
        boolean inCall = told.isPresent()
                && (told.get().id() == reader.threadId()
                        || told.get().kernelThread().isSleeping());
        if (!inCall) {
            out.append("running\n");
            return Text.END;
        }
        UserContext context = told.get().context();
        out.append(context.systemCallNumber());
        for (int i = 0; i < ARGUMENTS; i++) {
            out.append(" 0x").hex(context.argument(i), 1);
        }
        out.append(" 0x")
                .hex(context.rsp(), 1)
                .append(" 0x")
                .hex(context.rip(), 1)
                .append('\n');
        return Text.END;
    }

    static long write(Process process, Optional<UserThread> thread, TextWindow out) {
        Optional<UserThread> main = ProcessStat.representative(process, thread);
        Credentials who = thread.map(UserThread::identity).orElse(process.credentials());
        char state = ProcessStat.state(process, thread);
        line(out, "Name", main.map(UserThread::name).orElse(process.program().name()));
        main.ifPresent(first -> out.append("Umask:\t")
                .octal(first.fileContext().umask(), UMASK_DIGITS)
                .append('\n'));
        line(out, "State", state + " (" + stateName(state) + ")");
        line(out, "Tgid", process.id());
        line(out, "Ngid", 0);
        line(out, "Pid", thread.map(UserThread::id).orElse(process.id()));
        line(out, "PPid", process.parentId());
        line(out, "TracerPid", 0);
        ids(out.append("Uid"), who.user());
        ids(out.append("Gid"), who.group());
        main.ifPresent(first -> line(out, "FDSize", first.files().size()));
        out.append("Groups:\t");
        for (int i = 0; i < who.groups().size(); i++) {
            out.unsigned(who.groups().get(i)).append(' ');
        }
        out.append('\n');
        line(out, "NStgid", process.id());
        line(out, "NSpid", thread.map(UserThread::id).orElse(process.id()));
        line(out, "NSpgid", process.group());
        line(out, "NSsid", process.sessionId());
        if (!process.isZombie()) {
            writeMemory(process, out);
        }
        line(out, "Threads", process.threadCount());
        long queued = UserTotals.signals(process.system(), who.user().real());
        out.append("SigQ:\t").append(queued).append('/').append(process.limits().soft(Resource.SIGPENDING));
        out.append('\n');
        mask(out, "SigPnd", main.map(UserThread::pendingSignals).orElse(0L));
        mask(out, "ShdPnd", process.pendingSignals());
        mask(out, "SigBlk", main.map(UserThread::signalMask).orElse(0L));
        mask(out, "SigIgn", process.ignoredSignals());
        mask(out, "SigCgt", process.caughtSignals());
        Capabilities sets = who.capabilities();
        mask(out, "CapInh", sets.inheritable());
        mask(out, "CapPrm", sets.permitted());
        mask(out, "CapEff", sets.effective());
        mask(out, "CapBnd", sets.bounding());
        mask(out, "CapAmb", sets.ambient());
        line(
                out,
                "NoNewPrivs",
                main.filter(first -> first.settings().noNewPrivileges()).isPresent() ? 1 : 0);
        line(out, "Seccomp", 0);
        line(out, "Seccomp_filters", 0);
        line(out, "Speculation_Store_Bypass", "not vulnerable");
        line(out, "SpeculationIndirectBranch", "not affected");
        writeProcessors(process, main, thread, out);
        return Text.END;
    }

    private static void writeMemory(Process process, TextWindow out) {
        long resident = process.space().usage().residentBytes();
        kilobytes(out, "VmPeak", process.space().usage().mappedBytes());
        kilobytes(out, "VmSize", process.space().usage().mappedBytes());
        kilobytes(out, "VmLck", process.space().usage().lockedBytes());
        kilobytes(out, "VmPin", 0);
        kilobytes(out, "VmHWM", Math.max(resident, process.space().usage().mostResidentBytes()));
        kilobytes(out, "VmRSS", resident);
        Residence all = process.space().usage().residence();
        long own = all.pages() - all.sharedPages() << PAGE_SHIFT;
        kilobytes(out, "RssAnon", own);
        kilobytes(out, "RssFile", Math.max(0, resident - own));
        kilobytes(out, "RssShmem", 0);
        long stack = process.space().usage().stackBytes();
        kilobytes(out, "VmData", process.space().usage().dataBytes() - stack);
        kilobytes(out, "VmStk", stack);
        kilobytes(out, "VmExe", process.space().usage().codeBytes());
        kilobytes(out, "VmLib", 0);
        kilobytes(out, "VmPTE", process.space().usage().tableBytes());
        kilobytes(out, "VmSwap", 0);
        kilobytes(out, "HugetlbPages", 0);
        line(out, "CoreDumping", 0);
        line(out, "THP_enabled", process.space().refusesHugePages() ? 0 : 1);
    }

    private static void writeProcessors(
            Process process, Optional<UserThread> main, Optional<UserThread> thread, TextWindow out) {
        int cpus = process.system().scheduler().cpuCount();
        long allowed = main.map(first -> first.kernelThread().affinity()).orElse(-1L)
                & process.system().scheduler().allCpus();
        out.append("Cpus_allowed:\t").hex(allowed, (cpus + 3) / 4).append("\nCpus_allowed_list:\t");
        processorList(allowed, out);
        line(out, "Mems_allowed", 1);
        line(out, "Mems_allowed_list", 0);
        ProcessTimes.Usage usage = thread.map(ProcessTimes::of).orElseGet(process.times()::total);
        line(out, "voluntary_ctxt_switches", usage.voluntarySwitches());
        line(out, "nonvoluntary_ctxt_switches", usage.involuntarySwitches());
    }

    /** A set of CPUs as ranges. */
    private static void processorList(long set, TextWindow out) {
        long rest = set;
        while (rest != 0) {
            int first = Long.numberOfTrailingZeros(rest);
            int count = Long.numberOfTrailingZeros(~(rest >>> first));
            int last = first + count - 1;
            out.append(rest == set ? "" : ",").append(first);
            if (last > first) {
                out.append('-').append(last);
            }
            rest = last + 1 == Long.SIZE ? 0 : rest >>> last + 1 << last + 1;
        }
        out.append('\n');
    }

    private static String stateName(char state) {
        return switch (state) {
            case 'R' -> "running";
            case 'T' -> "stopped";
            case 'Z' -> "zombie";
            default -> "sleeping";
        };
    }

    private static void ids(TextWindow out, Credentials.Ids ids) {
        out.append(":\t").unsigned(ids.real()).append('\t').unsigned(ids.effective());
        out.append('\t').unsigned(ids.saved()).append('\t').unsigned(ids.file()).append('\n');
    }

    private static void mask(TextWindow out, String name, long value) {
        out.append(name).append(":\t").hex(value, MASK_DIGITS).append('\n');
    }

    private static void line(TextWindow out, String name, String value) {
        out.append(name).append(":\t").append(value).append('\n');
    }

    private static void line(TextWindow out, String name, long value) {
        out.append(name).append(":\t").append(value).append('\n');
    }

    private static void kilobytes(TextWindow out, String name, long bytes) {
        out.append(name).append(":\t").right(bytes >>> KILO_SHIFT, KILO_DIGITS).append(" kB\n");
    }

    static long writeName(Process process, Optional<UserThread> thread, TextWindow out) {
        Optional<UserThread> main = ProcessStat.representative(process, thread);
        out.append(main.map(UserThread::name).orElse(process.program().name())).append('\n');
        return Text.END;
    }

    static long writeLimits(Process process, TextWindow out) {
        limit(out, "Limit", "Soft Limit", "Hard Limit", "Units");
        for (Limit each : LIMITS) {
            long soft = process.limits().soft(each.resource);
            long hard = process.limits().hard(each.resource);
            limit(out, each.name, amount(soft), amount(hard), each.unit);
        }
        return Text.END;
    }

    private static String amount(long limit) {
        return limit == -1 ? "unlimited" : Long.toUnsignedString(limit);
    }

    private static void limit(TextWindow out, String name, String soft, String hard, String unit) {
        out.left(name, 26).left(soft, 21).left(hard, 21).left(unit, 10).append('\n');
    }
}

package biscotti.procfs;

import biscotti.abi.Resource;
import biscotti.process.Credentials;
import biscotti.process.Process;
import biscotti.process.ProcessTimes;
import biscotti.process.UserThread;
import java.util.Optional;

/** /proc/PID/status, comm and limits (proc(5)). */
final class ProcessStatus {
    private static final int KILO_SHIFT = 10;
    private static final int UMASK_DIGITS = 4;

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

    static int write(Process process, Optional<UserThread> thread, StringBuilder out) {
        Optional<UserThread> main = ProcessStat.representative(process, thread);
        Credentials who = process.credentials();
        char state = ProcessStat.state(process, thread);
        line(out, "Name", main.map(UserThread::name).orElse(process.program().name()));
        main.ifPresent(first -> line(out, "Umask", octal(first.fileContext().umask())));
        line(out, "State", state + " (" + stateName(state) + ")");
        line(out, "Tgid", process.id());
        line(out, "Ngid", 0);
        line(out, "Pid", thread.map(UserThread::id).orElse(process.id()));
        line(out, "PPid", process.parentId());
        line(out, "TracerPid", 0);
        line(out, "Uid", ids(who.user()));
        line(out, "Gid", ids(who.group()));
        main.ifPresent(first -> line(out, "FDSize", first.files().size()));
        StringBuilder groups = new StringBuilder();
        for (int group : who.groups()) {
            groups.append(Integer.toUnsignedString(group)).append(' ');
        }
        line(out, "Groups", groups.toString());
        if (!process.isZombie()) {
            writeMemory(process, out);
        }
        line(out, "Threads", process.threadCount());
        line(out, "SigQ", "0/" + process.limits().soft(Resource.SIGPENDING));
        line(out, "SigPnd", hex(main.map(UserThread::pendingSignals).orElse(0L)));
        line(out, "ShdPnd", hex(process.pendingSignals()));
        line(out, "SigBlk", hex(main.map(UserThread::signalMask).orElse(0L)));
        line(out, "SigIgn", hex(process.ignoredSignals()));
        line(out, "SigCgt", hex(process.caughtSignals()));
        line(out, "CapInh", hex(0));
        line(out, "CapPrm", hex(who.permitted()));
        line(out, "CapEff", hex(who.effective()));
        line(out, "CapBnd", hex(Credentials.ALL_CAPABILITIES));
        line(out, "CapAmb", hex(0));
        line(out, "NoNewPrivs", process.noNewPrivileges() ? 1 : 0);
        line(out, "Seccomp", 0);
        writeProcessors(process, main, thread, out);
        return 0;
    }

    private static void writeMemory(Process process, StringBuilder out) {
        long resident = process.space().residentBytes();
        kilobytes(out, "VmPeak", process.space().mappedBytes());
        kilobytes(out, "VmSize", process.space().mappedBytes());
        kilobytes(out, "VmLck", 0);
        kilobytes(out, "VmPin", 0);
        kilobytes(out, "VmHWM", Math.max(resident, process.times().total().peakResidentBytes()));
        kilobytes(out, "VmRSS", resident);
        kilobytes(out, "VmPTE", process.space().tableBytes());
        kilobytes(out, "VmSwap", 0);
    }

    private static void writeProcessors(
            Process process, Optional<UserThread> main, Optional<UserThread> thread, StringBuilder out) {
        int cpus = process.system().scheduler().cpuCount();
        long allowed = main.map(first -> first.kernelThread().affinity()).orElse(-1L)
                & process.system().scheduler().allCpus();
        line(out, "Cpus_allowed", Long.toHexString(allowed));
        line(out, "Cpus_allowed_list", cpus == 1 ? "0" : "0-" + (cpus - 1));
        ProcessTimes.Usage usage = thread.map(ProcessTimes::of).orElseGet(process.times()::total);
        line(out, "voluntary_ctxt_switches", usage.voluntarySwitches());
        line(out, "nonvoluntary_ctxt_switches", usage.involuntarySwitches());
    }

    private static String stateName(char state) {
        return switch (state) {
            case 'R' -> "running";
            case 'T' -> "stopped";
            case 'Z' -> "zombie";
            default -> "sleeping";
        };
    }

    private static String ids(Credentials.Ids ids) {
        return Integer.toUnsignedString(ids.real())
                + '\t'
                + Integer.toUnsignedString(ids.effective())
                + '\t'
                + Integer.toUnsignedString(ids.saved())
                + '\t'
                + Integer.toUnsignedString(ids.file());
    }

    private static String octal(int value) {
        String digits = Integer.toOctalString(value);
        return "0".repeat(Math.max(0, UMASK_DIGITS - digits.length())) + digits;
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(Long.BYTES * 2 - digits.length()) + digits;
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(name).append(":\t").append(value).append('\n');
    }

    private static void line(StringBuilder out, String name, long value) {
        out.append(name).append(":\t").append(value).append('\n');
    }

    private static void kilobytes(StringBuilder out, String name, long bytes) {
        out.append(name)
                .append(":\t")
                .append(SystemText.right(bytes >>> KILO_SHIFT, 8))
                .append(" kB\n");
    }

    static int writeName(Process process, Optional<UserThread> thread, StringBuilder out) {
        Optional<UserThread> main = ProcessStat.representative(process, thread);
        out.append(main.map(UserThread::name).orElse(process.program().name())).append('\n');
        return 0;
    }

    static int writeLimits(Process process, StringBuilder out) {
        limit(out, "Limit", "Soft Limit", "Hard Limit", "Units");
        for (Limit each : LIMITS) {
            long soft = process.limits().soft(each.resource);
            long hard = process.limits().hard(each.resource);
            limit(out, each.name, amount(soft), amount(hard), each.unit);
        }
        return 0;
    }

    private static String amount(long limit) {
        return limit == -1 ? "unlimited" : Long.toUnsignedString(limit);
    }

    private static void limit(StringBuilder out, String name, String soft, String hard, String unit) {
        out.append(left(name, 26))
                .append(left(soft, 21))
                .append(left(hard, 21))
                .append(left(unit, 10))
                .append('\n');
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}

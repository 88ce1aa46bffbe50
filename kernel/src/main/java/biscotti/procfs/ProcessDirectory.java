package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOENT;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Clocks;
import biscotti.file.FileContext;
import biscotti.file.OpenDirectory;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.memory.NodePolicy;
import biscotti.process.IoCount;
import biscotti.process.PidReference;
import biscotti.process.PosixTimers;
import biscotti.process.Process;
import biscotti.process.UserThread;
import biscotti.process.identity.Credentials;
import java.util.Optional;

/** /proc/PID or /proc/PID/task/TID: made anew for each look-up, so it holds nothing that could get old. */
public final class ProcessDirectory extends FixedDirectory {
    private static final int POINTER_DIGITS = 16;
    private static final int PERSONALITY_DIGITS = 8;

    private final Process process;
    private final Optional<UserThread> thread;
    private final int id;
    private int lastNode;

    private ProcessDirectory(
            ProcFileSystem fileSystem, Process process, Optional<UserThread> thread, int id, int node) {
        super(fileSystem, ProcFileSystem.numberFor(id, node), 0555, user(process), group(process));
        this.process = process;
        this.thread = thread;
        this.id = id;
        this.lastNode = node;
    }

    private static int user(Process process) {
        return process.credentials().user().effective();
    }

    private static int group(Process process) {
        return process.credentials().group().effective();
    }

    /**
     * The directory of a process or one of its threads.
     *
     * @param thread the thread; empty for the process as a whole
     */
    static ProcessDirectory of(FixedDirectory parent, String name, Process process, Optional<UserThread> thread) {
        int id = thread.map(UserThread::id).orElse(process.id());
        boolean task = parent instanceof TaskDirectory;
        ProcessDirectory made =
                new ProcessDirectory(parent.proc(), process, thread, id, task ? TaskDirectory.NODES : 0);
        made.place(parent, name);
        made.fill(!task);
        return made;
    }

    /** The process that a descriptor of /proc/PID stands for, as pidfd_send_signal(2) has it; not one of a thread's directory. */
    public static Optional<PidReference> process(OpenFile file) {
        boolean opened = file instanceof OpenDirectory;
        return opened && file.vnode() instanceof ProcessDirectory directory && directory.thread.isEmpty()
                ? Optional.of(directory.process.reference())
                : Optional.empty();
    }

    private void fill(boolean withTasks) {
        text("stat", 0444, (reader, record, out) -> ProcessStat.write(process, thread, out));
        text("statm", 0444, (reader, record, out) -> ProcessMemory.writeStatm(process, out));
        text("status", 0444, (reader, record, out) -> ProcessStatus.write(process, thread, out));
        add("comm", name());
        inspecting("smaps", 0444, (reader, record, out) -> ProcessPages.writeEach(process, record, out));
        inspecting("smaps_rollup", 0444, (reader, record, out) -> ProcessPages.writeSum(process, out));
        inspecting("personality", 0400, (reader, record, out) -> {
            out.hex(process.personality(), PERSONALITY_DIGITS).append('\n');
            return Text.END;
        });
        set("loginuid", 0644, (reader, record, out) -> login(out, false), new LoginSetting(process, thread));
        text("sessionid", 0444, (reader, record, out) -> login(out, true));
        set("uid_map", 0644, (reader, record, out) -> allNumbers(out), Setting.refusing(EPERM));
        set("gid_map", 0644, (reader, record, out) -> allNumbers(out), Setting.refusing(EPERM));
        set("projid_map", 0644, (reader, record, out) -> allNumbers(out), Setting.refusing(EPERM));
        set("setgroups", 0644, (reader, record, out) -> line(out, "allow"), new GroupsSetting());
        text("cmdline", 0444, (reader, record, out) -> ProcessMemory.writeArguments(process, record, out));
        inspecting("environ", 0400, (reader, record, out) -> ProcessMemory.writeEnvironment(process, record, out));
        inspecting("auxv", 0400, (reader, record, out) -> ProcessMemory.writeAuxiliaryVector(process, out));
        inspecting("maps", 0444, (reader, record, out) -> ProcessMemory.writeMaps(process, record, out));
        inspecting("numa_maps", 0444, (reader, record, out) -> {
            NodePolicy policy = ProcessStat.representative(process, thread)
                    .map(told -> told.settings().nodePolicy())
                    .orElse(NodePolicy.DEFAULT);
            return ProcessMemory.writeNodes(process, policy, record, out);
        });
        add("mem", new MemoryFile(this, ProcFileSystem.numberFor(id, ++lastNode), process));
        inspecting("io", 0400, (reader, record, out) -> writeIo(out));
        text("limits", 0444, (reader, record, out) -> ProcessStatus.writeLimits(process, out));
        text("mounts", 0444, MountText::writeMounts);
        text("mountinfo", 0444, MountText::writeMountInformation);
        add("timerslack_ns", timerSlack());
        text("mountstats", 0400, MountText::writeMountStatistics);
        text("syscall", 0400, (reader, record, out) -> ProcessStatus.writeSystemCall(reader, process, thread, out));
        text("wchan", 0444, (reader, record, out) -> {
            out.append('0');
            return Text.END;
        });
        text("cgroup", 0444, (reader, record, out) -> Text.END);
        text(
                "oom_score",
                0444,
                (reader, record, out) ->
                        line(out, process.system().outOfMemory().score(process)));
        Badness badness = new Badness(process);
        set("oom_score_adj", 0644, (reader, record, out) -> line(out, process.oomScoreAdjustment()), badness::adjust);
        set("oom_adj", 0644, (reader, record, out) -> line(out, badness.old()), badness::adjustOld);
        SchedulingText scheduling = new SchedulingText(process, thread);
        text("schedstat", 0444, (reader, record, out) -> scheduling.statistics(out));
        text("sched", 0444, (reader, record, out) -> scheduling.write(out));
        text("arch_status", 0444, (reader, record, out) -> Text.END);
        add("pagemap", new PageMapFile(this, ProcFileSystem.numberFor(id, ++lastNode), process));
        link("exe", this::findProgram);
        link("cwd", place -> findPlace(FileContext::current, place));
        link("root", place -> findPlace(FileContext::root, place));
        add("fd", new DescriptorDirectory(this, id, ++lastNode, process, thread));
        add("fdinfo", new DescriptorInformation(this, id, ++lastNode, process, thread));
        addNamespaces();
        if (withTasks) {
            set(
                    "coredump_filter",
                    0644,
                    (reader, record, out) -> line(out.hex(process.coreDumpFilter(), 8), ""),
                    new CoreDumpSetting(process));
            text("timers", 0444, (reader, record, out) -> writeTimer(record, out));
            TaskDirectory tasks = new TaskDirectory(proc(), ProcFileSystem.numberFor(id, ++lastNode), process);
            add("task", tasks);
        } else {
            text("children", 0444, (reader, record, out) -> child(record, out));
        }
    }

    /** The last of timer_create(2)'s timers whose number is below the record's: Linux tells the newest first. */
    private long writeTimer(long record, TextWindow out) {
        int timer = process.posixTimers().lastBelow(record == 0 ? Integer.MAX_VALUE : (int) record);
        Optional<PosixTimers.Description> found =
                timer < 0 ? Optional.empty() : process.posixTimers().description(timer);
        if (found.isEmpty()) {
            return Math.max(timer, Text.END);
        }
        PosixTimers.Description how = found.get();
        boolean ofThread = (how.kind() & Clocks.SIGEV_THREAD_ID) != 0;
        String way = switch (how.kind()) {
            case Clocks.SIGEV_NONE -> "none";
            case Clocks.SIGEV_THREAD -> "thread";
            default -> "signal";
        };
        out.append("ID: ").append(timer).append("\nsignal: ").append(how.signal());
        out.append('/').hex(how.value(), POINTER_DIGITS).append("\nnotify: ").append(way);
        out.append(ofThread ? "/tid." : "/pid.").append(how.receiver());
        out.append("\nClockID: ").append(how.clock()).append('\n');
        return timer;
    }

    /** No disk is read or written. */
    private long writeIo(TextWindow out) {
        IoCount count = thread.isPresent() ? thread.get().io() : process.times().io();
        out.append("rchar: ").append(count.bytesRead()).append("\nwchar: ").append(count.bytesWritten());
        out.append("\nsyscr: ").append(count.reads()).append("\nsyscw: ").append(count.writes());
        out.append("\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
        return Text.END;
    }

    /** A record for each child: proc(5). All are told of the first thread, whichever has made them. */
    private long child(long record, TextWindow out) {
        if (thread.isEmpty() || thread.get().id() != process.id()) {
            return Text.END;
        }
        int next = process.system().table().nextChild(process, (int) record);
        if (next < 0) {
            return Text.END;
        }
        out.append(next).append(' ');
        return next + 1L;
    }

    /** Who logged in, or which login it was: an unsigned number without a line's end. */
    private long login(TextWindow out, boolean session) {
        Optional<UserThread> told = ProcessStat.representative(process, thread);
        if (told.isEmpty()) {
            return -ESRCH;
        }
        out.unsigned(
                session
                        ? told.get().settings().loginSession()
                        : told.get().settings().loginUser());
        return Text.END;
    }

    private static long line(TextWindow out, String text) {
        out.append(text).append('\n');
        return Text.END;
    }

    /** user_namespaces(7): of users and groups, each is itself. */
    private static long allNumbers(TextWindow out) {
        out.append("         0          0 4294967295\n");
        return Text.END;
    }

    /** namespaces(7): all processes share those that there are from the start, under the numbers that Linux gives these. */
    private void addNamespaces() {
        FixedDirectory spaces = new FixedDirectory(
                proc(), ProcFileSystem.numberFor(id, ++lastNode), 0511, owner(process), ownerGroup(process));
        namespace(spaces, "cgroup", "cgroup:[4026531835]");
        namespace(spaces, "ipc", "ipc:[4026531839]");
        namespace(spaces, "mnt", "mnt:[4026531841]");
        namespace(spaces, "net", "net:[4026531840]");
        namespace(spaces, "pid", "pid:[4026531836]");
        namespace(spaces, "pid_for_children", "pid:[4026531836]");
        namespace(spaces, "time", "time:[4026531834]");
        namespace(spaces, "time_for_children", "time:[4026531834]");
        namespace(spaces, "user", "user:[4026531837]");
        namespace(spaces, "uts", "uts:[4026531838]");
        add("ns", spaces);
    }

    private void namespace(FixedDirectory spaces, String name, String target) {
        spaces.add(name, new TextLink(proc(), ProcFileSystem.numberFor(id, ++lastNode), reader -> target));
    }

    private TextFile name() {
        long number = ProcFileSystem.numberFor(id, ++lastNode);
        Text text = (reader, record, out) -> ProcessStatus.writeName(process, thread, out);
        return new TextFile(proc(), number, 0644, userId(), groupId(), text, new NameSetting(process, thread));
    }

    private static long line(TextWindow out, long value) {
        out.append(value).append('\n');
        return Text.END;
    }

    /** PR_SET_TIMERSLACK of prctl(2), which others may set with CAP_SYS_NICE (proc(5)). */
    private TextFile timerSlack() {
        long number = ProcFileSystem.numberFor(id, ++lastNode);
        Text text = (reader, record, out) -> ProcessStat.representative(process, thread)
                .map(told ->
                        line(out.append(Long.toUnsignedString(told.settings().timerSlack())), ""))
                .orElse(Text.END);
        return new TextFile(proc(), number, 0666, userId(), groupId(), text, (writer, value) -> {
            Optional<UserThread> changed = ProcessStat.representative(process, thread);
            if (changed.isEmpty() || value < 0) {
                return changed.isEmpty() ? -ESRCH : -EINVAL;
            }
            boolean may =
                    changed.get().id() == writer.threadId() || writer.identity().has(Credentials.CAP_SYS_NICE);
            if (!may) {
                return -EPERM;
            }
            changed.get().settings().setTimerSlack(value);
            return 0;
        });
    }

    /** Who owns what tells of a process: root if it keeps secrets (proc(5), PR_SET_DUMPABLE). */
    static int owner(Process process) {
        return process.dumpable() ? user(process) : 0;
    }

    /** The group of that. */
    static int ownerGroup(Process process) {
        return process.dumpable() ? group(process) : 0;
    }

    private void text(String name, int permissions, Text text) {
        long number = ProcFileSystem.numberFor(id, ++lastNode);
        add(name, new ProcessText(this, number, permissions, text, process, false));
    }

    private void set(String name, int permissions, Text text, Setting setting) {
        long number = ProcFileSystem.numberFor(id, ++lastNode);
        add(name, new TextFile(proc(), number, permissions, userId(), groupId(), text, setting));
    }

    private void inspecting(String name, int permissions, Text text) {
        long number = ProcFileSystem.numberFor(id, ++lastNode);
        add(name, new ProcessText(this, number, permissions, text, process, true));
    }

    private void link(String name, PlaceLink.Finder finder) {
        long number = ProcFileSystem.numberFor(id, ++lastNode);
        add(name, new PlaceLink(proc(), number, owner(process), ownerGroup(process), process, finder));
    }

    private int findProgram(Slot<Place> place) {
        Optional<Place> program = process.program().place();
        return program.isEmpty() || process.isZombie() ? -ENOENT : place.put(program.get());
    }

    private int findPlace(java.util.function.Function<FileContext, Place> which, Slot<Place> place) {
        Optional<UserThread> first = process.firstThread();
        return first.isEmpty() ? -ENOENT : place.put(which.apply(first.get().fileContext()));
    }
}

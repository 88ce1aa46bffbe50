package biscotti.procfs;

import biscotti.abi.Errno;
import biscotti.abi.SocketTypes;
import biscotti.abi.SystemNames;
import biscotti.file.Caller;
import biscotti.file.Devices;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.MountTable;
import biscotti.file.disk.Disks;
import biscotti.ipc.IpcSpace;
import biscotti.machine.Entropy;
import biscotti.memory.Commitment;
import biscotti.memory.FrameAllocator;
import biscotti.memory.HugePages;
import biscotti.memory.UserRange;
import biscotti.net.SocketSettings;
import biscotti.net.unix.UnixSockets;
import biscotti.process.Processes;
import biscotti.process.identity.Capabilities;
import biscotti.sched.RealTimeShare;
import biscotti.sched.RoundRobin;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Builds /proc and /sys. */
public final class ProcTree {
    private static final long PROC_MAGIC = 0x9fa0;
    private static final long SYSFS_MAGIC = 0x62656572;

    private final Processes processes;
    private final MountTable mounts;
    private final FileSystemTypes types;
    private final Devices devices;
    private final Disks disks;
    private final UnixSockets unix;

    /**
     * A builder.
     *
     * @param mounts whose files count as cached memory
     * @param types what /proc/filesystems lists
     * @param devices gives the file systems their numbers
     * @param disks what /proc/partitions lists
     * @param unix what /proc/net/unix lists
     */
    public ProcTree(
            Processes processes,
            MountTable mounts,
            FileSystemTypes types,
            Devices devices,
            Disks disks,
            UnixSockets unix) {
        this.processes = processes;
        this.mounts = mounts;
        this.types = types;
        this.devices = devices;
        this.disks = disks;
        this.unix = unix;
    }

    /** /proc. */
    public FileSystem proc() {
        ProcFileSystem proc = ProcFileSystem.make(
                "proc",
                PROC_MAGIC,
                devices.nextAnonymous(),
                processes.wallClock()::nanos,
                processes.machine().memory(),
                processes.frames(),
                (fileSystem, number) -> new RootDirectory(fileSystem, number, processes.table()));
        FixedDirectory root = proc.fixedRoot();
        SystemText system = new SystemText(processes, mounts, disks.cache());
        proc.file(root, "meminfo", (reader, record, out) -> system.meminfo(out));
        proc.file(root, "stat", (reader, record, out) -> system.stat(out));
        proc.file(root, "uptime", (reader, record, out) -> system.uptime(out));
        proc.file(root, "loadavg", (reader, record, out) -> system.loadAverage(out));
        proc.file(root, "cpuinfo", (reader, record, out) -> system.cpuinfo(record, out));
        proc.file(root, "version", (reader, record, out) -> SystemText.version(out));
        proc.file(root, "filesystems", (reader, record, out) -> fileSystems(out));
        proc.file(root, "vmstat", (reader, record, out) -> system.vmstat(out));
        proc.file(root, "locks", (reader, record, out) -> LockText.writeAll(processes.table(), record, out));
        proc.file(root, "devices", (reader, record, out) -> SystemText.devices(out));
        proc.file(root, "consoles", (reader, record, out) -> SystemText.consoles(out));
        proc.file(root, "swaps", (reader, record, out) -> SystemText.swaps(out));
        DiskText diskText = new DiskText(disks);
        proc.file(root, "partitions", (reader, record, out) -> diskText.partitions(record, out));
        proc.file(root, "diskstats", (reader, record, out) -> Text.END);
        new MachineText(processes).addTo(proc, root);
        KernelTables.addTo(proc, root);
        value(proc, root, "cmdline", () -> processes.machine().boot().commandLine());
        proc.link(root, "mounts", reader -> "self/mounts");
        proc.link(root, "self", reader -> Integer.toString(reader.processId()));
        proc.link(root, "thread-self", ProcTree::ownThread);
        SocketText sockets = new SocketText(unix);
        proc.file(proc.directory(root, "net"), "unix", (reader, record, out) -> sockets.write(record, out));
        addSettings(proc, proc.directory(root, "sys"));
        IpcText ipc = new IpcText(processes.ipc());
        FixedDirectory objects = proc.directory(root, "sysvipc");
        proc.file(objects, "shm", (reader, record, out) -> ipc.segments(record, out));
        proc.file(objects, "sem", (reader, record, out) -> ipc.sets(record, out));
        proc.file(objects, "msg", (reader, record, out) -> ipc.queues(record, out));
        addOwn(proc, proc.directory(root, "biscotti"));
        return proc;
    }

    private static String ownThread(Caller reader) {
        return reader.processId() + "/task/" + reader.threadId();
    }

    private long fileSystems(TextWindow out) {
        for (int i = 0; i < types.count(); i++) {
            out.append(types.isOnDisk(i) ? "\t" : "nodev\t")
                    .append(types.name(i))
                    .append('\n');
        }
        return Text.END;
    }

    private static void value(ProcFileSystem proc, FixedDirectory parent, String name, Supplier<String> value) {
        proc.file(parent, name, (reader, record, out) -> {
            out.append(value.get()).append('\n');
            return Text.END;
        });
    }

    static void value(ProcFileSystem proc, FixedDirectory parent, String name, long value) {
        value(proc, parent, name, () -> Long.toString(value));
    }

    /** /proc/sys: what programs read there. Little can be set. */
    private void addSettings(ProcFileSystem proc, FixedDirectory sys) {
        FixedDirectory kernel = proc.directory(sys, "kernel");
        value(proc, kernel, "ostype", () -> SystemNames.SYSTEM);
        value(proc, kernel, "osrelease", () -> SystemNames.RELEASE);
        value(proc, kernel, "version", () -> SystemNames.VERSION);
        KernelSettings settings = new KernelSettings(proc, processes);
        settings.addTo(kernel);
        value(proc, kernel, "cap_last_cap", Capabilities.LAST);
        value(proc, kernel, "ngroups_max", biscotti.process.identity.GroupList.LIMIT);
        value(proc, kernel, "randomize_va_space", 2);
        addIpc(proc, kernel);
        value(proc, kernel, "overflowuid", 65534);
        value(proc, kernel, "overflowgid", 65534);
        value(proc, kernel, "shm_rmid_forced", 0);
        value(proc, kernel, "panic", 0);
        value(proc, kernel, "tainted", 0);
        intSetting(
                proc,
                kernel,
                "sched_rr_timeslice_ms",
                () -> TimeUnit.NANOSECONDS.toMillis(RoundRobin.turnNanos()),
                RoundRobin::setTurnMilliseconds);
        value(proc, kernel, "sched_rt_period_us", RealTimeShare.PERIOD_NANOS / 1000);
        value(proc, kernel, "sched_rt_runtime_us", RealTimeShare.RUNTIME_NANOS / 1000);
        addRandom(proc, proc.directory(kernel, "random"));
        FixedDirectory vm = proc.directory(sys, "vm");
        addOvercommit(proc, vm);
        settings.addToMemory(vm);
        value(proc, vm, "swappiness", 0);
        value(proc, vm, "mmap_min_addr", UserRange.LOW_START);
        value(proc, vm, "nr_hugepages", 0);
        value(proc, vm, "nr_overcommit_hugepages", 0);
        new FileSettings(proc).addTo(proc.directory(sys, "fs"));
        FixedDirectory net = proc.directory(sys, "net");
        FixedDirectory core = proc.directory(net, "core");
        value(proc, core, "somaxconn", SocketTypes.SOMAXCONN);
        value(proc, core, "wmem_default", SocketSettings.BUFFER);
        value(proc, core, "wmem_max", SocketSettings.BUFFER);
        value(proc, core, "rmem_default", SocketSettings.BUFFER);
        value(proc, core, "rmem_max", SocketSettings.BUFFER);
        FixedDirectory sockets = proc.directory(net, "unix");
        intSetting(proc, sockets, "max_dgram_qlen", unix::mostDatagrams, unix::setMostDatagrams);
    }

    /** A setting that takes any int. */
    static void intSetting(
            ProcFileSystem proc, FixedDirectory parent, String name, LongSupplier value, IntConsumer set) {
        proc.setting(parent, name, value, (writer, wanted) -> {
            if (wanted != (int) wanted) {
                return -Errno.EINVAL;
            }
            set.accept((int) wanted);
            return 0;
        });
    }

    /** The limits of System V IPC: sysvipc(7). */
    private void addIpc(ProcFileSystem proc, FixedDirectory kernel) {
        IpcSpace ipc = processes.ipc();
        proc.setting(kernel, "shmmax", ipc::largestSegment, (writer, value) -> ipc.setLargestSegment(value));
        proc.setting(kernel, "shmall", ipc::allSegments, (writer, value) -> ipc.setAllSegments(value));
        proc.setting(
                kernel,
                "shmmni",
                ipc.segments()::limit,
                (writer, value) -> ipc.segments().setLimit(value));
        proc.setting(kernel, "msgmax", ipc::longestMessage, (writer, value) -> ipc.setLongestMessage(value));
        proc.setting(kernel, "msgmnb", ipc::queueBytes, (writer, value) -> ipc.setQueueBytes(value));
        proc.setting(
                kernel,
                "msgmni",
                ipc.queues()::limit,
                (writer, value) -> ipc.queues().setLimit(value));
        SemaphoreSetting semaphores = new SemaphoreSetting(ipc);
        proc.setting(kernel, "sem", semaphores::text, semaphores);
    }

    private void addOvercommit(ProcFileSystem proc, FixedDirectory vm) {
        Commitment commitment = processes.frames().commitment();
        proc.setting(vm, "overcommit_memory", () -> commitment.policy().ordinal(), (writer, value) -> {
            Commitment.Policy[] policies = Commitment.Policy.values();
            if (value < 0 || value >= policies.length) {
                return -Errno.EINVAL;
            }
            commitment.setPolicy(policies[(int) value]);
            return 0;
        });
        proc.setting(vm, "overcommit_ratio", commitment::ratio, (writer, value) -> {
            if (value < 0 || value > Integer.MAX_VALUE) {
                return -Errno.EINVAL;
            }
            commitment.setRatio((int) value);
            return 0;
        });
    }

    /** random(4). */
    private void addRandom(ProcFileSystem proc, FixedDirectory random) {
        Entropy entropy = processes.machine().entropy();
        String boot = uuid(entropy);
        value(proc, random, "boot_id", () -> boot);
        value(proc, random, "uuid", () -> uuid(entropy));
        value(proc, random, "entropy_avail", 256);
        value(proc, random, "poolsize", 256);
    }

    /** A random UUID, version 4. */
    private static String uuid(Entropy entropy) {
        long high = entropy.nextLong() & ~0xf000L | 0x4000L;
        long low = entropy.nextLong() & Long.MAX_VALUE >>> 1 | Long.MIN_VALUE;
        return new java.util.UUID(high, low).toString();
    }

    /** /proc/biscotti: what only this kernel has. */
    private void addOwn(ProcFileSystem proc, FixedDirectory own) {
        FrameAllocator frames = processes.frames();
        proc.file(own, "frames", (reader, record, out) -> {
            frames.drainCaches();
            out.append("total ").append(frames.totalFrames()).append("\nfree ").append(frames.freeFrames());
            out.append('\n');
            return Text.END;
        });
        proc.file(
                own,
                "heap",
                (reader, record, out) ->
                        HeapText.write(processes.heap(), processes.machine().heap(), out));
        // What lives is known right after a collection only; so a test can find what the kernel forgets to let go.
        proc.privateFile(own, "live", (reader, record, out) -> {
            processes.machine().heap().collect();
            out.append(processes.machine().heap().used()).append('\n');
            return Text.END;
        });
        value(
                proc,
                own,
                "bugs",
                () -> Long.toString(processes.bugs() + processes.scheduler().failures()));
        value(proc, own, "processes", () -> Integer.toString(processes.table().processCount()));
        value(proc, own, "threads", () -> Integer.toString(processes.table().threadCount()));
    }

    /** Each CPU is a core with one thread; all are in one package. */
    private static void addTopology(ProcFileSystem sysfs, FixedDirectory to, int cpu, String all, int count) {
        String own = Long.toHexString(1L << cpu);
        String every = Long.toHexString(count >= Long.SIZE ? -1 : (1L << count) - 1);
        value(sysfs, to, "core_id", cpu);
        value(sysfs, to, "physical_package_id", 0);
        value(sysfs, to, "thread_siblings", () -> own);
        value(sysfs, to, "thread_siblings_list", cpu);
        value(sysfs, to, "core_cpus", () -> own);
        value(sysfs, to, "core_cpus_list", cpu);
        value(sysfs, to, "core_siblings", () -> every);
        value(sysfs, to, "core_siblings_list", () -> all);
        value(sysfs, to, "package_cpus", () -> every);
        value(sysfs, to, "package_cpus_list", () -> all);
    }

    /** /sys/devices/system/node: all memory and all CPUs are one node. */
    private void addNodes(ProcFileSystem sysfs, FixedDirectory system, String cpus, int count) {
        FixedDirectory nodes = sysfs.directory(system, "node");
        String[] names = {"online", "possible", "has_memory", "has_normal_memory", "has_cpu"};
        for (String name : names) {
            value(sysfs, nodes, name, 0);
        }
        FixedDirectory node = sysfs.directory(nodes, "node0");
        value(sysfs, node, "cpulist", () -> cpus);
        value(sysfs, node, "cpumap", () -> Long.toHexString(count >= Long.SIZE ? -1 : (1L << count) - 1));
        value(sysfs, node, "distance", 10);
        sysfs.file(node, "meminfo", (reader, record, out) -> {
            FrameAllocator frames = processes.frames();
            out.append("Node 0 MemTotal:       ")
                    .right(frames.totalFrames() * 4, 8)
                    .append(" kB\n");
            out.append("Node 0 MemFree:        ")
                    .right(frames.freeFrames() * 4, 8)
                    .append(" kB\n");
            long used = frames.totalFrames() - frames.freeFrames();
            out.append("Node 0 MemUsed:        ").right(used * 4, 8).append(" kB\n");
            return Text.END;
        });
    }

    /** /sys: which CPUs there are, and that there are no disks. */
    public FileSystem sysfs() {
        ProcFileSystem sysfs = ProcFileSystem.make(
                "sysfs",
                SYSFS_MAGIC,
                devices.nextAnonymous(),
                processes.wallClock()::nanos,
                processes.machine().memory(),
                processes.frames(),
                (fileSystem, number) -> new FixedDirectory(fileSystem, number, 0555, 0, 0));
        FixedDirectory system = sysfs.directory(sysfs.directory(sysfs.fixedRoot(), "devices"), "system");
        FixedDirectory cpus = sysfs.directory(system, "cpu");
        int count = processes.scheduler().cpuCount();
        String all = count == 1 ? "0" : "0-" + (count - 1);
        value(sysfs, cpus, "online", () -> all);
        value(sysfs, cpus, "possible", () -> all);
        value(sysfs, cpus, "present", () -> all);
        value(sysfs, cpus, "offline", () -> "");
        value(sysfs, cpus, "isolated", () -> "");
        value(sysfs, cpus, "kernel_max", Long.SIZE - 1);
        for (int cpu = 0; cpu < Math.min(count, Long.SIZE); cpu++) {
            FixedDirectory directory = sysfs.directory(cpus, "cpu" + cpu);
            value(sysfs, directory, "online", 1);
            addTopology(sysfs, sysfs.directory(directory, "topology"), cpu, all, count);
        }
        addNodes(sysfs, system, all, count);
        FixedDirectory top = sysfs.fixedRoot();
        FixedDirectory huge =
                sysfs.directory(sysfs.directory(sysfs.directory(top, "kernel"), "mm"), "transparent_hugepage");
        HugePages pages = processes.spaces().hugePages();
        HugePageSetting setting = new HugePageSetting(pages);
        sysfs.setting(huge, "enabled", setting::text, setting);
        value(sysfs, huge, "defrag", () -> "always defer defer+madvise madvise [never]");
        value(sysfs, huge, "use_zero_page", 0);
        value(sysfs, huge, "shmem_enabled", () -> "always within_size advise [never] deny force");
        value(sysfs, huge, "hpage_pmd_size", HugePages.SIZE);
        sysfs.directory(top, "block");
        sysfs.directory(sysfs.directory(top, "dev"), "block");
        sysfs.directory(sysfs.directory(top, "class"), "block");
        sysfs.directory(top, "fs");
        return sysfs;
    }
}

package biscotti.boot;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EROFS;

import biscotti.abi.FileMode;
import biscotti.bounded.TextHash;
import biscotti.driver.disk.BlockDevice;
import biscotti.ext4.Ext4FileSystem;
import biscotti.file.Devices;
import biscotti.file.Directory;
import biscotti.file.FileSystem;
import biscotti.file.FileSystemTypes;
import biscotti.file.Identity;
import biscotti.file.Mount;
import biscotti.file.MountTable;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.file.disk.Disks;
import biscotti.file.tmpfs.ArchiveLoader;
import biscotti.file.tmpfs.DeviceNodes;
import biscotti.file.tmpfs.TmpFileSystem;
import biscotti.file.tmpfs.TmpFileSystems;
import biscotti.file.tty.PtsFileSystem;
import biscotti.file.tty.Ptys;
import biscotti.machine.Machine;
import biscotti.memory.FrameAllocator;
import biscotti.net.unix.UnixSockets;
import biscotti.process.Processes;
import biscotti.procfs.ProcTree;
import biscotti.sched.KernelLog;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The tree of files that the first process sees: the root from the boot archive, /dev, /proc and /sys. */
final class RootTree {
    private static final int DIRECTORY = FileMode.S_IFDIR | 0755;
    private static final int PERMISSIONS = 0755;
    private static final int ANYBODY = 01777;
    /** As Debian mounts it: the group tty (5) may write to terminals. */
    private static final String TERMINAL_OPTIONS = "gid=5,mode=620,ptmxmode=000";

    private final Machine machine;
    private final KernelLog log;
    private final TmpFileSystems memory;
    private final FrameAllocator frames;
    private final Devices devices;
    private final Disks disks;
    private final FileSystemTypes types;
    private final UnixSockets unix;
    private final LongSupplier wallClock;

    RootTree(
            Machine machine,
            KernelLog log,
            TmpFileSystems memory,
            Disks disks,
            FileSystemTypes types,
            UnixSockets unix) {
        this.machine = machine;
        this.log = log;
        this.memory = memory;
        this.frames = memory.frames();
        this.devices = memory.devices();
        this.disks = disks;
        this.types = types;
        this.unix = unix;
        this.wallClock = memory.wallClock();
    }

    /**
     * Builds it. What is wrong with the archive is logged; the tree has what could be read.
     *
     * @param processes what /proc tells about
     * @param disk what the root is on; if that is a disk, /run has what the archive has
     * @return the mounts; nothing if the disk cannot be mounted, with the reason on the log
     */
    Optional<MountTable> build(Processes processes, RootDisk disk) {
        TmpFileSystem archive = fileSystem(disk.isGiven() ? "tmpfs" : "rootfs", PERMISSIONS);
        String problem = new ArchiveLoader(archive).load(machine.boot().rootArchive());
        if (!problem.isEmpty()) {
            log.error("root file system: " + problem);
        }
        addTypes();
        Optional<Mount> top = disk.isGiven() ? mountRoot(disk) : Optional.of(Mount.top(archive));
        if (top.isEmpty()) {
            return Optional.empty();
        }
        MountTable mounts = new MountTable(top.get(), memory.heap());
        if (disk.isGiven()) {
            top.get().fileSystem().lostMount(); // kept by the table
            mount(mounts, "tmpfs", "run", archive);
            mount(mounts, "tmpfs", "tmp", fileSystem("tmpfs", ANYBODY));
        }
        mountKernelsOwn(mounts, processes);
        return Optional.of(mounts);
    }

    private void addTypes() {
        types.add(
                "tmpfs",
                (options, made) -> {
                    TmpFileSystem tmpfs = fileSystem("tmpfs", ANYBODY);
                    made.put(tmpfs);
                    return tmpfs.begin(options);
                },
                TmpFileSystem::check);
        types.addOnDisk("ext3", this::openExt4, Ext4FileSystem::check);
        types.addOnDisk("ext2", this::openExt4, Ext4FileSystem::check);
        types.addOnDisk("ext4", this::openExt4, Ext4FileSystem::check);
    }

    /** The mount of a disk at the top, which the caller lets go. What cannot be written to is mounted read-only, as on Linux. */
    private Optional<Mount> mountRoot(RootDisk disk) {
        Optional<BlockDevice> device = disk.find(disks);
        int known = types.indexOf(disk.type());
        String type = known < 0 ? "" : types.name(known); // not the option's text, whose length has no bound
        Optional<FileSystemTypes.Opener> opener = types.opener(type);
        if (device.isEmpty() || opener.isEmpty()) {
            log.error("cannot mount the root: "
                    + (device.isEmpty() ? "there is no disk " + disk.device() : "unknown type " + disk.type()));
            return Optional.empty();
        }
        int number = device.get().number();
        Slot<FileSystem> opened = new Slot<>();
        int error = disks.fileSystem(number, opener.get(), type, disk.readOnly(), disk.flags(), opened);
        if ((error == -EACCES || error == -EROFS) && !disk.readOnly()) {
            error = disks.fileSystem(number, opener.get(), type, true, disk.flags(), opened);
        }
        if (error < 0) {
            log.error("cannot mount the root: " + device.get().name() + " as " + type + ": error " + -error);
            return Optional.empty();
        }
        FileSystem root = opened.get();
        boolean readOnly = (root.flags() & Mount.READ_ONLY) != 0;
        log.information("root: " + type + " on " + device.get().name() + (readOnly ? ", read only" : ""));
        return Optional.of(Mount.top("/dev/" + device.get().name(), root));
    }

    /** Mounts /dev, /dev/pts, /proc and /sys. */
    private void mountKernelsOwn(MountTable mounts, Processes processes) {
        FileSystem dev = fileSystem("devtmpfs", PERMISSIONS);
        DeviceNodes.make(dev.root());
        for (int i = 0; i < disks.count(); i++) {
            DeviceNodes.makeBlock(dev.root(), disks.get(i).name(), disks.get(i).number());
        }
        types.add("devtmpfs", (options, made) -> made.put(dev));
        mount(mounts, "devtmpfs", "dev", dev);
        mountTerminals(mounts, dev, processes);
        ProcTree tree = new ProcTree(processes, mounts, types, devices, disks, unix);
        FileSystem proc = tree.proc();
        types.addWithoutOptions("proc", (options, made) -> configured(proc, options, made));
        mount(mounts, "proc", "proc", proc);
        FileSystem sysfs = tree.sysfs();
        types.addWithoutOptions("sysfs", (options, made) -> configured(sysfs, options, made));
        mount(mounts, "sysfs", "sys", sysfs);
    }

    /** An ext4 file system, as which older ones are opened, too. */
    private int openExt4(String type, BlockDevice device, boolean readOnly, String options, Slot<FileSystem> opened) {
        return Ext4FileSystem.open(disks.cache(), device, type, readOnly, options, devices, wallClock, opened);
    }

    private void mountTerminals(MountTable mounts, FileSystem dev, Processes processes) {
        Ptys ptys = new Ptys(machine, frames, processes.jobs());
        ptys.register(devices);
        PtsFileSystem pts = new PtsFileSystem(ptys, devices, wallClock);
        pts.configure(TERMINAL_OPTIONS);
        types.add("devpts", (options, made) -> configured(pts, options, made));
        int id = mounts.next(0);
        while (id >= 0 && mounts.get(id).root() != dev.root()) {
            id = mounts.next(id + 1);
        }
        Slot<Vnode> found = new Slot<>();
        if (id < 0 || dev.root().lookup("pts", found) < 0 || !(found.get() instanceof Directory directory)) {
            log.error("cannot mount devpts on /dev/pts");
            return;
        }
        Place point = new Place(Place.Kind.NAMED, mounts.get(id), directory, directory, "pts");
        mounts.mount("devpts", pts.root(), point, 0);
    }

    private static int configured(FileSystem only, String options, Slot<FileSystem> made) {
        int error = only.configure(options);
        return error < 0 ? error : made.put(only);
    }

    private TmpFileSystem fileSystem(String type, int permissions) {
        TextHash hash = new TextHash(machine.entropy().nextLong());
        return memory.create(type, hash, permissions);
    }

    /** Mounts a file system on a directory of the root, which is made if it is missing. */
    private void mount(MountTable mounts, String source, String name, FileSystem fileSystem) {
        Mount top = mounts.top();
        Slot<Vnode> found = new Slot<>();
        if (top.fileSystem().root().lookup(name, found) < 0) {
            top.fileSystem().root().create(Identity.KERNEL, name, DIRECTORY, 0, "", found);
        }
        int error = found.get() instanceof Directory directory
                ? mounts.mount(
                        source, fileSystem.root(), new Place(Place.Kind.NAMED, top, directory, directory, name), 0)
                : -1;
        if (error < 0) {
            log.error("cannot mount " + source + " on /" + name);
        }
    }
}

package biscotti.file;

import biscotti.bounded.TextHash;
import biscotti.file.pipe.Pipes;
import biscotti.file.socket.SocketFiles;
import biscotti.file.tmpfs.TmpFileSystem;
import biscotti.file.tmpfs.TmpFileSystems;
import biscotti.heap.HeapShare;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.memory.AddressLayout;
import biscotti.memory.AddressSpace;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAllocator;
import biscotti.net.unix.UnixSockets;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A simulated machine with a tmpfs as its root, for tests of files. */
public final class TestSystem implements AutoCloseable {
    /** One thread more than is needed to see two at once. */
    private static final int CPUS = 2;

    private final SimulatedMachine machine;
    private final FrameAllocator frames;
    private final AtomicLong clock = new AtomicLong();
    private final Devices devices;
    private final TmpFileSystem root;
    private final MountTable mounts;
    private final Scheduler scheduler;
    private final Pipes pipes;
    private final UnixSockets sockets;
    private final SocketFiles socketFiles;
    private final AddressSpaces spaces;

    /** A system with so much memory. */
    public TestSystem(long memoryBytes) {
        this(SimulatedMachine.builder().cpus(CPUS).memory(memoryBytes).build());
    }

    /** A system on a machine. */
    public TestSystem(SimulatedMachine machine) {
        this.machine = machine;
        frames = new FrameAllocator(machine);
        spaces = new AddressSpaces(machine, frames);
        devices = new Devices(frames);
        root = newTmpfs();
        mounts = new MountTable(Mount.top(root), HeapShare.UNLIMITED);
        scheduler = new Scheduler(machine, new KernelLog(machine));
        scheduler.start();
        pipes = new Pipes(devices, clock::incrementAndGet);
        sockets = new UnixSockets(machine.memory(), frames, new TextHash(1), clock::incrementAndGet);
        socketFiles = new SocketFiles(devices, clock::incrementAndGet);
    }

    /** One more tmpfs. */
    public TmpFileSystem newTmpfs() {
        return newTmpfs(HeapShare.UNLIMITED);
    }

    /** One more tmpfs, whose names take a part of a heap. */
    public TmpFileSystem newTmpfs(HeapShare heap) {
        return new TmpFileSystems(machine.memory(), frames, devices, clock::incrementAndGet, heap)
                .create("tmpfs", new TextHash(1), 0755);
    }

    /** The machine. */
    public SimulatedMachine machine() {
        return machine;
    }

    /** Its frames. */
    public FrameAllocator frames() {
        return frames;
    }

    /** Its devices. */
    public Devices devices() {
        return devices;
    }

    /** The root's file system. */
    public TmpFileSystem root() {
        return root;
    }

    /** Its mounts. */
    public MountTable mounts() {
        return mounts;
    }

    /** Its pipes. */
    public Pipes pipes() {
        return pipes;
    }

    /** Its Unix sockets. */
    public UnixSockets sockets() {
        return sockets;
    }

    /** What makes files of sockets. */
    public SocketFiles socketFiles() {
        return socketFiles;
    }

    /** Its scheduler, which runs. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** A process of the superuser. */
    public TestCaller newCaller() {
        return newCaller(Identity.KERNEL);
    }

    /** A process of somebody. */
    public TestCaller newCaller(Identity identity) {
        AddressSpace space = spaces.create(AddressLayout.fixed(8 << 20)).orElseThrow();
        return new TestCaller(identity, mounts, space);
    }

    /** Runs bodies, each on a kernel thread of its own, and waits until all have ended; fails if one did. */
    public void run(Runnable... bodies) throws InterruptedException {
        TestThreads.run(machine, scheduler, bodies);
    }

    /** A transfer of an array. */
    public KernelTransfer transfer(byte[] bytes) {
        return new KernelTransfer(machine.memory(), bytes, 0, bytes.length);
    }

    /** A transfer of a text. */
    public KernelTransfer transfer(String text) {
        return transfer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads at most so many bytes from where a file stands; an errno is told as text. */
    public String read(Caller caller, OpenFile file, int most) {
        byte[] bytes = new byte[most];
        long count = file.read(caller, transfer(bytes));
        return count < 0 ? "error " + -count : new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }
}

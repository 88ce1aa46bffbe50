package biscotti.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.Mman;
import biscotti.bounded.TextHash;
import biscotti.file.Devices;
import biscotti.file.FileContext;
import biscotti.file.FileTable;
import biscotti.file.Mount;
import biscotti.file.MountTable;
import biscotti.file.tmpfs.TmpFileSystem;
import biscotti.file.tmpfs.TmpFileSystems;
import biscotti.heap.Bounds;
import biscotti.heap.KernelHeap;
import biscotti.machine.simulated.SimulatedClock;
import biscotti.machine.simulated.SimulatedMachine;
import biscotti.machine.simulated.UserCode;
import biscotti.memory.AddressSpaces;
import biscotti.memory.FrameAllocator;
import biscotti.sched.KernelLog;
import biscotti.sched.Scheduler;
import biscotti.sched.TestThreads;
import biscotti.sched.WallClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A kernel with processes on a simulated machine, for tests: programs are pieces of Java, the first one starts at INIT. */
final class Kernel implements AutoCloseable {
    /** Where the first program starts. */
    static final long INIT = 0x400000;

    /** Memory that the first program may read and write. */
    static final long DATA = 0x10_0000;

    static final long DATA_BYTES = 64 << 12;

    /** The first program's stack pointer. */
    static final long STACK = DATA + DATA_BYTES - 64;

    final SimulatedMachine machine;
    final Scheduler scheduler;
    final FrameAllocator frames;
    final KernelHeap heap;
    final Processes processes;
    final FileContext fileContext;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** A kernel whose calls reserve nothing. */
    Kernel(SimulatedMachine machine, SystemCallHandler calls) {
        this(machine, calls, Bounds.NONE);
    }

    Kernel(SimulatedMachine machine, SystemCallHandler calls, Bounds bounds) {
        this.machine = machine;
        scheduler = new Scheduler(machine, new KernelLog(machine));
        frames = new FrameAllocator(machine);
        AddressSpaces spaces = new AddressSpaces(machine, frames);
        heap = new KernelHeap(machine, scheduler, bounds, KernelHeap.Mode.ON);
        processes = new Processes(
                machine,
                scheduler,
                heap,
                frames,
                spaces,
                calls,
                new WallClock(machine.clock(), SimulatedClock.TIME_OF_DAY),
                ended::complete);
        TmpFileSystem root = new TmpFileSystems(
                        machine.memory(), frames, new Devices(frames), machine.clock()::monotonicNanos, heap.lasting())
                .create("tmpfs", new TextHash(1), 0755);
        fileContext = new FileContext(new MountTable(Mount.top(root), heap.lasting()));
        scheduler.start();
    }

    /** Runs a first program to its end; its status as wait4(2) would tell it. */
    int run(UserCode code) throws Exception {
        start(code);
        try {
            return ended.get(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "the first process does not end; " + frames.freeFrames() + " frames are free\n" + machine.log(), e);
        }
    }

    /** Starts a first program. */
    UserThread start(UserCode code) {
        machine.register(INIT, code);
        UserThread init = processes.newInit(new FileTable(), fileContext).orElseThrow();
        int protection = Mman.PROT_READ | Mman.PROT_WRITE;
        assertEquals(DATA, init.process().space().mapZeros(DATA, DATA_BYTES, protection, 0));
        init.context().setRip(INIT);
        init.context().setRsp(STACK);
        init.kernelThread().start();
        return init;
    }

    @Override
    public void close() {
        TestThreads.stop(scheduler);
        machine.close();
    }
}

package biscotti.process;

import static biscotti.abi.CloneFlags.CLONE_CHILD_CLEARTID;
import static biscotti.abi.CloneFlags.CLONE_CHILD_SETTID;
import static biscotti.abi.CloneFlags.CLONE_CLEAR_SIGHAND;
import static biscotti.abi.CloneFlags.CLONE_FILES;
import static biscotti.abi.CloneFlags.CLONE_FS;
import static biscotti.abi.CloneFlags.CLONE_INTO_CGROUP;
import static biscotti.abi.CloneFlags.CLONE_NEWNS;
import static biscotti.abi.CloneFlags.CLONE_NEW_OTHERS;
import static biscotti.abi.CloneFlags.CLONE_PARENT;
import static biscotti.abi.CloneFlags.CLONE_PARENT_SETTID;
import static biscotti.abi.CloneFlags.CLONE_SETTLS;
import static biscotti.abi.CloneFlags.CLONE_SIGHAND;
import static biscotti.abi.CloneFlags.CLONE_SYSVSEM;
import static biscotti.abi.CloneFlags.CLONE_THREAD;
import static biscotti.abi.CloneFlags.CLONE_VFORK;
import static biscotti.abi.CloneFlags.CLONE_VM;
import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOMEM;
import static biscotti.abi.Errno.EPERM;

import biscotti.abi.Resource;
import biscotti.file.FileContext;
import biscotti.file.FileTable;
import biscotti.machine.UserContext;
import biscotti.memory.AddressSpace;
import biscotti.memory.UserMemory;
import biscotti.process.identity.Credentials;
import biscotti.process.signal.SignalActions;
import biscotti.sched.KernelThread;
import biscotti.sched.SchedulingPolicy;
import java.util.Optional;

/** fork(2), vfork(2) and clone(2): makes a child or another thread. Made for one call. */
public final class Clone {
    private static final long UNSUPPORTED = CLONE_INTO_CGROUP;
    private static final long NAMESPACES = CLONE_NEWNS | CLONE_NEW_OTHERS;
    private static final long CANONICAL_END = 1L << 47;

    private final UserThread parent;
    private final Process process;
    private final Processes system;
    private final CloneArguments asked;

    private Clone(UserThread parent, CloneArguments asked) {
        this.parent = parent;
        this.process = parent.process();
        this.system = process.system();
        this.asked = asked;
    }

    /**
     * Makes a child or a thread.
     *
     * @return its number in the parent, which alone returns from here; -EINVAL, -EAGAIN, -ENOMEM, -EPERM, -EMFILE, -EEXIST or -EFAULT
     */
    public static long call(UserThread parent, CloneArguments asked) {
        return new Clone(parent, asked).run();
    }

    private long run() {
        long error = check();
        if (error < 0) {
            return error;
        }
        error = parent.reservation().keep(system.heap().threadBytes());
        if (error < 0) {
            return -EAGAIN;
        }
        error = make();
        if (error < 0) {
            system.heap().budget().release(system.heap().threadBytes());
        }
        return error;
    }

    private long make() {
        int id = system.table().takeNumber(asked.number());
        if (id <= 0) {
            return id == 0 ? -EAGAIN : id;
        }
        long frame = system.frames().allocate();
        if (frame < 0) {
            system.table().unuse(id);
            return -ENOMEM;
        }
        long error = asked.has(CLONE_THREAD) ? makeThread(id, frame) : makeProcess(id, frame);
        if (error < 0) {
            system.frames().release(frame);
            system.table().unuse(id);
        }
        return error;
    }

    private long check() {
        boolean threadWithoutHandlers = asked.has(CLONE_THREAD) && !asked.has(CLONE_SIGHAND);
        boolean handlersWithoutMemory = asked.has(CLONE_SIGHAND) && !asked.has(CLONE_VM);
        boolean clearsShared = asked.has(CLONE_SIGHAND) && asked.has(CLONE_CLEAR_SIGHAND);
        boolean badPointer =
                asked.has(CLONE_SETTLS) && (asked.threadPointer() < 0 || asked.threadPointer() >= CANONICAL_END);
        if (threadWithoutHandlers
                || handlersWithoutMemory
                || clearsShared
                || (asked.flags() & UNSUPPORTED) != 0
                || (asked.has(CLONE_PARENT) && process.isInit())) {
            return -EINVAL;
        }
        if ((asked.flags() & NAMESPACES) != 0 || badPointer) {
            return badPointer ? -EPERM : -EINVAL;
        }
        long limit = process.limits().soft(Resource.NPROC);
        Credentials who = parent.identity();
        boolean bound = limit >= 0
                && who.user().real() != 0
                && !who.has(Credentials.CAP_SYS_RESOURCE)
                && !who.has(Credentials.CAP_SYS_ADMIN);
        return bound && UserTotals.hasMoreThreads(system, who.user().real(), limit - 1) ? -EAGAIN : 0;
    }

    private long makeThread(int id, long frame) {
        Optional<FileTable> files = filesForChild();
        if (files.isEmpty()) {
            return -EAGAIN;
        }
        long descriptor = installDescriptor();
        if (descriptor < 0) {
            files.get().leave(parent);
            return descriptor;
        }
        UserThread child = newThread(process, id, frame, files.get());
        if (!process.addThread(child)) {
            child.files().leave(parent);
            child.fileContext().leave();
            return -EAGAIN;
        }
        parent.settleBeforeReturn();
        asked.descriptor().ifPresent(file -> child.adopt(file.reference()));
        return start(child);
    }

    private long makeProcess(int id, long frame) {
        Optional<AddressSpace> space = asked.has(CLONE_VM)
                ? Optional.of(process.space().join())
                : process.space().fork(parent.rounds());
        if (space.isEmpty()) {
            return -ENOMEM;
        }
        Optional<FileTable> files = filesForChild();
        if (files.isEmpty()) {
            space.get().leave();
            return -EAGAIN;
        }
        long descriptor = installDescriptor();
        if (descriptor < 0) {
            files.get().leave(parent);
            space.get().leave();
            return descriptor;
        }
        SignalActions actions =
                asked.has(CLONE_SIGHAND) ? process.actions() : process.actions().copy();
        if (asked.has(CLONE_CLEAR_SIGHAND)) {
            actions.resetHandlers();
        }
        Process made =
                new Process(system, id, space.get(), actions, parent.identity(), new ResourceLimits(process.limits()));
        made.setProgram(process.program());
        made.barriers().copyFrom(process.barriers());
        made.setPersonality(process.personality());
        made.setDumpable(process.dumpable());
        made.setWithoutTerminal(process.isWithoutTerminal());
        made.setOomScoreAdjustment(process.oomScoreAdjustment());
        made.setOomScoreFloor(process.oomScoreFloor());
        made.setCoreDumpFilter(process.coreDumpFilter());
        made.exitSignal = asked.has(CLONE_PARENT) ? process.exitSignal : asked.exitSignal();
        made.applyMemoryLimits();
        UserThread child = newThread(made, id, frame, files.get());
        if (asked.has(CLONE_VM)) {
            parent.settleBeforeReturn();
        } else {
            child.sequence().copyFrom(parent.sequence());
        }
        if (!asked.has(CLONE_VM) || asked.has(CLONE_VFORK)) {
            child.alternateStack().copyFrom(parent.alternateStack());
        }
        made.addThread(child);
        asked.descriptor().ifPresent(file -> made.adopt(file.reference()));
        VforkParent waiting = asked.has(CLONE_VFORK) ? new VforkParent() : VforkParent.NONE;
        made.setVforkParent(waiting);
        system.table().lock();
        try {
            made.joinFamily(asked.has(CLONE_PARENT) ? process.parent : process);
            system.jobs().join(made, process.session, process.group);
            made.lineage = process.lineage.branch(id);
            system.table().add(made);
            dieWithParent(made);
        } finally {
            system.table().unlock();
        }
        long result = start(child);
        if (waiting != VforkParent.NONE) {
            waiting.await(parent);
        }
        return result;
    }

    /** Who is to die while it forks takes the child along: who kills a whole group or family misses nobody. Relations locked. */
    private void dieWithParent(Process child) {
        if (process.condemned) {
            system.outOfMemory().condemn(child);
        } else if (process.exiting) {
            Signals.beginExit(child, process.exitStatus);
        }
    }

    /** A thread that will return from the call with 0. */
    private UserThread newThread(Process owner, int id, long frame, FileTable files) {
        FileContext fileContext = asked.has(CLONE_FS)
                ? parent.fileContext().share()
                : parent.fileContext().copy();
        UserThread child = new UserThread(owner, id, parent.name(), files, fileContext, frame);
        child.inheritIdentity(parent);
        UserContext context = child.context();
        context.copyFrom(parent.context());
        context.setResult(0);
        if (asked.stackPointer() != 0) {
            context.setRsp(asked.stackPointer());
        }
        if (asked.has(CLONE_SETTLS)) {
            context.setFsBase(asked.threadPointer());
        }
        child.setSignalMask(parent.signalMask());
        if (asked.has(CLONE_SYSVSEM)) {
            child.semaphoreUndo().share(parent.semaphoreUndo().list());
        }
        inheritScheduling(child.kernelThread(), parent.kernelThread());
        if (parent.settings().resetsOnFork()) {
            resetScheduling(child.kernelThread());
        }
        return child;
    }

    private static void inheritScheduling(KernelThread child, KernelThread parent) {
        if (parent.nice() != child.nice()) {
            child.setNice(parent.nice());
        }
        if (parent.affinity() != child.affinity()) {
            child.setAffinity(parent.affinity());
        }
        if (parent.policy() != child.policy()) {
            child.setPolicy(parent.policy(), parent.realTimePriority());
        }
    }

    /** SCHED_RESET_ON_FORK of sched(7): the child is no better off than an ordinary thread. */
    private static void resetScheduling(KernelThread child) {
        if (child.policy().isRealTime()) {
            child.setPolicy(SchedulingPolicy.NORMAL, 0);
            child.setNice(0);
        } else if (child.nice() < 0) {
            child.setNice(0);
        }
    }

    /** The descriptors that the child begins with; nothing if the caller must die. */
    private Optional<FileTable> filesForChild() {
        if (!asked.has(CLONE_FILES)) {
            return parent.files().copy(parent);
        }
        parent.files().share();
        return Optional.of(parent.files());
    }

    /** Gives the parent its descriptor of the child, which has none: 0, -EMFILE or -EFAULT. */
    private long installDescriptor() {
        if (asked.descriptor().isEmpty()) {
            return 0;
        }
        PidFile file = asked.descriptor().get();
        file.retain();
        int descriptor = parent.files().install(file, true, parent.openFilesLimit());
        if (descriptor < 0) {
            file.release();
            return descriptor;
        }
        if (parent.memory().writeInt(asked.descriptorAddress(), descriptor) < 0) {
            parent.files().close(parent, descriptor);
            return -EFAULT;
        }
        return 0;
    }

    private long start(UserThread child) {
        int id = child.id();
        if (asked.has(CLONE_PARENT_SETTID)) {
            parent.memory().writeInt(asked.parentTid(), id);
        }
        if (asked.has(CLONE_CHILD_SETTID)) {
            new UserMemory(child.process().space()).writeInt(asked.childTid(), id);
        }
        if (asked.has(CLONE_CHILD_CLEARTID)) {
            child.setClearChildTid(asked.childTid());
        }
        system.table().add(child);
        child.kernelThread().start();
        return id;
    }
}

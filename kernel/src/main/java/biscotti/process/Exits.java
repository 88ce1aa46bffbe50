package biscotti.process;

import static biscotti.abi.SignalNumber.SIGCHLD;

import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.abi.WaitOptions;
import biscotti.bounded.Unit;
import biscotti.heap.Bounds;
import biscotti.memory.AddressSpace;
import biscotti.process.signal.SignalActions;

/**
 * The end of threads and processes (_exit(2)): what they had is given back, children get another parent, and the parent hears
 * of it. Memory goes first, so that it is free when the parent hears.
 */
final class Exits {
    private static final int SIGNAL_MASK = 0x7f;

    private final Processes system;
    private final ProcessTable table;

    Exits(Processes system) {
        this.system = system;
        this.table = system.table();
    }

    /** Ends the calling thread, and its process if it is the last. */
    @Unit(Bounds.THREAD_END)
    void finish(UserThread thread) {
        Process process = thread.process();
        try {
            leaveMemory(thread);
            thread.semaphoreUndo().leave(process.id());
            thread.files().leave(thread);
            thread.fileContext().leave();
        } catch (RuntimeException | Error bug) {
            system.log().error("bug at the end of " + thread, bug);
        }
        boolean last = process.removeThread(thread);
        if (last) {
            long mapped = system.accounting().isOn() ? process.space().usage().mappedBytes() : 0;
            leaveAddressSpace(process);
            if (system.accounting().isOn()) {
                system.accounting().write(thread, statusOf(process, thread), mapped);
            }
            process.setProgram(process.program().ended());
        }
        system.frames().release(thread.contextFrame());
        table.remove(thread);
        if (thread.id() == process.id()) {
            process.firstThreadReference = thread.reference();
            thread.reference().end();
        } else {
            thread.reference().forget();
        }
        if (last) {
            end(process, statusOf(process, thread));
        }
        system.heap().budget().release(system.heap().threadBytes());
    }

    private static int statusOf(Process process, UserThread last) {
        return process.exiting ? process.exitStatus : WaitOptions.exited(last.exitCode());
    }

    /** Tells those who wait in the thread's memory: owners of robust mutexes, and who joins the thread. */
    private void leaveMemory(UserThread thread) {
        thread.robustList().release(true);
        long address = thread.clearChildTid();
        if (address != 0
                && (thread.process().threadCount() > 1
                        || thread.memory().space().users() > 1)) {
            thread.memory().writeInt(address, 0);
            system.futexes().wake(thread.futexWaiter(), address, true, 1, -1);
            system.futexes().wake(thread.futexWaiter(), address, false, 1, -1);
        }
    }

    /** The process has no memory from now on; a parent in vfork(2) goes on. */
    static void leaveAddressSpace(Process process) {
        AddressSpace space = process.space();
        process.times().noteResident(space.usage().mostResidentBytes());
        space.leave();
        VforkParent waiting = process.vforkParent();
        process.setVforkParent(VforkParent.NONE);
        waiting.release();
    }

    private void end(Process process, int status) {
        process.timers().stop();
        process.posixTimers().deleteAll();
        if (process.sessionId() == process.id()) {
            process.session().terminal().leaderExited(process.id());
        }
        if (process.isInit()) {
            system.initEnded(status);
            return;
        }
        table.lock();
        try {
            giveChildrenAway(process);
            process.status = status;
            process.life = Process.Life.ZOMBIE;
            process.lineage.end();
            process.reference().end();
            if (process.parent.session == process.session && process.parent.group != process.group) {
                system.jobs().hangUpIfOrphaned(process.group, process);
            }
            tellParent(process);
        } finally {
            table.unlock();
        }
        system.outOfMemory().ended(process);
    }

    /**
     * Children go to the nearest ancestor that adopts orphans, at last to the first process. Whatever signal they were to send, they
     * are ordinary children there, which any wait finds.
     */
    private void giveChildrenAway(Process process) {
        Process heir = heirOf(process);
        for (Process child = process.firstChild; child != null; child = process.firstChild) {
            child.leaveFamily();
            child.joinFamily(heir);
            if (child.deathSignal() != 0 && !child.isZombie()) {
                Signals.sendFromKernel(child, child.deathNotice());
            }
            child.exitSignal = SIGCHLD;
            if (child.isZombie()) {
                tellParent(child, SIGCHLD);
            } else if (child.session == process.session && child.group != process.group) {
                system.jobs().hangUpIfOrphaned(child.group, process);
            }
        }
    }

    private static Process heirOf(Process process) {
        Process heir = process.parent;
        while (!heir.isInit() && (!heir.subreaper || heir.exiting)) {
            heir = heir.parent;
        }
        return heir;
    }

    /** A child has become a zombie: its parent hears of it. clone(2) takes any low byte for the signal; what is no signal is not sent. */
    private void tellParent(Process child) {
        int signal = child.exitSignal;
        if (signal != 0 && signal != SIGCHLD && signal <= SignalNumber.LAST) {
            Signals.send(child.parent, Jobs.childInfo(child, signal, codeOf(child), toldOf(child)));
        }
        tellParent(child, signal);
    }

    /** The same for a zombie that has another parent now: it hears by SIGCHLD, unless it has said that it does not care. */
    private void tellParent(Process child, int signal) {
        Process parent = child.parent;
        if (signal == SIGCHLD) {
            SignalActions.Action action = parent.actions().get(SIGCHLD);
            boolean ignored = action.handler() == Signal.SIG_IGN;
            if (!ignored) {
                Signals.sendToParent(parent, child, codeOf(child), toldOf(child));
            }
            if (ignored || action.has(Signal.SA_NOCLDWAIT)) {
                bury(child);
            }
        }
        parent.childEvents.wakeAll();
    }

    private static boolean wasKilled(Process child) {
        return (child.status & SIGNAL_MASK) != 0;
    }

    private static int codeOf(Process child) {
        return wasKilled(child) ? Signal.CLD_KILLED : Signal.CLD_EXITED;
    }

    /** What a parent is told of its end: the signal that killed it, or its exit code. */
    private static int toldOf(Process child) {
        return wasKilled(child) ? child.status & SIGNAL_MASK : child.status >> 8;
    }

    /** A zombie was waited for, or nobody will: it is gone. Relations locked. */
    void bury(Process zombie) {
        zombie.leaveFamily();
        zombie.life = Process.Life.GONE;
        zombie.reference().forget();
        zombie.firstThreadReference.forget();
        system.jobs().leave(zombie);
        table.remove(zombie);
    }
}

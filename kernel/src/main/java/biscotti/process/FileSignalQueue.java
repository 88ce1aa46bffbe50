package biscotti.process;

import static biscotti.abi.Errno.ESRCH;
import static biscotti.abi.SignalNumber.SIGIO;
import static biscotti.abi.SignalNumber.SIGURG;

import biscotti.abi.Poll;
import biscotti.abi.Signal;
import biscotti.abi.SignalNumber;
import biscotti.bounded.Bound;
import biscotti.bounded.Unit;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.FileSignals;
import biscotti.file.SignalTarget;
import biscotti.file.Slot;
import biscotti.heap.Bounds;
import biscotti.heap.KernelHeap;
import biscotti.heap.Reservation;
import biscotti.process.identity.Credentials;
import biscotti.process.signal.SignalInfo;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import biscotti.sched.Waiter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends the signals of files (O_ASYNC of fcntl(2)). Where something happens to a file, locks are held, so it is only noted there. It
 * is sent at the end of the system call that made it happen, so that a program which writes to its own pipe has the signal when it
 * goes on; and by a kernel thread, for what no system call does, or one that sleeps.
 */
final class FileSignalQueue implements FileSignals {
    /** How many bits {@link FileOwner} notes. */
    private static final int BANDS = 7;

    /** Signals whose codes mean something else: SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGCHLD, SIGSYS. */
    private static final long OWN_CODES = SignalNumber.bit(SignalNumber.SIGILL)
            | SignalNumber.bit(SignalNumber.SIGTRAP)
            | SignalNumber.bit(SignalNumber.SIGBUS)
            | SignalNumber.bit(SignalNumber.SIGFPE)
            | SignalNumber.bit(SignalNumber.SIGSEGV)
            | SignalNumber.bit(SignalNumber.SIGCHLD)
            | SignalNumber.bit(SignalNumber.SIGSYS);

    private final Processes system;
    private final long noticeBytes;
    private final KernelThread worker;
    private final Reservation workerReservation;
    private final FileOwner end;
    private final AtomicReference<FileOwner> noted;

    /** Held while signals are sent: who finds the queue empty and this free knows that all was sent. */
    private final ReentrantLock sending = new ReentrantLock();

    FileSignalQueue(Processes system, Scheduler scheduler, KernelHeap heap) {
        this.system = system;
        this.noticeBytes = heap.bytesOf(Bounds.FILE_SIGNAL);
        this.end = FileOwner.none();
        this.noted = new AtomicReference<>(end);
        this.worker = scheduler.newThread("file signals", this::run);
        this.workerReservation = heap.newReservation(worker, () -> false);
        worker.start();
    }

    @Override
    public int find(Caller caller, int type, int number, Slot<SignalTarget> target) {
        UserThread thread = (UserThread) caller;
        ProcessTable table = system.table();
        PidReference reference = switch (type) {
            case SignalTarget.THREAD ->
                table.thread(number).map(UserThread::reference).orElse(PidReference.NONE);
            case SignalTarget.PROCESS ->
                table.process(number).map(Process::reference).orElse(PidReference.NONE);
            default -> PidReference.NONE;
        };
        return table.isUsed(number)
                ? target.put(new OwnerTarget(type, reference, number, thread.identity(), table))
                : -ESRCH;
    }

    @Override
    public void note(FileOwner owner) {
        FileOwner first;
        do {
            first = noted.get();
            owner.nextNoted = first;
        } while (!noted.compareAndSet(first, owner));
        worker.waiter().wake();
    }

    /** Whether something may have to be sent. */
    boolean hasWork() {
        return noted.get() != end || sending.isLocked();
    }

    /** Sends what was noted; when this returns, all is sent that was noted before, unless the thread must die. No lock is held. */
    void send(Reservation reservation) {
        do {
            if (reservation.begin(noticeBytes) != 0) {
                return;
            }
            sendNext();
            reservation.end();
        } while (noted.get() != end);
    }

    private void run() {
        Waiter waiter = worker.waiter();
        while (true) {
            waiter.reset();
            if (noted.get() == end) {
                waiter.sleepUninterrupted(Waiter.FOREVER);
            } else {
                send(workerReservation);
            }
        }
    }

    /** Takes one owner off the queue, and sends what it has. */
    @Unit(Bounds.FILE_SIGNAL)
    private void sendNext() {
        sending.lock();
        try {
            FileOwner owner = noted.get();
            while (owner != end && !noted.compareAndSet(owner, owner.nextNoted)) {
                owner = noted.get();
            }
            if (owner != end) {
                owner.nextNoted = end;
                int bands = owner.takeBands();
                for (@Bound(BANDS) int band = 0; band < BANDS; band++) {
                    if ((bands >> band & 1) != 0) {
                        send(owner, band);
                    }
                }
            }
        } finally {
            sending.unlock();
        }
    }

    private void send(FileOwner owner, int band) {
        if (!(owner.target() instanceof OwnerTarget target)) {
            return;
        }
        int number = owner.signal();
        SignalInfo info = 1 << band == FileOwner.URGENT
                ? SignalInfo.fromKernel(SIGURG)
                : number == 0 ? SignalInfo.fromKernel(SIGIO) : informing(owner, number, band);
        if (target.type() == SignalTarget.GROUP) {
            sendToGroup(target, info);
        } else if (target.type() == SignalTarget.PROCESS) {
            target.process().ifPresent(process -> sendTo(target, process, info));
        } else {
            target.thread().ifPresent(thread -> sendTo(target, thread, info));
        }
    }

    private static SignalInfo informing(FileOwner owner, int number, int band) {
        int code = (SignalNumber.bit(number) & OWN_CODES) != 0 ? Signal.SI_SIGIO : band + 1;
        return new SignalInfo(number, code, eventsOf(band), Integer.toUnsignedLong(owner.descriptor()), 0, 0);
    }

    /** What {@code si_band} says. */
    private static int eventsOf(int band) {
        return switch (1 << band) {
            case FileOwner.BAND_IN -> Poll.POLLIN | Poll.POLLRDNORM;
            case FileOwner.BAND_MESSAGE -> Poll.POLLIN | Poll.POLLRDNORM | Poll.POLLMSG;
            case FileOwner.BAND_URGENT -> Poll.POLLPRI | Poll.POLLRDBAND;
            case FileOwner.BAND_OUT -> Poll.POLLOUT | Poll.POLLWRNORM | Poll.POLLWRBAND;
            default -> Poll.POLLHUP | Poll.POLLERR;
        };
    }

    private static void sendTo(OwnerTarget target, Process process, SignalInfo info) {
        if (target.allows(process.credentials()) && Signals.send(process, info) < 0) {
            Signals.sendFromKernel(process, SIGIO);
        }
    }

    private static void sendTo(OwnerTarget target, UserThread thread, SignalInfo info) {
        if (target.allows(thread.identity()) && Signals.send(thread, info) < 0) {
            Signals.send(thread, SignalInfo.fromKernel(SIGIO));
        }
    }

    /** A real-time signal to a group tells nothing, so that it takes no object for each process. */
    private void sendToGroup(OwnerTarget target, SignalInfo info) {
        ProcessTable table = system.table();
        table.lock();
        try {
            for (Process process = table.first(); process != null; process = process.nextInTable) {
                Credentials receiver = process.credentials();
                if (process.group() == target.group() && !process.isZombie() && target.allows(receiver)) {
                    if (info.number() < SignalNumber.FIRST_REAL_TIME) {
                        Signals.sendStandard(process, info);
                    } else {
                        Signals.sendFromKernel(process, info.number());
                    }
                }
            }
        } finally {
            table.unlock();
        }
    }
}

package biscotti.file.tty;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Restart.ERESTARTSYS;

import biscotti.abi.Poll;
import biscotti.abi.SignalNumber;
import biscotti.abi.Termios;
import biscotti.file.Caller;
import biscotti.file.JobMember;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.machine.Clock;
import biscotti.sched.KernelThread;
import biscotti.sched.LockRank;
import biscotti.sched.RankedLock;
import biscotti.sched.WaitQueue;
import biscotti.sched.Waiter;

/**
 * A terminal: a line discipline between programs and a line, a window size, and the session and foreground process group
 * that it belongs to.
 *
 * <p>Input arrives in {@link #receive} on a driver's thread; signals that it causes are sent after the terminal's lock was
 * released, as sending takes locks of processes.
 *
 * <p>A <i>plain</i> terminal passes bytes as they are and does not look like a terminal to programs: its ioctls answer
 * ENOTTY. It stands for a pipe on the host's side, and can reach its end.
 */
public final class Tty {
    private static final long NANOS_PER_TENTH = 100_000_000;
    private static final int CHUNK = 512;

    private final TerminalLine line;
    private final ProcessGroups groups;
    private final Clock clock;
    private final int device;
    private final boolean plain;

    private final RankedLock lock = new RankedLock(LockRank.TERMINAL);
    private final OutputProcessor processor = new OutputProcessor();
    private final LineDiscipline discipline = new LineDiscipline(processor);
    private boolean ended;
    /** Which bits of the settings keep their values. */
    private volatile TerminalSettings locked = TerminalSettings.NOTHING_LOCKED;
    // Written under the lock.
    private volatile TerminalSettings settings;
    private volatile long size = WindowSize.UNKNOWN;
    /** How often the terminal was hung up: what was opened before is dead. */
    private volatile int hangUps;

    private final TtyOwner owner = new TtyOwner();

    private final WaitQueue readers = new WaitQueue();
    private final WaitQueue writers = new WaitQueue();
    private final Watchers watchers = new Watchers();

    /**
     * A terminal that belongs to nobody yet.
     *
     * @param device its number, for stat(2) and ps(1)
     * @param plain whether it passes bytes as they are and does not look like a terminal
     */
    public Tty(TerminalLine line, ProcessGroups groups, Clock clock, int device, boolean plain) {
        this.line = line;
        this.groups = groups;
        this.clock = clock;
        this.device = device;
        this.plain = plain;
        settings = plain ? TerminalSettings.raw() : TerminalSettings.initial();
    }

    /** Its device number. */
    public int device() {
        return device;
    }

    /** Whether it does not look like a terminal. */
    boolean isPlain() {
        return plain;
    }

    /** The session that it controls; 0 for none. */
    public int session() {
        return owner.session();
    }

    /** The process group that reads from it; 0 for none. */
    public int foreground() {
        return owner.foreground();
    }

    /** Who is told when readiness changes. */
    Watchers watchers() {
        return watchers;
    }

    // The side of the line.

    /**
     * How many bytes the line may hand over now without loss. A terminal always takes what is typed and loses what nobody
     * reads; a plain one makes the line wait.
     */
    public int room() {
        if (!plain) {
            return Integer.MAX_VALUE;
        }
        lock.lock();
        try {
            return discipline.room();
        } finally {
            lock.unlock();
        }
    }

    /** Takes what was typed. For the line's thread: does not block. */
    public void receive(byte[] bytes, int count) {
        int signals;
        lock.lock();
        try {
            boolean wasStopped = discipline.stopped();
            for (int i = 0; i < count; i++) {
                discipline.input(settings, bytes[i]);
            }
            sendEcho();
            if (discipline.isReadable(settings)) {
                readers.wakeOne();
            }
            if (wasStopped != discipline.stopped()) {
                line.noteEvents(wasStopped ? Packet.START : Packet.STOP);
                writers.wakeAll();
            }
            signals = discipline.takeSignals();
            watchers.tell(Poll.READABLE | Poll.WRITABLE);
        } finally {
            lock.unlock();
        }
        signal(owner.foreground(), signals);
    }

    private void sendEcho() {
        if (discipline.echoLength() > 0) {
            line.offer(discipline.echo(), 0, discipline.echoLength());
            discipline.echoSent();
        }
    }

    /** Sends signals, bit n stands for signal n, to a group if there is one. No lock held. */
    private void signal(int group, int signals) {
        for (int rest = signals; rest != 0 && group != 0; rest &= rest - 1) {
            groups.signal(group, Integer.numberOfTrailingZeros(rest));
        }
    }

    /** The line has ended: after what was typed, readers find the end of file for ever. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            readers.wakeAll();
            watchers.tell(Poll.READABLE | Poll.POLLHUP);
        } finally {
            lock.unlock();
        }
    }

    /** The window has a new {@link WindowSize}: SIGWINCH for the foreground group. */
    public void resize(long next) {
        lock.lock();
        boolean changed = next != size;
        size = next;
        lock.unlock();
        if (changed) {
            signal(owner.foreground(), 1 << SignalNumber.SIGWINCH);
        }
    }

    /** The {@link WindowSize}. */
    long size() {
        return size;
    }

    /** There is room again in {@link TerminalLine#outputRoom}. The caller holds no lock of the line. */
    public void outputPossible() {
        lock.lock();
        writers.wakeAll();
        lock.unlock();
        watchers.tell(Poll.WRITABLE);
    }

    /**
     * How many bytes can be typed without losing one: a line that is too long loses its end, so that the one who types is not
     * held up for ever.
     */
    public int typingRoom() {
        lock.lock();
        try {
            boolean endless = settings.canonical() && !discipline.isReadable(settings);
            return endless ? Integer.MAX_VALUE : discipline.room();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The line is gone, or vhangup(2): whoever has the terminal open reads its end and can do nothing more with it, the leader of
     * the session hears SIGHUP and SIGCONT, and the session has no terminal any more.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    public void hangUp() {
        lock.lock();
        int left = owner.session();
        hangUps++;
        discipline.flush();
        discipline.setStopped(false);
        owner.release();
        readers.wakeAll();
        writers.wakeAll();
        watchers.tell(Poll.READABLE | Poll.WRITABLE | Poll.POLLERR | Poll.POLLHUP);
        lock.unlock();
        if (left != 0) {
            groups.hangUpLeader(left);
        }
    }

    /** How often it was hung up; an open file that is older than the last time is dead. */
    int hangUps() {
        return hangUps;
    }

    /** Sends a signal to the foreground group, as if a character had caused it: TIOCSIG of tty_ioctl(2). */
    void signalForegroundBy(int signal) {
        signal(owner.foreground(), 1 << signal);
    }

    // The side of programs.

    /**
     * read(2).
     *
     * @return how many bytes, 0 at the end of file; -EAGAIN; -EIO for a background process that ignores SIGTTIN or has nobody
     *     to continue it
     */
    long read(Caller caller, Transfer to, boolean blocking) {
        byte[] chunk = new byte[Math.clamp(to.remaining(), 0, CHUNK)];
        long done = 0;
        lock.lock();
        try {
            int error = await(caller, to.remaining(), blocking);
            if (error < 0) {
                return error;
            }
            boolean canonical = settings.canonical();
            boolean more = true;
            while (more && to.remaining() > 0 && discipline.isReadable(settings)) {
                int count = discipline.read(settings, chunk, (int) Math.min(chunk.length, to.remaining()));
                if (count > 0 && to.put(chunk, 0, count) < 0) {
                    return done > 0 ? done : -biscotti.abi.Errno.EFAULT;
                }
                done += count;
                more = canonical ? count == chunk.length && chunk[count - 1] != '\n' : count > 0;
            }
            if (discipline.isReadable(settings)) {
                readers.wakeOne();
            }
        } finally {
            lock.unlock();
        }
        line.inputWanted();
        return done;
    }

    /** Waits until a read can return: 0 then, or an errno. Lock held. */
    private int await(Caller caller, long wanted, boolean blocking) {
        long began = clock.monotonicNanos();
        int known = hangUps;
        int seen = 0;
        while (true) {
            int error = checkBackground(caller, SignalNumber.SIGTTIN);
            if (error < 0) {
                return error;
            }
            boolean canonical = settings.canonical();
            int least = settings.character(Termios.VMIN);
            long tenths = settings.character(Termios.VTIME);
            int there = canonical ? 0 : discipline.available(settings);
            if (hangUps != known) {
                return 0;
            }
            boolean enough =
                    canonical ? discipline.isReadable(settings) : there > 0 && there >= Math.min(least, wanted);
            if (enough || ended || wanted == 0) {
                return 0;
            }
            if (!blocking) {
                return there > 0 ? 0 : -EAGAIN;
            }
            boolean timed = !canonical && tenths > 0 && (least == 0 || there > 0);
            if (!canonical && least == 0 && !timed) {
                return 0;
            }
            if (there != seen) {
                began = clock.monotonicNanos();
                seen = there;
            }
            long deadline = timed ? began + tenths * NANOS_PER_TENTH : Waiter.FOREVER;
            error = readers.await(KernelThread.current(), lock, deadline);
            if (error == Waiter.TIMED_OUT) {
                return 0;
            }
            if (error < 0) {
                return -ERESTARTSYS;
            }
        }
    }

    /**
     * Stops a process that is not in the foreground: it gets a signal and does its call again when it is continued.
     *
     * @param signal SIGTTIN or SIGTTOU
     * @return 0 if it may go on; -ERESTARTSYS; -EIO
     */
    private int checkBackground(Caller caller, int signal) {
        JobMember job = caller.job();
        if (plain || !owner.hasBehind(job)) {
            return 0;
        }
        boolean reads = signal == SignalNumber.SIGTTIN;
        if (job.refuses(signal)) {
            return reads ? -EIO : 0;
        }
        lock.unlock();
        try {
            if (job.inOrphanedGroup()) {
                return -EIO;
            }
            job.signalGroup(signal);
            return -ERESTARTSYS;
        } finally {
            lock.lock();
        }
    }

    /** As {@link #checkBackground}, for what changes the terminal (tcsetattr(3)) or, with TOSTOP, writes. */
    int checkChange(Caller caller) {
        lock.lock();
        try {
            return checkBackground(caller, SignalNumber.SIGTTOU);
        } finally {
            lock.unlock();
        }
    }

    /** write(2): how many bytes, or an errno. */
    long write(Caller caller, Transfer from, boolean blocking) {
        byte[] chunk = new byte[Math.clamp(from.remaining(), 0, CHUNK)];
        byte[] out = new byte[chunk.length * 2 + OutputProcessor.LONGEST];
        long done = 0;
        while (from.remaining() > 0) {
            int count = (int) Math.min(chunk.length, from.remaining());
            int error = from.take(chunk, 0, count);
            if (error == 0) {
                error = writeChunk(caller, chunk, count, out, blocking);
            }
            if (error < 0) {
                return done > 0 ? done : error;
            }
            done += error;
            if (error < count) {
                return done;
            }
        }
        return done;
    }

    /** Writes some bytes: how many, fewer if a signal came or the line is full, or an errno. */
    private int writeChunk(Caller caller, byte[] chunk, int count, byte[] out, boolean blocking) {
        int done = 0;
        while (done < count) {
            int from = done;
            int length = 0;
            lock.lock();
            try {
                int error = awaitOutput(caller, blocking);
                if (error < 0) {
                    return done > 0 ? done : error;
                }
                int room = line.outputRoom();
                int most = Math.min(out.length, room);
                while (done < count && length + OutputProcessor.LONGEST <= most) {
                    length = processor.process(settings, chunk[done++], out, length);
                }
                if (room != Integer.MAX_VALUE) {
                    line.offer(out, 0, length);
                    length = 0;
                }
            } finally {
                lock.unlock();
            }
            if (length == 0) {
                continue;
            }
            int sent = blocking ? line.write(KernelThread.current(), out, 0, length) : line.offer(out, 0, length);
            if (sent < length) {
                int part = from + (int) ((long) (done - from) * sent / length);
                return part > 0 ? part : blocking ? -ERESTARTSYS : -EAGAIN;
            }
        }
        return done;
    }

    /** Waits while output is stopped (^S) or the line has no room. Lock held. */
    private int awaitOutput(Caller caller, boolean blocking) {
        int known = hangUps;
        while (true) {
            int error = settings.local(Termios.TOSTOP) ? checkBackground(caller, SignalNumber.SIGTTOU) : 0;
            boolean full = line.outputRoom() < OutputProcessor.LONGEST;
            if (hangUps != known) {
                return -EIO;
            }
            if (error < 0 || !discipline.stopped() && !full) {
                return error;
            }
            if (!blocking) {
                return -EAGAIN;
            }
            if (writers.await(KernelThread.current(), lock, Waiter.FOREVER) < 0) {
                return -ERESTARTSYS;
            }
        }
    }

    /** What is ready. */
    int events() {
        lock.lock();
        try {
            boolean canonical = settings.canonical();
            int least = settings.character(Termios.VTIME) > 0 ? 1 : Math.max(1, settings.character(Termios.VMIN));
            boolean readable = canonical ? discipline.isReadable(settings) : discipline.available(settings) >= least;
            int in = readable || ended ? Poll.READABLE : 0;
            boolean writable = !discipline.stopped() && line.outputRoom() >= OutputProcessor.LONGEST;
            return in | (ended && !plain ? Poll.POLLHUP : 0) | (writable ? Poll.WRITABLE : 0);
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes a read could get: FIONREAD. */
    int available() {
        lock.lock();
        try {
            return discipline.available(settings);
        } finally {
            lock.unlock();
        }
    }

    // Settings.

    /** The settings. */
    TerminalSettings settings() {
        return settings;
    }

    /** Which bits of the settings keep their values. */
    TerminalSettings lockedSettings() {
        return locked;
    }

    /** Says which bits of the settings keep their values. */
    void lockSettings(TerminalSettings bits) {
        locked = bits;
    }

    /** Sets the settings, but for those that are locked. */
    void setSettings(TerminalSettings wanted) {
        lock.lock();
        try {
            TerminalSettings next = wanted.withLocked(settings, locked);
            discipline.settingsChanged(settings, next);
            line.noteEvents(Packet.ofChange(settings, next));
            settings = next;
            if (!next.input(Termios.IXON)) {
                discipline.setStopped(false);
            }
            readers.wakeAll();
            writers.wakeAll();
            watchers.tell(Poll.READABLE | Poll.WRITABLE);
        } finally {
            lock.unlock();
        }
        line.inputWanted();
    }

    /** Forgets what was typed and not read: TCIFLUSH. */
    void flushInput() {
        lock.lock();
        try {
            discipline.flush();
            line.noteEvents(Packet.FLUSHREAD);
        } finally {
            lock.unlock();
        }
        line.inputWanted();
    }

    /** Forgets what was written and not sent yet: TCOFLUSH. */
    void flushOutput() {
        line.discardOutput();
        line.noteEvents(Packet.FLUSHWRITE);
    }

    /** Sends a byte to the line before all others, whether output is stopped or not: TCIOFF, TCION. */
    void sendFirst(int which) {
        lock.lock();
        int character = settings.character(which);
        if (character != Termios.DISABLED) {
            line.offer(new byte[] {(byte) character}, 0, 1);
        }
        lock.unlock();
    }

    /** What it is connected to. */
    TerminalLine line() {
        return line;
    }

    /** Stops or restarts output: TCOOFF, TCOON. */
    void stopOutput(boolean stop) {
        lock.lock();
        try {
            if (discipline.stopped() != stop) {
                line.noteEvents(stop ? Packet.STOP : Packet.START);
            }
            discipline.setStopped(stop);
            if (!stop) {
                writers.wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all output has left: 0 or -ERESTARTSYS. */
    int drain() {
        return line.flush(KernelThread.current()) < 0 ? -ERESTARTSYS : 0;
    }

    // Job control.

    /**
     * The session of a process that leads it and has no terminal gets this one, if nobody has it: true if so.
     *
     * @param steals whether it may be another session's, which then has none: TIOCSCTTY with the argument 1
     */
    boolean claim(JobMember leader, boolean steals) {
        lock.lock();
        try {
            if (owner.session() != 0 && !steals || plain) {
                return false;
            }
            owner.take(leader, this);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whose it is. */
    TtyOwner owner() {
        return owner;
    }

    /** The leader of the session gives the terminal up: the foreground group gets SIGHUP and SIGCONT (TIOCNOTTY of tty_ioctl(4)). */
    void disown() {
        leave(true);
    }

    /** The leader of the session has ended. The foreground group of a pseudo terminal hears SIGHUP only, as on Linux. */
    void leaderExited() {
        leave(!line.isPseudo());
    }

    private void leave(boolean continues) {
        int group = owner.foreground();
        lock.lock();
        owner.release();
        lock.unlock();
        signal(group, 1 << SignalNumber.SIGHUP | (continues ? 1 << SignalNumber.SIGCONT : 0));
    }

    /** The session that a group is in; 0 if there is no such group. */
    int sessionOf(int group) {
        return groups.sessionOf(group);
    }
}

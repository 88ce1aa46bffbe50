package biscotti.file;

import biscotti.abi.Poll;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who hears by signal what happens to an open file, and by which: F_SETOWN, F_SETSIG and O_ASYNC of fcntl(2). It watches its file
 * while O_ASYNC is set. What is settled by F_SETOWN and F_SETSIG is read and written each on its own, so no lock is needed.
 */
public final class FileOwner extends Watchers.Watch {
    /** There is something to read: POLL_IN of sigaction(2). */
    public static final int BAND_IN = 1;

    /** There is room to write: POLL_OUT. */
    public static final int BAND_OUT = 1 << 1;

    /** A lease on the file breaks: POLL_MSG. */
    public static final int BAND_MESSAGE = 1 << 2;

    /** There is something urgent to read: POLL_PRI. */
    public static final int BAND_URGENT = 1 << 4;

    /** The other side is gone: POLL_HUP. */
    public static final int BAND_HANG_UP = 1 << 5;

    /** No band: a byte was sent with MSG_OOB, of which SIGURG tells also without O_ASYNC. */
    public static final int URGENT = 1 << 6;

    /** How a kind of file is driven by signals. */
    public enum Drive {
        /** Not at all. */
        NONE,
        /** Each end hears what concerns it. */
        PIPE,
        /** Room is told to who has found none. */
        SOCKET,
        /** Only what can be read is told. */
        TERMINAL
    }

    private final OpenFile file;
    private final FileSignals signals;
    private final AtomicInteger bands = new AtomicInteger();
    private volatile SignalTarget target = SignalTarget.NOBODY;
    private volatile int signal;
    private volatile int descriptor;
    private volatile boolean wantsRoom;

    /** The next one of those that have something to send; for {@link FileSignals}. */
    public FileOwner nextNoted;

    FileOwner(OpenFile file, FileSignals signals) {
        this.file = file;
        this.signals = signals;
    }

    /** One that is never noted. */
    public static FileOwner none() {
        return new FileOwner(OpenFile.CLOSED, FileSignals.NONE);
    }

    /** Who hears of the file. */
    public SignalTarget target() {
        return target;
    }

    /** Sets {@link #target}. */
    public void setTarget(SignalTarget chosen) {
        target = chosen;
    }

    /** The signal that tells everything; 0 for SIGIO, which tells nothing. */
    public int signal() {
        return signal;
    }

    /** Sets {@link #signal}. */
    public void setSignal(int number) {
        signal = number;
    }

    /** The descriptor by which O_ASYNC was set, or a lease was taken: {@code si_fd}. */
    public int descriptor() {
        return descriptor;
    }

    /** Sets {@link #descriptor}. */
    public void setDescriptor(int number) {
        descriptor = number;
    }

    /** A write has found no room: the next room is told. */
    public void noteNoRoom() {
        wantsRoom = true;
    }

    /** A byte was sent with MSG_OOB. */
    public void noteUrgent() {
        if (target != SignalTarget.NOBODY) {
            note(URGENT);
        }
    }

    @Override
    protected boolean changed(int events) {
        int told = bandsOf(events);
        if (told != 0 && target != SignalTarget.NOBODY) {
            note(told);
        }
        return true;
    }

    /** Something has happened that is to be sent: a union of bands, or any bit for what has no band. */
    void note(int told) {
        int before;
        do {
            before = bands.get();
        } while (!bands.compareAndSet(before, before | told));
        if (before == 0) {
            signals.note(this);
        }
    }

    private int bandsOf(int events) {
        boolean in = (events & Poll.READABLE) != 0;
        boolean out = (events & Poll.WRITABLE) != 0;
        boolean hangUp = (events & Poll.POLLHUP) != 0;
        boolean urgent = (events & Poll.POLLPRI) != 0;
        return switch (file.drive()) {
            case PIPE -> (in && file.readable() ? BAND_IN : 0) | (out && file.writable() ? BAND_OUT : 0);
            case SOCKET ->
                (urgent ? BAND_URGENT : 0) | (hangUp ? BAND_HANG_UP : in ? BAND_IN : 0) | (out ? takeRoom() : 0);
            case TERMINAL -> in ? BAND_IN : 0;
            case NONE -> 0;
        };
    }

    private int takeRoom() {
        boolean wanted = wantsRoom;
        wantsRoom = false;
        return wanted ? BAND_OUT : 0;
    }

    /** What is to be sent now, a union of bands; it is forgotten. No lock is held. */
    public int takeBands() {
        int taken = bands.getAndSet(0);
        if ((taken & (BAND_IN | BAND_HANG_UP)) == 0) {
            return taken;
        }
        int events = file.ownEvents();
        if (file.drive() == Drive.TERMINAL) {
            return (events & Poll.READABLE) == 0 ? taken & ~BAND_IN : taken;
        }
        // Who has been told of a hang-up may find that only one direction is closed.
        boolean half = (taken & BAND_HANG_UP) != 0 && (events & Poll.POLLHUP) == 0;
        return half ? taken & ~BAND_HANG_UP | BAND_IN : taken;
    }
}

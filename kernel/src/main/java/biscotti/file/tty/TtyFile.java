package biscotti.file.tty;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Ioctl;
import biscotti.abi.OpenFlags;
import biscotti.abi.Termios;
import biscotti.file.Caller;
import biscotti.file.JobMember;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.memory.UserMemory;

/** A terminal, opened: tty(4), tty_ioctl(4). */
public final class TtyFile extends OpenFile {
    private static final int WINDOW_SIZE = 8;
    private static final int TCOOFF = 0;
    private static final int TCOON = 1;
    private static final int TCIFLUSH = 0;
    private static final int TCIOFLUSH = 2;

    private final Tty tty;

    private TtyFile(Tty tty, Place place, int flags) {
        super(place, flags);
        this.tty = tty;
    }

    /** Opens a terminal; a session leader without one gets it as its controlling terminal, unless O_NOCTTY says no. */
    public static int open(Tty tty, Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        JobMember job = caller.job();
        boolean mayClaim = (flags & OpenFlags.O_NOCTTY) == 0
                && job.leadsSession()
                && job.terminal().get().isEmpty();
        if (mayClaim) {
            tty.claim(job);
        }
        return opened.put(new TtyFile(tty, place, flags));
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        return tty.read(caller, to, blocking());
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return tty.write(caller, from, blocking());
    }

    @Override
    public int ownEvents() {
        return tty.events();
    }

    @Override
    public Watchers watchers() {
        return tty.watchers();
    }

    @Override
    public long control(Caller caller, int request, long argument) {
        UserMemory memory = caller.memory();
        if (request == Ioctl.FIONREAD) {
            return memory.writeInt(argument, tty.available());
        }
        if (tty.isPlain()) {
            return -ENOTTY;
        }
        return switch (request) {
            case Ioctl.TCGETS -> memory.write(argument, tty.settings().encode(), 0, Termios.SIZE);
            case Ioctl.TCSETS, Ioctl.TCSETSW, Ioctl.TCSETSF -> setSettings(caller, request, argument);
            case Ioctl.TIOCGWINSZ -> writeSize(memory, argument);
            case Ioctl.TIOCSWINSZ -> setSize(memory, argument);
            case Ioctl.TIOCGPGRP -> isOwn(caller) ? memory.writeInt(argument, tty.foreground()) : -ENOTTY;
            case Ioctl.TIOCSPGRP -> setForeground(caller, argument);
            case Ioctl.TIOCGSID -> isOwn(caller) ? memory.writeInt(argument, tty.session()) : -ENOTTY;
            case Ioctl.TIOCSCTTY -> claim(caller);
            case Ioctl.TIOCNOTTY -> disown(caller);
            case Ioctl.TCFLSH -> flush(argument);
            case Ioctl.TCXONC -> flow(argument);
            case Ioctl.TCSBRK, Ioctl.TCSBRKP -> drain(caller);
            case Ioctl.TIOCOUTQ -> memory.writeInt(argument, 0);
            default -> -ENOTTY;
        };
    }

    /** Whether it is the caller's controlling terminal. */
    private boolean isOwn(Caller caller) {
        return tty.session() != 0 && tty.session() == caller.job().session();
    }

    private long setSettings(Caller caller, int request, long argument) {
        byte[] structure = new byte[Termios.SIZE];
        int error = caller.memory().read(argument, structure, 0, Termios.SIZE);
        if (error == 0) {
            error = tty.checkChange(caller);
        }
        if (error == 0 && request != Ioctl.TCSETS) {
            error = tty.drain();
        }
        if (error < 0) {
            return error;
        }
        if (request == Ioctl.TCSETSF) {
            tty.flushInput();
        }
        tty.setSettings(TerminalSettings.decode(structure));
        return 0;
    }

    /** struct winsize: rows, columns, and a size in pixels that nobody knows, two bytes each. */
    private long writeSize(UserMemory memory, long address) {
        long size = tty.size();
        long rows = size >>> Integer.SIZE;
        return memory.writeLong(address, rows & 0xffff | (size & 0xffff) << Short.SIZE);
    }

    private long setSize(UserMemory memory, long address) {
        byte[] structure = new byte[WINDOW_SIZE];
        int error = memory.read(address, structure, 0, WINDOW_SIZE);
        if (error == 0) {
            int rows = structure[0] & 0xff | (structure[1] & 0xff) << Byte.SIZE;
            int columns = structure[2] & 0xff | (structure[3] & 0xff) << Byte.SIZE;
            tty.resize(columns, rows);
        }
        return error;
    }

    private long setForeground(Caller caller, long address) {
        if (!isOwn(caller)) {
            return -ENOTTY;
        }
        int error = tty.checkChange(caller);
        if (error < 0) {
            return error;
        }
        long group = caller.memory().readInt(address);
        if (group < 0) {
            return group;
        }
        if ((int) group <= 0) {
            return -EINVAL;
        }
        int session = tty.sessionOf((int) group);
        if (session == 0) {
            return -ESRCH;
        }
        if (session != caller.job().session()) {
            return -EPERM;
        }
        tty.setForeground((int) group);
        return 0;
    }

    private long claim(Caller caller) {
        JobMember job = caller.job();
        if (isOwn(caller) && job.leadsSession()) {
            return 0;
        }
        boolean may = job.leadsSession() && job.terminal().get().isEmpty();
        return may && tty.claim(job) ? 0 : -EPERM;
    }

    private long disown(Caller caller) {
        if (!isOwn(caller)) {
            return -ENOTTY;
        }
        if (caller.job().leadsSession()) {
            tty.disown(caller.job().terminal());
        }
        return 0;
    }

    private long flush(long queue) {
        if (queue < TCIFLUSH || queue > TCIOFLUSH) {
            return -EINVAL;
        }
        if (queue == TCIFLUSH || queue == TCIOFLUSH) {
            tty.flushInput();
        }
        return 0;
    }

    private long flow(long action) {
        if (action == TCOOFF || action == TCOON) {
            tty.stopOutput(action == TCOOFF);
            return 0;
        }
        return action < 0 || action > 3 ? -EINVAL : 0;
    }

    private long drain(Caller caller) {
        int error = tty.checkChange(caller);
        return error < 0 ? error : tty.drain();
    }
}

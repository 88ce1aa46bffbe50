package biscotti.file.tty;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOTTY;

import biscotti.abi.AtFlags;
import biscotti.abi.Ioctl;
import biscotti.abi.OpenFlags;
import biscotti.abi.SignalNumber;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.OpenCall;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Transfer;
import biscotti.file.Watchers;
import biscotti.memory.UserMemory;

/** The master of a pseudo terminal, opened: ptmx(4), ioctl_tty(2). */
final class PtyMaster extends OpenFile {
    private final Pty pty;

    PtyMaster(Pty pty, Place place, int flags) {
        super(place, flags);
        this.pty = pty;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        return pty.readByMaster(to, blocking());
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return pty.writeByMaster(from, blocking());
    }

    @Override
    public FileOwner.Drive drive() {
        return FileOwner.Drive.TERMINAL;
    }

    @Override
    public int ownEvents() {
        return pty.masterEvents();
    }

    @Override
    public Watchers watchers() {
        return pty.masterWatchers();
    }

    @Override
    protected void closed() {
        pty.closeMaster();
    }

    @Override
    public long control(Caller caller, int request, long argument) {
        UserMemory memory = caller.memory();
        return switch (request) {
            case Ioctl.FIONREAD -> memory.writeInt(argument, pty.available());
            case Ioctl.TIOCGPTN -> memory.writeInt(argument, pty.index());
            case Ioctl.TIOCSPTLCK -> setLocked(memory, argument);
            case Ioctl.TIOCGPTLCK -> memory.writeInt(argument, pty.isLocked() ? 1 : 0);
            case Ioctl.TIOCPKT -> setPacketMode(memory, argument);
            case Ioctl.TIOCGPKT -> memory.writeInt(argument, pty.inPacketMode() ? 1 : 0);
            case Ioctl.TIOCSIG -> signal((int) argument);
            case Ioctl.TIOCGPTPEER -> openPeer(caller, (int) argument);
            case Ioctl.TIOCNOTTY -> -ENOTTY;
            case Ioctl.TIOCGDEV -> memory.writeInt(argument, Ptys.PTMX);
            case Ioctl.TCFLSH -> flush(argument);
            default -> TtyControl.control(pty.slave(), caller, request, argument, this, true);
        };
    }

    private long setLocked(UserMemory memory, long argument) {
        long value = memory.readInt(argument);
        if (value >= 0) {
            pty.setLocked(value != 0);
        }
        return Math.min(0, value);
    }

    private long setPacketMode(UserMemory memory, long argument) {
        long value = memory.readInt(argument);
        if (value >= 0) {
            pty.setPacketMode(value != 0);
        }
        return Math.min(0, value);
    }

    private long signal(int number) {
        if (number < 1 || number >= SignalNumber.FIRST_REAL_TIME) {
            return -EINVAL;
        }
        pty.slave().signalForegroundBy(number);
        return 0;
    }

    /** TIOCGPTPEER: opens the slave as if its node was found by its path, which must be where it usually is. */
    private long openPeer(Caller caller, int flags) {
        Slot<OpenFile> opened = new Slot<>();
        int error = OpenCall.open(caller, AtFlags.AT_FDCWD, "/dev/pts/" + pty.index(), flags, 0, opened);
        if (error < 0) {
            return error;
        }
        OpenFile file = opened.get();
        if (file.vnode().deviceNumber() != pty.slave().device()) {
            file.release();
            return -EIO;
        }
        int descriptor = caller.files().install(file, (flags & OpenFlags.O_CLOEXEC) != 0, caller.openFilesLimit());
        if (descriptor < 0) {
            file.release();
        }
        return descriptor;
    }

    private long flush(long queue) {
        if (queue < TtyControl.TCIFLUSH || queue > TtyControl.TCIOFLUSH) {
            return -EINVAL;
        }
        if (queue != TtyControl.TCOFLUSH) {
            pty.discardOutput();
        }
        return 0;
    }
}

package biscotti.file.tty;

import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOTTY;
import static biscotti.abi.Errno.EPERM;
import static biscotti.abi.Errno.ESRCH;

import biscotti.abi.Ioctl;
import biscotti.abi.Termios;
import biscotti.file.Caller;
import biscotti.file.Identity;
import biscotti.file.JobMember;
import biscotti.file.OpenFile;
import biscotti.memory.UserMemory;

/**
 * The requests of ioctl_tty(2) that a terminal and the master of a pseudo terminal have in common. A master's are about its
 * slave, and never stop the caller as a background process.
 */
final class TtyControl {
    static final int TCIFLUSH = 0;
    static final int TCOFLUSH = 1;
    static final int TCIOFLUSH = 2;

    private static final int TCOOFF = 0;
    private static final int TCOON = 1;
    private static final int TCIOFF = 2;
    private static final int TCION = 3;

    private final Tty tty;
    private final Caller caller;
    private final OpenFile file;
    private final boolean master;

    private TtyControl(Tty tty, Caller caller, OpenFile file, boolean master) {
        this.tty = tty;
        this.caller = caller;
        this.file = file;
        this.master = master;
    }

    /** Does what is asked: a result or an errno, -ENOTTY for what no terminal knows. */
    static long control(Tty tty, Caller caller, int request, long argument, OpenFile file, boolean master) {
        return new TtyControl(tty, caller, file, master).control(request, argument);
    }

    private long control(int request, long argument) {
        UserMemory memory = caller.memory();
        return switch (request) {
            case Ioctl.TCGETS -> memory.write(argument, tty.settings().encode(), 0, Termios.SIZE);
            case Ioctl.TCGETS2 -> memory.write(argument, tty.settings().encode(), 0, Termios.SIZE2);
            case Ioctl.TCSETS, Ioctl.TCSETSW, Ioctl.TCSETSF ->
                setSettings(request - Ioctl.TCSETS, argument, Termios.SIZE);
            case Ioctl.TCSETS2, Ioctl.TCSETSW2, Ioctl.TCSETSF2 ->
                setSettings(request - Ioctl.TCSETS2, argument, Termios.SIZE2);
            case Ioctl.TCGETA -> memory.write(argument, tty.settings().encodeShort(), 0, Termios.TERMIO_SIZE);
            case Ioctl.TCSETA, Ioctl.TCSETAW, Ioctl.TCSETAF ->
                setSettings(request - Ioctl.TCSETA, argument, Termios.TERMIO_SIZE);
            case Ioctl.TIOCGLCKTRMIOS ->
                memory.write(argument, tty.lockedSettings().encode(), 0, Termios.SIZE);
            case Ioctl.TIOCSLCKTRMIOS -> lockSettings(argument);
            case Ioctl.TIOCGWINSZ -> memory.writeLong(argument, tty.size());
            case Ioctl.TIOCSWINSZ -> setSize(argument);
            case Ioctl.TIOCGPGRP -> isReachable() ? memory.writeInt(argument, tty.foreground()) : -ENOTTY;
            case Ioctl.TIOCSPGRP -> setForeground(argument);
            case Ioctl.TIOCGSID ->
                isReachable() && tty.session() != 0 ? memory.writeInt(argument, tty.session()) : -ENOTTY;
            case Ioctl.TIOCSCTTY -> claim(argument);
            case Ioctl.TIOCNOTTY -> disown();
            case Ioctl.TCFLSH -> flush(argument);
            case Ioctl.TCXONC -> flow(argument);
            case Ioctl.TCSBRK, Ioctl.TCSBRKP -> drain();
            case Ioctl.TIOCSBRK, Ioctl.TIOCCBRK -> change();
            case Ioctl.TIOCOUTQ -> memory.writeInt(argument, 0);
            case Ioctl.TIOCSTI -> type(argument);
            case Ioctl.TIOCEXCL, Ioctl.TIOCNXCL -> {
                tty.owner().setExclusive(request == Ioctl.TIOCEXCL);
                yield 0;
            }
            case Ioctl.TIOCGEXCL -> memory.writeInt(argument, tty.owner().isExclusive() ? 1 : 0);
            case Ioctl.TIOCGETD -> memory.writeInt(argument, 0);
            case Ioctl.TIOCSETD -> setDiscipline(argument);
            case Ioctl.TIOCVHANGUP -> hangUp();
            case Ioctl.TIOCGPTPEER -> -EIO;
            case Ioctl.TIOCGDEV -> memory.writeInt(argument, tty.device());
            default -> -ENOTTY;
        };
    }

    /** As vhangup(2), but of this terminal. */
    private long hangUp() {
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        tty.hangUp();
        return 0;
    }

    /** Whether it is the caller's controlling terminal. */
    private boolean isOwn() {
        JobMember job = caller.job();
        return tty.session() != 0 && tty.session() == job.session() && !job.hasGivenUpTerminal();
    }

    /** Whether the caller may ask whose it is. */
    private boolean isReachable() {
        return master || isOwn();
    }

    /** Stops a background process that would change the terminal: 0 if it may. */
    private int change() {
        return master ? 0 : tty.checkChange(caller);
    }

    /**
     * Sets the settings.
     *
     * @param when 0 at once, 1 when output has left, 2 the same, and what was typed is forgotten
     */
    private long setSettings(int when, long argument, int size) {
        byte[] structure = new byte[Termios.SIZE2];
        int error = caller.memory().read(argument, structure, 0, size);
        if (error == 0) {
            error = change();
        }
        if (error == 0 && when != 0) {
            error = tty.drain();
        }
        if (error < 0) {
            return error;
        }
        if (when == 2) {
            tty.flushInput();
        }
        TerminalSettings next = size == Termios.TERMIO_SIZE
                ? tty.settings().withShort(structure)
                : TerminalSettings.decode(structure, size == Termios.SIZE2);
        tty.setSettings(tty.line().isPseudo() ? next.withoutLine() : next);
        return 0;
    }

    /** Settings whose bits are set here keep their value from now on: ioctl_tty(2), locking the termios structure. */
    private long lockSettings(long argument) {
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EPERM;
        }
        byte[] structure = new byte[Termios.SIZE];
        int error = caller.memory().read(argument, structure, 0, structure.length);
        if (error == 0) {
            tty.lockSettings(TerminalSettings.decode(structure));
        }
        return error;
    }

    private long setSize(long address) {
        int error = caller.memory().readLong(address);
        if (error == 0) {
            tty.resize(caller.memory().value());
        }
        return error;
    }

    private long setForeground(long address) {
        if (!isOwn()) {
            return -ENOTTY;
        }
        int error = change();
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
        tty.owner().setForeground((int) group);
        return 0;
    }

    private long claim(long argument) {
        JobMember job = caller.job();
        if (isOwn() && job.leadsSession()) {
            return 0;
        }
        boolean superuser = caller.identity().has(Identity.CAP_SYS_ADMIN);
        boolean may = job.leadsSession() && job.terminal().get().isEmpty() && (file.readable() || superuser);
        return may && tty.claim(job, argument == 1 && superuser) ? 0 : -EPERM;
    }

    private long disown() {
        if (!isOwn()) {
            return -ENOTTY;
        }
        if (caller.job().leadsSession()) {
            tty.disown();
        } else {
            caller.job().giveUpTerminal();
        }
        return 0;
    }

    private long flush(long queue) {
        int error = change();
        if (error < 0 || queue < TCIFLUSH || queue > TCIOFLUSH) {
            return error < 0 ? error : -EINVAL;
        }
        if (queue != TCOFLUSH) {
            tty.flushInput();
        }
        if (queue != TCIFLUSH) {
            tty.flushOutput();
        }
        return 0;
    }

    private long flow(long action) {
        int error = change();
        if (error < 0 || action < TCOOFF || action > TCION) {
            return error < 0 ? error : -EINVAL;
        }
        if (action == TCOOFF || action == TCOON) {
            tty.stopOutput(action == TCOOFF);
        } else {
            tty.sendFirst(action == TCIOFF ? Termios.VSTOP : Termios.VSTART);
        }
        return 0;
    }

    private long drain() {
        int error = change();
        return error < 0 ? error : tty.drain();
    }

    /** TIOCSTI: the superuser may type; others could only into their own terminal, and Linux has closed that (dev.tty.legacy_tiocsti). */
    private long type(long address) {
        if (!caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EIO;
        }
        byte[] typed = new byte[1];
        int error = caller.memory().read(address, typed, 0, 1);
        if (error == 0) {
            tty.receive(typed, 1);
        }
        return error;
    }

    private long setDiscipline(long address) {
        long number = caller.memory().readInt(address);
        return number <= 0 ? number : -EINVAL;
    }
}

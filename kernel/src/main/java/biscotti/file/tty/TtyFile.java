package biscotti.file.tty;

import static biscotti.abi.Errno.EBUSY;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOTTY;

import biscotti.abi.Ioctl;
import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.Identity;
import biscotti.file.JobMember;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.Transfer;
import biscotti.file.Watchers;

/** A terminal, opened: tty(4), tty_ioctl(4). When the terminal has been hung up since then, it is dead. */
public final class TtyFile extends OpenFile {
    private static final int DEAD = Poll.READABLE | Poll.WRITABLE | Poll.POLLERR | Poll.POLLHUP;

    private final Tty tty;
    private final int hangUps;

    private TtyFile(Tty tty, Place place, int flags) {
        super(place, flags);
        this.tty = tty;
        this.hangUps = tty.hangUps();
    }

    /** Opens a terminal; a session leader without one gets it as its controlling terminal, unless O_NOCTTY says no. */
    public static int open(Tty tty, Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        int error = tty.line().mayOpen();
        if (error < 0) {
            return error;
        }
        if (tty.owner().isExclusive() && !caller.identity().has(Identity.CAP_SYS_ADMIN)) {
            return -EBUSY;
        }
        TtyFile file = new TtyFile(tty, place, flags);
        tty.line().opened();
        JobMember job = caller.job();
        boolean mayClaim = (flags & OpenFlags.O_NOCTTY) == 0
                && file.readable()
                && job.leadsSession()
                && job.terminal().get().isEmpty();
        if (mayClaim) {
            tty.claim(job, false);
        }
        return opened.put(file);
    }

    @Override
    public FileOwner.Drive drive() {
        return FileOwner.Drive.TERMINAL;
    }

    @Override
    protected int groupInCharge() {
        return tty.foreground();
    }

    private boolean isDead() {
        return tty.hangUps() != hangUps;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        return isDead() ? 0 : tty.read(caller, to, blocking());
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return isDead() ? -EIO : tty.write(caller, from, blocking());
    }

    @Override
    public int ownEvents() {
        return isDead() ? DEAD : tty.events();
    }

    @Override
    public Watchers watchers() {
        return tty.watchers();
    }

    @Override
    protected void closed() {
        tty.line().closed();
    }

    @Override
    public long control(Caller caller, int request, long argument) {
        if (isDead()) {
            return request == Ioctl.TIOCSPGRP ? -ENOTTY : -EIO;
        }
        if (request == Ioctl.FIONREAD) {
            return caller.memory().writeInt(argument, tty.available());
        }
        return tty.isPlain() ? -ENOTTY : TtyControl.control(tty, caller, request, argument, this, false);
    }
}

package biscotti.file.pipe;

import static biscotti.abi.Errno.ENOTTY;

import biscotti.abi.Ioctl;
import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.FileOwner;
import biscotti.file.Identity;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.file.Watchers;

/** An end of a pipe, or an open FIFO, which may be both ends. */
public final class PipeFile extends OpenFile {
    private final Pipe pipe;

    /** An open end, which the pipe counts already. */
    PipeFile(Pipe pipe, Place place, int flags) {
        super(place, flags);
        this.pipe = pipe;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        return pipe.read(to, blocking());
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return pipe.write(caller, from, blocking(), has(OpenFlags.O_DIRECT));
    }

    @Override
    public long control(Caller caller, int request, long argument) {
        return request == Ioctl.FIONREAD ? caller.memory().writeInt(argument, pipe.length()) : -ENOTTY;
    }

    @Override
    public int ownEvents() {
        return pipe.events(readable(), writable());
    }

    @Override
    public Watchers watchers() {
        return pipe.watchers();
    }

    @Override
    public FileOwner.Drive drive() {
        return FileOwner.Drive.PIPE;
    }

    /** F_GETPIPE_SZ: how many bytes fit in the pipe. */
    public int capacity() {
        return pipe.capacity();
    }

    /** F_SETPIPE_SZ: the new capacity, -EBUSY or -EPERM. */
    public int setCapacity(Identity who, int bytes) {
        return pipe.setCapacity(who, bytes);
    }

    @Override
    protected void closed() {
        pipe.close(readable(), writable());
    }
}

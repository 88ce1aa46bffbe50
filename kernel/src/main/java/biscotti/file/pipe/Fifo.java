package biscotti.file.pipe;

import biscotti.abi.OpenFlags;
import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.memory.FrameAllocator;

/** What a FIFO's vnode opens: all that have it open share one pipe, which loses its bytes when the last one closes it. */
public final class Fifo {
    private final Pipe pipe;

    /** A FIFO that nobody has open. */
    public Fifo(FrameAllocator frames) {
        this.pipe = new Pipe(frames);
    }

    /**
     * Opens it, which may have to wait for the other end (fifo(7)); but not at a pipe without a name, which is opened once more
     * through /proc/PID/fd.
     *
     * @return 0; -ENXIO, -ERESTARTSYS
     */
    public int open(Caller caller, Place place, int flags, Slot<OpenFile> opened) {
        int access = flags & OpenFlags.O_ACCMODE;
        boolean reads = access != OpenFlags.O_WRONLY;
        boolean writes = access != OpenFlags.O_RDONLY;
        int error = 0;
        if (place.kind() == Place.Kind.ANONYMOUS) {
            pipe.open(reads, writes, caller.frameAccount());
        } else {
            error = pipe.open(reads, writes, (flags & OpenFlags.O_NONBLOCK) == 0, caller.frameAccount());
        }
        return error < 0 ? error : opened.put(new PipeFile(pipe, place, flags));
    }
}

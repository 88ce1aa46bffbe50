package biscotti.file.device;

import static biscotti.abi.Errno.ENOSPC;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;

/** /dev/zero or /dev/full, opened: zeros without end; the latter has no room for anything. */
final class ZeroFile extends EndlessFile {
    private final boolean full;

    ZeroFile(Place place, int flags, boolean full) {
        super(place, flags);
        this.full = full;
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        long done = 0;
        while (to.remaining() > 0) {
            int part = (int) Math.min(to.remaining(), PhysicalMemory.FRAME_SIZE);
            int error = to.putZeros(part);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            done += part;
        }
        return done;
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return full ? -ENOSPC : super.doWrite(caller, from);
    }
}

package biscotti.file.device;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Transfer;
import biscotti.machine.PhysicalMemory;

/** An open device that reads as zeros without end. */
abstract class EndlessZeros extends EndlessFile {
    EndlessZeros(Place place, int flags) {
        super(place, flags);
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        long done = 0;
        while (to.remaining() > 0) {
            int moved = to.putSomeZeros((int) Math.min(to.remaining(), PhysicalMemory.FRAME_SIZE));
            if (moved < 0) {
                return done > 0 ? done : moved;
            }
            done += moved;
        }
        return done;
    }
}

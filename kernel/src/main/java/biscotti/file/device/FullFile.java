package biscotti.file.device;

import static biscotti.abi.Errno.ENOSPC;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Transfer;

/** /dev/full, opened: has no room for anything (full(4)). */
final class FullFile extends EndlessZeros {
    FullFile(Place place, int flags) {
        super(place, flags);
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        return -ENOSPC;
    }
}

package biscotti.file.device;

import biscotti.file.Caller;
import biscotti.file.Place;
import biscotti.file.Transfer;

/** /dev/null, opened: always at its end, takes everything. */
final class NullFile extends EndlessFile {
    NullFile(Place place, int flags) {
        super(place, flags);
    }

    @Override
    protected long doRead(Caller caller, Transfer to) {
        return 0;
    }
}

package biscotti.file.device;

import biscotti.file.Caller;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Transfer;

/** An open device that has bytes without end at every position, and takes any: positions mean nothing. */
abstract class EndlessFile extends OpenFile {
    EndlessFile(Place place, int flags) {
        super(place, flags);
    }

    @Override
    protected long doWrite(Caller caller, Transfer from) {
        long count = from.remaining();
        from.skip(count);
        return count;
    }

    @Override
    protected long doReadAt(Caller caller, Transfer to, long position) {
        return doRead(caller, to);
    }

    @Override
    protected long doWriteAt(Caller caller, Transfer from, long position) {
        return doWrite(caller, from);
    }

    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}

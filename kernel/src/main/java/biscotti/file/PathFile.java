package biscotti.file;

import static biscotti.abi.Errno.EBADF;

/** A description opened with O_PATH: it only marks a place; what needs the file's content answers EBADF. */
class PathFile extends OpenFile {
    PathFile(Place place, int flags) {
        super(place, flags);
    }

    @Override
    public boolean readable() {
        return false;
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public long seek(long offset, int whence) {
        return -EBADF;
    }

    @Override
    public long control(Caller caller, int request, long argument) {
        return -EBADF;
    }

    @Override
    public int list(Caller caller, DirectoryReader receiver) {
        return -EBADF;
    }

    @Override
    public int sync(boolean dataOnly) {
        return -EBADF;
    }
}

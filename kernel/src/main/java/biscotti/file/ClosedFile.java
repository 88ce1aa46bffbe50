package biscotti.file;

import static biscotti.abi.Errno.EBADF;

import biscotti.abi.Poll;
import biscotti.memory.PageSource;

/** Every operation of a descriptor that is not open. */
final class ClosedFile extends OpenFile {
    @Override
    public boolean readable() {
        return false;
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public void retain() {
        throw new IllegalStateException("a closed descriptor has no description");
    }

    @Override
    public boolean tryRetain() {
        return false;
    }

    @Override
    public void release() {
        throw new IllegalStateException("a closed descriptor has no description");
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
    public int truncate(Caller caller, long length) {
        return -EBADF;
    }

    @Override
    public int allocate(Caller caller, int mode, long offset, long length) {
        return -EBADF;
    }

    @Override
    public int sync(boolean dataOnly) {
        return -EBADF;
    }

    @Override
    public int pages(Slot<PageSource> source) {
        return -EBADF;
    }

    @Override
    public int ownEvents() {
        return Poll.POLLNVAL;
    }
}

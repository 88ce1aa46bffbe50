package biscotti.file;

import static biscotti.abi.Errno.ENOENT;

/** A directory without names: the root of a file system that nobody can walk into. */
final class EmptyDirectory extends Directory {
    EmptyDirectory(FileSystem fileSystem) {
        super(fileSystem, 1, 0555, 0, 0);
    }

    @Override
    protected int find(String name, Slot<Vnode> found) {
        return -ENOENT;
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        return position;
    }
}

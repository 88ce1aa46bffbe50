package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.bounded.BoundedList;
import biscotti.file.Caller;
import biscotti.file.Change;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.Vnode;

/** A directory whose names are given when it is made, and do not change. */
class FixedDirectory extends Directory {
    /** Positions up to this one are "." and "..". */
    static final int FIRST = 2;

    /** The most names: of a process's directory. */
    private static final int MOST = 64;

    private final BoundedList<Name> names = new BoundedList<>(MOST);
    private final ProcFileSystem proc;

    private record Name(String text, Vnode vnode) {}

    /** A directory without names yet. */
    FixedDirectory(ProcFileSystem fileSystem, long number, int permissions, int userId, int groupId) {
        super(fileSystem, number, permissions, userId, groupId);
        proc = fileSystem;
        addLink();
        addLink();
    }

    /** The file system. */
    final ProcFileSystem proc() {
        return proc;
    }

    /** Adds a name, before anybody else knows the directory. */
    final void add(String name, Vnode vnode) {
        if (!names.add(new Name(name, vnode))) {
            throw new IllegalStateException("no room for " + name);
        }
        if (vnode instanceof FixedDirectory child) {
            child.settle(this, name);
            addLink();
        }
    }

    /** Says where this directory is. */
    final void place(Directory parent, String name) {
        settle(parent, name);
    }

    @Override
    protected int find(String name, Slot<Vnode> found) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).text.equals(name)) {
                return found.put(names.get(i).vnode);
            }
        }
        return -ENOENT;
    }

    /** {@inheritDoc} Nothing can be made here: as on Linux, the name is simply not there. */
    @Override
    protected int make(Change change, Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        return -ENOENT;
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        long at = listDots(position, receiver);
        while (at >= FIRST && at < endOfFixed()) {
            int index = (int) at - FIRST;
            Vnode vnode = names.get(index).vnode;
            if (!receiver.take(names.get(index).text, vnode.number(), vnode.mode() & FileMode.S_IFMT, at + 1)) {
                return at;
            }
            at++;
        }
        return at;
    }

    /** The position behind the fixed names. */
    final long endOfFixed() {
        return FIRST + names.size();
    }

    /** Tells "." and "..", if the position is before them: the new position. */
    private long listDots(long position, DirectoryReader receiver) {
        long at = position;
        if (at == 0 && receiver.take(".", number(), FileMode.S_IFDIR, 1)) {
            at = 1;
        }
        if (at == 1 && receiver.take("..", parent().number(), FileMode.S_IFDIR, FIRST)) {
            at = FIRST;
        }
        return at;
    }
}

package biscotti.procfs;

import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.FileSystem;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import java.util.ArrayList;
import java.util.List;

/** A directory whose names are given when it is made, and do not change. */
class FixedDirectory extends Directory {
    /** Positions up to this one are "." and "..". */
    static final int FIRST = 2;

    private final List<String> names = new ArrayList<>();
    private final List<Vnode> vnodes = new ArrayList<>();

    /** A directory without names yet. */
    FixedDirectory(FileSystem fileSystem, long number, int permissions, int userId, int groupId) {
        super(fileSystem, number, permissions, userId, groupId);
        addLink();
        addLink();
    }

    /** Adds a name, before anybody else knows the directory. */
    final void add(String name, Vnode vnode) {
        names.add(name);
        vnodes.add(vnode);
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
    public int lookup(String name, Slot<Vnode> found) {
        int index = names.indexOf(name);
        return index < 0 ? -ENOENT : found.put(vnodes.get(index));
    }

    /** {@inheritDoc} Nothing can be made here: as on Linux, the name is simply not there. */
    @Override
    protected int make(Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        return -ENOENT;
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        long at = listDots(position, receiver);
        while (at >= FIRST && at < endOfFixed()) {
            int index = (int) at - FIRST;
            Vnode vnode = vnodes.get(index);
            if (!receiver.take(names.get(index), vnode.number(), vnode.mode() & FileMode.S_IFMT, at + 1)) {
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

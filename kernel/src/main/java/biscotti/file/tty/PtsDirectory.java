package biscotti.file.tty;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.ENOENT;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.Change;
import biscotti.file.Directory;
import biscotti.file.DirectoryReader;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.SpecialFile;
import biscotti.file.Vnode;
import java.util.Optional;

/** The root of devpts: ptmx, and a number for each pseudo terminal. */
final class PtsDirectory extends Directory {
    private static final String MASTER = "ptmx";
    private static final long MASTER_NUMBER = 2;
    private static final long FIRST_NUMBER = 3;
    private static final int DIGITS = 4;
    /** Positions: ".", "..", ptmx, then the slaves. */
    private static final long FIRST = 3;

    private final PtsFileSystem pts;
    private volatile SpecialFile master;

    PtsDirectory(PtsFileSystem pts) {
        super(pts, 1, 0755, 0, 0);
        this.pts = pts;
        this.master = newMaster(0);
        addLink();
        addLink();
    }

    private SpecialFile newMaster(int permissions) {
        int mode = FileMode.S_IFCHR | permissions;
        return named(new SpecialFile(pts, MASTER_NUMBER, mode, 0, 0, Ptys.PTMX, pts.devices()));
    }

    /** Makes the node ptmx anew, with other permissions. */
    void setMasterMode(int permissions) {
        master = newMaster(permissions);
    }

    /** A node with its one name. */
    static SpecialFile named(SpecialFile node) {
        giveName(node);
        return node;
    }

    /** A node's name is gone. */
    static void unname(SpecialFile node) {
        loseName(node);
    }

    @Override
    protected int find(String name, Slot<Vnode> found) {
        if (name.equals(MASTER)) {
            return found.put(master);
        }
        int number = parse(name);
        Optional<Pty> pty = number < 0 ? Optional.empty() : pts.ptys().find(number);
        return pty.isEmpty() ? -ENOENT : found.put(pty.get().node(pts));
    }

    /** The value of a decimal number without leading zeros, -1 if it is none. */
    private static int parse(String name) {
        if (name.isEmpty() || name.length() > DIGITS || name.length() > 1 && name.charAt(0) == '0') {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** The inode number of a slave's node. */
    static long numberOf(Pty pty) {
        return FIRST_NUMBER + pty.index();
    }

    /** {@inheritDoc} Nothing can be made here. */
    @Override
    protected int make(Change change, Identity owner, int mode, int device, String target, Slot<Vnode> made) {
        return FileMode.isDirectory(mode) || FileMode.isDevice(mode)
                ? super.make(change, owner, mode, device, target, made)
                : -EACCES;
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        long at = position;
        if (at == 0 && receiver.take(".", number(), FileMode.S_IFDIR, 1)) {
            at = 1;
        }
        if (at == 1 && receiver.take("..", parent().number(), FileMode.S_IFDIR, 2)) {
            at = 2;
        }
        if (at == 2 && receiver.take(MASTER, MASTER_NUMBER, FileMode.S_IFCHR, FIRST)) {
            at = FIRST;
        }
        if (at < FIRST) {
            return at;
        }
        int index = pts.ptys().next((int) Math.min(Ptys.LIMIT, at - FIRST));
        while (index >= 0) {
            long after = FIRST + index + 1;
            if (!receiver.take(Integer.toString(index), FIRST_NUMBER + index, FileMode.S_IFCHR, after)) {
                return at;
            }
            at = after;
            index = pts.ptys().next(index + 1);
        }
        return at;
    }
}

package biscotti.procfs;

import biscotti.abi.FileMode;
import biscotti.file.Caller;
import biscotti.file.DirectoryReader;
import biscotti.file.Slot;
import biscotti.file.Vnode;

/** A directory with numbers as names behind its fixed ones: of processes, threads or descriptors, which come and go. */
abstract class NumberDirectory extends FixedDirectory {
    /** The position of number n is this and n; the fixed names come before. */
    private static final long NUMBERS = 1 << 20;

    /** The most digits that a number has. */
    private static final int DIGITS = 9;

    NumberDirectory(ProcFileSystem fileSystem, long number, int permissions, int userId, int groupId) {
        super(fileSystem, number, permissions, userId, groupId);
    }

    /** The lowest number not below this one that is there; -1 if there is none. */
    abstract int next(Caller caller, int from);

    /** The vnode of a number: 0, or -ENOENT. */
    abstract int find(int number, Slot<Vnode> found);

    /** The inode number of a number's vnode. */
    abstract long inode(int number);

    /** The type of the vnodes: {@code S_IFDIR} or {@code S_IFLNK}. */
    abstract int type();

    @Override
    protected int find(String name, Slot<Vnode> found) {
        int number = parse(name);
        return number < 0 ? super.find(name, found) : find(number, found);
    }

    /** The value of a decimal number without leading zeros, -1 if it is none. */
    private static int parse(String name) {
        if (name.length() > DIGITS || name.length() > 1 && name.charAt(0) == '0') {
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
        return name.isEmpty() ? -1 : number;
    }

    @Override
    public long list(Caller caller, long position, DirectoryReader receiver) {
        long at = position;
        if (at < endOfFixed()) {
            at = super.list(caller, position, receiver);
            if (at < endOfFixed()) {
                return at;
            }
        }
        int number = next(caller, (int) Math.max(0, at - NUMBERS));
        while (number >= 0) {
            long after = NUMBERS + number + 1;
            if (!receiver.take(Integer.toString(number), inode(number), type() & FileMode.S_IFMT, after)) {
                return at;
            }
            at = after;
            number = next(caller, number + 1);
        }
        return at;
    }
}

package biscotti.syscall;

import biscotti.abi.Latin1;
import biscotti.file.Caller;
import biscotti.file.DirectoryReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Packs the names of a directory into user memory: {@code struct linux_dirent64} or {@code struct linux_dirent} of getdents(2). */
final class DirectoryEntries implements DirectoryReader {
    private static final int INODE = 0;
    private static final int NEXT = 8;
    private static final int LENGTH = 16;
    private static final int TYPE = 18;
    private static final int NAME = 19;
    /** The older structure has the name where the newer one has the type, and the type in its last byte. */
    private static final int OLD_NAME = 18;

    private static final int LONGEST = 280;
    /** The type is the top four bits of a mode: DT_DIR and the others. */
    private static final int TYPE_SHIFT = 12;

    private final Caller caller;
    private final long address;
    private final long room;
    private final boolean old;
    private final ByteBuffer entry = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    private long used;
    private int error;
    private boolean full;

    /** Packs into a buffer of the caller, in the older structure or the newer one. */
    DirectoryEntries(Caller caller, long address, long room, boolean old) {
        this.caller = caller;
        this.address = address;
        this.room = room;
        this.old = old;
    }

    @Override
    public boolean take(String name, long number, int type, long next) {
        Latin1.copy(name, 0, entry.array(), nameStart(), name.length());
        return write(name.length(), number, type, next);
    }

    @Override
    public boolean take(byte[] name, int length, long number, int type, long next) {
        System.arraycopy(name, 0, entry.array(), nameStart(), length);
        return write(length, number, type, next);
    }

    private int nameStart() {
        return old ? OLD_NAME : NAME;
    }

    /** Writes an entry whose name is in place. */
    private boolean write(int nameLength, long number, int type, long next) {
        int nameEnd = nameStart() + nameLength;
        int length = nameEnd + (old ? 2 : 1) + 7 & ~7;
        if (used + length > room) {
            full = true;
            return false;
        }
        entry.clear();
        entry.putLong(INODE, number).putLong(NEXT, next).putShort(LENGTH, (short) length);
        for (int i = nameEnd; i < length; i++) {
            entry.put(i, (byte) 0);
        }
        entry.put(old ? length - 1 : TYPE, (byte) (type >>> TYPE_SHIFT));
        error = caller.memory().write(address + used, entry.array(), 0, length);
        used += error == 0 ? length : 0;
        return error == 0;
    }

    /** Bytes that were written. */
    long used() {
        return used;
    }

    /** 0, or -EFAULT if writing failed. */
    int error() {
        return error;
    }

    /** Whether a name did not fit. */
    boolean isFull() {
        return full;
    }
}

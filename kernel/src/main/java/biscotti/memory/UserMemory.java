package biscotti.memory;

import static biscotti.abi.Errno.EFAULT;
import static biscotti.abi.Errno.ENAMETOOLONG;

import biscotti.machine.PhysicalMemory;

/**
 * The memory of a user thread's process, as system calls see it: bytes go in and out by copy, never by dereference.
 *
 * <p>Each copy walks the page tables, faults missing pages in (copy-on-write among them) and moves the bytes through the
 * direct map of physical memory, page by page. A page is held under its address space's lock while its bytes move, so no
 * other thread can free it meanwhile. What the process may not access, it may not have the kernel access: the results are
 * -EFAULT for a bad address and -ENOMEM when no frame is free; then some of the leading bytes may have been copied.
 *
 * <p>One object for each thread, used by that thread only.
 */
public final class UserMemory {
    private static final int STRING_CHUNK = 256;

    private final PhysicalMemory memory;
    private final byte[] scratch = new byte[8];
    private AddressSpace space;
    private long value;

    /** The memory of {@code space}. */
    public UserMemory(AddressSpace space) {
        this.space = space;
        this.memory = space.physicalMemory();
    }

    /** The address space that this is a view of. */
    public AddressSpace space() {
        return space;
    }

    /** Looks at another address space from now on, as exec does. */
    public void setSpace(AddressSpace next) {
        space = next;
    }

    /**
     * Copies user memory into an array.
     *
     * @return 0 or a negative errno
     */
    public int read(long user, byte[] to, int offset, int length) {
        int done = 0;
        while (done < length) {
            int part = partOfPage(user + done, length - done);
            long physical = space.hold(user + done, false);
            if (physical < 0) {
                return (int) physical;
            }
            memory.copyOut(physical, to, offset + done, part);
            space.release();
            done += part;
        }
        return 0;
    }

    /**
     * Copies an array into user memory.
     *
     * @return 0 or a negative errno
     */
    public int write(long user, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            int part = partOfPage(user + done, length - done);
            long physical = space.hold(user + done, true);
            if (physical < 0) {
                return (int) physical;
            }
            memory.copyIn(physical, from, offset + done, part);
            space.release();
            done += part;
        }
        return 0;
    }

    /**
     * Copies user memory into physical memory, for example into a page of a file.
     *
     * @return 0 or a negative errno
     */
    public int readToPhysical(long user, long physical, int length) {
        int done = 0;
        while (done < length) {
            int part = partOfPage(user + done, length - done);
            long from = space.hold(user + done, false);
            if (from < 0) {
                return (int) from;
            }
            memory.copy(from, physical + done, part);
            space.release();
            done += part;
        }
        return 0;
    }

    /**
     * Copies physical memory into user memory.
     *
     * @return 0 or a negative errno
     */
    public int writeFromPhysical(long user, long physical, int length) {
        int done = 0;
        while (done < length) {
            int part = partOfPage(user + done, length - done);
            long to = space.hold(user + done, true);
            if (to < 0) {
                return (int) to;
            }
            memory.copy(physical + done, to, part);
            space.release();
            done += part;
        }
        return 0;
    }

    /**
     * Fills user memory with zeros.
     *
     * @return 0 or a negative errno
     */
    public int zero(long user, long length) {
        long done = 0;
        while (done < length) {
            int part = partOfPage(user + done, (int) Math.min(length - done, PhysicalMemory.FRAME_SIZE));
            long to = space.hold(user + done, true);
            if (to < 0) {
                return (int) to;
            }
            memory.zero(to, part);
            space.release();
            done += part;
        }
        return 0;
    }

    /**
     * Copies a string that ends in NUL.
     *
     * @param to gets the string with its NUL
     * @param max the most bytes that the string may have, its NUL among them; at most the array's length
     * @return the string's length without its NUL, -EFAULT, -ENOMEM, or -ENAMETOOLONG if there is no NUL within {@code max}
     */
    public long readString(long user, byte[] to, int max) {
        int done = 0;
        while (done < max) {
            int part = partOfPage(user + done, Math.min(max - done, STRING_CHUNK));
            int error = read(user + done, to, done, part);
            if (error < 0) {
                return error;
            }
            for (int i = done; i < done + part; i++) {
                if (to[i] == 0) {
                    return i;
                }
            }
            done += part;
        }
        return -ENAMETOOLONG;
    }

    /**
     * Reads an int.
     *
     * @return its value as an unsigned number, or a negative errno
     */
    public long readInt(long user) {
        int error = readLong(user, 4);
        return error < 0 ? error : value;
    }

    /**
     * Reads a long; {@link #value} has it then.
     *
     * @return 0 or a negative errno
     */
    public int readLong(long user) {
        return readLong(user, 8);
    }

    /** What {@link #readLong} has read. */
    public long value() {
        return value;
    }

    private int readLong(long user, int length) {
        if (partOfPage(user, length) < length) {
            int error = read(user, scratch, 0, length);
            value = bytesOf(length);
            return error;
        }
        long physical = space.hold(user, false);
        if (physical < 0) {
            return (int) physical;
        }
        value = length == 8 ? memory.readLong(physical) : Integer.toUnsignedLong(memory.readInt(physical));
        space.release();
        return 0;
    }

    private long bytesOf(int length) {
        long result = 0;
        for (int i = 0; i < length; i++) {
            result |= (scratch[i] & 0xffL) << 8 * i;
        }
        return result;
    }

    /**
     * Writes an int.
     *
     * @return 0 or a negative errno
     */
    public int writeInt(long user, int newValue) {
        return write(user, newValue, 4);
    }

    /**
     * Writes a long.
     *
     * @return 0 or a negative errno
     */
    public int writeLong(long user, long newValue) {
        return write(user, newValue, 8);
    }

    private int write(long user, long newValue, int length) {
        if (partOfPage(user, length) < length) {
            for (int i = 0; i < length; i++) {
                scratch[i] = (byte) (newValue >>> 8 * i);
            }
            return write(user, scratch, 0, length);
        }
        long physical = space.hold(user, true);
        if (physical < 0) {
            return (int) physical;
        }
        if (length == 8) {
            memory.writeLong(physical, newValue);
        } else {
            memory.writeInt(physical, (int) newValue);
        }
        space.release();
        return 0;
    }

    /**
     * Atomically replaces an aligned int.
     *
     * @return 1 if it was {@code expected} and is {@code replacement} now, 0 if it was something else, or a negative errno
     *     (-EFAULT for an unaligned address)
     */
    public int compareAndSetInt(long user, int expected, int replacement) {
        if ((user & 3) != 0) {
            return -EFAULT;
        }
        long physical = space.hold(user, true);
        if (physical < 0) {
            return (int) physical;
        }
        boolean done = memory.compareAndSetInt(physical, expected, replacement);
        space.release();
        return done ? 1 : 0;
    }

    /** How many of {@code length} bytes lie in the page of {@code address}. */
    private static int partOfPage(long address, int length) {
        return Math.min(length, PhysicalMemory.FRAME_SIZE - (int) (address & PhysicalMemory.FRAME_MASK));
    }
}

package biscotti.file.attribute;

import biscotti.abi.Xattr;
import biscotti.memory.UserMemory;

/** The extended attributes of one file (xattr(7)), wherever its file system keeps them. */
public interface Attributes {
    /**
     * getxattr(2).
     *
     * @param size of the buffer; 0 to ask for the length only
     * @return the value's length; -ENODATA; -ERANGE if the buffer is too small; -EFAULT; -EOPNOTSUPP for a name that cannot be kept; what reading the
     *     disk says
     */
    long get(String name, UserMemory to, long address, long size);

    /** Reads a value for the kernel itself: its length; -ENODATA; -ERANGE if there is not room for all of it; what reading the disk says. */
    int get(String name, byte[] to);

    /**
     * setxattr(2) with a value in user memory.
     *
     * @param flags {@link Xattr#XATTR_CREATE}, {@link Xattr#XATTR_REPLACE}, or 0 for either
     * @return 0; -EEXIST, -ENODATA, -ENOSPC, -EFAULT; -EOPNOTSUPP for a name that cannot be kept; -ESTALE if the file has gone; what writing the
     *     disk says
     */
    long set(String name, UserMemory from, long address, int length, int flags);

    /** removexattr(2): 0 or -ENODATA; -EOPNOTSUPP, -ESTALE and what writing the disk says as with {@link #set}. */
    int remove(String name);

    /**
     * listxattr(2): the names, each with a NUL behind it.
     *
     * @param size of the buffer; 0 to ask for the length only
     * @param privileged whether the caller sees the names of {@code trusted.}
     * @return how many bytes; -ERANGE if the buffer is too small; -EFAULT; what reading the disk says
     */
    long list(UserMemory to, long address, long size, boolean privileged);

    /** The file is gone, or nothing leads to it any more; what memory has of its attributes goes. */
    void close();
}

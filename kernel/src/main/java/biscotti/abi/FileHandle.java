package biscotti.abi;

/** Layout of {@code struct file_handle} (name_to_handle_at(2), {@code linux/exportfs.h}). */
public final class FileHandle {
    /** {@code handle_bytes}: how many bytes follow. */
    public static final int HANDLE_BYTES = 0;

    /** {@code handle_type}: what these mean to the file system. */
    public static final int HANDLE_TYPE = 4;

    /** {@code f_handle}: the bytes. */
    public static final int HANDLE = 8;

    /** MAX_HANDLE_SZ: the most bytes of a handle. */
    public static final int MAXIMUM = 128;

    /** FILEID_INVALID: the type when there was no room for the bytes. */
    public static final int INVALID = 0xff;

    private FileHandle() {}
}

package biscotti.abi;

/** What sync_file_range(2) is asked to do ({@code linux/fs.h}). */
public final class SyncFlags {
    /** Wait until writes that have begun are done. */
    public static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;

    /** Begin to write what is dirty. */
    public static final int SYNC_FILE_RANGE_WRITE = 2;

    /** Wait until that is done, too. */
    public static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

    /** All of them. */
    public static final int ALL = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;

    private SyncFlags() {}
}

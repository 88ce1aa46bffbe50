package biscotti.abi;

/** {@code struct stat} of x86-64 ({@code asm/stat.h}): offsets in bytes. Numbers are little-endian. */
public final class StatLayout {
    /** Bytes of the structure. */
    public static final int SIZE = 144;

    /** {@code st_dev}, 8 bytes. */
    public static final int DEVICE = 0;

    /** {@code st_ino}, 8 bytes. */
    public static final int INODE = 8;

    /** {@code st_nlink}, 8 bytes. */
    public static final int LINKS = 16;

    /** {@code st_mode}, 4 bytes. */
    public static final int MODE = 24;

    /** {@code st_uid}, 4 bytes. */
    public static final int USER = 28;

    /** {@code st_gid}, 4 bytes. */
    public static final int GROUP = 32;

    /** {@code st_rdev}, 8 bytes. */
    public static final int SPECIAL_DEVICE = 40;

    /** {@code st_size}, 8 bytes. */
    public static final int LENGTH = 48;

    /** {@code st_blksize}, 8 bytes. */
    public static final int BLOCK_SIZE = 56;

    /** {@code st_blocks}, 8 bytes. */
    public static final int BLOCKS = 64;

    /** {@code st_atime}: seconds, then nanoseconds, 8 bytes each. */
    public static final int ACCESS_TIME = 72;

    /** {@code st_mtime}. */
    public static final int MODIFY_TIME = 88;

    /** {@code st_ctime}. */
    public static final int CHANGE_TIME = 104;

    private StatLayout() {}
}

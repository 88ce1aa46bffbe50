package biscotti.abi;

/** {@code struct statx} ({@code linux/stat.h}): offsets in bytes, and masks. */
public final class StatxLayout {
    /** Bytes of the structure. */
    public static final int SIZE = 256;

    /** {@code stx_mask}, 4 bytes. */
    public static final int MASK = 0;

    /** {@code stx_blksize}, 4 bytes. */
    public static final int BLOCK_SIZE = 4;

    /** {@code stx_nlink}, 4 bytes. */
    public static final int LINKS = 16;

    /** {@code stx_uid}, 4 bytes. */
    public static final int USER = 20;

    /** {@code stx_gid}, 4 bytes. */
    public static final int GROUP = 24;

    /** {@code stx_mode}, 2 bytes. */
    public static final int MODE = 28;

    /** {@code stx_ino}, 8 bytes. */
    public static final int INODE = 32;

    /** {@code stx_size}, 8 bytes. */
    public static final int LENGTH = 40;

    /** {@code stx_blocks}, 8 bytes. */
    public static final int BLOCKS = 48;

    /** {@code stx_atime}: 8 bytes of seconds, 4 of nanoseconds, 4 unused. */
    public static final int ACCESS_TIME = 64;

    /** {@code stx_btime}. */
    public static final int BIRTH_TIME = 80;

    /** {@code stx_ctime}. */
    public static final int CHANGE_TIME = 96;

    /** {@code stx_mtime}. */
    public static final int MODIFY_TIME = 112;

    /** {@code stx_rdev_major} and minor, 4 bytes each. */
    public static final int SPECIAL_DEVICE = 128;

    /** {@code stx_dev_major} and minor, 4 bytes each. */
    public static final int DEVICE = 136;

    /** {@code stx_attributes}, 8 bytes. */
    public static final int ATTRIBUTES = 8;

    /** {@code stx_attributes_mask}, 8 bytes: the attributes that are told at all. */
    public static final int ATTRIBUTES_MASK = 56;

    /** {@code stx_mnt_id}, 8 bytes. */
    public static final int MOUNT_ID = 144;

    /** STATX_ATTR_MOUNT_ROOT: it is the top of a mount. */
    public static final int ATTR_MOUNT_ROOT = 0x2000;

    /** STATX_ATTR_AUTOMOUNT and STATX_ATTR_DAX, which nothing has, and STATX_ATTR_MOUNT_ROOT. */
    public static final int ATTR_KNOWN = 0x1000 | 0x20_0000 | ATTR_MOUNT_ROOT;

    /** STATX_BASIC_STATS, STATX_BTIME and STATX_MNT_ID. */
    public static final int EVERYTHING = 0x1fff;

    /** STATX_BTIME. */
    public static final int BIRTH = 0x800;

    /** STATX__RESERVED: a mask that may not be asked for. */
    public static final int RESERVED = 0x8000_0000;

    private StatxLayout() {}
}

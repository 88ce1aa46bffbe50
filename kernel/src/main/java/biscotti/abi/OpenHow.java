package biscotti.abi;

/** {@code struct open_how} of openat2(2) ({@code linux/openat2.h}): offsets in bytes, and how to resolve. */
public final class OpenHow {
    /** Bytes of the first version of the structure. */
    public static final int SIZE = 24;

    /** {@code flags}, 8 bytes. */
    public static final int FLAGS = 0;

    /** {@code mode}, 8 bytes. */
    public static final int MODE = 8;

    /** {@code resolve}, 8 bytes. */
    public static final int RESOLVE = 16;

    /** Do not cross mount points. */
    public static final int RESOLVE_NO_XDEV = 1;

    /** Do not follow the links of /proc that lead to files themselves. */
    public static final int RESOLVE_NO_MAGICLINKS = 2;

    /** Do not follow symbolic links. */
    public static final int RESOLVE_NO_SYMLINKS = 4;

    /** Stay below the directory where the path starts. */
    public static final int RESOLVE_BENEATH = 8;

    /** The directory where the path starts is the root. */
    public static final int RESOLVE_IN_ROOT = 0x10;

    /** Only by what is cached. */
    public static final int RESOLVE_CACHED = 0x20;

    /** All of them. */
    public static final int RESOLVE_ALL = 0x3f;

    private OpenHow() {}
}

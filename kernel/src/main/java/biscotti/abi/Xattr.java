package biscotti.abi;

/** Extended attributes ({@code linux/xattr.h}, {@code linux/limits.h}; xattr(7)). */
public final class Xattr {
    /** setxattr(2): only if it is not there. */
    public static final int XATTR_CREATE = 1;

    /** setxattr(2): only if it is there. */
    public static final int XATTR_REPLACE = 2;

    /** The attribute that has the capabilities of a program's file (capabilities(7)). */
    public static final String SECURITY_CAPABILITY = "security.capability";

    /** The longest name. */
    public static final int XATTR_NAME_MAX = 255;

    /** The longest value. */
    public static final int XATTR_SIZE_MAX = 65536;

    /** The longest list of names. */
    public static final int XATTR_LIST_MAX = 65536;

    private Xattr() {}
}

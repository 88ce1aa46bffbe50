package biscotti.process.identity;

import static biscotti.abi.LittleEndian.getInt;

/**
 * The capabilities of a program's file: the extended attribute {@code security.capability} (capabilities(7), "File capability
 * extended attribute versioning").
 *
 * @param present whether the file has any
 * @param permitted what the program gets, but for what the bounding set forbids
 * @param inheritable what it keeps of the inheritable set
 * @param effective whether all that is effective from the start
 */
public record FileCapabilities(boolean present, long permitted, long inheritable, boolean effective) {
    /** Bytes of the longest version. */
    public static final int MOST_BYTES = 24;

    private static final int BYTES_2 = 20;
    private static final int REVISION = 0xff00_0000;
    private static final int REVISION_2 = 0x0200_0000;
    private static final int REVISION_3 = 0x0300_0000;
    private static final int EFFECTIVE = 1;
    private static final int ROOT_ID = 20;

    /** A file without. */
    public static final FileCapabilities NONE = new FileCapabilities(false, 0, 0, false);

    /** Whether bytes are a value that the attribute may have. */
    public static boolean isValid(byte[] value, int length) {
        if (length != BYTES_2 && length != MOST_BYTES) {
            return false;
        }
        int revision = getInt(value, 0) & REVISION;
        return revision == (length == BYTES_2 ? REVISION_2 : REVISION_3);
    }

    /** Reads a value; one of another user namespace's root counts as none. */
    public static FileCapabilities of(byte[] value, int length) {
        boolean foreign = length == MOST_BYTES && getInt(value, ROOT_ID) != 0;
        if (!isValid(value, length) || foreign) {
            return NONE;
        }
        long permitted = Integer.toUnsignedLong(getInt(value, 4)) | (long) getInt(value, 12) << 32;
        long inheritable = Integer.toUnsignedLong(getInt(value, 8)) | (long) getInt(value, 16) << 32;
        boolean effective = (getInt(value, 0) & EFFECTIVE) != 0;
        return new FileCapabilities(true, permitted & Capabilities.ALL, inheritable & Capabilities.ALL, effective);
    }
}

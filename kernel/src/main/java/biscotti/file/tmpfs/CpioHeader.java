package biscotti.file.tmpfs;

import java.nio.charset.StandardCharsets;

/**
 * The header of a file in a cpio archive of the "new ASCII" format (cpio(5)): a magic number and 13 fields of eight hexadecimal
 * digits, then the name with at least one NUL, then the data; name and data are padded to four bytes.
 */
final class CpioHeader {
    /** Bytes of a header, without the name. */
    static final int SIZE = 110;

    /** The name of an archive's last entry. */
    static final String TRAILER = "TRAILER!!!";

    private static final int MAGIC_LENGTH = 6;
    private static final int DIGITS = 8;
    private static final String MAGIC = "070701";
    /** The same, with a check sum of the data. */
    private static final String MAGIC_WITH_SUM = "070702";

    private final byte[] bytes = new byte[SIZE];

    /** Where the header is to be copied to. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether this is a header. */
    boolean isValid() {
        String magic = new String(bytes, 0, MAGIC_LENGTH, StandardCharsets.ISO_8859_1);
        if (!magic.equals(MAGIC) && !magic.equals(MAGIC_WITH_SUM)) {
            return false;
        }
        for (int i = MAGIC_LENGTH; i < SIZE; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private long field(int index) {
        long value = 0;
        int start = MAGIC_LENGTH + index * DIGITS;
        for (int i = start; i < start + DIGITS; i++) {
            value = value << 4 | Character.digit(bytes[i], 16);
        }
        return value;
    }

    long inode() {
        return field(0);
    }

    int mode() {
        return (int) field(1);
    }

    int userId() {
        return (int) field(2);
    }

    int groupId() {
        return (int) field(3);
    }

    int links() {
        return (int) field(4);
    }

    /** Seconds since 1970. */
    long modifyTime() {
        return field(5);
    }

    long fileSize() {
        return field(6);
    }

    /** Major and minor number of the device that a device node stands for. */
    int deviceMajor() {
        return (int) field(9);
    }

    int deviceMinor() {
        return (int) field(10);
    }

    /** Bytes of the name, its NULs among them. */
    long nameSize() {
        return field(11);
    }

    /** From the start of the header to that of the data. */
    long dataOffset() {
        return SIZE + nameSize() + 3 & ~3L;
    }

    /** From the start of the header to that of the next one. */
    long length() {
        return dataOffset() + fileSize() + 3 & ~3L;
    }
}

package biscotti.abi;

/** Where lseek(2) counts from. */
public final class Seek {
    /** From the start. */
    public static final int SEEK_SET = 0;

    /** From the position. */
    public static final int SEEK_CUR = 1;

    /** From the end. */
    public static final int SEEK_END = 2;

    /** To the next data. */
    public static final int SEEK_DATA = 3;

    /** To the next hole. */
    public static final int SEEK_HOLE = 4;

    private Seek() {}
}

package biscotti.file.tty;

/**
 * The size of a terminal's window as a number: the eight bytes of {@code struct winsize} of tty_ioctl(4), which are rows,
 * columns, and width and height in pixels, if anybody knows them.
 */
public final class WindowSize {
    /** Nobody has said. */
    static final long UNKNOWN = 0;

    private static final int HALF = 0xffff;

    private WindowSize() {}

    /** A size in characters. */
    public static long of(int columns, int rows) {
        return rows & HALF | (long) (columns & HALF) << Short.SIZE;
    }
}

package biscotti.tools.bounds.range;

/** Numbers that are never negative and stop growing at {@link #UNBOUNDED}. */
public final class Amount {
    /** More than any number. */
    public static final long UNBOUNDED = Long.MAX_VALUE / 4;

    private Amount() {}

    /** Sum. */
    public static long add(long a, long b) {
        return Math.min(UNBOUNDED, a + b);
    }

    /** Product; nothing times without bound is nothing. */
    public static long multiply(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        return a > UNBOUNDED / b ? UNBOUNDED : a * b;
    }

    /** The number as text. */
    public static String text(long amount) {
        return amount >= UNBOUNDED ? "unbounded" : Long.toString(amount);
    }
}

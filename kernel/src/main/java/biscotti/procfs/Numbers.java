package biscotti.procfs;

/** Numbers as programs write them into files of /proc. */
final class Numbers {
    /** What {@link #parse} returns for a text that is no number. */
    static final long NONE = Long.MIN_VALUE;

    private static final int MOST_DIGITS = 18;
    private static final int HEXADECIMAL = 16;

    private Numbers() {}

    /** An unsigned number as C writes it: decimal, or hexadecimal behind 0x. */
    static long parseUnsigned(String text) {
        boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
        if (!hexadecimal) {
            long value = parse(text);
            return value < 0 ? NONE : value;
        }
        int digits = text.length() - 2;
        if (digits < 1 || digits >= HEXADECIMAL) {
            return NONE;
        }
        long value = 0;
        for (int i = 2; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), HEXADECIMAL);
            if (digit < 0) {
                return NONE;
            }
            value = value * HEXADECIMAL + digit;
        }
        return value;
    }

    /** A decimal number, with a sign or without. */
    static long parse(String text) {
        int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int digits = text.length() - first;
        if (digits < 1 || digits > MOST_DIGITS) {
            return NONE;
        }
        long value = 0;
        for (int i = first; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            value = value * 10 + digit;
        }
        return text.charAt(0) == '-' ? -value : value;
    }
}

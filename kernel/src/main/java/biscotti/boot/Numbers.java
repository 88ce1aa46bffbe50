package biscotti.boot;

/** Numbers in the text that comes from outside. */
final class Numbers {
    private Numbers() {}

    /**
     * The unsigned decimal number in part of a text.
     *
     * @return -1 if it is none, or above {@code most}
     */
    static long parse(String text, int from, int to, long most) {
        if (from < 0 || to <= from) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (most - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}

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
        long number = from < 0 || to <= from ? -1 : 0;
        for (int i = from; i < to && number >= 0; i++) {
            number = with(number, text.charAt(i), most);
        }
        return number;
    }

    /** The same in a text whose characters are bytes. */
    static long parse(byte[] text, int from, int to, long most) {
        long number = from < 0 || to <= from ? -1 : 0;
        for (int i = from; i < to && number >= 0; i++) {
            number = with(number, text[i], most);
        }
        return number;
    }

    /** A number with one more digit; -1 if that is none, or the number becomes too large. */
    private static long with(long number, int character, long most) {
        int digit = character - '0';
        return digit < 0 || digit > 9 || number > (most - digit) / 10 ? -1 : number * 10 + digit;
    }
}

package biscotti.procfs;

import static biscotti.abi.Errno.EINVAL;

import biscotti.abi.Latin1;
import biscotti.file.Caller;

/** Takes what is written to a file. */
@FunctionalInterface
interface Setting {
    /**
     * Takes a number.
     *
     * @return 0 or a negative errno
     */
    int set(Caller writer, long value);

    /**
     * Takes what was written as it is; here as a number with blanks around it.
     *
     * @param text holds it, at its start
     * @return 0 or a negative errno
     */
    default int setText(Caller writer, byte[] text, int length) {
        long value = Numbers.parse(word(text, length));
        return value == Numbers.NONE ? -EINVAL : set(writer, value);
    }

    /** What was written, without the blanks around it. */
    static String word(byte[] text, int length) {
        int start = 0;
        int end = length;
        while (start < end && text[start] <= ' ') {
            start++;
        }
        while (end > start && text[end - 1] <= ' ') {
            end--;
        }
        return Latin1.text(text, start, end - start);
    }

    /** One that takes nothing, whatever is written. */
    static Setting refusing(int error) {
        return new Setting() {
            @Override
            public int set(Caller writer, long value) {
                return -error;
            }

            @Override
            public int setText(Caller writer, byte[] text, int length) {
                return -error;
            }
        };
    }
}

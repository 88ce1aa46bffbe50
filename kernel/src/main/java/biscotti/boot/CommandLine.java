package biscotti.boot;

import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's part of the boot command line, byte for byte: each character of the strings here is one byte. The arguments of
 * {@code main} would not do, because the JVM takes them for ASCII and replaces all else.
 *
 * <p>The line is {@code SHIM-OPTIONS -- JVM-OPTIONS JAR KERNEL-ARGUMENTS}, split at blanks; {@code %20} and the like stand
 * for one byte each, and {@code %00} ends an argument, so that it may be empty (docs/shim.md).
 */
final class CommandLine {
    private static final int HEXADECIMAL = 16;

    private CommandLine() {}

    /** The arguments behind the word {@code jar}; {@code otherwise} if the line does not have it. */
    static String[] argumentsOf(String jar, String line, String... otherwise) {
        List<String> words = new ArrayList<>();
        boolean found = false;
        int start = 0;
        while (start < line.length()) {
            int blank = line.indexOf(' ', start);
            int end = blank < 0 ? line.length() : blank;
            if (end > start) {
                String word = decoded(line.substring(start, end));
                if (found) {
                    words.add(word);
                }
                found |= word.equals(jar);
            }
            start = end + 1;
        }
        return found ? words.toArray(String[]::new) : otherwise;
    }

    private static String decoded(String word) {
        StringBuilder result = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char character = word.charAt(i);
            int high = i + 2 < word.length() ? Character.digit(word.charAt(i + 1), HEXADECIMAL) : -1;
            int low = high < 0 ? -1 : Character.digit(word.charAt(i + 2), HEXADECIMAL);
            if (character == '%' && low >= 0) {
                if (high == 0 && low == 0) {
                    break;
                }
                result.append((char) (high * HEXADECIMAL + low));
                i += 2;
            } else {
                result.append(character);
            }
        }
        return result.toString();
    }
}

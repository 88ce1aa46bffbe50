package biscotti.process.program;

import biscotti.abi.Latin1;

/**
 * The first line of a script: {@code #!interpreter [argument]} (execve(2), "Interpreter scripts").
 *
 * @param interpreter the path of the interpreter; empty if the line has none
 * @param argument all that follows, as one argument; empty if nothing does
 * @param whole whether the line names an interpreter, as far as the bytes that are looked at can tell: not a line of blanks only, nor
 *     one that ends amid the path. A line that ends with the file names the empty path.
 */
public record ScriptLine(String interpreter, String argument, boolean whole) {
    /** How many bytes of a script are looked at. */
    public static final int BYTES = 256;

    /** Whether a file's first bytes begin a script. */
    public static boolean begins(byte[] first) {
        return first[0] == '#' && first[1] == '!';
    }

    /** Takes the line apart, at blanks and tabs. */
    public static ScriptLine of(byte[] first) {
        String text = Latin1.text(first, 2, first.length - 2);
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != 0) {
            end++;
        }
        int start = skipBlanks(text, 0, end);
        int stop = start;
        while (stop < end && !isBlank(text.charAt(stop))) {
            stop++;
        }
        int argument = skipBlanks(text, stop, end);
        int last = end;
        while (last > argument && isBlank(text.charAt(last - 1))) {
            last--;
        }
        boolean endsWithFile = end < text.length() && text.charAt(end) == 0;
        boolean whole = start < end ? stop < text.length() : endsWithFile;
        return new ScriptLine(text.substring(start, stop), text.substring(argument, last), whole);
    }

    private static int skipBlanks(String text, int from, int end) {
        int at = from;
        while (at < end && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t';
    }
}

package biscotti.process.program;

import biscotti.abi.Latin1;

/**
 * The first line of a script: {@code #!interpreter [argument]} (execve(2), "Interpreter scripts").
 *
 * @param interpreter the path of the interpreter; empty if the line has none
 * @param argument all that follows, as one argument; empty if nothing does
 */
public record ScriptLine(String interpreter, String argument) {
    /** How many bytes of a script are looked at. */
    public static final int BYTES = 256;

    /** Whether a file's first bytes begin a script. */
    public static boolean begins(byte[] first) {
        return first[0] == '#' && first[1] == '!';
    }

    /** Takes the line apart. */
    public static ScriptLine of(byte[] first) {
        String text = Latin1.text(first, 2, first.length - 2);
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != 0) {
            end++;
        }
        String line = text.substring(0, end).strip();
        int blank = 0;
        while (blank < line.length() && line.charAt(blank) != ' ' && line.charAt(blank) != '\t') {
            blank++;
        }
        return new ScriptLine(line.substring(0, blank), line.substring(blank).strip());
    }
}

package biscotti.file;

/** Takes the text of /proc/PID/fdinfo that a kind of file has to say about itself. */
public interface FileText {
    /** Appends a text. */
    FileText append(CharSequence text);

    /** Appends a number. */
    FileText append(long value);

    /** Appends a text with blanks in front, up to a width. */
    FileText right(String text, int width);

    /** Appends a number in base 16 with zeros in front. */
    FileText hex(long value, int digits);
}

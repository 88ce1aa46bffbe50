package biscotti.procfs;

import biscotti.file.FileText;
import biscotti.machine.PhysicalMemory;

/**
 * A view of a text, as large as a frame: whoever makes the text appends all of it, record by record; what comes before the window
 * or after it is dropped. So a text of any length is read through one frame, window by window, and costs no heap. Each char is
 * one byte.
 */
final class TextWindow implements FileText {
    private static final int CAPACITY = PhysicalMemory.FRAME_SIZE;
    private static final int HEXADECIMAL = 16;
    private static final int OCTAL = 8;

    private final PhysicalMemory memory;
    private long frame;
    private int length;
    private long toSkip;
    private boolean overflown;

    /** A window without a frame. */
    TextWindow(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Gives it a frame, or another one in place of its own; 0 for none. It is empty then. */
    void setFrame(long another) {
        frame = another;
        clear();
    }

    /** Empties it. */
    void clear() {
        length = 0;
        overflown = false;
    }

    /** Begins a record, of which so many bytes come before the window. */
    void skip(long bytes) {
        toSkip = bytes;
    }

    /** The frame that has the bytes; 0 if there is none. */
    long frame() {
        return frame;
    }

    /** How many bytes are in it. */
    int length() {
        return length;
    }

    /** Whether bytes came after the window was full. */
    boolean isOverflown() {
        return overflown;
    }

    TextWindow append(char value) {
        if (toSkip > 0) {
            toSkip--;
        } else if (length < CAPACITY) {
            memory.writeByte(frame + length, (byte) value);
            length++;
        } else {
            overflown = true;
        }
        return this;
    }

    @Override
    public TextWindow append(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            append(text.charAt(i));
        }
        return this;
    }

    TextWindow append(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            append((char) (bytes[i] & 0xff));
        }
        return this;
    }

    @Override
    public TextWindow append(long value) {
        return append(Long.toString(value));
    }

    /** Appends a text so many times. */
    TextWindow repeat(char value, int times) {
        for (int i = 0; i < times; i++) {
            append(value);
        }
        return this;
    }

    /** Appends a number with blanks in front, up to a width. */
    TextWindow right(long value, int width) {
        return right(Long.toString(value), ' ', width);
    }

    /** Appends a text with blanks in front, up to a width. */
    @Override
    public TextWindow right(String text, int width) {
        return right(text, ' ', width);
    }

    private TextWindow right(String text, char filler, int width) {
        return repeat(filler, width - text.length()).append(text);
    }

    /** Appends a text with blanks behind, up to a width. */
    TextWindow left(String text, int width) {
        return append(text).repeat(' ', width - text.length());
    }

    /** Appends a number with zeros in front. */
    TextWindow digits(long value, int digits) {
        return right(Long.toString(value), '0', digits);
    }

    /** Appends a number in base 16 with zeros in front. */
    @Override
    public TextWindow hex(long value, int digits) {
        return right(Long.toUnsignedString(value, HEXADECIMAL), '0', digits);
    }

    /** Appends a number in base 8 with zeros in front. */
    TextWindow octal(long value, int digits) {
        return right(Long.toUnsignedString(value, OCTAL), '0', digits);
    }

    /** Appends a number as without a sign. */
    TextWindow unsigned(int value) {
        return append(Integer.toUnsignedLong(value));
    }
}

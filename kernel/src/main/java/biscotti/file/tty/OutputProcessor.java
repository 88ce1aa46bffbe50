package biscotti.file.tty;

import biscotti.abi.Termios;

/** Turns what programs write into what the terminal gets, as {@code c_oflag} says, and knows the cursor's column. */
final class OutputProcessor {
    /** The most bytes that come of one: a tab. */
    static final int LONGEST = 8;

    private static final int TAB = 8;

    private int column;

    /** The column where the next character goes. */
    int column() {
        return column;
    }

    /**
     * Processes one byte.
     *
     * @param out where the result goes; has room for {@link #LONGEST} bytes
     * @return the index behind the result
     */
    int process(TerminalSettings settings, byte value, byte[] out, int at) {
        if (!settings.output(Termios.OPOST)) {
            out[at] = value;
            return at + 1;
        }
        return switch (value) {
            case '\n' -> newLine(settings, out, at);
            case '\r' -> carriageReturn(settings, out, at);
            case '\t' -> tab(settings, out, at);
            case '\b' -> {
                column = Math.max(0, column - 1);
                out[at] = value;
                yield at + 1;
            }
            default -> {
                column += takesColumn(settings, value) ? 1 : 0;
                boolean raised = settings.output(Termios.OLCUC) && value >= 'a' && value <= 'z';
                out[at] = raised ? (byte) (value - 'a' + 'A') : value;
                yield at + 1;
            }
        };
    }

    private int newLine(TerminalSettings settings, byte[] out, int at) {
        if (settings.output(Termios.ONLRET)) {
            column = 0;
        }
        if (settings.output(Termios.ONLCR)) {
            column = 0;
            out[at] = '\r';
            out[at + 1] = '\n';
            return at + 2;
        }
        out[at] = '\n';
        return at + 1;
    }

    private int carriageReturn(TerminalSettings settings, byte[] out, int at) {
        if (settings.output(Termios.ONOCR) && column == 0) {
            return at;
        }
        if (settings.output(Termios.OCRNL)) {
            return newLine(settings, out, at);
        }
        column = 0;
        out[at] = '\r';
        return at + 1;
    }

    private int tab(TerminalSettings settings, byte[] out, int at) {
        int width = TAB - column % TAB;
        column += width;
        if (!settings.expandsTabs()) {
            out[at] = '\t';
            return at + 1;
        }
        for (int i = 0; i < width; i++) {
            out[at + i] = ' ';
        }
        return at + width;
    }

    /** Whether a byte moves the cursor: no control character, and with IUTF8 not the rest of a character. */
    static boolean takesColumn(TerminalSettings settings, byte value) {
        int character = value & 0xff;
        boolean control = character < ' ' || character == 0x7f;
        return !control && !(settings.input(Termios.IUTF8) && isContinuation(value));
    }

    /** Whether a byte continues a character of UTF-8. */
    static boolean isContinuation(byte value) {
        return (value & 0xc0) == 0x80;
    }
}

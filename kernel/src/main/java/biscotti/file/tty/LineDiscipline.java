package biscotti.file.tty;

import biscotti.abi.SignalNumber;
import biscotti.abi.Termios;

/**
 * Turns what is typed into what programs read, and echoes it: Linux's N_TTY.
 *
 * <p>The input is a ring of characters. In canonical mode those behind the last end of line are still being edited; a read
 * gets whole lines only. An end of file (^D) is an end of line that has no byte. In other modes a read gets whatever is
 * there.
 *
 * <p>Not safe for use by several threads: the terminal's lock guards it. It calls nobody: signals and echo are collected, and the
 * terminal sends them.
 */
final class LineDiscipline {
    private static final int CAPACITY = 4096;
    private static final int ECHO_CAPACITY = 4096;
    /** Marks a character that ends a line. */
    private static final int LINE_END = 0x100;
    /** Marks a line end without a byte. */
    private static final int END_OF_FILE = 0x200;

    private static final int DELETE = 0x7f;
    private static final int CONTROL_TO_LETTER = 0x40;
    private static final int TAB = 8;
    private static final int CASE = 'a' - 'A';
    /** What marks an error with PARMRK. */
    private static final int MARK = 0xff;

    private final OutputProcessor output;
    private final short[] ring = new short[CAPACITY];
    private int start;
    private int count;
    /** How many characters come before the line that is being edited. */
    private int finished;

    private int lineEnds;
    private boolean literal;
    /** Whether what is erased is being shown between a backslash and a slash: ECHOPRT. */
    private boolean erasing;

    private boolean stopped;
    /** The cursor's column where the line that is being edited started. */
    private int lineColumn;

    private final byte[] echo = new byte[ECHO_CAPACITY];
    private int echoLength;
    private int signals;

    LineDiscipline(OutputProcessor output) {
        this.output = output;
    }

    // What the terminal takes from it after input.

    /** Bytes to send to the screen; {@link #echoLength} of them. */
    byte[] echo() {
        return echo;
    }

    /** How many bytes are to be echoed. */
    int echoLength() {
        return echoLength;
    }

    /** Forgets the echo: it was sent. */
    void echoSent() {
        echoLength = 0;
    }

    /** Takes the signals for the foreground group: bit n stands for signal n. */
    int takeSignals() {
        int taken = signals;
        signals = 0;
        return taken;
    }

    /** Whether output is stopped (^S). */
    boolean stopped() {
        return stopped;
    }

    /** Stops or restarts output: tcflow(3). */
    void setStopped(boolean stop) {
        stopped = stop;
    }

    /** How many more bytes can be taken without losing any. */
    int room() {
        return CAPACITY - count;
    }

    // Input.

    /** Takes one byte that was typed. */
    void input(TerminalSettings settings, byte value) {
        int character = settings.input(Termios.ISTRIP) ? value & 0x7f : value & 0xff;
        if (settings.input(Termios.IUCLC) && settings.local(Termios.IEXTEN) && isUpperCase(character)) {
            character += CASE;
        }
        if (settings.local(Termios.EXTPROC)) {
            store(settings, character);
            return;
        }
        if (literal) {
            literal = false;
            echoCharacter(settings, character);
            store(settings, character);
            return;
        }
        if (flowControl(settings, character) || settings.local(Termios.ISIG) && signal(settings, character)) {
            return;
        }
        if (character == '\r') {
            if (settings.input(Termios.IGNCR)) {
                return;
            }
            character = settings.input(Termios.ICRNL) ? '\n' : '\r';
        } else if (character == '\n' && settings.input(Termios.INLCR)) {
            character = '\r';
        }
        if (settings.canonical() && canonical(settings, character)) {
            return;
        }
        if (settings.local(Termios.ECHO)) {
            finishErasing(settings);
            rememberColumn();
            echoCharacter(settings, character);
        }
        if (character == MARK && settings.input(Termios.PARMRK)) {
            store(settings, character);
        }
        store(settings, character);
    }

    private static boolean isUpperCase(int character) {
        return character >= 'A' && character <= 'Z';
    }

    private boolean flowControl(TerminalSettings settings, int character) {
        if (!settings.input(Termios.IXON)) {
            return false;
        }
        if (settings.is(character, Termios.VSTOP) && !stopped) {
            stopped = true;
            return true;
        }
        if (settings.is(character, Termios.VSTART)) {
            stopped = false;
            return true;
        }
        if (stopped && settings.input(Termios.IXANY)) {
            stopped = false;
        }
        return settings.is(character, Termios.VSTOP);
    }

    private boolean signal(TerminalSettings settings, int character) {
        int signal;
        if (settings.is(character, Termios.VINTR)) {
            signal = SignalNumber.SIGINT;
        } else if (settings.is(character, Termios.VQUIT)) {
            signal = SignalNumber.SIGQUIT;
        } else if (settings.is(character, Termios.VSUSP)) {
            signal = SignalNumber.SIGTSTP;
        } else {
            return false;
        }
        if (!settings.local(Termios.NOFLSH)) {
            flush();
        }
        stopped = false;
        if (settings.local(Termios.ECHO)) {
            echoCharacter(settings, character);
        }
        signals |= 1 << signal;
        return true;
    }

    /** Handles a character that means something in canonical mode. */
    private boolean canonical(TerminalSettings settings, int character) {
        boolean extended = settings.local(Termios.IEXTEN);
        if (settings.is(character, Termios.VERASE)) {
            erase(settings);
        } else if (settings.is(character, Termios.VKILL)) {
            kill(settings, character);
        } else if (extended && settings.is(character, Termios.VWERASE)) {
            eraseWord(settings);
        } else if (extended && settings.is(character, Termios.VLNEXT)) {
            literal = true;
            if (settings.local(Termios.ECHO) && settings.local(Termios.ECHOCTL)) {
                rememberColumn();
                echoBytes(settings, '^', '\b');
            }
        } else if (extended && settings.local(Termios.ECHO) && settings.is(character, Termios.VREPRINT)) {
            reprint(settings, character);
        } else if (character == '\n') {
            if (settings.local(Termios.ECHO) || settings.local(Termios.ECHONL)) {
                echoByte(settings, '\n');
            }
            endLine('\n' | LINE_END);
        } else if (settings.is(character, Termios.VEOF)) {
            endLine(LINE_END | END_OF_FILE);
        } else if (settings.is(character, Termios.VEOL) || extended && settings.is(character, Termios.VEOL2)) {
            if (settings.local(Termios.ECHO)) {
                echoCharacter(settings, character);
            }
            endLine(character | LINE_END);
        } else {
            return false;
        }
        return true;
    }

    /** Stores a character; the last place is kept for an end of line. */
    private void store(TerminalSettings settings, int character) {
        int limit = settings.canonical() ? CAPACITY - 1 : CAPACITY;
        if (count < limit) {
            append(character);
            if (!settings.canonical()) {
                finished = count;
            }
        } else if (settings.input(Termios.IMAXBEL)) {
            echoByte(settings, '\u0007');
        }
    }

    private void endLine(int character) {
        if (count < CAPACITY) {
            append(character);
            lineEnds++;
            finished = count;
        }
    }

    private void append(int character) {
        ring[(start + count) % CAPACITY] = (short) character;
        count++;
    }

    private int at(int index) {
        return ring[(start + index) % CAPACITY];
    }

    // Editing.

    private void erase(TerminalSettings settings) {
        if (count > finished) {
            int from = characterStart(settings, count);
            wipe(settings, from);
            count = from;
            finishErasingEmpty(settings);
        }
    }

    private void finishErasingEmpty(TerminalSettings settings) {
        if (count == finished && settings.local(Termios.ECHO)) {
            finishErasing(settings);
        }
    }

    /** Ends what ECHOPRT shows of characters that are erased. */
    private void finishErasing(TerminalSettings settings) {
        if (erasing) {
            echoByte(settings, '/');
            erasing = false;
        }
    }

    /** Where the character before an index starts: with IUTF8 its continuation bytes belong to it. */
    private int characterStart(TerminalSettings settings, int index) {
        int from = index - 1;
        if (settings.input(Termios.IUTF8)) {
            while (from > finished && OutputProcessor.isContinuation((byte) at(from))) {
                from--;
            }
        }
        return from;
    }

    private void eraseWord(TerminalSettings settings) {
        int from = count;
        while (from > finished && !isWordCharacter(at(from - 1))) {
            from--;
        }
        while (from > finished && isWordCharacter(at(from - 1))) {
            from--;
        }
        while (count > from) {
            int character = characterStart(settings, count);
            wipe(settings, character);
            count = character;
        }
        finishErasingEmpty(settings);
    }

    private static boolean isWordCharacter(int character) {
        int byteValue = character & 0xff;
        return Character.isLetterOrDigit(byteValue) || byteValue == '_' || byteValue >= 0x80;
    }

    private void kill(TerminalSettings settings, int character) {
        boolean wipes = settings.local(Termios.ECHOKE) && settings.local(Termios.ECHOE);
        if (settings.local(Termios.ECHO) && wipes) {
            while (count > finished) {
                erase(settings);
            }
            return;
        }
        count = finished;
        if (settings.local(Termios.ECHO)) {
            echoCharacter(settings, character);
            if (settings.local(Termios.ECHOK)) {
                echoByte(settings, '\n');
            }
        }
    }

    private void reprint(TerminalSettings settings, int character) {
        finishErasing(settings);
        echoCharacter(settings, character);
        echoByte(settings, '\n');
        lineColumn = 0;
        for (int i = finished; i < count; i++) {
            echoCharacter(settings, at(i) & 0xff);
        }
    }

    /** Takes the character from an index to the end from the screen. */
    private void wipe(TerminalSettings settings, int from) {
        if (!settings.local(Termios.ECHO)) {
            return;
        }
        if (settings.local(Termios.ECHOPRT)) {
            if (!erasing) {
                echoByte(settings, '\\');
                erasing = true;
            }
            for (int i = from; i < count; i++) {
                echoCharacter(settings, at(i) & 0xff);
            }
            return;
        }
        if (!settings.local(Termios.ECHOE)) {
            echoCharacter(settings, settings.character(Termios.VERASE));
            return;
        }
        boolean tab = (at(from) & 0xff) == '\t';
        int width = columnsUpTo(settings, count) - columnsUpTo(settings, from);
        for (int i = 0; i < width; i++) {
            if (tab) {
                echoByte(settings, '\b');
            } else {
                echoBytes(settings, '\b', ' ', '\b');
            }
        }
    }

    /** The column behind the characters of the edited line up to an index. */
    private int columnsUpTo(TerminalSettings settings, int end) {
        int column = lineColumn;
        for (int i = finished; i < end; i++) {
            int character = at(i) & 0xff;
            if (character == '\t') {
                column += TAB - column % TAB;
            } else if (isControl(character)) {
                column += settings.local(Termios.ECHOCTL) ? 2 : 0;
            } else if (OutputProcessor.takesColumn(settings, (byte) character)) {
                column++;
            }
        }
        return column;
    }

    private static boolean isControl(int character) {
        return character < ' ' || character == DELETE;
    }

    private void rememberColumn() {
        if (count == finished) {
            lineColumn = output.column();
        }
    }

    // Echo.

    private void echoCharacter(TerminalSettings settings, int character) {
        boolean asIs = character == '\n' || character == '\t' || !isControl(character);
        if (asIs || !settings.local(Termios.ECHOCTL)) {
            echoByte(settings, character);
        } else {
            echoBytes(settings, '^', character ^ CONTROL_TO_LETTER);
        }
    }

    private void echoBytes(TerminalSettings settings, int... values) {
        for (int value : values) {
            echoByte(settings, value);
        }
    }

    /** Adds to the echo; when too much waits, the rest is lost, as nobody can wait for the screen here. */
    private void echoByte(TerminalSettings settings, int value) {
        if (echoLength + OutputProcessor.LONGEST <= ECHO_CAPACITY) {
            echoLength = output.process(settings, (byte) value, echo, echoLength);
        }
    }

    // Reading.

    /** How many bytes a read could get at once: FIONREAD. */
    int available(TerminalSettings settings) {
        if (!settings.canonical()) {
            return count;
        }
        int bytes = 0;
        for (int i = 0; i < finished; i++) {
            bytes += (at(i) & END_OF_FILE) == 0 ? 1 : 0;
        }
        return bytes;
    }

    /** Whether a read has something to return: a line in canonical mode, else a byte. */
    boolean isReadable(TerminalSettings settings) {
        return settings.canonical() ? lineEnds > 0 : count > 0;
    }

    /**
     * Takes bytes out: in canonical mode up to the end of the first line, which is there.
     *
     * @return how many; 0 for an end of file
     */
    int read(TerminalSettings settings, byte[] to, int length) {
        boolean byLine = settings.canonical();
        int done = 0;
        while (done < length && count > 0) {
            int character = at(0);
            drop();
            if ((character & END_OF_FILE) == 0) {
                to[done++] = (byte) character;
            }
            if (byLine && (character & LINE_END) != 0) {
                return done;
            }
        }
        if (byLine && done == length && count > 0 && (at(0) & END_OF_FILE) != 0) {
            drop(); // a full buffer swallows the end of file behind it: it ended a line that had bytes
        }
        return done;
    }

    private void drop() {
        lineEnds -= (at(0) & LINE_END) != 0 ? 1 : 0;
        start = (start + 1) % CAPACITY;
        count--;
        finished = Math.max(0, finished - 1);
    }

    /** The settings have changed: what was typed before can be read, by bytes or lines. */
    void settingsChanged(TerminalSettings before, TerminalSettings after) {
        boolean wasCanonical = before.canonical();
        boolean isCanonical = after.canonical();
        if (wasCanonical && !isCanonical) {
            finished = count;
        } else if (!wasCanonical && isCanonical && count > 0 && (at(count - 1) & LINE_END) == 0) {
            ring[(start + count - 1) % CAPACITY] |= (short) LINE_END;
            lineEnds++;
        }
        literal = false;
    }

    /** Forgets all input. */
    void flush() {
        start = 0;
        count = 0;
        finished = 0;
        lineEnds = 0;
        literal = false;
        erasing = false;
    }
}

package biscotti.file.tty;

import static biscotti.abi.LittleEndian.getInt;
import static biscotti.abi.LittleEndian.getShort;
import static biscotti.abi.LittleEndian.putInt;
import static biscotti.abi.LittleEndian.putShort;

import biscotti.abi.Termios;

/** The settings of a terminal, termios(3). Immutable: a terminal exchanges them as a whole. */
final class TerminalSettings {
    private static final int CONTROL_MASK = 0x1f;
    private static final int FLAG_BYTES = 16;
    private static final int SHORT_FLAG_BYTES = 8;
    private static final int LOWER_HALF = 0xffff;

    /** As bits that are locked: none. */
    static final TerminalSettings NOTHING_LOCKED =
            new TerminalSettings(0, 0, 0, 0, (byte) 0, new byte[Termios.CHARACTERS], 0, 0);

    private final int input;
    private final int output;
    private final int control;
    private final int local;
    private final byte line;
    private final byte[] characters;
    private final int inputSpeed;
    private final int outputSpeed;

    private TerminalSettings(
            int input,
            int output,
            int control,
            int local,
            byte line,
            byte[] characters,
            int inputSpeed,
            int outputSpeed) {
        this.input = input;
        this.output = output;
        this.control = control;
        this.local = local;
        this.line = line;
        this.characters = characters;
        this.inputSpeed = inputSpeed;
        this.outputSpeed = outputSpeed;
    }

    /** What a terminal starts with: Linux's {@code tty_std_termios}. */
    static TerminalSettings initial() {
        byte[] characters = new byte[Termios.CHARACTERS];
        characters[Termios.VINTR] = control('C');
        characters[Termios.VQUIT] = control('\\');
        characters[Termios.VERASE] = 0x7f;
        characters[Termios.VKILL] = control('U');
        characters[Termios.VEOF] = control('D');
        characters[Termios.VMIN] = 1;
        characters[Termios.VSTART] = control('Q');
        characters[Termios.VSTOP] = control('S');
        characters[Termios.VSUSP] = control('Z');
        characters[Termios.VREPRINT] = control('R');
        characters[Termios.VDISCARD] = control('O');
        characters[Termios.VWERASE] = control('W');
        characters[Termios.VLNEXT] = control('V');
        return new TerminalSettings(
                Termios.ICRNL | Termios.IXON | Termios.IUTF8,
                Termios.OPOST | Termios.ONLCR,
                Termios.B38400 | Termios.CS8 | Termios.CREAD | Termios.HUPCL,
                Termios.ISIG
                        | Termios.ICANON
                        | Termios.ECHO
                        | Termios.ECHOE
                        | Termios.ECHOK
                        | Termios.ECHOCTL
                        | Termios.ECHOKE
                        | Termios.IEXTEN,
                (byte) 0,
                characters,
                Termios.INITIAL_SPEED,
                Termios.INITIAL_SPEED);
    }

    /** What a pseudo terminal starts with. */
    static TerminalSettings pseudo() {
        TerminalSettings usual = initial();
        return new TerminalSettings(
                usual.input & ~Termios.IUTF8,
                usual.output,
                usual.control & ~Termios.HUPCL,
                usual.local,
                usual.line,
                usual.characters,
                usual.inputSpeed,
                usual.outputSpeed);
    }

    /** These without what only a real line has: its characters have eight bits and no parity, and it is never hung up by itself. */
    TerminalSettings withoutLine() {
        int kept = control & ~(Termios.CSIZE | Termios.PARENB) | Termios.CS8 | Termios.CREAD;
        return new TerminalSettings(input, output, kept, local, line, characters, inputSpeed, outputSpeed);
    }

    /** Settings that pass bytes as they are. */
    static TerminalSettings raw() {
        byte[] characters = new byte[Termios.CHARACTERS];
        characters[Termios.VMIN] = 1;
        return new TerminalSettings(
                0,
                0,
                Termios.B38400 | Termios.CS8 | Termios.CREAD,
                0,
                (byte) 0,
                characters,
                Termios.INITIAL_SPEED,
                Termios.INITIAL_SPEED);
    }

    private static byte control(char letter) {
        return (byte) (letter & CONTROL_MASK);
    }

    /** Settings from the kernel's {@code struct termios}. */
    static TerminalSettings decode(byte[] structure) {
        return decode(structure, false);
    }

    /** Settings from the kernel's {@code struct termios}, or from {@code struct termios2}, which has the speeds as numbers behind it. */
    static TerminalSettings decode(byte[] structure, boolean speeds) {
        byte[] characters = new byte[Termios.CHARACTERS];
        System.arraycopy(structure, FLAG_BYTES + 1, characters, 0, Termios.CHARACTERS);
        int control = getInt(structure, 8);
        int output = Speeds.of(control);
        int code = control >>> Termios.IBSHIFT & Termios.CBAUD;
        int input = code == 0 ? output : Speeds.of(code);
        boolean other = speeds && (control & Termios.CBAUD) == Termios.BOTHER;
        boolean otherInput = speeds && code == Termios.BOTHER;
        int outputSpeed = other ? getInt(structure, Termios.SIZE + 4) : output;
        int inputSpeed = otherInput ? getInt(structure, Termios.SIZE) : code == 0 ? outputSpeed : input;
        return new TerminalSettings(
                getInt(structure, 0),
                getInt(structure, 4),
                control,
                getInt(structure, 12),
                structure[FLAG_BYTES],
                characters,
                inputSpeed,
                outputSpeed);
    }

    /** The kernel's {@code struct termios2}; its first bytes are a {@code struct termios}. */
    byte[] encode() {
        byte[] out = new byte[Termios.SIZE2];
        putInt(out, 0, input);
        putInt(out, 4, output);
        putInt(out, 8, control);
        putInt(out, 12, local);
        out[FLAG_BYTES] = line;
        System.arraycopy(characters, 0, out, FLAG_BYTES + 1, Termios.CHARACTERS);
        putInt(out, Termios.SIZE, inputSpeed);
        putInt(out, Termios.SIZE + 4, outputSpeed);
        return out;
    }

    /** These with what System V's {@code struct termio} has: the upper halves of the flags and the other characters stay. */
    TerminalSettings withShort(byte[] structure) {
        byte[] changed = characters.clone();
        System.arraycopy(structure, SHORT_FLAG_BYTES + 1, changed, 0, Termios.TERMIO_CHARACTERS);
        byte[] whole = new byte[Termios.SIZE];
        putInt(whole, 0, input & ~LOWER_HALF | getShort(structure, 0) & LOWER_HALF);
        putInt(whole, 4, output & ~LOWER_HALF | getShort(structure, 2) & LOWER_HALF);
        putInt(whole, 8, control & ~LOWER_HALF | getShort(structure, 4) & LOWER_HALF);
        putInt(whole, 12, local & ~LOWER_HALF | getShort(structure, 6) & LOWER_HALF);
        whole[FLAG_BYTES] = structure[SHORT_FLAG_BYTES];
        System.arraycopy(changed, 0, whole, FLAG_BYTES + 1, Termios.CHARACTERS);
        return decode(whole);
    }

    /** The {@code struct termio}. */
    byte[] encodeShort() {
        byte[] out = new byte[Termios.TERMIO_SIZE];
        putShort(out, 0, (short) input);
        putShort(out, 2, (short) output);
        putShort(out, 4, (short) control);
        putShort(out, 6, (short) local);
        out[SHORT_FLAG_BYTES] = line;
        System.arraycopy(characters, 0, out, SHORT_FLAG_BYTES + 1, Termios.TERMIO_CHARACTERS);
        return out;
    }

    /** These, but with the values of others where bits are locked; of a character or the line discipline, if any bit of it is. */
    TerminalSettings withLocked(TerminalSettings old, TerminalSettings bits) {
        if (bits == NOTHING_LOCKED) {
            return this;
        }
        byte[] kept = characters.clone();
        for (int i = 0; i < Termios.CHARACTERS; i++) {
            kept[i] = bits.characters[i] != 0 ? old.characters[i] : kept[i];
        }
        return new TerminalSettings(
                merge(input, old.input, bits.input),
                merge(output, old.output, bits.output),
                merge(control, old.control, bits.control),
                merge(local, old.local, bits.local),
                bits.line != 0 ? old.line : line,
                kept,
                inputSpeed,
                outputSpeed);
    }

    private static int merge(int value, int old, int locked) {
        return old & locked | value & ~locked;
    }

    /** Whether a flag of {@code c_iflag} is set. */
    boolean input(int flag) {
        return (input & flag) != 0;
    }

    /** Whether a flag of {@code c_oflag} is set. */
    boolean output(int flag) {
        return (output & flag) != 0;
    }

    /** Whether tabs become blanks. */
    boolean expandsTabs() {
        return (output & Termios.TABDLY) == Termios.XTABS;
    }

    /** Whether a flag of {@code c_lflag} is set. */
    boolean local(int flag) {
        return (local & flag) != 0;
    }

    /** Whether input comes by lines, which the terminal makes itself. */
    boolean canonical() {
        return (local & (Termios.ICANON | Termios.EXTPROC)) == Termios.ICANON;
    }

    /** Whether a character (0..255) is a control character that is on. */
    boolean is(int character, int which) {
        return character != Termios.DISABLED && character == (characters[which] & 0xff);
    }

    /** The value of a control character, VMIN or VTIME: 0..255. */
    int character(int which) {
        return characters[which] & 0xff;
    }
}

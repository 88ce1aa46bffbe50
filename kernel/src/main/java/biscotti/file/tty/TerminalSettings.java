package biscotti.file.tty;

import biscotti.abi.Termios;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The settings of a terminal, termios(3). Immutable: a terminal exchanges them as a whole. */
final class TerminalSettings {
    private static final int CONTROL_MASK = 0x1f;

    private final int input;
    private final int output;
    private final int control;
    private final int local;
    private final byte line;
    private final byte[] characters;

    private TerminalSettings(int input, int output, int control, int local, byte line, byte[] characters) {
        this.input = input;
        this.output = output;
        this.control = control;
        this.local = local;
        this.line = line;
        this.characters = characters;
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
                characters);
    }

    /** Settings that pass bytes as they are. */
    static TerminalSettings raw() {
        byte[] characters = new byte[Termios.CHARACTERS];
        characters[Termios.VMIN] = 1;
        return new TerminalSettings(0, 0, Termios.B38400 | Termios.CS8 | Termios.CREAD, 0, (byte) 0, characters);
    }

    private static byte control(char letter) {
        return (byte) (letter & CONTROL_MASK);
    }

    /** Settings from the kernel's {@code struct termios}. */
    static TerminalSettings decode(byte[] structure) {
        ByteBuffer in = ByteBuffer.wrap(structure).order(ByteOrder.LITTLE_ENDIAN);
        int input = in.getInt();
        int output = in.getInt();
        int control = in.getInt();
        int local = in.getInt();
        byte line = in.get();
        byte[] characters = new byte[Termios.CHARACTERS];
        in.get(characters);
        return new TerminalSettings(input, output, control, local, line, characters);
    }

    /** The kernel's {@code struct termios}. */
    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(Termios.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(input).putInt(output).putInt(control).putInt(local);
        out.put(line).put(characters);
        return out.array();
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

    /** Whether a character (0..255) is a control character that is on. */
    boolean is(int character, int which) {
        return character != Termios.DISABLED && character == (characters[which] & 0xff);
    }

    /** The value of a control character, VMIN or VTIME: 0..255. */
    int character(int which) {
        return characters[which] & 0xff;
    }
}

package biscotti.abi;

/** Settings of terminals: termios(3), {@code asm-generic/termbits.h}. */
public final class Termios {
    /** Bytes of the kernel's {@code struct termios}: four flag words, the line discipline, the control characters. */
    public static final int SIZE = 36;

    /** Bytes of {@code struct termios2}: two speeds more. */
    public static final int SIZE2 = 44;

    /** Bytes of System V's {@code struct termio}: the lower halves of the flag words, the line discipline, few control characters. */
    public static final int TERMIO_SIZE = 18;

    /** Number of control characters in {@code struct termio}. */
    public static final int TERMIO_CHARACTERS = 8;

    /** Number of control characters. */
    public static final int CHARACTERS = 19;

    /** Control character: SIGINT. */
    public static final int VINTR = 0;

    /** Control character: SIGQUIT. */
    public static final int VQUIT = 1;

    /** Control character: erase a character. */
    public static final int VERASE = 2;

    /** Control character: erase the line. */
    public static final int VKILL = 3;

    /** Control character: end of file. */
    public static final int VEOF = 4;

    /** Timeout of a read in non-canonical mode, in tenths of a second. */
    public static final int VTIME = 5;

    /** The fewest bytes of a read in non-canonical mode. */
    public static final int VMIN = 6;

    /** Control character: restart output. */
    public static final int VSTART = 8;

    /** Control character: stop output. */
    public static final int VSTOP = 9;

    /** Control character: SIGTSTP. */
    public static final int VSUSP = 10;

    /** Control character: another end of line. */
    public static final int VEOL = 11;

    /** Control character: show the line again. */
    public static final int VREPRINT = 12;

    /** Control character: discard output; it is kept and does nothing, as on Linux. */
    public static final int VDISCARD = 13;

    /** Control character: erase a word. */
    public static final int VWERASE = 14;

    /** Control character: take the next character as it is. */
    public static final int VLNEXT = 15;

    /** Control character: yet another end of line. */
    public static final int VEOL2 = 16;

    /** A control character that is off. */
    public static final int DISABLED = 0;

    // c_iflag

    /** Mark bytes that came with an error: here, 0xff is doubled. */
    public static final int PARMRK = 010;

    /** Strip the eighth bit. */
    public static final int ISTRIP = 040;

    /** NL becomes CR. */
    public static final int INLCR = 0100;

    /** CR is ignored. */
    public static final int IGNCR = 0200;

    /** CR becomes NL. */
    public static final int ICRNL = 0400;

    /** Upper case becomes lower case. */
    public static final int IUCLC = 01000;

    /** STOP and START control output. */
    public static final int IXON = 02000;

    /** Any character restarts output. */
    public static final int IXANY = 04000;

    /** Ring the bell when the input is full. */
    public static final int IMAXBEL = 020000;

    /** Input is UTF-8: erasing takes whole characters. */
    public static final int IUTF8 = 040000;

    // c_oflag

    /** Output is processed. */
    public static final int OPOST = 01;

    /** Lower case becomes upper case. */
    public static final int OLCUC = 02;

    /** NL becomes CR-NL. */
    public static final int ONLCR = 04;

    /** CR becomes NL. */
    public static final int OCRNL = 010;

    /** No CR in column 0. */
    public static final int ONOCR = 020;

    /** NL does what CR does, too. */
    public static final int ONLRET = 040;

    /** Mask of what becomes of tabs. */
    public static final int TABDLY = 014000;

    /** Tabs become blanks. */
    public static final int XTABS = 014000;

    // c_cflag

    /** Mask of the output speed. */
    public static final int CBAUD = 010017;

    /** The higher half of the speeds. */
    public static final int CBAUDEX = 010000;

    /** As a speed: the number in {@code struct termios2}. */
    public static final int BOTHER = 010000;

    /** Where the input speed is, in place of the output speed. */
    public static final int IBSHIFT = 16;

    /** The speed of {@link #B38400}. */
    public static final int INITIAL_SPEED = 38400;

    /** Mask of the bits of a character. */
    public static final int CSIZE = 060;

    /** Parity. */
    public static final int PARENB = 0400;

    /** 38400 baud: what Linux's consoles say. */
    public static final int B38400 = 017;

    /** 8 bits. */
    public static final int CS8 = 060;

    /** The receiver is on. */
    public static final int CREAD = 0200;

    /** Hang up after the last close. */
    public static final int HUPCL = 02000;

    // c_lflag

    /** Control characters send signals. */
    public static final int ISIG = 01;

    /** Input by lines. */
    public static final int ICANON = 02;

    /** Echo. */
    public static final int ECHO = 010;

    /** ERASE wipes the character from the screen. */
    public static final int ECHOE = 020;

    /** KILL is echoed with a new line. */
    public static final int ECHOK = 040;

    /** NL is echoed without ECHO. */
    public static final int ECHONL = 0100;

    /** Signals do not discard input. */
    public static final int NOFLSH = 0200;

    /** Output of background groups sends SIGTTOU. */
    public static final int TOSTOP = 0400;

    /** Control characters are echoed as ^X. */
    public static final int ECHOCTL = 01000;

    /** ERASE shows what it takes between backslash and slash. */
    public static final int ECHOPRT = 02000;

    /** KILL wipes the line from the screen. */
    public static final int ECHOKE = 04000;

    /** Somebody else processes what is typed. */
    public static final int EXTPROC = 0200000;

    /** WERASE, REPRINT, LNEXT and EOL2 work. */
    public static final int IEXTEN = 0100000;

    private Termios() {}
}

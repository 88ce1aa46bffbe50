package biscotti.file.tty;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Restart.ERESTARTSYS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Poll;
import biscotti.abi.SignalNumber;
import biscotti.abi.Termios;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.file.Transfer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line discipline does what termios(3) says: exact bytes, in and out. */
@Timeout(60)
class TtyTest {
    private static final int DEVICE = 1088;

    private final TestSystem system = new TestSystem(4 << 20);
    private final TestLine line = new TestLine();
    private final TestGroups groups = new TestGroups();
    private final TestCaller shell = system.newCaller();
    private Tty tty = new Tty(line, groups, system.machine().clock(), DEVICE, false);

    @AfterEach
    void close() {
        system.close();
    }

    private void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        tty.receive(bytes, bytes.length);
    }

    private String read(int most) {
        byte[] bytes = new byte[most];
        long count = tty.read(shell, system.transfer(bytes), false);
        return count < 0 ? "error " + -count : new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1);
    }

    private static String error(int number) {
        return "error " + number;
    }

    /** Changes flags of the local, input and output modes: those given are switched over. */
    private void toggle(int local, int input, int output) {
        byte[] settings = tty.settings().encode();
        int[] flags = {input, output, 0, local};
        for (int word = 0; word < flags.length; word++) {
            for (int i = 0; i < Integer.BYTES; i++) {
                settings[word * Integer.BYTES + i] ^= (byte) (flags[word] >>> 8 * i);
            }
        }
        tty.setSettings(TerminalSettings.decode(settings));
    }

    private void setCharacter(int which, int value) {
        byte[] settings = tty.settings().encode();
        settings[17 + which] = (byte) value;
        tty.setSettings(TerminalSettings.decode(settings));
    }

    @Test
    void aLineCanBeReadWhenItIsComplete() {
        type("hel");
        assertEquals(error(EAGAIN), read(100));
        type("lo\r");
        assertEquals("hello\n", read(100));
        assertEquals("hello\r\n", line.takeOutput());
    }

    @Test
    void aReadGetsOneLineAndTheRestStays() {
        type("one\ntwo\n");
        assertEquals("on", read(2));
        assertEquals("e\n", read(100));
        assertEquals("two\n", read(100));
    }

    @Test
    void eraseTakesACharacterAndWipesIt() {
        type("ab\u007fc\n");
        assertEquals("ac\n", read(100));
        assertEquals("ab\b \bc\r\n", line.takeOutput());
        type("\u007f\u007f");
        assertEquals("", line.takeOutput());
    }

    @Test
    void eraseTakesWholeCharactersOfUtf8AndBothColumnsOfControlCharacters() {
        type("\u00c3\u00a4\u007f");
        assertEquals("\u00c3\u00a4\b \b", line.takeOutput());
        type("\u0001\u007f\n");
        assertEquals("^A\b \b\b \b\r\n", line.takeOutput());
        assertEquals("\n", read(10));
    }

    @Test
    void eraseOfATabGoesBackToWhereItBegan() {
        type("ab\t\u007f");
        assertEquals("ab\t\b\b\b\b\b\b", line.takeOutput());
    }

    @Test
    void killWipesTheLineAndWordEraseItsLastWord() {
        type("one two\u0017x\n");
        assertEquals("one x\n", read(100));
        line.takeOutput();
        type("abc\u0015d\n");
        assertEquals("d\n", read(100));
        assertEquals("abc\b \b\b \b\b \bd\r\n", line.takeOutput());
    }

    @Test
    void theNextCharacterIsTakenAsItIsAfterLiteralNext() {
        shell.id = 1;
        tty.claim(shell, false);
        type("a\u0016\u0003b\n");
        assertEquals("a\u0003b\n", read(100));
        assertEquals("a^\b^Cb\r\n", line.takeOutput());
        assertTrue(groups.sent.isEmpty());
    }

    @Test
    void reprintShowsTheLineAgain() {
        type("ab\u0012");
        assertEquals("ab^R\r\nab", line.takeOutput());
    }

    @Test
    void endOfFileEndsALineWithoutABytesOfItsOwn() {
        type("ab\u0004");
        assertEquals("ab", read(100));
        assertEquals(error(EAGAIN), read(100));
        type("\u0004");
        assertEquals("", read(100));
        assertEquals(error(EAGAIN), read(100));
    }

    @Test
    void controlCharactersSignalTheForegroundGroupAndDiscardInput() {
        tty.claim(shell, false);
        type("abc\u0003");
        type("\u001a");
        type("\u001c");
        assertEquals(
                List.of("1:" + SignalNumber.SIGINT, "1:" + SignalNumber.SIGTSTP, "1:" + SignalNumber.SIGQUIT),
                groups.sent);
        assertEquals("abc^C^Z^\\", line.takeOutput());
        type("\n");
        assertEquals("\n", read(100));
        toggle(Termios.NOFLSH, 0, 0);
        type("keep\u0003\n");
        assertEquals("keep\n", read(100));
    }

    @Test
    void withoutSignalsTheyAreBytes() {
        tty.claim(shell, false);
        toggle(Termios.ISIG, 0, 0);
        type("\u0003\n");
        assertEquals("\u0003\n", read(100));
        assertTrue(groups.sent.isEmpty());
    }

    @Test
    void rawInputIsReadAtOnceAndNotEchoed() {
        toggle(Termios.ICANON | Termios.ECHO | Termios.ISIG, Termios.ICRNL, Termios.OPOST);
        type("a\r\u0004\u007f");
        assertEquals("a\r\u0004\u007f", read(100));
        assertEquals("", line.takeOutput());
        assertEquals(4, tty.write(shell, system.transfer("a\nb\n"), false));
        assertEquals("a\nb\n", line.takeOutput());
    }

    @Test
    void aRawReadWaitsForTheFewestBytesAskedFor() throws InterruptedException {
        toggle(Termios.ICANON | Termios.ECHO, 0, 0);
        setCharacter(Termios.VMIN, 3);
        type("ab");
        assertEquals(0, tty.events() & Poll.POLLIN);
        byte[] bytes = new byte[10];
        system.run(() -> assertEquals(3, tty.read(shell, system.transfer(bytes), true)), () -> type("c"));
    }

    @Test
    void aRawReadWithATimeoutReturnsNothingWhenItPasses() throws InterruptedException {
        toggle(Termios.ICANON | Termios.ECHO, 0, 0);
        setCharacter(Termios.VMIN, 0);
        assertEquals(0, tty.read(shell, system.transfer(new byte[10]), true));
        setCharacter(Termios.VTIME, 1);
        system.run(() -> assertEquals(0, tty.read(shell, system.transfer(new byte[10]), true)));
    }

    @Test
    void aTypedLineWakesTheReaderThatWaits() throws InterruptedException {
        Transfer to = system.transfer(new byte[10]);
        system.run(() -> assertEquals(3, tty.read(shell, to, true)), () -> type("ab\n"));
    }

    @Test
    void stoppedOutputWaitsForStart() throws InterruptedException {
        type("\u0013");
        assertEquals(-EAGAIN, tty.write(shell, system.transfer("x"), false));
        assertFalse((tty.events() & Poll.POLLOUT) != 0);
        system.run(() -> assertEquals(1, tty.write(shell, system.transfer("x"), true)), () -> type("\u0011"));
        assertEquals("x", line.takeOutput());
    }

    @Test
    void backgroundReadersAreStoppedOrRefused() {
        tty.claim(shell, false);
        TestCaller background = system.newCaller();
        background.id = 7;
        background.group = 7;
        assertEquals(-ERESTARTSYS, tty.read(background, system.transfer(new byte[1]), true));
        assertEquals(List.of(SignalNumber.SIGTTIN), background.signals());
        background.refused = SignalNumber.SIGTTIN;
        assertEquals(-EIO, tty.read(background, system.transfer(new byte[1]), true));
        background.refused = 0;
        background.orphaned = true;
        assertEquals(-EIO, tty.read(background, system.transfer(new byte[1]), true));
    }

    @Test
    void backgroundWritersAreStoppedOnlyIfTheTerminalSaysSo() {
        tty.claim(shell, false);
        TestCaller background = system.newCaller();
        background.id = 7;
        background.group = 7;
        assertEquals(1, tty.write(background, system.transfer("x"), false));
        toggle(Termios.TOSTOP, 0, 0);
        assertEquals(-ERESTARTSYS, tty.write(background, system.transfer("x"), false));
        assertEquals(List.of(SignalNumber.SIGTTOU), background.signals());
        background.refused = SignalNumber.SIGTTOU;
        assertEquals(1, tty.write(background, system.transfer("x"), false));
    }

    @Test
    void aNewWindowSizeIsToldToTheForegroundOnce() {
        tty.claim(shell, false);
        tty.resize(WindowSize.of(80, 24));
        tty.resize(WindowSize.of(80, 24));
        assertEquals(List.of("1:" + SignalNumber.SIGWINCH), groups.sent);
    }

    @Test
    void outputTabsAndColumnsAreCounted() {
        toggle(0, 0, Termios.XTABS);
        assertEquals(4, tty.write(shell, system.transfer("ab\tc"), false));
        assertEquals("ab      c", line.takeOutput());
    }

    @Test
    void inputBeyondTheBufferIsLostButTheLineCanStillEnd() {
        type("x".repeat(5000));
        type("\n");
        assertEquals("x".repeat(4095) + "\n", read(5000));
    }

    @Test
    void aPlainTerminalPassesAllBytesAndMakesTheLineWait() {
        tty = new Tty(line, groups, system.machine().clock(), DEVICE, true);
        int room = tty.room();
        type("\u0003\r\n\u0004".repeat(room / 4));
        assertEquals(0, tty.room());
        assertEquals("\u0003\r\n\u0004", read(4));
        assertTrue(line.wanted);
        assertEquals(4, tty.room());
        tty.end();
        assertEquals(room - 4, read(2 * room).length());
        assertEquals("", read(1));
    }

    @Test
    void aSessionsEndHangsUp() {
        tty.claim(shell, false);
        assertEquals(1, tty.session());
        shell.terminal().leaderExited(1);
        assertEquals(0, tty.session());
        assertTrue(shell.terminal().get().isEmpty());
        assertEquals(List.of("1:" + SignalNumber.SIGHUP, "1:" + SignalNumber.SIGCONT), groups.sent);
    }
}

package biscotti.boot;

import biscotti.driver.SerialPort;
import biscotti.machine.Machine;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import java.nio.charset.StandardCharsets;

/**
 * The line to whoever runs the machine, on COM2. It carries lines of text:
 *
 * <table>
 * <caption>Lines</caption>
 * <tr><td>to the host</td><td>{@code start}</td><td>the command begins</td></tr>
 * <tr><td></td><td>{@code exit STATUS}</td><td>it has ended</td></tr>
 * <tr><td></td><td>{@code error STATUS TEXT}</td><td>it could not be started</td></tr>
 * <tr><td>from the host</td><td>{@code size COLUMNS ROWS}</td><td>the terminal has a new size</td></tr>
 * <tr><td></td><td>{@code eof COUNT}</td><td>the console's input has ended after that many bytes</td></tr>
 * </table>
 *
 * Unknown lines are ignored.
 */
final class ControlLine {
    /** Hears what the host has to say, on the line's thread. */
    interface Listener {
        /** The terminal has a new size. */
        void resized(int columns, int rows);

        /** The console's input ends after so many bytes. */
        void inputEnds(long bytes);
    }

    private static final int LONGEST_LINE = 100;

    private final SerialPort port;
    private final Listener listener;
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;

    ControlLine(Machine machine, Scheduler scheduler, Listener listener) {
        this.listener = listener;
        this.port = new SerialPort(machine, scheduler, SerialPort.COM2);
        port.start(this::receive);
    }

    /** Tells the host that the command begins. */
    void started(KernelThread thread) {
        send(thread, "start");
    }

    /** Tells the host how the command ended. */
    void exit(KernelThread thread, int status) {
        send(thread, "exit " + status);
    }

    /** Tells the host that the command could not be started. */
    void error(KernelThread thread, int status, String text) {
        send(thread, "error " + status + " " + text.replace('\n', ' '));
    }

    /** Sends a line, and waits until it has left. */
    private void send(KernelThread thread, String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        port.write(thread, bytes, 0, bytes.length);
        port.flush(thread);
    }

    private void receive(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                take();
                length = 0;
            } else if (length < LONGEST_LINE) {
                line[length++] = bytes[i];
            }
        }
    }

    private void take() {
        int first = blankFrom(0);
        int second = blankFrom(first + 1);
        if (begins("size ")) {
            int columns = (int) Numbers.parse(line, first + 1, second, Short.MAX_VALUE);
            int rows = (int) Numbers.parse(line, second + 1, length, Short.MAX_VALUE);
            if (columns > 0 && rows > 0) {
                listener.resized(columns, rows);
            }
        } else if (begins("eof ")) {
            long bytes = Numbers.parse(line, first + 1, second, Long.MAX_VALUE);
            if (bytes >= 0) {
                listener.inputEnds(bytes);
            }
        }
    }

    private boolean begins(String word) {
        int same = 0;
        while (same < word.length() && same < length && line[same] == word.charAt(same)) {
            same++;
        }
        return same == word.length();
    }

    /** Where the next blank is, or the line's end. */
    private int blankFrom(int start) {
        int at = start;
        while (at < length && line[at] != ' ') {
            at++;
        }
        return at;
    }
}

package biscotti.boot;

import biscotti.driver.SerialPort;
import biscotti.machine.Machine;
import biscotti.sched.KernelThread;
import biscotti.sched.Scheduler;
import java.nio.charset.StandardCharsets;

/**
 * The line to whoever runs the machine, on COM2: text lines. To the host goes {@code exit STATUS}, how the first process ended;
 * from the host comes {@code size COLUMNS ROWS}, the terminal's new size. Unknown lines are ignored.
 */
final class ControlLine {
    /** Hears that the terminal has a new size. */
    @FunctionalInterface
    interface SizeListener {
        void resized(int columns, int rows);
    }

    private static final int LONGEST_LINE = 100;
    private static final String SIZE = "size ";

    private final SerialPort port;
    private final SizeListener listener;
    private final StringBuilder line = new StringBuilder(LONGEST_LINE);

    ControlLine(Machine machine, Scheduler scheduler, SizeListener listener) {
        this.listener = listener;
        this.port = new SerialPort(machine, scheduler, SerialPort.COM2, this::receive);
    }

    /** Tells the host how the first process ended, and waits until it has been told. */
    void exit(KernelThread thread, int status) {
        byte[] text = ("exit " + status + "\n").getBytes(StandardCharsets.US_ASCII);
        port.write(thread, text, 0, text.length);
        port.flush(thread);
    }

    private void receive(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            char character = (char) (bytes[i] & 0xff);
            if (character == '\n') {
                take(line.toString());
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append(character);
            }
        }
    }

    private void take(String text) {
        if (text.startsWith(SIZE)) {
            int blank = text.indexOf(' ', SIZE.length());
            int columns = KernelOptions.number(text, SIZE.length(), blank);
            int rows = KernelOptions.number(text, blank + 1, text.length());
            if (columns > 0 && rows > 0) {
                listener.resized(columns, rows);
            }
        }
    }
}

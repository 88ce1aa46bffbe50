package biscotti.file.tty;

import biscotti.sched.KernelThread;
import java.nio.charset.StandardCharsets;

/** A line that takes everything at once and remembers it. */
final class TestLine implements TerminalLine {
    private final StringBuffer output = new StringBuffer();

    /** Whether the terminal said that it has room again. */
    volatile boolean wanted;

    /** What was sent since this was asked last. */
    String takeOutput() {
        String taken = output.toString();
        output.setLength(0);
        return taken;
    }

    @Override
    public int offer(byte[] from, int offset, int length) {
        output.append(new String(from, offset, length, StandardCharsets.ISO_8859_1));
        return length;
    }

    @Override
    public int write(KernelThread thread, byte[] from, int offset, int length) {
        return offer(from, offset, length);
    }

    @Override
    public int flush(KernelThread thread) {
        return 0;
    }

    @Override
    public void inputWanted() {
        wanted = true;
    }
}

package biscotti.tools.test;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** Keeps what is written until its turn begins, and passes it on from then on. */
final class Turn extends OutputStream {
    private final PrintStream out;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean begun;

    /** A turn to write to a stream. */
    Turn(PrintStream out) {
        this.out = out;
    }

    /** Writes what was kept; the rest is not kept any more. */
    synchronized void begin() {
        begun = true;
        out.writeBytes(kept.toByteArray());
        out.flush();
        kept.reset();
    }

    @Override
    public synchronized void write(int oneByte) {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
        if (begun) {
            out.write(bytes, offset, count);
        } else {
            kept.write(bytes, offset, count);
        }
    }

    @Override
    public synchronized void flush() {
        if (begun) {
            out.flush();
        }
    }
}

package biscotti.tools.archive;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary file that holds what came out of archives until it goes into one. Its contents live until it is closed. */
public final class Spool implements Closeable {
    private final Path file;
    private final OutputStream out;
    private long length;

    /** An empty spool in {@code directory}. */
    public Spool(Path directory) throws IOException {
        file = Files.createTempFile(directory, "spool", "");
        out = Files.newOutputStream(file);
    }

    /** Takes the next {@code size} bytes of {@code in}. */
    public Content store(InputStream in, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = size; left > 0; ) {
            int got = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (got < 0) {
                throw new EOFException("the archive ends in the middle of a file");
            }
            out.write(buffer, 0, got);
            left -= got;
        }
        Content content = Content.of(file, length, size);
        length += size;
        return content;
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }
}

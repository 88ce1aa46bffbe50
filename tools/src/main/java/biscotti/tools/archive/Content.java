package biscotti.tools.archive;

import biscotti.tools.ToolFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The bytes of a regular file, wherever they are kept. */
public sealed interface Content {
    /** The number of bytes. */
    long length();

    /** Writes all bytes to {@code to}. */
    void writeTo(WritableByteChannel to) throws IOException;

    /** The first bytes, at most {@code count}. */
    byte[] head(int count) throws IOException;

    /** Bytes in memory. */
    static Content of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /** A text in UTF-8. */
    static Content of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Part of a file of the host, which must stay as it is until the content is written. */
    static Content of(Path file, long offset, long length) {
        return new Slice(file, offset, length);
    }

    /** See {@link Content#of(byte[])}. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Bytes(byte[] bytes) implements Content {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public byte[] head(int count) {
            return Arrays.copyOf(bytes, Math.min(count, bytes.length));
        }

        @Override
        public void writeTo(WritableByteChannel to) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
        }
    }

    /** See {@link Content#of(Path, long, long)}. */
    record Slice(Path file, long offset, long length) implements Content {
        @Override
        public byte[] head(int count) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, length));
            try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
                while (buffer.hasRemaining() && from.read(buffer, offset + buffer.position()) > 0) {
                    continue;
                }
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }

        @Override
        public void writeTo(WritableByteChannel to) throws IOException {
            try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
                long done = 0;
                while (done < length) {
                    long moved = from.transferTo(offset + done, length - done, to);
                    if (moved <= 0) {
                        throw new ToolFailure(file + ": became shorter while it was read");
                    }
                    done += moved;
                }
            }
        }
    }
}

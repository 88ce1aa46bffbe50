package biscotti.tools;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a thing that was made by all that it was made from, so that it is made again when any of that changes. */
public final class Fingerprint {
    private final MessageDigest digest;

    /** A fingerprint of nothing yet. */
    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Adds a text. */
    public Fingerprint add(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return this;
    }

    /** Adds a file by its content. */
    public Fingerprint addContent(Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
            }
        }
        return add("");
    }

    /** Adds a large file by its path, size and time of change. */
    public Fingerprint addStamp(Path file) throws IOException {
        return add(file.toAbsolutePath() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
    }

    /** The first 16 hexadecimal digits of the fingerprint; nothing can be added after. */
    public String name() {
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}

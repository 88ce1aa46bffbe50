package biscotti.abi;

import java.nio.charset.StandardCharsets;

/** Names and paths as texts: each char is one byte. None is longer than {@link Limits#PATH_MAX} allows; the rest would be cut off. */
public final class Latin1 {
    /** The longest text that {@link #joined} makes. */
    public static final int LONGEST_JOINED = 2 * Limits.PATH_MAX;

    private Latin1() {}

    /** The text of some bytes. */
    public static String text(byte[] bytes, int from, int length) {
        return new String(bytes, from, Math.min(length, Limits.PATH_MAX), StandardCharsets.ISO_8859_1);
    }

    /** The bytes of a text. */
    public static byte[] bytes(String text) {
        byte[] bytes = new byte[Math.min(text.length(), Limits.PATH_MAX)];
        copy(text, 0, bytes, 0, bytes.length);
        return bytes;
    }

    /** The bytes of a text, and a NUL. */
    public static byte[] withNul(String text) {
        byte[] bytes = new byte[Math.min(text.length(), Limits.PATH_MAX) + 1];
        copy(text, 0, bytes, 0, bytes.length - 1);
        return bytes;
    }

    /** A text, and another one from an index on, which are {@link #LONGEST_JOINED} together at most. */
    public static String joined(String first, String second, int from) {
        byte[] bytes = new byte[Math.min(first.length() + second.length() - from, LONGEST_JOINED)];
        int middle = Math.min(first.length(), bytes.length);
        copy(first, 0, bytes, 0, middle);
        copy(second, from, bytes, middle, bytes.length - middle);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The part of a text from an index on, up to another one. */
    public static String part(String text, int from, int to) {
        byte[] bytes = new byte[Math.min(to - from, Limits.PATH_MAX)];
        copy(text, from, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Copies a part of a text. */
    public static void copy(String text, int from, byte[] to, int offset, int length) {
        for (int i = 0; i < length; i++) {
            to[offset + i] = (byte) text.charAt(from + i);
        }
    }
}

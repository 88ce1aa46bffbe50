package biscotti.tools.archive;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Unpacks a tar archive into a {@link FileTree}: the formats v7, ustar, GNU (long names, large numbers) and pax (tar(5)).
 *
 * <p>Entries are taken as dpkg and GNU tar take them: a leading "./" or "/" is dropped, parents that are links are
 * followed inside the tree. Device nodes and FIFOs are left out, for the kernel has its own /dev.
 */
public final class TarReader {
    private static final int BLOCK = 512;

    private final String archive;
    private final InputStream in;
    private final Spool spool;
    private final Map<String, String> global = new HashMap<>();

    private TarReader(String archive, InputStream in, Spool spool) {
        this.archive = archive;
        this.in = in;
        this.spool = spool;
    }

    /**
     * Unpacks the archive that {@code in} delivers.
     *
     * @param archive what messages call it
     * @param spool takes the content of its files
     */
    public static void unpack(String archive, InputStream in, Spool spool, FileTree tree) throws IOException {
        new TarReader(archive, in, spool).unpack(tree);
    }

    private void unpack(FileTree tree) throws IOException {
        Map<String, String> extended = new HashMap<>(global);
        boolean any = false;
        while (true) {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || isZero(header)) {
                if (!any && header.length == 0) {
                    throw new ToolFailure(archive + ": is empty, no tar archive");
                }
                if (header.length != 0 && header.length < BLOCK) {
                    throw broken();
                }
                return;
            }
            checkSum(header);
            any = true;
            long size = number(header, 124, 12);
            switch (header[156]) {
                case 'x' -> pax(body(size), extended);
                case 'g' -> {
                    pax(body(size), global);
                    extended.putAll(global);
                }
                case 'L' -> extended.put("path", untilNul(body(size)));
                case 'K' -> extended.put("linkpath", untilNul(body(size)));
                default -> {
                    entry(
                            tree,
                            header,
                            extended.containsKey("size") ? Long.parseLong(extended.get("size")) : size,
                            extended);
                    extended = new HashMap<>(global);
                }
            }
        }
    }

    private void entry(FileTree tree, byte[] header, long size, Map<String, String> extended) throws IOException {
        String name = inTree(extended.getOrDefault("path", fullName(header)));
        String target = extended.getOrDefault("linkpath", text(header, 157, 100));
        Attributes attributes = new Attributes(
                (int) number(header, 100, 8) & 07777,
                (int) attribute(extended, "uid", number(header, 108, 8)),
                (int) attribute(extended, "gid", number(header, 116, 8)),
                attribute(extended, "mtime", number(header, 136, 12)));
        switch (header[156]) {
            case 0, '0', '7' -> tree.put(name, new RegularFile(attributes, content(size)));
            case '1' -> {
                Node linked = tree.nodeItself(inTree(target))
                        .orElseThrow(() -> new ToolFailure(
                                archive + ": " + name + " is a hard link to " + target + ", which is missing"));
                tree.put(name, linked);
            }
            case '2' -> tree.put(name, new SymbolicLink(attributes, target));
            case '5' -> {
                if (!name.isEmpty()) {
                    tree.put(name, new Directory(attributes));
                }
            }
            case '3', '4', '6' -> skip(size); // devices and FIFOs
            default ->
                throw new ToolFailure(
                        archive + ": " + name + ": tar entry of the unknown type '" + (char) header[156] + "'");
        }
    }

    /** The path in the tree of an archive member: no leading "./" or "/", no trailing slash, no "..". */
    private String inTree(String member) {
        StringBuilder path = new StringBuilder();
        for (String part : member.split("/", -1)) {
            if (part.equals("..")) {
                throw new ToolFailure(archive + ": member " + member + " leads out of the archive");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return path.toString();
    }

    private Content content(long size) throws IOException {
        Content content = spool.store(in, size);
        in.skipNBytes(-size & (BLOCK - 1));
        return content;
    }

    private void skip(long size) throws IOException {
        in.skipNBytes((size + BLOCK - 1) & -BLOCK);
    }

    /** The data of an entry that describes the next one. */
    private byte[] body(long size) throws IOException {
        if (size > 1 << 20) {
            throw broken();
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw broken();
        }
        in.skipNBytes(-size & (BLOCK - 1));
        return bytes;
    }

    /** Records "LENGTH KEY=VALUE\n" of a pax header (pax(1), "pax Extended Header"). */
    private void pax(byte[] records, Map<String, String> into) {
        String text = new String(records, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < text.length()) {
            int blank = text.indexOf(' ', at);
            int equals = text.indexOf('=', at);
            if (blank < 0 || equals < blank) {
                throw broken();
            }
            int end = at + Integer.parseInt(text, at, blank, 10);
            if (end <= equals || end > text.length()) {
                throw broken();
            }
            into.put(text.substring(blank + 1, equals), text.substring(equals + 1, end - 1));
            at = end;
        }
    }

    private static long attribute(Map<String, String> extended, String key, long otherwise) {
        String value = extended.get(key);
        return value == null ? otherwise : (long) Double.parseDouble(value);
    }

    private static String fullName(byte[] header) {
        String name = text(header, 0, 100);
        boolean ustar = text(header, 257, 6).equals("ustar");
        String prefix = ustar ? text(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private void checkSum(byte[] header) {
        int sum = 8 * ' ';
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? 0 : header[i] & 0xff;
        }
        if (sum != number(header, 148, 8)) {
            throw broken();
        }
    }

    /** A number: octal digits, or binary with the top bit of the first byte set (GNU). */
    private long number(byte[] header, int offset, int length) {
        if ((header[offset] & 0x80) != 0) {
            long value = header[offset] & 0x3f;
            for (int i = 1; i < length; i++) {
                value = value << 8 | (header[offset + i] & 0xff);
            }
            return value;
        }
        String digits = text(header, offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw broken();
        }
    }

    private ToolFailure broken() {
        return new ToolFailure(archive + ": no tar archive, or a damaged one");
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    private static String untilNul(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }
}

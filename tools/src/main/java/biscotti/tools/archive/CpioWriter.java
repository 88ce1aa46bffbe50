package biscotti.tools.archive;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes cpio archives in the format "newc" (cpio(5), "New ASCII Format") whose file data begin on page boundaries.
 *
 * <p>An entry is a header of 110 characters, the name with a NUL, padding to a multiple of four, the data, padding again.
 * The name's length is in the header and a name ends at its first NUL, so writing more NULs after a name moves the data
 * to where a page begins and every reader still understands the archive. So whoever has the archive in memory can map
 * its files without copying them.
 *
 * <p>The same tree always gives the same bytes. Hard links have one inode number; the first name carries the data.
 * Archives written one after another each begin at a page boundary.
 */
public final class CpioWriter implements Closeable {
    static final int PAGE = 4096;
    static final int HEADER = 110;
    static final String TRAILER = "TRAILER!!!";

    /** Linux skips entries whose names, with the NULs, are longer than PATH_MAX. */
    private static final int LONGEST_NAME = 4096;

    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PAGE).asReadOnlyBuffer();

    private final WritableByteChannel out;
    private long position;
    private int inode;
    private final Map<RegularFile, Integer> linked = new IdentityHashMap<>();

    /** A writer whose first byte goes to a page boundary of what {@code out} fills; closes {@code out} at the end. */
    public CpioWriter(WritableByteChannel out) {
        this.out = out;
    }

    /** Writes all files of {@code tree} but its root directory. */
    public void write(FileTree tree) throws IOException {
        Map<RegularFile, Integer> names = new IdentityHashMap<>();
        for (Node node : tree.nodes().values()) {
            if (node instanceof RegularFile file) {
                names.merge(file, 1, Integer::sum);
            }
        }
        for (Map.Entry<String, Node> entry : tree.nodes().entrySet()) {
            String path = entry.getKey();
            if (path.isEmpty()) {
                continue;
            }
            switch (entry.getValue()) {
                case Directory directory -> header(path, DIRECTORY, directory.attributes(), ++inode, 2, 0);
                case SymbolicLink link -> {
                    byte[] target = link.target().getBytes(StandardCharsets.ISO_8859_1);
                    header(path, LINK, link.attributes(), ++inode, 1, target.length);
                    put(ByteBuffer.wrap(target));
                    align(4);
                }
                case RegularFile file -> write(path, file, names.get(file));
            }
        }
    }

    /** Ends an archive; another may follow. */
    public void trailer() throws IOException {
        header(TRAILER, 0, new Attributes(0, 0, 0, 0), 0, 1, 0);
        align(PAGE);
        linked.clear();
        inode = 0;
    }

    /** The number of bytes written so far. */
    public long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void write(String path, RegularFile file, int links) throws IOException {
        Integer first = linked.get(file);
        if (first != null) {
            header(path, REGULAR, file.attributes(), first, links, 0);
            return;
        }
        int number = ++inode;
        if (links > 1) {
            linked.put(file, number);
        }
        long length = file.content().length();
        if (length > 0xffff_ffffL) {
            throw new ToolFailure("/" + path + ": larger than the 4 GB that a boot archive can hold");
        }
        header(path, REGULAR, file.attributes(), number, links, length);
        file.content().writeTo(out);
        position += length;
        align(4);
    }

    private void header(String path, int type, Attributes attributes, int number, int links, long length)
            throws IOException {
        byte[] name = path.getBytes(StandardCharsets.ISO_8859_1);
        int nameLength = name.length + 1;
        if (type == REGULAR && length > 0) {
            if (paddedToPage(nameLength) > LONGEST_NAME) {
                filler();
            }
            nameLength = paddedToPage(nameLength);
        }
        // magic, ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
        String header = String.format(
                Locale.ROOT,
                "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
                number,
                type | attributes.permissions(),
                attributes.user(),
                attributes.group(),
                links,
                Math.clamp(attributes.modified(), 0, 0xffff_ffffL),
                length,
                0,
                0,
                0,
                0,
                nameLength,
                0);
        put(ByteBuffer.wrap(header.getBytes(StandardCharsets.US_ASCII)));
        put(ByteBuffer.wrap(name));
        zeros(nameLength - name.length);
        align(4);
    }

    /** How long a name is with NULs behind it up to the next page, where the data begin. */
    private int paddedToPage(int nameLength) {
        return nameLength + (int) (-(position + HEADER + nameLength) & (PAGE - 1));
    }

    /** An entry that changes nothing, the root directory, so that the next one begins elsewhere. */
    private void filler() throws IOException {
        header(".", DIRECTORY, new Attributes(0755, 0, 0, 0), 0, 2, 0);
    }

    private void align(int boundary) throws IOException {
        zeros((int) (-position & (boundary - 1)));
    }

    private void zeros(int count) throws IOException {
        for (int left = count; left > 0; left -= PAGE) {
            put(ZEROS.duplicate().clear().limit(Math.min(left, PAGE)));
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}

package biscotti.tools.archive;

import biscotti.tools.ToolFailure;
import biscotti.tools.archive.Node.Directory;
import biscotti.tools.archive.Node.RegularFile;
import biscotti.tools.archive.Node.SymbolicLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Reads the files of cpio archives in the format "newc" that follow one another in a file, without reading their data. */
public final class CpioReader {
    private static final int FORMAT = 0170000;

    private final Path file;
    private final FileChannel channel;
    private final Map<Integer, RegularFile> linked = new HashMap<>();
    private long position;

    private CpioReader(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The tree that unpacking all archives of {@code file} gives. */
    public static FileTree read(Path file) throws IOException {
        FileTree tree = new FileTree();
        read(file, tree);
        return tree;
    }

    /** Unpacks all archives of {@code file} over what {@code tree} holds. */
    public static void read(Path file, FileTree tree) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            CpioReader reader = new CpioReader(file, channel);
            while (reader.nextArchive()) {
                reader.archive(tree);
            }
        }
    }

    /** Skips the NULs between archives; false at the end of the file. */
    private boolean nextArchive() throws IOException {
        while (position + CpioWriter.HEADER <= channel.size()) {
            if (bytes(position, 4).getInt() != 0) {
                return true;
            }
            position += 4;
        }
        return false;
    }

    private void archive(FileTree tree) throws IOException {
        linked.clear();
        while (true) {
            String header = text(position, CpioWriter.HEADER);
            if (!header.startsWith("070701")) {
                throw new ToolFailure(file + ": no cpio archive of the format newc");
            }
            int nameLength = field(header, 11);
            String padded = text(position + CpioWriter.HEADER, nameLength);
            String name = padded.substring(0, padded.indexOf('\0'));
            long data = aligned(position + CpioWriter.HEADER + nameLength);
            long length = Integer.toUnsignedLong(field(header, 6));
            position = aligned(data + length);
            if (name.equals(CpioWriter.TRAILER)) {
                return;
            }
            entry(tree, name, header, data, length);
        }
    }

    private void entry(FileTree tree, String name, String header, long data, long length) throws IOException {
        int mode = field(header, 1);
        Attributes attributes = new Attributes(
                mode & 07777, field(header, 2), field(header, 3), Integer.toUnsignedLong(field(header, 5)));
        switch (mode & FORMAT) {
            case 0040000 -> tree.put(name, new Directory(attributes));
            case 0120000 -> tree.put(name, new SymbolicLink(attributes, text(data, (int) length)));
            case 0100000 -> {
                int inode = field(header, 0);
                RegularFile regular = field(header, 4) > 1 && length == 0 && linked.containsKey(inode)
                        ? linked.get(inode)
                        : new RegularFile(attributes, Content.of(file, data, length));
                linked.putIfAbsent(inode, regular);
                tree.put(name, regular);
            }
            default -> throw new ToolFailure(file + ": " + name + ": a kind of file that a root does not hold");
        }
    }

    /** The header's field number {@code index} after the magic: eight hexadecimal digits. */
    private static int field(String header, int index) {
        return Integer.parseUnsignedInt(header, 6 + 8 * index, 14 + 8 * index, 16);
    }

    private static long aligned(long offset) {
        return (offset + 3) & ~3L;
    }

    private String text(long offset, int length) throws IOException {
        return StandardCharsets.ISO_8859_1.decode(bytes(offset, length)).toString();
    }

    private ByteBuffer bytes(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new ToolFailure(file + ": ends in the middle of a cpio archive");
            }
        }
        return buffer.flip();
    }
}

package biscotti.tools.run;

import biscotti.tools.ToolFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A raw image that a machine has as a disk.
 *
 * @param option the option that named it
 * @param file the image
 * @param kind what it is attached to
 */
public record DiskImage(String option, Path file, Kind kind) {
    // The superblock of ext2, ext3 and ext4: "Super Block" in the kernel's documentation of ext4.
    private static final int SUPERBLOCK = 1024;
    private static final int MAGIC_OFFSET = 0x38;
    private static final int MAGIC = 0xef53;

    /** The controllers that a disk can be on. */
    public enum Kind {
        /** virtio over PCI. */
        VIRTIO("vda"),
        /** SATA. */
        AHCI("sda"),
        /** NVMe. */
        NVME("nvme0n1");

        private final String first;

        Kind(String first) {
            this.first = first;
        }

        /** The name that the first disk of this kind has in the machine's /dev. */
        String first() {
            return first;
        }
    }

    /**
     * Reads {@code FILE[,KIND]}. What follows the last comma is part of the file's name if it is no kind.
     *
     * @param otherwise the kind if none is named
     */
    static DiskImage parse(String option, String value, Kind otherwise) {
        int comma = value.lastIndexOf(',');
        Path file = Path.of(value);
        Kind kind = otherwise;
        for (Kind each : Kind.values()) {
            if (comma > 0 && value.substring(comma + 1).equals(each.name().toLowerCase(Locale.ROOT))) {
                file = Path.of(value.substring(0, comma));
                kind = each;
            }
        }
        if (!Files.exists(file)) {
            throw new ToolFailure(option + " " + file + ": no such file or directory");
        }
        if (Files.isDirectory(file)) {
            throw new ToolFailure(option + " " + file + ": is a directory, not a disk image");
        }
        return new DiskImage(option, file, kind);
    }

    /** Whether the file is the image of an ext4 file system, or an older one, without a partition table. */
    static boolean isExt4(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return false;
        }
        ByteBuffer magic = ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel in = FileChannel.open(file)) {
            return in.read(magic, SUPERBLOCK + MAGIC_OFFSET) == Short.BYTES && (magic.getShort(0) & 0xffff) == MAGIC;
        }
    }
}

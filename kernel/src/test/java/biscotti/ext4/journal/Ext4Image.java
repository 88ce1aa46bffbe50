package biscotti.ext4.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.block.Crc32c;
import biscotti.driver.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file system that mke2fs made, whose journal a test writes, and e2fsprogs, which judge it. */
final class Ext4Image {
    static final int JOURNAL_BLOCKS = 1024;

    private static final int SUPERBLOCK = 1024;
    private static final int INCOMPATIBLE = SUPERBLOCK + 0x60;
    private static final int NEEDS_RECOVERY = 0x4;
    private static final int CHECKSUM = 0x3FC;

    private final Path file;
    private final int blockShift;
    private final boolean checksums;
    private final List<long[]> journal;

    private Ext4Image(Path file, int blockShift, boolean checksums, List<long[]> journal) {
        this.file = file;
        this.blockShift = blockShift;
        this.checksums = checksums;
        this.journal = journal;
    }

    static Ext4Image make(Path file, int blockShift, boolean checksums) throws Exception {
        int size = 1 << blockShift;
        List<String> command = new ArrayList<>(List.of("mke2fs", "-q", "-F", "-t", "ext4", "-b", "" + size));
        command.addAll(List.of("-O", checksums ? "metadata_csum,64bit" : "^metadata_csum,^64bit"));
        int megabytes = Math.max(1, JOURNAL_BLOCKS * size >> 20);
        command.addAll(List.of("-J", "size=" + megabytes, file.toString(), 8192 * size / 1024 + "k"));
        run(command, 0);
        String found = run(List.of("debugfs", "-R", "stat <8>", file.toString()), 0);
        List<long[]> runs = new ArrayList<>();
        Matcher run =
                Pattern.compile("\\((\\d+)(?:-(\\d+))?\\):(\\d+)").matcher(found.substring(found.indexOf("EXTENTS:")));
        while (run.find()) {
            long first = Long.parseLong(run.group(1));
            long last = run.group(2) == null ? first : Long.parseLong(run.group(2));
            runs.add(new long[] {Long.parseLong(run.group(3)), last - first + 1});
        }
        return new Ext4Image(file, blockShift, checksums, runs);
    }

    static String run(List<String> command, int... allowed) throws IOException, InterruptedException {
        Path out = Files.createTempFile("e2fsprogs", ".out");
        List<String> found = new ArrayList<>(command);
        found.set(0, "/usr/sbin/" + command.getFirst()); // not everybody has that in PATH
        Process process = new ProcessBuilder(found)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(out, StandardCharsets.ISO_8859_1);
        Files.delete(out);
        for (int one : allowed) {
            if (one == status) {
                return text;
            }
        }
        throw new AssertionError(command + ": status " + status + "\n" + text);
    }

    Path file() {
        return file;
    }

    int blockShift() {
        return blockShift;
    }

    int blockSize() {
        return 1 << blockShift;
    }

    boolean checksums() {
        return checksums;
    }

    /** Where the journal lies. */
    JournalArea area() {
        JournalArea area = new JournalArea(journal.size());
        journal.forEach(run -> assertTrue(area.add(run[0], (int) run[1])));
        assertEquals(JOURNAL_BLOCKS, area.length());
        return area;
    }

    boolean isOfJournal(long block) {
        return journal.stream().anyMatch(run -> block >= run[0] && block < run[0] + run[1]);
    }

    /** A block that is free in the file system, for the test's use. */
    long freeBlock(int index) {
        return 6000 + index;
    }

    /** Says that the journal is to be replayed, as a mounted file system does. */
    void markForRecovery(SimulatedDisk disk) {
        byte[] bytes = new byte[SUPERBLOCK];
        disk.get(SUPERBLOCK, bytes);
        ByteBuffer superblock = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = INCOMPATIBLE - SUPERBLOCK;
        superblock.putInt(at, superblock.getInt(at) | NEEDS_RECOVERY);
        if (checksums) {
            superblock.putInt(CHECKSUM, Crc32c.update(Crc32c.START, bytes, 0, CHECKSUM));
        }
        disk.put(SUPERBLOCK, bytes, 0, bytes.length);
    }

    /** Has e2fsck replay the journal of a copy. */
    static String replayByE2fsck(Path copy) throws Exception {
        return run(List.of("e2fsck", "-y", "-E", "journal_only", copy.toString()), 0, 1);
    }
}

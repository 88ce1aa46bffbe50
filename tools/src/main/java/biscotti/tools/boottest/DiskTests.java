package biscotti.tools.boottest;

import biscotti.tools.Directories;
import biscotti.tools.HostProgram;
import biscotti.tools.Repository;
import biscotti.tools.test.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;

/** Disks of all kinds: what the host wrote is read, what the guest wrote lasts, unless it is told not to. */
final class DiskTests {
    private static final int SECTOR = 512;
    private static final int DISK_BYTES = 16 << 20;
    private static final int FIRST = 2048;
    private static final int SECOND = 8192;
    private static final int PART_SECTORS = 4096;
    private static final int EXT4_FILES = 200;
    private static final int EXT4_FILE_BYTES = 60_000;
    private static final int SMALL_FILES = 3000;

    private static final String GREETING = "written by the host\n";
    private static final String ANSWER = "written by guest\n";

    private static final String PARTITIONS = """
            major minor #blocks name

             %d 0 16384 %s
             %d 1 2048 %s
             %d 2 2048 %s
            """;

    private final Repository repository;

    /** Tests of the kernel in {@code repository}. */
    DiskTests(Repository repository) {
        this.repository = repository;
    }

    /** Runs them. */
    Totals run(PrintStream out) throws IOException {
        Tally tally = new Tally(out);
        Path directory = Files.createTempDirectory("biscotti");
        try {
            Path image = directory.resolve("disk");
            tryOut(tally, image, mbr(), new Kind("virtio", 254, "vda", ""));
            tryOut(tally, image, gpt(), new Kind("ahci", 8, "sda", ""));
            tryOut(tally, image, mbr(), new Kind("nvme", 259, "nvme0n1", "p"));
            powerOff(tally, image);
            mountExt4(tally, directory);
            fillTheHeap(tally, directory);
            new RootDiskTests(repository, directory, tally).run();
        } finally {
            Directories.delete(directory);
        }
        return tally.totals();
    }

    /**
     * A kind of disks.
     *
     * @param option as {@code --disk} has it
     * @param major of the device's number
     * @param name of the first disk
     * @param separator between that and the number of a part
     */
    private record Kind(String option, int major, String name, String separator) {}

    private void tryOut(Tally tally, Path image, byte[] content, Kind kind) throws IOException {
        Files.write(image, content);
        String name = kind.name;
        String part = name + kind.separator;
        int major = kind.major;
        String what = kind.option + " disk";
        check(
                tally,
                what + " has what the host wrote",
                run(
                        image,
                        kind,
                        "cat /proc/partitions | tr -s ' '; head -c 20 /dev/" + part + "1; md5sum < /dev/" + name),
                PARTITIONS.formatted(major, name, major, part + "1", major, part + "2") + GREETING + md5(image)
                        + "  -\n");
        check(
                tally,
                what + " takes what the guest writes",
                run(
                        image,
                        kind,
                        "dd if=/dev/" + part + "1 of=/dev/" + part
                                + "2 bs=64k 2>/dev/null; printf 'written by guest\\n' | dd of=/dev/" + part
                                + "1 conv=fsync 2>/dev/null; echo done"), // the end of the machine writes the rest
                "done\n");
        byte[] after = Files.readAllBytes(image);
        byte[] expected = content.clone();
        System.arraycopy(content, FIRST * SECTOR, expected, SECOND * SECTOR, PART_SECTORS * SECTOR);
        byte[] answer = ANSWER.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(answer, 0, expected, FIRST * SECTOR, answer.length);
        int difference = Arrays.mismatch(expected, after);
        tally.check(
                what + " keeps it",
                difference < 0 ? Optional.empty() : Optional.of("the image differs at byte " + difference));
        check(
                tally,
                what + " gives it to the next machine, which changes nothing by --snapshot",
                run(
                        image,
                        kind,
                        "head -n 1 /dev/" + part + "1; head -c 20 /dev/" + part + "2; printf lost | dd of=/dev/" + part
                                + "1 conv=fsync 2>/dev/null; head -c 4 /dev/" + part + "1",
                        "--snapshot"),
                ANSWER + GREETING + "lost");
        tally.check(
                what + " is as before",
                Arrays.equals(after, Files.readAllBytes(image)) ? Optional.empty() : Optional.of("it was written to"));
    }

    /** What no program has told to be written is written when one turns the machine off. */
    private void powerOff(Tally tally, Path image) throws IOException {
        byte[] content = disk().array();
        Files.write(image, content);
        String script = "printf 'written by guest\\n' | dd of=/dev/sda bs=1 seek=1M 2>/dev/null; poweroff -n -f";
        boolean told = HostProgram.of(command(image, new Kind("ahci", 8, "sda", ""), script))
                .succeeds();
        byte[] answer = ANSWER.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(answer, 0, content, FIRST * SECTOR, answer.length);
        boolean same = Arrays.equals(content, Files.readAllBytes(image));
        tally.check(
                "a machine that is turned off has written everything",
                same && !told ? Optional.empty() : Optional.of(told ? "it was not turned off" : "the image differs"));
    }

    /** A file system that mke2fs(8) made of a directory has all that was there. */
    private void mountExt4(Tally tally, Path directory) throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Random random = new Random(2);
        for (int i = 0; i < EXT4_FILES; i++) {
            byte[] bytes = new byte[random.nextInt(EXT4_FILE_BYTES)];
            random.nextBytes(bytes);
            Path below = Files.createDirectories(tree.resolve("d" + i % 7));
            Files.write(below.resolve("file" + i), bytes);
        }
        Files.createSymbolicLink(tree.resolve("link"), Path.of("d1/file1"));
        Path image = directory.resolve("ext4");
        HostProgram.of("/usr/sbin/mke2fs", "-q", "-t", "ext4", "-d", tree.toString(), image.toString(), "64M")
                .output();
        String sums = "find . -type f | sort | xargs md5sum; readlink link; md5sum < link";
        check(
                tally,
                "ext4 has what mke2fs put there",
                run(
                        image,
                        new Kind("virtio", 0, "", ""),
                        "mkdir -p /mnt; mount -t ext4 -o ro /dev/vda /mnt; cd /mnt; " + sums
                                + "; cd /; umount /mnt; ls /mnt",
                        "--snapshot"),
                HostProgram.of("sh", "-c", "cd " + tree + "; " + sums).output());
    }

    /**
     * What is in memory of files on a disk goes when the heap is short, and before anybody is killed; it is found again. The heap is filled by
     * processes without end.
     */
    private void fillTheHeap(Tally tally, Path directory) throws IOException {
        Path tree = Files.createDirectories(directory.resolve("small"));
        for (int i = 0; i < SMALL_FILES; i++) {
            Files.writeString(tree.resolve("file" + i), i + "\n");
        }
        Path image = directory.resolve("small-files");
        HostProgram.of("/usr/sbin/mke2fs", "-q", "-t", "ext4", "-d", tree.toString(), image.toString(), "64M")
                .output();
        check(
                tally,
                "files on a disk go from memory when the heap is short",
                run(
                        image,
                        new Kind("virtio", 0, "", ""),
                        "mkdir -p /mnt; mount -t ext4 -o ro /dev/vda /mnt; ls -l /mnt | wc -l; grep ^shrinks /proc/biscotti/heap; "
                                + "sh -c 'while :; do sleep 1000 & done' 2>/dev/null & "
                                + "until grep -q '^kills *[1-9]' /proc/biscotti/heap; do :; done; "
                                + "grep ^shrinks /proc/biscotti/heap; cat /mnt/file7; ls -l /mnt | wc -l",
                        "--snapshot",
                        "--kernel-heap",
                        "64"),
                (SMALL_FILES + 2) + "\nshrinks 0\nshrinks 1\n7\n" + (SMALL_FILES + 2) + "\n");
    }

    private static String md5(Path image) throws IOException {
        return HostProgram.of("md5sum", image.toString()).output().substring(0, 32);
    }

    private static void check(Tally tally, String name, String output, String expected) {
        tally.check(name, Difference.between(expected, output));
    }

    /** What a script prints in a machine with the disk. */
    private String run(Path image, Kind kind, String script, String... more) throws IOException {
        return HostProgram.of(command(image, kind, script, more)).output();
    }

    private List<String> command(Path image, Kind kind, String script, String... more) {
        List<String> command =
                new ArrayList<>(List.of(repository.home().resolve("biscotti").toString(), "run", "--cpus", "2"));
        command.addAll(List.of("--disk", image + "," + kind.option));
        command.addAll(List.of(more));
        command.addAll(List.of("--", "busybox", "sh", "-c", script));
        return command;
    }

    /** Random content, with a text at the start of the first part. */
    private static ByteBuffer disk() {
        byte[] bytes = new byte[DISK_BYTES];
        new Random(1).nextBytes(bytes);
        byte[] greeting = GREETING.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(greeting, 0, bytes, FIRST * SECTOR, greeting.length);
        Arrays.fill(bytes, 0, 40 * SECTOR, (byte) 0);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** With the partition table of a PC. */
    private static byte[] mbr() {
        ByteBuffer disk = disk();
        mbrEntry(disk, 0, 0x83, FIRST, PART_SECTORS);
        mbrEntry(disk, 1, 0x83, SECOND, PART_SECTORS);
        return disk.array();
    }

    private static void mbrEntry(ByteBuffer disk, int index, int type, int first, int count) {
        int at = 446 + 16 * index;
        disk.put(at + 4, (byte) type);
        disk.putInt(at + 8, first);
        disk.putInt(at + 12, count);
        disk.putShort(510, (short) 0xaa55);
    }

    /** With a GUID partition table (UEFI 2.10, 5.3). */
    private static byte[] gpt() {
        ByteBuffer disk = disk();
        int last = DISK_BYTES / SECTOR - 1;
        mbrEntry(disk, 0, 0xee, 1, last);
        gptEntry(disk, 0, FIRST);
        gptEntry(disk, 1, SECOND);
        int header = SECTOR;
        disk.putLong(header, 0x5452415020494645L);
        disk.putInt(header + 8, 0x10000);
        disk.putInt(header + 12, 92);
        disk.putLong(header + 24, 1);
        disk.putLong(header + 32, last);
        disk.putLong(header + 40, 34);
        disk.putLong(header + 48, last - 34);
        disk.putLong(header + 56, 0x1234_5678_9abc_def0L);
        disk.putLong(header + 64, 1);
        disk.putLong(header + 72, 2);
        disk.putInt(header + 80, 128);
        disk.putInt(header + 84, 128);
        disk.putInt(header + 88, crc(disk, 2 * SECTOR, 128 * 128));
        disk.putInt(header + 16, crc(disk, header, 92));
        return disk.array();
    }

    private static void gptEntry(ByteBuffer disk, int index, int first) {
        int at = 2 * SECTOR + 128 * index;
        disk.putLong(at, 0x477284830fc63dafL); // "Linux filesystem data"
        disk.putLong(at + 8, 0xe47d47d8693d798eL);
        disk.putLong(at + 16, index + 1);
        disk.putLong(at + 24, 1);
        disk.putLong(at + 32, first);
        disk.putLong(at + 40, first + PART_SECTORS - 1);
    }

    private static int crc(ByteBuffer disk, int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(disk.array(), at, length);
        return (int) crc.getValue();
    }
}

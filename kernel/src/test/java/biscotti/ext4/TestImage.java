package biscotti.ext4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Trees of files, and images that e2fsprogs makes of them. */
final class TestImage {
    private TestImage() {}

    /** Runs a program, which must succeed: what it prints. */
    static String run(String... command) {
        return run(0, command);
    }

    private static String run(int mostStatus, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes());
            int status = process.waitFor();
            if (status > mostStatus) {
                throw new AssertionError(String.join(" ", command) + ": " + status + "\n" + output);
            }
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Has e2fsck(8) replay the journal of an image, and see to its orphans. */
    static void replay(Path image) {
        run(1, "/usr/sbin/e2fsck", "-fy", image.toString());
    }

    /** Makes an image of a tree. */
    static Path make(Path directory, Path tree, String size, String... options) {
        Path image = directory.resolve("image");
        List<String> command = new ArrayList<>(List.of("/usr/sbin/mke2fs", "-q", "-F"));
        command.addAll(List.of(options));
        command.addAll(List.of("-d", tree.toString(), image.toString(), size));
        run(command.toArray(String[]::new));
        return image;
    }

    /** Changes an image by a command of debugfs(8). */
    static void change(Path image, String command) {
        run("/usr/sbin/debugfs", "-w", "-R", command, image.toString());
    }

    /** A tree with files of all shapes. */
    static Path tree(Path directory, int many) throws IOException {
        Random random = new Random(1);
        Path top = Files.createDirectory(directory.resolve("tree"));
        Path crowd = Files.createDirectory(top.resolve("crowd"));
        for (int i = 0; i < many; i++) {
            Files.writeString(crowd.resolve("a file whose name is rather long, number " + i), "content " + i);
        }
        Path deep = top;
        for (int i = 0; i < 30; i++) {
            deep = Files.createDirectory(deep.resolve("d" + i));
        }
        Files.writeString(deep.resolve("n".repeat(255)), "the end");
        byte[] large = new byte[3_000_001];
        random.nextBytes(large);
        Files.write(top.resolve("large"), large);
        Files.createFile(top.resolve("empty"));
        try (FileChannel scattered =
                FileChannel.open(top.resolve("scattered"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 700; i++) {
                scattered.write(ByteBuffer.wrap(("piece " + i).getBytes()), i * 8192L + random.nextInt(4000));
            }
        }
        try (FileChannel far =
                FileChannel.open(top.resolve("far"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            far.write(ByteBuffer.wrap("far".getBytes()), 200_000_000L);
        }
        Files.createSymbolicLink(top.resolve("short link"), Path.of("large"));
        Files.createSymbolicLink(top.resolve("long link"), Path.of("x/".repeat(400) + "end"));
        Files.createSymbolicLink(top.resolve("link of 59"), Path.of("y".repeat(59)));
        Files.createSymbolicLink(top.resolve("link of 60"), Path.of("y".repeat(60)));
        Files.createLink(top.resolve("d0/other name"), top.resolve("large"));
        Files.setPosixFilePermissions(top.resolve("empty"), PosixFilePermissions.fromString("r---w---x"));
        Files.setLastModifiedTime(top.resolve("empty"), FileTime.from(Instant.ofEpochSecond(-100_000_000)));
        Files.setLastModifiedTime(top.resolve("large"), FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
        return top;
    }
}

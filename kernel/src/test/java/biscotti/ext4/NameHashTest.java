package biscotti.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names have the hashes that debugfs(8) computes. */
class NameHashTest {
    private static final Pattern ANSWER =
            Pattern.compile("Hash of .* is 0x([0-9a-f]+) \\(minor 0x([0-9a-f]+)\\)", Pattern.DOTALL);
    private static final int VERSIONS = 6;

    @TempDir
    private Path scratch;

    /** Any bytes but those that end a word, or are quotes, in a script of debugfs. */
    private static byte[] name(Random random) {
        byte[] name = new byte[1 + random.nextInt(random.nextBoolean() ? 40 : 200)];
        random.nextBytes(name);
        for (int i = 0; i < name.length; i++) {
            int value = Byte.toUnsignedInt(name[i]);
            name[i] = value <= ' ' || value == '"' || value == '-' || value == '#' ? (byte) 'x' : name[i];
        }
        return name;
    }

    private long ask(int version, String seed, byte[] name) throws IOException {
        Path script = scratch.resolve("script");
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        command.writeBytes(("dx_hash -h " + version + (seed.isEmpty() ? "" : " -s " + seed) + " ").getBytes());
        command.writeBytes(name);
        command.write('\n');
        Files.write(script, command.toByteArray());
        String output = TestImage.run("/usr/sbin/debugfs", "-f", script.toString());
        Matcher answer = ANSWER.matcher(output);
        assertTrue(answer.find(), output);
        return Long.parseUnsignedLong(answer.group(1), 16) << 32 | Long.parseUnsignedLong(answer.group(2), 16);
    }

    private static int[] words(UUID seed) {
        long upper = Long.reverseBytes(seed.getMostSignificantBits());
        long lower = Long.reverseBytes(seed.getLeastSignificantBits());
        return new int[] {(int) upper, (int) (upper >>> 32), (int) lower, (int) (lower >>> 32)};
    }

    @Test
    void namesHaveTheHashesThatDebugfsComputes() throws IOException {
        long start = System.nanoTime();
        Random random = new Random(start);
        for (int round = 0; round < 120; round++) {
            int version = round % VERSIONS;
            byte[] name = name(random);
            boolean seeded = random.nextBoolean();
            UUID seed = new UUID(random.nextLong(), random.nextLong());
            NameHash hash = new NameHash(seeded ? words(seed) : new int[4], false);
            long expected = ask(version, seeded ? seed.toString() : "", name);
            assertEquals(
                    Long.toHexString(expected),
                    Long.toHexString(hash.of(version, name, name.length)),
                    "version " + version + " in round " + round + ", seed " + start);
        }
    }

    @Test
    void unsignedFileSystemsHashAsTheUnsignedVersions() {
        byte[] name = "\u00e4\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (int version = 0; version < 3; version++) {
            assertEquals(
                    new NameHash(new int[4], false).of(version + 3, name, name.length),
                    new NameHash(new int[4], true).of(version, name, name.length));
        }
    }
}

package biscotti.procfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.Errno;
import biscotti.abi.OpenFlags;
import biscotti.bounded.Rounds;
import biscotti.file.KernelTransfer;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A long text is read through a small window, as if it had been made at once. */
class OpenTextTest {
    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller caller = system.newCaller();
    private final Random random = new Random(seed());
    private final List<String> records = new ArrayList<>();
    private int made;

    private static long seed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return seed;
    }

    @AfterEach
    void close() {
        system.close();
    }

    private long write(long record, TextWindow out) {
        made++;
        if (records.isEmpty()) {
            return Text.END;
        }
        out.append(records.get((int) record));
        return record + 1 < records.size() ? record + 1 : Text.END;
    }

    private OpenText open(Text text) {
        Place place = system.mounts().top().rootPlace();
        assertTrue(place.vnode().retain());
        return new OpenText(
                text, (writer, value) -> 0, system.machine().memory(), system.frames(), place, OpenFlags.O_RDONLY);
    }

    private String read(OpenFile file, int length) {
        byte[] bytes = new byte[length];
        long count = file.read(caller, new KernelTransfer(system.machine().memory(), bytes, 0, length));
        return new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1);
    }

    private String whole(int longestRecord, int count) {
        records.clear();
        for (int i = 0; i < count; i++) {
            StringBuilder record = new StringBuilder();
            for (int n = random.nextInt(longestRecord + 1); n > 0; n--) {
                record.append((char) ('a' + random.nextInt(26)));
            }
            records.add(record.toString());
        }
        return String.join("", records);
    }

    @Test
    void anyReadsGiveTheWholeText() {
        for (int round = 0; round < 60; round++) {
            String text = whole(1 << random.nextInt(16), random.nextInt(100));
            OpenText file = open((reader, record, out) -> write(record, out));
            StringBuilder seen = new StringBuilder();
            int most = 1 + random.nextInt(10_000);
            String piece = read(file, most);
            while (!piece.isEmpty()) {
                seen.append(piece);
                piece = read(file, 1 + random.nextInt(most));
            }
            assertEquals(text, seen.toString());
            for (int i = 0; i < 20; i++) {
                int at = random.nextInt(text.length() + 10);
                byte[] bytes = new byte[random.nextInt(9000)];
                long count =
                        file.readAt(caller, new KernelTransfer(system.machine().memory(), bytes, 0, bytes.length), at);
                int end = Math.min(text.length(), at + bytes.length);
                String expected = at < end ? text.substring(at, end) : "";
                assertEquals(expected, new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1));
            }
            file.release();
        }
    }

    /** A round that is refused may cut a read short, but never to nothing: that would be the end of the text. */
    @Test
    void aShortHeapLosesNothingOfAText() {
        caller.rounds = new Rounds() {
            @Override
            public boolean nextRound() {
                return random.nextInt(3) > 0;
            }

            @Override
            public boolean awaitRound() {
                return true;
            }
        };
        for (int round = 0; round < 30; round++) {
            String text = whole(1 << random.nextInt(13), 1 + random.nextInt(100));
            OpenText file = open((reader, record, out) -> write(record, out));
            StringBuilder seen = new StringBuilder();
            String piece = read(file, 10_000);
            while (!piece.isEmpty()) {
                seen.append(piece);
                piece = read(file, 1 + random.nextInt(10_000));
            }
            assertEquals(text, seen.toString());
            file.release();
        }
    }

    @Test
    void aShortTextIsMadeOnceForOneReader() {
        whole(10, 1);
        OpenText file = open((reader, record, out) -> write(record, out));
        while (!read(file, 1).isEmpty()) {
            assertEquals(1, made);
        }
        file.release();
    }

    @Test
    void aTextOfNobodyIsAnError() {
        OpenText file = open((reader, record, out) -> -Errno.ESRCH);
        byte[] bytes = new byte[10];
        assertEquals(
                -Errno.ESRCH,
                file.read(caller, new KernelTransfer(system.machine().memory(), bytes, 0, 10)));
        file.release();
    }

    @Test
    void aClosedFileKeepsNoFrame() {
        system.frames().drainCaches();
        long free = system.frames().freeFrames();
        whole(5000, 10);
        OpenText file = open((reader, record, out) -> write(record, out));
        read(file, 100);
        file.release();
        system.frames().drainCaches();
        assertEquals(free, system.frames().freeFrames());
    }
}

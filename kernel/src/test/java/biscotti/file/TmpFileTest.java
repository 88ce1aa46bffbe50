package biscotti.file;

import static biscotti.abi.Errno.EFBIG;
import static biscotti.abi.Errno.EINVAL;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ENXIO;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.AtFlags;
import biscotti.abi.FallocateFlags;
import biscotti.abi.OpenFlags;
import biscotti.abi.Seek;
import biscotti.abi.SignalNumber;
import biscotti.memory.PageSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file in memory keeps bytes as a plain array would, and gives its frames back. */
@Timeout(60)
class TmpFileTest {
    private static final int PAGE = 4096;

    private final TestSystem system = new TestSystem(8 << 20);
    private final TestCaller caller = system.newCaller();

    @AfterEach
    void close() {
        system.close();
    }

    private OpenFile open(String path, int flags) {
        Slot<OpenFile> opened = new Slot<>();
        assertEquals(0, OpenCall.open(caller, AtFlags.AT_FDCWD, path, flags, 0644, opened));
        return opened.get();
    }

    private OpenFile create(String path) {
        return open(path, OpenFlags.O_CREAT | OpenFlags.O_RDWR);
    }

    @Test
    void whatIsWrittenIsRead() {
        OpenFile file = create("/a");
        assertEquals(5, file.write(caller, system.transfer("hello")));
        assertEquals(0, file.seek(0, Seek.SEEK_SET));
        assertEquals("hello", system.read(caller, file, 100));
        assertEquals("", system.read(caller, file, 100));
        assertEquals(5, file.vnode().size());
    }

    @Test
    void anUnlinkedFileLivesUntilItsLastUserLetsGo() {
        long free = freeFrames();
        OpenFile file = create("/a");
        file.write(caller, system.transfer(new byte[3 * PAGE]));
        assertEquals(0, system.root().root().unlink(Identity.KERNEL, "a"));
        assertTrue(freeFrames() < free);
        file.seek(0, Seek.SEEK_SET);
        assertEquals(PAGE, system.read(caller, file, PAGE).length());
        file.release();
        assertEquals(free, freeFrames());
    }

    private long freeFrames() {
        return system.frames().freeFrames();
    }

    @Test
    void aHoleReadsAsZerosAndTakesNoFrames() {
        OpenFile file = create("/a");
        long far = 1L << 60;
        assertEquals(1, file.writeAt(caller, system.transfer("x"), far));
        assertEquals(far + 1, file.vnode().size());
        assertEquals(8, file.vnode().blocks());
        byte[] read = {1, 1};
        assertEquals(2, file.readAt(caller, system.transfer(read), far - 1));
        assertArrayEquals(new byte[] {0, 'x'}, read);
        assertEquals(far, file.seek(0, Seek.SEEK_DATA));
        assertEquals(0, file.seek(0, Seek.SEEK_HOLE));
        assertEquals(far + 1, file.seek(far, Seek.SEEK_HOLE));
        assertEquals(-ENXIO, file.seek(far + 1, Seek.SEEK_DATA));
    }

    @Test
    void aFileEndsAtTheLargestOffset() {
        OpenFile file = create("/a");
        assertEquals(1, file.writeAt(caller, system.transfer("x"), Long.MAX_VALUE - 1));
        assertEquals(-EINVAL, file.writeAt(caller, system.transfer("xy"), Long.MAX_VALUE - 1));
        assertEquals(-EINVAL, file.writeAt(caller, system.transfer("x"), Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, file.vnode().size());
    }

    @Test
    void bytesCutOffDoNotComeBack() {
        OpenFile file = create("/a");
        file.write(caller, system.transfer("0123456789"));
        assertEquals(0, file.truncate(caller, 4));
        assertEquals(0, file.truncate(caller, 8));
        file.seek(0, Seek.SEEK_SET);
        assertEquals("0123\0\0\0\0", system.read(caller, file, 100));
    }

    @Test
    void appendedBytesGoToTheEndWhereverTheFileStands() {
        OpenFile first = create("/a");
        OpenFile second = open("/a", OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
        first.write(caller, system.transfer("one"));
        second.write(caller, system.transfer("two"));
        second.seek(0, Seek.SEEK_SET);
        second.write(caller, system.transfer("three"));
        first.seek(0, Seek.SEEK_SET);
        assertEquals("onetwothree", system.read(caller, first, 100));
    }

    @Test
    void aWriteStopsAtTheFileSizeLimitAndTheNextGetsSigxfsz() {
        OpenFile file = create("/a");
        caller.fileSizeLimit = 3;
        assertEquals(3, file.write(caller, system.transfer("12345")));
        assertEquals(-EFBIG, file.write(caller, system.transfer("x")));
        assertEquals(java.util.List.of(SignalNumber.SIGXFSZ), caller.signals());
    }

    @Test
    void aFullFileSystemWritesWhatFitsThenSaysSo() {
        OpenFile file = create("/a");
        byte[] much = new byte[16 << 20];
        long count = file.write(caller, system.transfer(much));
        assertTrue(count > 0 && count < much.length, "wrote " + count);
        assertEquals(-ENOSPC, file.write(caller, system.transfer(new byte[1])));
        assertEquals(count, file.vnode().size());
        assertEquals(0, file.truncate(caller, 0));
        assertEquals(1, file.writeAt(caller, system.transfer("x"), 0));
    }

    @Test
    void aMappedPageIsTheFilesOwn() {
        OpenFile file = create("/a");
        file.write(caller, system.transfer("abc"));
        Slot<PageSource> source = new Slot<>();
        assertEquals(0, file.pages(source));
        source.get().mapped();
        long frame = source.get().frameFor(0, true);
        assertTrue(frame > 0);
        system.machine().memory().writeByte(frame, (byte) 'X');
        assertEquals(-ENXIO, source.get().frameFor(1, false));
        assertEquals("/a", source.get().name());
        file.seek(0, Seek.SEEK_SET);
        assertEquals("Xbc", system.read(caller, file, 3));
        system.frames().release(frame);
        file.release();
        source.get().unmapped();
    }

    @Test
    void punchedRangesBecomeHoles() {
        OpenFile file = create("/a");
        byte[] data = new byte[4 * PAGE];
        Arrays.fill(data, (byte) 7);
        file.write(caller, system.transfer(data));
        int punch = FallocateFlags.FALLOC_FL_PUNCH_HOLE | FallocateFlags.FALLOC_FL_KEEP_SIZE;
        assertEquals(0, file.allocate(caller, punch, PAGE - 10, 2 * PAGE));
        Arrays.fill(data, PAGE - 10, 3 * PAGE - 10, (byte) 0);
        byte[] read = new byte[data.length];
        assertEquals(data.length, file.readAt(caller, system.transfer(read), 0));
        assertArrayEquals(data, read);
        assertEquals(3 * 8, file.vnode().blocks());
    }

    @Test
    void behavesAsAnArrayDoes() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        OpenFile file = create("/a");
        byte[] model = new byte[40 * PAGE];
        int length = 0;
        for (int round = 0; round < 3000; round++) {
            int at = random.nextInt(30 * PAGE);
            int count = random.nextInt(3 * PAGE) + 1;
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    byte[] data = new byte[count];
                    random.nextBytes(data);
                    assertEquals(count, file.writeAt(caller, system.transfer(data), at));
                    System.arraycopy(data, 0, model, at, count);
                    length = Math.max(length, at + count);
                }
                case 2 -> {
                    byte[] read = new byte[count];
                    int expected = Math.max(0, Math.min(count, length - at));
                    assertEquals(expected, file.readAt(caller, system.transfer(read), at));
                    assertArrayEquals(Arrays.copyOfRange(model, at, at + expected), Arrays.copyOf(read, expected));
                }
                default -> {
                    assertEquals(0, file.truncate(caller, at));
                    Arrays.fill(model, at, model.length, (byte) 0);
                    length = at;
                }
            }
            assertEquals(length, file.vnode().size());
        }
    }
}

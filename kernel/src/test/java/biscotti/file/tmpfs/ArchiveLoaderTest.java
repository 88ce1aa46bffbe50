package biscotti.file.tmpfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import biscotti.file.PathWalk;
import biscotti.file.Slot;
import biscotti.file.SymbolicLink;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import biscotti.machine.simulated.SimulatedMachine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the boot archive holds is in the root file system, and its memory is not lost. */
@Timeout(60)
class ArchiveLoaderTest {
    private static final int PAGE = 4096;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private int inode;

    private void entry(String name, int mode, int links, byte[] data, boolean aligned) {
        int nameSize = name.length() + 1;
        if (aligned && data.length > 0) {
            int end = archive.size() + CpioHeader.SIZE + nameSize;
            nameSize += -end & PAGE - 1;
        }
        String header = String.format(
                "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
                inode, mode, 5, 6, links, 7, data.length, 0, 0, 1, 3, nameSize, 0);
        archive.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
        archive.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        archive.writeBytes(new byte[nameSize - name.length()]);
        pad();
        archive.writeBytes(data);
        pad();
    }

    private void pad() {
        archive.writeBytes(new byte[-archive.size() & 3]);
    }

    private void file(String name, byte[] data, boolean aligned) {
        inode++;
        entry(name, FileMode.S_IFREG | 0640, 1, data, aligned);
    }

    private void end() {
        inode++;
        entry("TRAILER!!!", 0, 1, new byte[0], false);
        archive.writeBytes(new byte[-archive.size() & PAGE - 1]);
    }

    private static byte[] bytes(int count, int seed) {
        byte[] data = new byte[count];
        new java.util.Random(seed).nextBytes(data);
        return data;
    }

    private static Vnode find(TestCaller caller, String path, int flags) {
        PathWalk walk = new PathWalk(caller);
        assertEquals(0, walk.resolve(AtFlags.AT_FDCWD, path, flags), path);
        return walk.vnode();
    }

    private static void assertContent(TestSystem system, Vnode file, byte[] expected) {
        byte[] got = new byte[expected.length + 1];
        assertEquals(expected.length, file.readAt(system.transfer(got), 0));
        org.junit.jupiter.api.Assertions.assertArrayEquals(expected, java.util.Arrays.copyOf(got, expected.length));
    }

    @Test
    void filesAreWhatTheyWereAndShareTheArchivesMemory() {
        byte[] large = bytes(3 * PAGE + 17, 1);
        byte[] small = bytes(5, 2);
        byte[] copied = bytes(PAGE + 1, 3);
        file("bin/large", large, true);
        file("etc/empty", new byte[0], true);
        file("./etc/small", small, true);
        inode++;
        entry("link", FileMode.S_IFLNK | 0777, 1, "bin/large".getBytes(), false);
        entry("null", FileMode.S_IFCHR | 0666, 1, new byte[0], false);
        file("unaligned", copied, false);
        inode++;
        entry("hard", FileMode.S_IFREG | 0600, 2, new byte[0], true);
        entry("hard2", FileMode.S_IFREG | 0600, 2, small, true);
        end();
        file("etc/small", large, true);
        end();

        SimulatedMachine machine =
                SimulatedMachine.builder().rootArchive(archive.toByteArray()).build();
        try (TestSystem system = new TestSystem(machine)) {
            long free = system.frames().freeFrames();
            assertEquals(
                    "", new ArchiveLoader(system.root()).load(machine.boot().rootArchive()));
            TestCaller caller = system.newCaller();
            assertContent(system, find(caller, "/bin/large", 0), large);
            assertContent(system, find(caller, "/link", PathWalk.FOLLOW), large);
            assertContent(system, find(caller, "/etc/small", 0), large);
            assertContent(system, find(caller, "/unaligned", 0), copied);
            assertContent(system, find(caller, "/hard", 0), small);
            assertSame(find(caller, "/hard", 0), find(caller, "/hard2", 0));
            assertEquals(0, find(caller, "/etc/empty", 0).size());
            assertTrue(find(caller, "/link", 0) instanceof SymbolicLink);
            assertEquals(0x103, find(caller, "/null", 0).deviceNumber());
            Vnode file = find(caller, "/bin/large", 0);
            assertEquals(FileMode.S_IFREG | 0640, file.mode());
            assertEquals(5, file.userId());
            assertEquals(6, file.groupId());
            assertEquals(7_000_000_000L, file.modifyTime());
            assertEquals(0, file.truncate(large.length + 100));
            byte[] tail = new byte[100];
            assertEquals(100, file.readAt(system.transfer(tail), large.length));
            assertContent(system, find(caller, "/hard", 0), small);
            org.junit.jupiter.api.Assertions.assertArrayEquals(new byte[100], tail);

            assertEquals(0, system.root().root().unlink(caller.identity(), "unaligned"));
            for (String name : new String[] {"large", "small"}) {
                Slot<Vnode> holder = new Slot<>();
                String directory = name.equals("large") ? "bin" : "etc";
                assertEquals(0, system.root().root().lookup(directory, holder));
                assertEquals(0, ((biscotti.file.Directory) holder.get()).unlink(caller.identity(), name));
            }
            assertEquals(0, system.root().root().unlink(caller.identity(), "hard"));
            assertEquals(0, system.root().root().unlink(caller.identity(), "hard2"));
            assertTrue(system.frames().freeFrames() >= free + archive.size() / PAGE - 4, "frames were lost");
        }
    }

    @Test
    void aBrokenArchiveIsToldNotThrown() {
        file("a", bytes(10, 1), true);
        archive.writeBytes("this is no header, and it is long enough to be taken for one: "
                .repeat(3)
                .getBytes());
        SimulatedMachine machine =
                SimulatedMachine.builder().rootArchive(archive.toByteArray()).build();
        try (TestSystem system = new TestSystem(machine)) {
            String problem =
                    new ArchiveLoader(system.root()).load(machine.boot().rootArchive());
            assertTrue(problem.startsWith("no cpio header"), problem);
            assertContent(system, find(system.newCaller(), "/a", 0), bytes(10, 1));
        }
    }
}

package biscotti.file.tty;

import static biscotti.abi.Errno.EAGAIN;
import static biscotti.abi.Errno.EIO;
import static biscotti.abi.Errno.ENOENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.OpenFlags;
import biscotti.abi.Poll;
import biscotti.file.Mount;
import biscotti.file.OpenFile;
import biscotti.file.Place;
import biscotti.file.Slot;
import biscotti.file.TestCaller;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both sides of a pseudo terminal, and what each learns of the other; pty(7), ioctl_tty(2). */
@Timeout(60)
class PtyTest {
    private static final int FLAGS = OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK;

    private final TestSystem system = new TestSystem(4 << 20);
    private final TestGroups groups = new TestGroups();
    private final TestCaller shell = system.newCaller();
    private final Ptys ptys = new Ptys(system.machine(), system.frames(), groups);
    private final PtsFileSystem pts = new PtsFileSystem(ptys, system.devices(), () -> 0);
    private OpenFile master;

    @BeforeEach
    void openMaster() {
        ptys.register(system.devices());
        master = open("ptmx", FLAGS);
    }

    @AfterEach
    void close() {
        system.close();
    }

    private int open(String name, int flags, Slot<OpenFile> opened) {
        Slot<Vnode> found = new Slot<>();
        int error = pts.root().lookup(name, found);
        if (error < 0) {
            return error;
        }
        found.get().retain();
        Place place = new Place(Place.Kind.NAMED, Mount.top(pts), found.get(), pts.root(), name);
        error = found.get().open(shell, place, flags, opened);
        if (error < 0) {
            found.get().release();
        }
        return error;
    }

    private OpenFile open(String name, int flags) {
        Slot<OpenFile> opened = new Slot<>();
        assertEquals(0, open(name, flags, opened));
        return opened.get();
    }

    private OpenFile openSlave(int flags) {
        ptys.find(0).orElseThrow().setLocked(false);
        return open("0", flags);
    }

    private long write(OpenFile file, String text) {
        return file.write(shell, system.transfer(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private String read(OpenFile file) {
        byte[] bytes = new byte[100];
        long count = file.read(shell, system.transfer(bytes));
        return count < 0 ? "error " + -count : new String(bytes, 0, (int) count, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aSlaveIsLockedAtFirst() {
        assertEquals(-EIO, open("0", FLAGS, new Slot<>()));
        openSlave(FLAGS);
    }

    @Test
    void whatTheMasterWritesIsTypedAndEchoed() {
        OpenFile slave = openSlave(FLAGS | OpenFlags.O_NOCTTY);
        assertEquals(3, write(master, "hi\r"));
        assertEquals("hi\r\n", read(master));
        assertEquals("hi\n", read(slave));
        assertEquals(4, write(slave, "a\nb\n"));
        assertEquals("a\r\nb\r\n", read(master));
        assertEquals("error " + EAGAIN, read(master));
    }

    @Test
    void aMasterWithoutSlavesReadsWhatIsLeftAndThenFails() {
        assertEquals("error " + EAGAIN, read(master));
        OpenFile slave = openSlave(FLAGS | OpenFlags.O_NOCTTY);
        write(slave, "last");
        slave.release();
        assertEquals(Poll.READABLE | Poll.POLLHUP, master.events() & ~Poll.WRITABLE);
        assertEquals("last", read(master));
        assertEquals("error " + EIO, read(master));
        openSlave(FLAGS | OpenFlags.O_NOCTTY);
        assertEquals("error " + EAGAIN, read(master));
    }

    @Test
    void aClosedMasterHangsItsSlaveUp() {
        OpenFile slave = openSlave(FLAGS);
        assertTrue(shell.terminal().get().isPresent());
        write(master, "typed\n");
        master.release();
        assertEquals("", read(slave));
        assertEquals(-EIO, write(slave, "x"));
        assertTrue((slave.events() & Poll.POLLHUP) != 0);
        assertTrue(shell.terminal().get().isEmpty());
        assertEquals(List.of("1:hang-up"), groups.sent);
        assertEquals(-ENOENT, open("0", FLAGS, new Slot<>()));
    }

    @Test
    void aFullRingMakesTheSlaveWaitAndLosesNothing() {
        OpenFile slave = openSlave(FLAGS | OpenFlags.O_NOCTTY);
        String block = "0123456789abcdef".repeat(64);
        long sent = 0;
        long count = write(slave, block);
        while (count > 0) {
            sent += count;
            count = write(slave, block);
        }
        assertEquals(-EAGAIN, count);
        assertEquals(0, slave.events() & Poll.WRITABLE);
        long got = 0;
        for (String part = read(master); !part.startsWith("error"); part = read(master)) {
            for (int i = 0; i < part.length(); i++) {
                assertEquals(block.charAt((int) ((got + i) % block.length())), part.charAt(i));
            }
            got += part.length();
        }
        assertEquals(sent, got);
        assertTrue((slave.events() & Poll.WRITABLE) != 0);
    }

    @Test
    void packetsTellWhatHappenedToTheSlave() {
        openSlave(FLAGS | OpenFlags.O_NOCTTY);
        Pty pty = ptys.find(0).orElseThrow();
        pty.setPacketMode(true);
        write(master, "a");
        assertEquals("\0a", read(master));
        pty.slave().flushInput();
        pty.slave().stopOutput(true);
        assertTrue((master.events() & Poll.POLLPRI) != 0);
        assertEquals(String.valueOf((char) (Packet.FLUSHREAD | Packet.STOP)), read(master));
        pty.slave().stopOutput(false);
        assertEquals(String.valueOf((char) Packet.START), read(master));
    }

    @Test
    void numbersOfClosedOnesAreGivenOutAgainAndFramesComeBack() {
        long free = system.frames().freeFrames();
        for (int i = 0; i < 3; i++) {
            OpenFile second = open("ptmx", FLAGS);
            assertEquals(1, ptys.next(1));
            ptys.find(1).orElseThrow().setLocked(false);
            OpenFile slave = open("1", FLAGS | OpenFlags.O_NOCTTY);
            write(slave, "unread".repeat(2000));
            second.release();
            assertEquals(-1, ptys.next(1));
            slave.release();
        }
        assertEquals(free, system.frames().freeFrames());
    }
}

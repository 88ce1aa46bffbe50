package biscotti.file.attribute;

import static biscotti.abi.Errno.EEXIST;
import static biscotti.abi.Errno.ENODATA;
import static biscotti.abi.Errno.ENOSPC;
import static biscotti.abi.Errno.ERANGE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import biscotti.abi.FileMode;
import biscotti.abi.Mman;
import biscotti.abi.Xattr;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.TestSystem;
import biscotti.file.Vnode;
import biscotti.memory.UserMemory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Extended attributes are a map with the rules of xattr(7), and cost frames only while they are there. */
class MemoryAttributesTest {
    private static final int MOST = 20000;

    private final TestSystem system = new TestSystem(8 << 20);
    private final UserMemory memory = system.newCaller().memory();
    private long buffer;
    private Vnode file;

    @BeforeEach
    void makeFile() {
        buffer = memory.space().map(0, 1 << 20, 3, Mman.MAP_PRIVATE, 0, biscotti.memory.AddressSpace.zeros(), 0);
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, system.root().root().create(Identity.KERNEL, "f", FileMode.S_IFREG | 0644, 0, "", made));
        file = made.get();
    }

    @AfterEach
    void close() {
        system.close();
    }

    private Attributes attributes() {
        return file.attributes().orElseThrow();
    }

    private long set(String name, byte[] value, int flags) {
        assertEquals(0, memory.write(buffer, value, 0, value.length));
        return attributes().set(name, memory, buffer, value.length, flags);
    }

    @Test
    void createAndReplaceSayWhetherItWasThere() {
        assertEquals(-ENODATA, set("user.a", new byte[1], Xattr.XATTR_REPLACE));
        assertEquals(0, set("user.a", new byte[1], Xattr.XATTR_CREATE));
        assertEquals(-EEXIST, set("user.a", new byte[1], Xattr.XATTR_CREATE));
        assertEquals(0, set("user.a", new byte[2], Xattr.XATTR_REPLACE));
        assertEquals(2, attributes().get("user.a", memory, 0, 0));
        assertEquals(-ERANGE, attributes().get("user.a", memory, buffer, 1));
    }

    @Test
    void namesOfTrustedAreForThePrivileged() {
        assertEquals(0, set("user.a", new byte[1], 0));
        assertEquals(0, set("trusted.b", new byte[1], 0));
        assertEquals(7 + 10, attributes().list(memory, 0, 0, true));
        assertEquals(7, attributes().list(memory, 0, 0, false));
        assertEquals(-ERANGE, attributes().list(memory, buffer, 16, true));
        assertEquals(17, attributes().list(memory, buffer, 17, true));
        byte[] names = new byte[17];
        assertEquals(0, memory.read(buffer, names, 0, 17));
        assertEquals("trusted.b\0user.a\0", new String(names, StandardCharsets.ISO_8859_1));
    }

    @Test
    void allNamesTogetherCanBeListed() {
        long added = 0;
        long result = 0;
        while (result == 0) {
            result = set("user." + "n".repeat(200) + added, new byte[0], 0);
            added++;
        }
        assertEquals(-ENOSPC, result);
        long length = attributes().list(memory, 0, 0, true);
        assertEquals(true, length <= Xattr.XATTR_LIST_MAX && length > Xattr.XATTR_LIST_MAX - 300);
    }

    @Test
    void behavesAsAMapAndGivesItsFramesBackWithTheFile() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        memory.zero(buffer, MOST);
        assertEquals(0, set("user.first", new byte[1], 0));
        assertEquals(0, attributes().remove("user.first"));
        long free = system.frames().freeFrames();
        Map<String, byte[]> model = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            String name = "user." + random.nextInt(20);
            if (random.nextInt(3) == 0) {
                assertEquals(
                        model.remove(name) == null ? -ENODATA : 0, attributes().remove(name));
            } else {
                byte[] value = new byte[random.nextInt(MOST)];
                random.nextBytes(value);
                assertEquals(0, set(name, value, 0));
                model.put(name, value);
            }
            model.forEach((key, value) -> {
                assertEquals(value.length, attributes().get(key, memory, buffer, MOST + 1));
                byte[] read = new byte[value.length];
                assertEquals(0, memory.read(buffer, read, 0, read.length));
                assertArrayEquals(value, read);
            });
        }
        assertEquals(0, system.root().root().unlink(Identity.KERNEL, "f"));
        assertEquals(free, system.frames().freeFrames());
    }
}

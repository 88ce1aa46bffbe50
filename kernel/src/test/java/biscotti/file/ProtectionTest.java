package biscotti.file;

import static biscotti.abi.Errno.EACCES;
import static biscotti.abi.Errno.EINVAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import biscotti.abi.AtFlags;
import biscotti.abi.FileMode;
import biscotti.abi.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In directories that many may write, protected_* of /proc/sys/fs keeps users from what others have put there. */
class ProtectionTest {
    private static final int OWNER = 100;
    private static final int TRAPPER = 200;
    private static final int VICTIM = 300;
    private static final int STICKY_FOR_ALL = 01777;
    private static final int STICKY_FOR_GROUP = 01775;

    private final TestSystem system = new TestSystem(4 << 20);
    private final TestCaller victim = system.newCaller(new TestIdentity(VICTIM, VICTIM));
    private final int[] before = new int[Protection.values().length];

    ProtectionTest() {
        for (Protection protection : Protection.values()) {
            before[protection.ordinal()] = protection.level();
        }
    }

    @AfterEach
    void close() {
        for (Protection protection : Protection.values()) {
            protection.setLevel(before[protection.ordinal()]);
        }
        system.close();
    }

    private static Vnode create(Directory directory, String name, int mode, int user) {
        Slot<Vnode> made = new Slot<>();
        assertEquals(0, directory.create(Identity.KERNEL, name, mode, 0, "x", made));
        made.get().restore(made.get().mode(), user, user, 0);
        return made.get();
    }

    private Directory directory(String name, int permissions) {
        return (Directory) create(system.root().root(), name, FileMode.S_IFDIR | permissions, OWNER);
    }

    private int open(String path, int flags) {
        Slot<OpenFile> opened = new Slot<>();
        int error = OpenCall.open(victim, AtFlags.AT_FDCWD, path, OpenFlags.O_RDWR | flags, 0600, opened);
        if (error == 0) {
            opened.get().release();
        }
        return error;
    }

    @Test
    void anotherUsersFileIsNotOpenedAsANewOneInAStickyDirectory() {
        int[] permissions = {STICKY_FOR_ALL, STICKY_FOR_GROUP, 0777, 0755};
        int[] types = {FileMode.S_IFREG, FileMode.S_IFIFO};
        for (int type : types) {
            Protection protection = type == FileMode.S_IFREG ? Protection.REGULAR_FILES : Protection.FIFOS;
            for (int each : permissions) {
                String name = "d" + type + each;
                Directory directory = directory(name, each);
                create(directory, "trap", type | 0666, TRAPPER);
                create(directory, "owner", type | 0666, OWNER);
                create(directory, "own", type | 0666, VICTIM);
                for (int level = 0; level <= 2; level++) {
                    assertEquals(0, protection.setLevel(level));
                    boolean shared = each == STICKY_FOR_ALL && level > 0 || each == STICKY_FOR_GROUP && level > 1;
                    assertEquals(shared ? -EACCES : 0, open("/" + name + "/trap", OpenFlags.O_CREAT));
                    assertEquals(0, open("/" + name + "/trap", 0));
                    assertEquals(0, open("/" + name + "/owner", OpenFlags.O_CREAT));
                    assertEquals(0, open("/" + name + "/own", OpenFlags.O_CREAT));
                }
            }
        }
    }

    @Test
    void linksOfOthersAreFollowedIfThatIsAllowed() {
        Directory directory = directory("d", STICKY_FOR_ALL);
        create(directory, "x", FileMode.S_IFREG | 0666, OWNER);
        create(directory, "link", FileMode.S_IFLNK | 0777, TRAPPER);
        assertEquals(0, Protection.SYMBOLIC_LINKS.setLevel(1));
        assertEquals(-EACCES, open("/d/link", 0));
        assertEquals(0, Protection.SYMBOLIC_LINKS.setLevel(0));
        assertEquals(0, open("/d/link", 0));
    }

    @Test
    void hardLinksToForeignFilesAreMadeIfThatIsAllowed() {
        Vnode file = create(system.root().root(), "file", FileMode.S_IFREG | 0644, OWNER);
        Directory directory = directory("d", 0755);
        assertEquals(0, Protection.HARD_LINKS.setLevel(1));
        assertFalse(Access.mayLink(victim.identity(), file));
        assertEquals(0, Protection.HARD_LINKS.setLevel(0));
        assertTrue(Access.mayLink(victim.identity(), file));
        assertFalse(Access.mayLink(Identity.KERNEL, directory));
    }

    @Test
    void thereAreNoOtherLevels() {
        for (Protection protection : Protection.values()) {
            assertEquals(-EINVAL, protection.setLevel(-1));
            assertEquals(-EINVAL, protection.setLevel(3));
        }
        assertEquals(-EINVAL, Protection.HARD_LINKS.setLevel(2));
    }
}

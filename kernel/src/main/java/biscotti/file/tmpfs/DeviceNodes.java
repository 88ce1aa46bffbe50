package biscotti.file.tmpfs;

import biscotti.abi.FileMode;
import biscotti.file.Directory;
import biscotti.file.Identity;
import biscotti.file.Slot;
import biscotti.file.Vnode;
import biscotti.file.device.MemoryDevices;
import biscotti.file.tty.Ptys;
import biscotti.file.tty.TtyDevices;

/** What devtmpfs has in it at first: the device nodes and links of /dev. */
public final class DeviceNodes {
    private static final int DISK_GROUP = 6;

    private DeviceNodes() {}

    /** Makes them in a directory; names that are there stay. */
    public static void make(Directory directory) {
        node(directory, "null", 0666, MemoryDevices.NULL);
        node(directory, "zero", 0666, MemoryDevices.ZERO);
        node(directory, "full", 0666, MemoryDevices.FULL);
        node(directory, "random", 0666, MemoryDevices.RANDOM);
        node(directory, "urandom", 0666, MemoryDevices.URANDOM);
        node(directory, "kmsg", 0644, MemoryDevices.LOG);
        node(directory, "tty", 0666, TtyDevices.TTY);
        node(directory, "ptmx", 0666, Ptys.PTMX);
        node(directory, "console", 0600, TtyDevices.CONSOLE);
        node(directory, "ttyS0", 0600, TtyDevices.SERIAL);
        link(directory, "fd", "/proc/self/fd");
        link(directory, "stdin", "/proc/self/fd/0");
        link(directory, "stdout", "/proc/self/fd/1");
        link(directory, "stderr", "/proc/self/fd/2");
        directory.create(Identity.KERNEL, "pts", FileMode.S_IFDIR | 0755, 0, "", new Slot<>());
        directory.create(Identity.KERNEL, "shm", FileMode.S_IFDIR | 01777, 0, "", new Slot<>());
    }

    /** Makes the node of a block device, for its owner and the group "disk" (6), as Debian has it. */
    public static void makeBlock(Directory directory, String name, int device) {
        Slot<Vnode> made = new Slot<>();
        if (directory.create(Identity.KERNEL, name, FileMode.S_IFBLK | 0660, device, "", made) == 0) {
            made.get().changeOwner(Identity.KERNEL, -1, DISK_GROUP);
        }
    }

    private static void node(Directory directory, String name, int permissions, int device) {
        directory.create(Identity.KERNEL, name, FileMode.S_IFCHR | permissions, device, "", new Slot<Vnode>());
    }

    private static void link(Directory directory, String name, String target) {
        directory.create(Identity.KERNEL, name, FileMode.S_IFLNK | 0777, 0, target, new Slot<Vnode>());
    }
}
